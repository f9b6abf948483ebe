// SPDX-License-Identifier: GPL-3.0-or-later
// The charts page: which group of charts, which stretch of time, following the present, and noting
// in the journal what was looked at.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/look_journal.h"
#include "models/timeline_model.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QMenu;
class QTabBar;
class QToolButton;

namespace gui {

class ChartPlot;

class Sight;

class ChartPage : public QWidget {
  Q_OBJECT
 public:
  explicit ChartPage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildBar();
  void buildShortcuts();
  void connectSession();
  void showGroup(int index);
  void refresh();
  void reset();
  void showEvents();
  void followPresent();
  void noteLook();
  void describe();
  void fillPinMenu(QMenu* menu);
  [[nodiscard]] std::vector<models::Look> looksAt(std::size_t chart) const;
  [[nodiscard]] base::SimTime simTime(double unixSeconds) const;

  models::Session& m_session;
  Sight* m_sight;
  models::TimelineModel m_events;
  ChartPlot* m_plot = nullptr;
  QTabBar* m_groups = nullptr;
  QComboBox* m_range = nullptr;
  QCheckBox* m_follow = nullptr;
  QToolButton* m_pin = nullptr;
  QLabel* m_note = nullptr;
  int m_group = 0;
  base::SimTime m_seenAt;
};

}  // namespace gui
