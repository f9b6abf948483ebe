// SPDX-License-Identifier: GPL-3.0-or-later
// A table of messages: one column is wrapped, and each row is as high as that column's text needs.
// Heights are measured once per text and width; a header that resizes to contents would measure
// every row at every change.
#pragma once

#include <QHash>
#include <QTableView>

namespace gui {

class WrappedTable : public QTableView {
  Q_OBJECT
 public:
  // The other columns keep the widths they are given.
  explicit WrappedTable(int wrapped, QWidget* parent = nullptr);
  void setModel(QAbstractItemModel* model) override;

 protected:
  void rowsInserted(const QModelIndex& parent, int first, int last) override;
  void changeEvent(QEvent* event) override;

 private:
  void fit(int first, int last);
  void wrapAt(int width);
  [[nodiscard]] int heightOf(const QString& text);

  int m_wrapped;
  QHash<QString, int> m_heights;  // at m_width
  int m_width = 0;                // of the wrapped column
};

}  // namespace gui
