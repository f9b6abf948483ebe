// SPDX-License-Identifier: GPL-3.0-or-later
// The people page: declaring the incident, who there is and what they say, and what users are told.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/notification_model.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QTableWidget;

namespace gui {

class AnswerLabel;
class Sight;
class WrappedTable;

class PeoplePage : public QWidget {
  Q_OBJECT
 public:
  explicit PeoplePage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildSeverity();
  QWidget* buildPeople();
  QWidget* buildTopics();
  QWidget* buildAnswers();
  void connectSession();
  void declare();
  void page();
  void ask();
  void listPeople();
  void showPerson();
  void refresh();
  void refreshAnswers();
  void followState();
  [[nodiscard]] const sim::PersonSpec* selected() const;

  models::Session& m_session;
  Sight* m_sight;
  models::NotificationModel m_answers;
  QComboBox* m_severity = nullptr;
  QPushButton* m_declare = nullptr;
  QLabel* m_declared = nullptr;
  QTableWidget* m_people = nullptr;
  QListWidget* m_topics = nullptr;
  QPushButton* m_page = nullptr;
  QPushButton* m_ask = nullptr;
  WrappedTable* m_answerTable = nullptr;
  QLabel* m_noAnswers = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
