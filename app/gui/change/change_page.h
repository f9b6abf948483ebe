// SPDX-License-Identifier: GPL-3.0-or-later
// The change request page: the form, and what became of the requests filed so far.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace gui {

class AnswerLabel;
class Sight;

class ChangePage : public QWidget {
  Q_OBJECT
 public:
  explicit ChangePage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildForm();
  QWidget* buildList();
  QPlainTextEdit* buildText(const QString& name, const QString& hint);
  void connectSession();
  void submit();
  void refresh();
  void followState();
  void showSelected();
  void tellVerdicts();

  models::Session& m_session;
  Sight* m_sight;
  QWidget* m_form = nullptr;
  QLineEdit* m_setting = nullptr;
  QLineEdit* m_value = nullptr;
  QPlainTextEdit* m_impact = nullptr;
  QPlainTextEdit* m_rollback = nullptr;
  QPlainTextEdit* m_verification = nullptr;
  QCheckBox* m_emergency = nullptr;
  AnswerLabel* m_answer = nullptr;
  QTableWidget* m_table = nullptr;
  QLabel* m_empty = nullptr;
  QPlainTextEdit* m_detail = nullptr;
  std::vector<sim::ChangeRequest> m_shown;
};

}  // namespace gui
