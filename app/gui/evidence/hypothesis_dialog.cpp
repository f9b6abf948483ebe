// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/hypothesis_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>

namespace gui {

QComboBox* HypothesisDialog::choices(const std::vector<scenario::Choice>& from,
                                     const QString& current, const QString& name) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->addItem(tr("not known yet"), QString());
  for (const scenario::Choice& choice : from) {
    box->addItem(QString::fromStdString(choice.title), QString::fromStdString(choice.id));
  }
  box->setCurrentIndex(std::max(0, box->findData(current)));
  return box;
}

HypothesisDialog::HypothesisDialog(const scenario::DiagnosisForm& form,
                                   const models::HypothesisState& state, QWidget* parent)
    : QDialog(parent), m_id(state.id) {
  setObjectName(QStringLiteral("hypothesisDialog"));
  setWindowTitle(tr("Hypothesis %1").arg(m_id));
  m_text = new QLineEdit(state.text);
  m_text->setObjectName(QStringLiteral("hypothesisText"));
  m_component = choices(form.components, state.component, QStringLiteral("hypothesisComponent"));
  m_mechanism = choices(form.mechanisms, state.mechanism, QStringLiteral("hypothesisMechanism"));
  m_setting = choices(form.settings, state.setting, QStringLiteral("hypothesisSetting"));
  m_direction = choices(form.directions, state.direction, QStringLiteral("hypothesisDirection"));
  m_confidence = new QSpinBox;
  m_confidence->setObjectName(QStringLiteral("hypothesisConfidence"));
  m_confidence->setRange(0, 100);
  m_confidence->setSingleStep(10);
  m_confidence->setSuffix(tr(" %"));
  m_confidence->setValue(state.confidence > 0 ? state.confidence : 50);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  QPushButton* ok = buttons->button(QDialogButtonBox::Ok);
  const auto check = [this, ok] {
    ok->setEnabled(!m_component->currentData().toString().isEmpty());
  };
  connect(m_component, &QComboBox::currentIndexChanged, this, check);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, &HypothesisDialog::submit);
  check();
  auto* layout = new QFormLayout(this);
  layout->addRow(tr("&What may be wrong"), m_text);
  layout->addRow(tr("&Component (needed)"), m_component);
  layout->addRow(tr("&Mechanism"), m_mechanism);
  layout->addRow(tr("&Setting"), m_setting);
  layout->addRow(tr("&Direction"), m_direction);
  layout->addRow(tr("How s&ure"), m_confidence);
  layout->addRow(buttons);
  resize(460, sizeHint().height());
}

void HypothesisDialog::submit() {
  sim::Action action;
  action.verb = sim::Verb::Hypothesis;
  action.target = m_id.toStdString();
  action.text = m_text->text().trimmed().toStdString();
  const std::pair<const char*, const QComboBox*> parts[] = {{"component", m_component},
                                                            {"mechanism", m_mechanism},
                                                            {"setting", m_setting},
                                                            {"direction", m_direction}};
  for (const auto& [name, box] : parts) {
    const std::string value = box->currentData().toString().toStdString();
    if (!value.empty()) action.fields[name] = value;
  }
  action.fields["confidence"] = std::to_string(m_confidence->value());
  emit written(action);
  accept();
}

}  // namespace gui
