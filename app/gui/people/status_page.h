// SPDX-License-Identifier: GPL-3.0-or-later
// What users are told: a composer for the public status page and the posts made so far.
#pragma once

#include <QWidget>

#include "models/session.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QListWidget;

namespace gui {

class AnswerLabel;

class StatusPage : public QWidget {
  Q_OBJECT
 public:
  explicit StatusPage(models::Session& session, QWidget* parent = nullptr);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* buildComposer();
  QWidget* buildPosts();
  void fillTemplate();
  void post();
  void refresh();
  void followState();

  models::Session& m_session;
  QWidget* m_composer = nullptr;
  QComboBox* m_state = nullptr;
  QPlainTextEdit* m_text = nullptr;
  QListWidget* m_posts = nullptr;
  QLabel* m_empty = nullptr;
  AnswerLabel* m_answer = nullptr;
  std::vector<sim::StatusPost> m_shown;
};

}  // namespace gui
