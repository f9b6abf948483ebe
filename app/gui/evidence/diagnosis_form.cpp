// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/diagnosis_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"

namespace gui {

DiagnosisForm::DiagnosisForm(models::Session& session, QWidget* parent)
    : QWidget(parent), m_session(session) {
  setAccessibleName(tr("Diagnosis"));
  m_answer = new AnswerLabel(QStringLiteral("diagnosisAnswer"));
  m_forms = new QWidget;
  auto* rows = new QVBoxLayout(m_forms);
  rows->addWidget(buildDiagnosis());
  rows->addWidget(buildVerification());
  rows->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(m_forms);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll, 1);
  layout->addWidget(m_answer);
  connect(&m_session, &models::Session::journalGrew, this, &DiagnosisForm::refresh);
  onActingChange(m_session, this, [this] { refresh(); });
  refresh();
}

void DiagnosisForm::choices(QFormLayout* layout, const QString& title, const char* field,
                            const std::vector<scenario::Choice>& from) {
  auto* box = new QComboBox;
  box->setObjectName(QStringLiteral("diagnosis.") + QLatin1String(field));
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(12);
  box->addItem(tr("not known yet"), QString());
  for (const scenario::Choice& choice : from) {
    box->addItem(fromText(choice.title), fromText(choice.id));
  }
  layout->addRow(title, box);
  m_choices.emplace_back(field, box);
}

QWidget* DiagnosisForm::buildDiagnosis() {
  const scenario::DiagnosisForm& form = m_session.run().scenario().form;
  auto* box = new QGroupBox(tr("What is wrong"));
  auto* layout = new QFormLayout(box);
  layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
  choices(layout, tr("&Component"), "component", form.components);
  choices(layout, tr("&Mechanism"), "mechanism", form.mechanisms);
  choices(layout, tr("&Setting"), "setting", form.settings);
  choices(layout, tr("Di&rection"), "direction", form.directions);
  choices(layout, tr("Change that &brought it"), "change", form.changes);
  m_confidence = new QSpinBox;
  m_confidence->setObjectName(QStringLiteral("diagnosis.confidence"));
  m_confidence->setRange(0, 100);
  m_confidence->setSingleStep(5);
  m_confidence->setValue(80);
  m_confidence->setSuffix(tr(" %"));
  layout->addRow(tr("How s&ure"), m_confidence);
  auto* file = new QPushButton(tr("&File the diagnosis"));
  file->setObjectName(QStringLiteral("diagnose"));
  file->setToolTip(tr("The last diagnosis filed counts"));
  m_filed = new QLabel;
  m_filed->setObjectName(QStringLiteral("diagnosisFiled"));
  m_filed->setWordWrap(true);
  layout->addRow(file);
  layout->addRow(m_filed);
  connect(file, &QPushButton::clicked, this, &DiagnosisForm::diagnose);
  return box;
}

QWidget* DiagnosisForm::buildVerification() {
  auto* box = new QGroupBox(tr("Verification"));
  m_verified = new QPlainTextEdit;
  m_verified->setObjectName(QStringLiteral("verifyText"));
  m_verified->setAccessibleName(tr("What was checked after the change"));
  m_verified->setPlaceholderText(tr("What you checked after the change, and what you found"));
  m_verified->setTabChangesFocus(true);
  m_verified->setMaximumHeight(m_verified->fontMetrics().height() * 4 + 12);
  auto* note = new QPushButton(tr("&Note the verification"));
  note->setObjectName(QStringLiteral("verify"));
  auto* layout = new QVBoxLayout(box);
  layout->addWidget(m_verified);
  layout->addWidget(note, 0, Qt::AlignLeft);
  connect(note, &QPushButton::clicked, this, &DiagnosisForm::verify);
  return box;
}

void DiagnosisForm::diagnose() {
  sim::Action action;
  action.verb = sim::Verb::Diagnose;
  for (const auto& [field, box] : m_choices) {
    const std::string value = box->currentData().toString().toStdString();
    if (!value.empty()) action.fields[field] = value;
  }
  action.fields["confidence"] = std::to_string(m_confidence->value());
  m_answer->showOutcome(m_session.perform(action).outcome, tr("The diagnosis is filed."));
}

void DiagnosisForm::verify() {
  sim::Action action;
  action.verb = sim::Verb::Verify;
  action.text = m_verified->toPlainText().trimmed().toStdString();
  if (action.text.empty()) {
    m_answer->showProblem(tr("Say in words what was checked."));
    return;
  }
  const sim::Outcome outcome = m_session.perform(action).outcome;
  m_answer->showOutcome(outcome, tr("Noted."));
  if (outcome.accepted) m_verified->clear();
}

void DiagnosisForm::refresh() {
  m_forms->setEnabled(mayAct(m_session));
  m_answer->showReason(whyNot(m_session));
  QString filed = tr("No diagnosis has been filed.");
  for (const drill::Entry& entry : m_session.run().journal()) {
    if (entry.timed.action.verb != sim::Verb::Diagnose || !entry.outcome.accepted) continue;
    if (entry.timed.who != "trainee") continue;
    QStringList words;
    for (const auto& [field, box] : m_choices) {
      const auto value = entry.timed.action.fields.find(field);
      if (value == entry.timed.action.fields.end()) continue;
      const int row = box->findData(fromText(value->second));
      words << (row < 0 ? fromText(value->second) : box->itemText(row));
    }
    filed = tr("Filed at %1 GMT: %2")
                .arg(m_session.clockText(entry.timed.at), words.join(QStringLiteral("; ")));
  }
  m_filed->setText(filed);
}

}  // namespace gui
