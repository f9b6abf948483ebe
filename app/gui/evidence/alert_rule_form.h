// SPDX-License-Identifier: GPL-3.0-or-later
// The alert rule that was missing: written as a follow-up during the drill, tried against what
// happened and against a quiet day after it.
#pragma once

#include <QWidget>

#include "models/session.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace gui {

class AnswerLabel;

class AlertRuleForm : public QWidget {
  Q_OBJECT
 public:
  explicit AlertRuleForm(models::Session& session, QWidget* parent = nullptr);

 private:
  QWidget* buildForm();
  QWidget* buildButtons();
  [[nodiscard]] sim::Action action() const;
  void file();
  void tryOut();
  void takeFiled();
  void followState();

  models::Session& m_session;
  QLineEdit* m_name = nullptr;
  QComboBox* m_metric = nullptr;
  QComboBox* m_per = nullptr;
  QComboBox* m_operator = nullptr;
  QLineEdit* m_threshold = nullptr;
  QLineEdit* m_for = nullptr;
  QPushButton* m_file = nullptr;
  QPushButton* m_try = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
