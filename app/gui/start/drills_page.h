// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing what to do: the scenarios with their briefing, the modes, and runs that were
// interrupted.
#pragma once

#include <QWidget>

#include "gui/start/launcher.h"
#include "models/scenario_list_model.h"

class QListView;
class QListWidget;
class QPushButton;
class QTextBrowser;

namespace gui {

class DrillsPage : public QWidget {
  Q_OBJECT
 public:
  explicit DrillsPage(const StartContext& context, QWidget* parent = nullptr);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* buildList();
  QWidget* buildUnfinished();
  QWidget* buildBriefing();
  QPushButton* buildMode(const QString& text, const QString& explanation, drill::Mode mode);
  void showScenario();
  void start(drill::Mode mode);
  void listUnfinished();
  void resumeSelected();

  StartContext m_context;
  models::ScenarioListModel m_model;
  QListView* m_list = nullptr;
  QTextBrowser* m_briefing = nullptr;
  std::vector<QPushButton*> m_modes;
  QWidget* m_unfinishedBox = nullptr;
  QListWidget* m_unfinished = nullptr;
  QPushButton* m_resume = nullptr;
};

}  // namespace gui
