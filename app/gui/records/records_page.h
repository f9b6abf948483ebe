// SPDX-License-Identifier: GPL-3.0-or-later
// The records page of the start window: finished runs, opening one again, recomputing its score.
#pragma once

#include <QWidget>

#include "gui/start/launcher.h"
#include "models/records_model.h"

class QLabel;
class QPushButton;
class QTableView;

namespace gui {

class AnswerLabel;

class RecordsPage : public QWidget {
  Q_OBJECT
 public:
  explicit RecordsPage(const StartContext& context, QWidget* parent = nullptr);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void buildTable();
  QWidget* buildButtons();
  void load();
  void replay();
  void recompute();
  void followSelection();
  [[nodiscard]] int selectedRow() const;

  StartContext m_context;
  models::RecordsModel m_model;
  QTableView* m_table = nullptr;
  QLabel* m_empty = nullptr;
  QPushButton* m_replay = nullptr;
  QPushButton* m_recompute = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
