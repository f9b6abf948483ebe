// SPDX-License-Identifier: GPL-3.0-or-later
// Writes down a hypothesis, or changes one: what may be wrong, in the words of the diagnosis form,
// and how sure the trainee is. It only builds the action; the caller performs it.
#pragma once

#include <QDialog>

#include "models/evidence_model.h"
#include "sim/action.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace gui {

class HypothesisDialog : public QDialog {
  Q_OBJECT
 public:
  // state: what the fields hold at first; its id names the hypothesis.
  HypothesisDialog(const scenario::DiagnosisForm& form, const models::HypothesisState& state,
                   QWidget* parent = nullptr);

 signals:
  void written(const sim::Action& action);

 private:
  [[nodiscard]] static QComboBox* choices(const std::vector<scenario::Choice>& from,
                                          const QString& current, const QString& name);
  void submit();

  QString m_id;
  QLineEdit* m_text = nullptr;
  QComboBox* m_component = nullptr;
  QComboBox* m_mechanism = nullptr;
  QComboBox* m_setting = nullptr;
  QComboBox* m_direction = nullptr;
  QSpinBox* m_confidence = nullptr;
};

}  // namespace gui
