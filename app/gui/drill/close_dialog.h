// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for the summary that closes an incident.
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace gui {

class CloseDialog : public QDialog {
  Q_OBJECT
 public:
  explicit CloseDialog(QWidget* parent = nullptr);

 signals:
  void closeConfirmed(const QString& summary);

 private:
  QPlainTextEdit* m_summary = nullptr;
};

}  // namespace gui
