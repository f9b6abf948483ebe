// SPDX-License-Identifier: GPL-3.0-or-later
// The diagnosis as the trainee states it, in the words of the scenario's form, and the note of what
// was verified after a change.
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

#include "models/session.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QSpinBox;

namespace gui {

class AnswerLabel;

class DiagnosisForm : public QWidget {
  Q_OBJECT
 public:
  explicit DiagnosisForm(models::Session& session, QWidget* parent = nullptr);

 private:
  QWidget* buildDiagnosis();
  QWidget* buildVerification();
  void choices(QFormLayout* layout, const QString& title, const char* field,
               const std::vector<scenario::Choice>& from);
  void diagnose();
  void verify();
  void refresh();

  models::Session& m_session;
  QWidget* m_forms = nullptr;
  std::vector<std::pair<const char*, QComboBox*>> m_choices;
  QSpinBox* m_confidence = nullptr;
  QPlainTextEdit* m_verified = nullptr;
  QLabel* m_filed = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
