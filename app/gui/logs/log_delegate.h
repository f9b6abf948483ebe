// SPDX-License-Identifier: GPL-3.0-or-later
// Draws log lines in a fixed-width font, severe ones in a colour of their own (the severity column
// says it in words).
#pragma once

#include <QFont>
#include <QStyledItemDelegate>

namespace gui {

class LogDelegate : public QStyledItemDelegate {
 public:
  explicit LogDelegate(QObject* parent = nullptr);

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

 private:
  QFont m_font;
};

}  // namespace gui
