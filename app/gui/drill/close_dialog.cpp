// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/drill/close_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gui {

CloseDialog::CloseDialog(QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("closeDialog"));
  setWindowTitle(tr("Close the incident"));
  auto* explanation = new QLabel(
      tr("Closing ends the exercise. Close when service has been back for at least ten minutes "
         "and your diagnosis is filed; what is missing then cannot be added."));
  explanation->setWordWrap(true);
  auto* label = new QLabel(tr("&Summary: what happened, what was done, what is left to do"));
  m_summary = new QPlainTextEdit;
  m_summary->setObjectName(QStringLiteral("closeSummary"));
  m_summary->setAccessibleName(tr("Summary"));
  m_summary->setTabChangesFocus(true);
  label->setBuddy(m_summary);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  QPushButton* close = buttons->addButton(tr("C&lose incident"), QDialogButtonBox::AcceptRole);
  close->setObjectName(QStringLiteral("confirmClose"));
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    emit closeConfirmed(m_summary->toPlainText());
    accept();
  });
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(explanation);
  layout->addWidget(label);
  layout->addWidget(m_summary, 1);
  layout->addWidget(buttons);
  m_summary->setFocus();
  resize(480, 260);
}

}  // namespace gui
