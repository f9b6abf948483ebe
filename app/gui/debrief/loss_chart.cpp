// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/debrief/loss_chart.h"

#include <qcustomplot.h>

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "gui/app/theme.h"

namespace gui {
namespace {

using Lane = drill::TimelineEvent::Lane;
constexpr int kLaneCount = 4;
constexpr double kPickPixels = 8;
constexpr Qt::PenStyle kDashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine};
constexpr QCPScatterStyle::ScatterShape kShapes[] = {
    QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare, QCPScatterStyle::ssDiamond,
    QCPScatterStyle::ssTriangle};

// The first lane on top.
double heightOf(Lane lane) {
  return kLaneCount - static_cast<int>(lane);
}

constexpr int kCostLines = 4;  // the least height of the curves, in lines of text

double keyOf(base::SimTime at, std::int64_t unixMs) {
  return static_cast<double>(unixMs + at.ms) / 1000;
}

}  // namespace

QString LossChart::laneText(Lane lane) {
  switch (lane) {
    case Lane::You:
      return tr("You");
    case Lane::History:
      return tr("That day");
    case Lane::Expert:
      return tr("Expert");
    case Lane::World:
      return tr("System");
  }
  return {};
}

LossChart::LossChart(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("User-minutes lost in each minute, and what was done when"));
  m_plot = new QCustomPlot;
  m_plot->setAccessibleName(accessibleName());
  m_plot->setNotAntialiasedElements(QCP::aeAll);
  m_plot->plotLayout()->clear();
  m_costs = new QCPAxisRect(m_plot);
  m_lanes = new QCPAxisRect(m_plot);
  m_legend = new QCPLegend;
  m_legend->setFillOrder(QCPLegend::foColumnsFirst);
  m_plot->plotLayout()->addElement(0, 0, m_legend);
  m_plot->plotLayout()->addElement(1, 0, m_costs);
  m_plot->plotLayout()->addElement(2, 0, m_lanes);
  m_plot->plotLayout()->setRowStretchFactors({0.001, 3, 2});
  m_plot->plotLayout()->setRowSpacing(0);
  auto* margins = new QCPMarginGroup(m_plot);
  for (QCPAxisRect* rect : {m_costs, m_lanes}) {
    rect->setMarginGroup(QCP::msLeft | QCP::msRight, margins);
    QSharedPointer<QCPAxisTickerDateTime> clock(new QCPAxisTickerDateTime);
    clock->setDateTimeSpec(Qt::UTC);
    clock->setDateTimeFormat(QStringLiteral("HH:mm"));
    rect->axis(QCPAxis::atBottom)->setTicker(clock);
  }
  m_costs->axis(QCPAxis::atLeft)->ticker()->setTickCount(3);
  // One time axis serves both; the margins are as small as their labels let them be.
  m_costs->setMinimumMargins(QMargins(15, 8, 15, 4));
  m_lanes->setMinimumMargins(QMargins(15, 4, 15, 4));
  m_costs->axis(QCPAxis::atBottom)->setTickLabels(false);
  m_costs->setMinimumSize(60, fontMetrics().height() * kCostLines);
  m_lanes->setMinimumSize(60, fontMetrics().height() * (kLaneCount + 1));
  buildCurves();
  buildLanes();
  applyColours();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new QLabel(tr("User-minutes lost in each minute")));
  layout->addWidget(m_plot, 1);
  // Both parts with their margins, the title and the legend.
  setMinimumHeight(fontMetrics().height() * (kCostLines + 1 + kLaneCount + 4 + 1 + 2));
  connect(m_plot, &QCustomPlot::mousePress, this,
          [this](const QMouseEvent* event) { pickNear(event->position().toPoint()); });
}

void LossChart::buildCurves() {
  m_legend->setLayer(QStringLiteral("legend"));
  for (const Lane lane : {Lane::You, Lane::History, Lane::Expert}) {
    QCPGraph* graph =
        m_plot->addGraph(m_costs->axis(QCPAxis::atBottom), m_costs->axis(QCPAxis::atLeft));
    graph->setName(laneText(lane));
    graph->setLineStyle(QCPGraph::lsStepLeft);
    graph->addToLegend(m_legend);
    m_curves.push_back(graph);
  }
}

void LossChart::buildLanes() {
  QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
  for (int i = 0; i < kLaneCount; ++i) {
    const auto lane = static_cast<Lane>(i);
    names->addTick(heightOf(lane), laneText(lane));
    QCPGraph* graph =
        m_plot->addGraph(m_lanes->axis(QCPAxis::atBottom), m_lanes->axis(QCPAxis::atLeft));
    graph->removeFromLegend();  // the lanes are named on their axis
    graph->setLineStyle(QCPGraph::lsNone);
    m_markers.push_back(graph);
  }
  m_lanes->axis(QCPAxis::atLeft)->setTicker(names);
  m_lanes->axis(QCPAxis::atLeft)->setRange(0.4, kLaneCount + 0.6);
  for (QCPAxisRect* rect : {m_costs, m_lanes}) {
    auto* line = new QCPItemStraightLine(m_plot);
    line->setClipAxisRect(rect);
    for (QCPItemPosition* position : {line->point1, line->point2}) {
      position->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
      position->setTypeX(QCPItemPosition::ptPlotCoords);
      position->setTypeY(QCPItemPosition::ptPlotCoords);
    }
    line->setVisible(false);
    m_cursor.push_back(line);
  }
}

void LossChart::applyColours() {
  const Theme& theme = themeOf(palette());
  m_plot->setBackground(QBrush(theme.base));
  for (QCPAxisRect* rect : {m_costs, m_lanes}) {
    for (QCPAxis* axis : rect->axes()) {
      axis->setBasePen(QPen(theme.border, 0));
      axis->setTickPen(QPen(theme.border, 0));
      axis->setSubTickPen(QPen(theme.border, 0));
      axis->setTickLabelColor(theme.muted);
      axis->setTickLabelFont(font());
      axis->setLabelColor(theme.muted);
      axis->setLabelFont(font());
      axis->grid()->setPen(QPen(theme.grid, 0));
      axis->grid()->setZeroLinePen(QPen(theme.grid, 0));
    }
  }
  for (std::size_t i = 0; i < m_curves.size(); ++i) {
    QPen pen(theme.series[i], 0);
    pen.setStyle(kDashes[i]);
    m_curves[i]->setPen(pen);
  }
  for (std::size_t i = 0; i < m_markers.size(); ++i) {
    m_markers[i]->setScatterStyle(QCPScatterStyle(kShapes[i], theme.series[i], theme.series[i], 8));
  }
  for (QCPItemStraightLine* line : m_cursor) line->setPen(QPen(theme.text, 0));
  m_legend->setBrush(theme.base);
  m_legend->setBorderPen(Qt::NoPen);
  m_legend->setTextColor(theme.text);
  m_legend->setFont(font());
}

void LossChart::setDebrief(const drill::Debrief& debrief, base::SimTime opensAt,
                           std::int64_t unixMs) {
  m_unixMs = unixMs;
  m_events = debrief.timeline;
  double longest = 1, highest = 1;
  const std::vector<double>* curves[] = {&debrief.userMinutesPerMinute, &debrief.historyPerMinute,
                                         &debrief.expertPerMinute};
  for (std::size_t i = 0; i < m_curves.size(); ++i) {
    m_curves[i]->data()->clear();
    double minute = 0;
    for (const double value : *curves[i]) {
      m_curves[i]->addData(keyOf(opensAt, unixMs) + minute * 60, value);
      highest = std::max(highest, value);
      minute += 1;
    }
    longest = std::max(longest, minute);
  }
  for (QCPGraph* markers : m_markers) markers->data()->clear();
  for (const drill::TimelineEvent& event : m_events) {
    m_markers[static_cast<std::size_t>(event.lane)]->addData(keyOf(event.at, unixMs),
                                                             heightOf(event.lane));
  }
  m_costs->axis(QCPAxis::atLeft)->setRange(0, highest * 1.1);
  const double from = keyOf(opensAt, unixMs);
  for (QCPAxisRect* rect : {m_costs, m_lanes}) {
    rect->axis(QCPAxis::atBottom)->setRange(from - 60, from + longest * 60 + 60);
  }
  for (QCPItemStraightLine* line : m_cursor) line->setVisible(false);
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LossChart::setSelected(base::SimTime at) {
  for (QCPItemStraightLine* line : m_cursor) {
    line->point1->setCoords(keyOf(at, m_unixMs), 0);
    line->point2->setCoords(keyOf(at, m_unixMs), 1);
    line->setVisible(true);
  }
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LossChart::pickNear(const QPoint& position) {
  if (!m_lanes->rect().contains(position)) return;
  const QCPAxis* time = m_lanes->axis(QCPAxis::atBottom);
  const QCPAxis* lane = m_lanes->axis(QCPAxis::atLeft);
  double nearest = kPickPixels;
  std::size_t found = m_events.size();
  for (std::size_t i = 0; i < m_events.size(); ++i) {
    const double x = time->coordToPixel(keyOf(m_events[i].at, m_unixMs)) - position.x();
    const double y = lane->coordToPixel(heightOf(m_events[i].lane)) - position.y();
    const double distance = std::sqrt(x * x + y * y);
    if (distance >= nearest) continue;
    nearest = distance;
    found = i;
  }
  if (found < m_events.size()) emit eventPicked(found);
}

std::size_t LossChart::curveCount() const {
  return static_cast<std::size_t>(
      std::count_if(m_curves.begin(), m_curves.end(),
                    [](const QCPGraph* graph) { return graph->dataCount() > 0; }));
}

std::size_t LossChart::markerCount() const {
  std::size_t count = 0;
  for (const QCPGraph* markers : m_markers) count += static_cast<std::size_t>(markers->dataCount());
  return count;
}

void LossChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  applyColours();
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace gui
