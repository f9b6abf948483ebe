// SPDX-License-Identifier: GPL-3.0-or-later
// What each minute cost, three curves of one exercise, over the lanes of what was done when. It is
// told what to draw and tells which event was clicked.
#pragma once

#include <QWidget>
#include <vector>

#include "drill/debrief.h"

class QCPAxisRect;
class QCPGraph;
class QCPItemStraightLine;
class QCPLegend;
class QCustomPlot;

namespace gui {

class LossChart : public QWidget {
  Q_OBJECT
 public:
  explicit LossChart(QWidget* parent = nullptr);

  // unixMs: wall clock of simulated time 0.
  void setDebrief(const drill::Debrief& debrief, base::SimTime opensAt, std::int64_t unixMs);
  void setSelected(base::SimTime at);
  [[nodiscard]] std::size_t curveCount() const;   // curves with points
  [[nodiscard]] std::size_t markerCount() const;  // events drawn in the lanes
  [[nodiscard]] static QString laneText(drill::TimelineEvent::Lane lane);

 signals:
  void eventPicked(std::size_t event);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildCurves();
  void buildLanes();
  void applyColours();
  void pickNear(const QPoint& position);

  QCustomPlot* m_plot = nullptr;
  QCPLegend* m_legend = nullptr;
  QCPAxisRect* m_costs = nullptr;
  QCPAxisRect* m_lanes = nullptr;
  std::vector<QCPGraph*> m_curves;   // you, history, expert
  std::vector<QCPGraph*> m_markers;  // one a lane
  std::vector<QCPItemStraightLine*> m_cursor;
  std::vector<drill::TimelineEvent> m_events;
  std::int64_t m_unixMs = 0;
};

}  // namespace gui
