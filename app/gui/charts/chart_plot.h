// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing of a group of charts on one time axis: curves, event markers, cross-hair. It is told
// what to draw and tells what the user did; it knows no session.
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "models/series_provider.h"
#include "models/timeline_model.h"

class QCustomPlot;

namespace gui {

class PlotOverlay;

class ChartPlot : public QWidget {
  Q_OBJECT
 public:
  explicit ChartPlot(QWidget* parent = nullptr);
  ~ChartPlot() override;

  void setGroup(const models::ChartGroup& group);
  // Forgets all points (another run) / reads what came and draws
  // when there is something new.
  void clearPoints();
  void refresh(const sim::Telemetry& telemetry, const sim::TimingSpec& timing, int scrapeSeconds);
  void setMarkers(const std::vector<models::TimelineRow>& rows, std::int64_t startUnixMs);
  // Seconds since 1970.
  void setRange(double from, double to);
  [[nodiscard]] double rangeFrom() const;
  [[nodiscard]] double rangeTo() const;
  // Where the cross-hair is; NaN: hidden. What it reads, in words.
  void setCursor(double time);
  [[nodiscard]] double cursor() const;
  [[nodiscard]] QString readOut() const;
  [[nodiscard]] std::size_t chartAt(const QPoint& position) const;  // chartCount: none
  [[nodiscard]] std::size_t chartCount() const;
  [[nodiscard]] std::size_t pointCount() const;  // of all curves

 signals:
  void rangeChangedByUser();
  void followRequested();  // double click
  void cursorMoved();
  void pointsNeeded();  // the charts were laid out afresh
  void pinRequested(std::size_t chart, const QPoint& globalPosition);

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Chart;
  void buildPlot();
  void layOut();
  void buildChart(Chart& chart);
  void applyColours();
  void fitValueAxis(Chart& chart) const;
  void replot();
  void moveCursorTo(int x);
  void shareRange(double from, double to, bool byUser);

  QCustomPlot* m_plot = nullptr;
  PlotOverlay* m_markers = nullptr;
  PlotOverlay* m_cursor = nullptr;
  std::vector<std::unique_ptr<Chart>> m_charts;
  models::ChartGroup m_group;
  int m_columns = 0;
  bool m_sharing = false;
  bool m_stale = true;  // something changed since the last drawing
};

}  // namespace gui
