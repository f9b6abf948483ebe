// SPDX-License-Identifier: GPL-3.0-or-later
// The switches of the database server: reload, restart, stop, start, and how many visitors are let
// through to it. Each one that hurts asks first and says what it will do.
#pragma once

#include <QWidget>

#include "models/session.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace gui {

class AnswerLabel;

class ServerControls : public QWidget {
  Q_OBJECT
 public:
  explicit ServerControls(models::Session& session, QWidget* parent = nullptr);

 private:
  QWidget* buildServer();
  QWidget* buildVisitors();
  QPushButton* button(const QString& text, const QString& name, const QString& tip);
  void ask(const QString& title, const QString& text, const sim::Action& action,
           const QString& done);
  void act(const sim::Action& action, const QString& done);
  void restart();
  void stop();
  void admit();
  void followState();
  [[nodiscard]] QString mode() const;

  models::Session& m_session;
  QLabel* m_pending = nullptr;
  QComboBox* m_mode = nullptr;
  QSpinBox* m_admitted = nullptr;
  QWidget* m_controls = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
