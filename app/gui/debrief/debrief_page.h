// SPDX-License-Identifier: GPL-3.0-or-later
// The debrief, once a run has ended: what happened when and what it cost, why, which alert was
// missing, the postmortem's draft, and the score last. Shows nothing before the end.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"

class QLabel;
class QPushButton;
class QTabWidget;
class QTableWidget;
class QTextBrowser;

namespace gui {

class AnswerLabel;
class LossChart;
class ScoreView;

class DebriefPage : public QWidget {
  Q_OBJECT
 public:
  explicit DebriefPage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildStory();
  QWidget* buildPostmortem();
  QTextBrowser* buildText(const QString& name, const QString& title);
  void fill();
  void fillStory(const drill::Debrief& debrief);
  void fillCauses(const drill::Debrief& debrief);
  void save(const QString& title, const QString& name, const QString& suffix,
            const std::string& text);
  void savePostmortem();
  void saveRun();

  models::Session& m_session;
  std::string m_filled;  // the debrief shown, as text
  QLabel* m_empty = nullptr;
  QTabWidget* m_tabs = nullptr;
  LossChart* m_chart = nullptr;
  QLabel* m_impact = nullptr;
  QTableWidget* m_events = nullptr;
  QTextBrowser* m_causes = nullptr;
  QTextBrowser* m_postmortem = nullptr;
  ScoreView* m_score = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
