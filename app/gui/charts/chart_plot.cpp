// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/chart_plot.h"

#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/app/theme.h"
#include "gui/charts/plot_overlay.h"

namespace gui {
namespace {

constexpr int kTitleHeight = 23;
constexpr int kLeastChartHeight = 84;  // below this, charts go into two columns
constexpr double kQuiet = 0.01;  // in the chart's unit: less is drawn as nothing, on a scale to 1
constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
// Pens stay cosmetic (one pixel): wider ones cost twenty times the drawing time.
constexpr Qt::PenStyle kDashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
const char* const kSamples[] = {"\u2501\u2501", "\u2578\u2578", "\u2504\u2504", "\u2501\u00b7"};

// Names at the top of a chart: title and unit, then each curve with its dash.
class ChartTitle : public QCPLayerable {
 public:
  ChartTitle(QCustomPlot* plot, QCPAxisRect* rect, const models::ChartSpec& spec)
      : QCPLayerable(plot, QStringLiteral("axes")), m_rect(rect), m_spec(spec) {}
  const Theme* theme = &lightTheme();

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override {
    painter->setAntialiasing(false);
  }
  void draw(QCPPainter* painter) override {
    const QFont plain = painter->font();
    QFont bold = plain;
    bold.setBold(true);
    int x = m_rect->outerRect().left() + 2;
    const int y = m_rect->top() - 9;  // above the highest value's label
    const auto write = [&](const QString& text, const QFont& font, const QColor& colour) {
      painter->setFont(font);
      painter->setPen(colour);
      painter->drawText(x, y, text);
      x += QFontMetrics(font).horizontalAdvance(text) + 6;
    };
    write(QString::fromStdString(m_spec.title), bold, theme->text);
    write(QString::fromStdString(m_spec.unit), plain, theme->muted);
    x += 6;
    for (std::size_t i = 0; i < m_spec.series.size() && m_spec.series.size() > 1; ++i) {
      write(QString::fromUtf8(kSamples[i]) + QLatin1Char(' ') +
                QString::fromStdString(m_spec.series[i].label),
            plain, theme->series[i]);
    }
    painter->setFont(plain);
  }

 private:
  QCPAxisRect* m_rect;
  models::ChartSpec m_spec;
};

}  // namespace

struct ChartPlot::Chart {
  const models::ChartSpec* spec = nullptr;
  std::vector<models::SeriesPoints> points;
  std::vector<std::size_t> drawn;  // points already handed to the graph
  QCPAxisRect* rect = nullptr;
  std::vector<QCPGraph*> graphs;
  ChartTitle* title = nullptr;
};

ChartPlot::ChartPlot(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  buildPlot();
}

ChartPlot::~ChartPlot() = default;

void ChartPlot::buildPlot() {
  m_plot = new QCustomPlot;
  m_plot->setFocusPolicy(Qt::NoFocus);
  m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  m_plot->setNoAntialiasingOnDrag(true);
  // Painted with the rest of the window, not before it.
  m_plot->setPlottingHint(QCP::phImmediateRefresh, false);
  m_plot->setNotAntialiasedElements(QCP::aeAll);
  m_plot->setMouseTracking(true);
  m_plot->setContextMenuPolicy(Qt::NoContextMenu);
  m_plot->addLayer(QStringLiteral("marks"), m_plot->layer(QStringLiteral("main")));
  m_plot->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
  m_markers = new PlotOverlay(m_plot, QStringLiteral("marks"));
  m_cursor = new PlotOverlay(m_plot, QStringLiteral("overlay"));
  m_plot->installEventFilter(this);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_plot);
  connect(m_plot, &QCustomPlot::mouseDoubleClick, this, &ChartPlot::followRequested);
}

void ChartPlot::setGroup(const models::ChartGroup& group) {
  m_group = group;
  m_columns = 0;
  layOut();
}

// Charts stand in one column where there is room, else in two; the time axis is shared either way.
void ChartPlot::layOut() {
  const int count = static_cast<int>(m_group.charts.size());
  const bool tight = height() < count * (kLeastChartHeight + kTitleHeight) && width() >= 560;
  const int columns = tight && count > 1 ? 2 : 1;
  if (columns == m_columns) return;
  const double from = m_charts.empty() ? 0 : rangeFrom();
  const double to = m_charts.empty() ? 1 : rangeTo();
  m_columns = columns;
  m_stale = true;
  for (const auto& chart : m_charts) delete chart->title;
  m_charts.clear();
  m_markers->rects.clear();
  m_cursor->rects.clear();
  m_cursor->readOuts.clear();
  m_plot->clearGraphs();
  m_plot->plotLayout()->clear();
  qDeleteAll(m_plot->findChildren<QCPMarginGroup*>());
  const int rows = (count + columns - 1) / columns;
  std::vector<QCPMarginGroup*> margins;
  for (int column = 0; column < columns; ++column) margins.push_back(new QCPMarginGroup(m_plot));
  for (int i = 0; i < count; ++i) {
    auto chart = std::make_unique<Chart>();
    chart->spec = &m_group.charts[static_cast<std::size_t>(i)];
    buildChart(*chart);
    const int column = i / rows;
    chart->rect->setMarginGroup(QCP::msLeft | QCP::msRight,
                                margins[static_cast<std::size_t>(column)]);
    const bool lowest = i % rows == rows - 1 || i == count - 1;
    chart->rect->axis(QCPAxis::atBottom)->setTickLabels(lowest);
    m_plot->plotLayout()->addElement(i % rows, column, chart->rect);
    m_markers->rects.push_back(chart->rect);
    m_cursor->rects.push_back(chart->rect);
    m_charts.push_back(std::move(chart));
  }
  m_plot->plotLayout()->setRowSpacing(0);
  m_plot->plotLayout()->setColumnSpacing(8);
  applyColours();
  shareRange(from, to, false);
}

void ChartPlot::buildChart(Chart& chart) {
  chart.rect = new QCPAxisRect(m_plot);
  chart.rect->setAutoMargins(QCP::msLeft | QCP::msRight | QCP::msBottom);
  chart.rect->setMargins(QMargins(0, kTitleHeight, 0, 0));
  chart.rect->setMinimumMargins(QMargins(34, kTitleHeight, 10, 4));
  chart.rect->setMinimumSize(60, 24);
  QCPAxis* time = chart.rect->axis(QCPAxis::atBottom);
  QCPAxis* value = chart.rect->axis(QCPAxis::atLeft);
  chart.rect->setRangeDragAxes({time});
  chart.rect->setRangeZoomAxes({time});
  chart.rect->setRangeZoomFactor(0.8);
  QSharedPointer<QCPAxisTickerDateTime> clock(new QCPAxisTickerDateTime);
  clock->setDateTimeSpec(Qt::UTC);
  clock->setDateTimeFormat(QStringLiteral("HH:mm"));
  clock->setTickCount(6);
  time->setTicker(clock);
  QSharedPointer<QCPAxisTicker> values(new QCPAxisTicker);
  values->setTickCount(3);
  value->setTicker(values);
  value->setNumberFormat(QStringLiteral("g"));
  value->setNumberPrecision(6);
  for (QCPAxis* axis : {time, value}) {
    axis->setTickLength(0, 3);
    axis->setSubTicks(false);
    axis->setTickLabelPadding(3);
    axis->setLayer(QStringLiteral("axes"));
    axis->grid()->setLayer(QStringLiteral("grid"));
  }
  for (std::size_t i = 0; i < chart.spec->series.size(); ++i) {
    chart.points.emplace_back(chart.spec->series[i], chart.spec->scale);
    chart.drawn.push_back(0);
    QCPGraph* graph = m_plot->addGraph(time, value);
    graph->setAdaptiveSampling(true);
    graph->setName(QString::fromStdString(chart.spec->series[i].label));
    chart.graphs.push_back(graph);
  }
  chart.title = new ChartTitle(m_plot, chart.rect, *chart.spec);
  connect(time, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
          [this](const QCPRange& range) { shareRange(range.lower, range.upper, true); });
}

void ChartPlot::applyColours() {
  const Theme& theme = themeOf(palette());
  m_plot->setBackground(QBrush(theme.base));
  for (const auto& chart : m_charts) {
    chart->title->theme = &theme;
    for (QCPAxis* axis : chart->rect->axes()) {
      axis->setBasePen(QPen(theme.border, 0));
      axis->setTickPen(QPen(theme.border, 0));
      axis->setTickLabelColor(theme.muted);
      axis->setTickLabelFont(font());
      axis->grid()->setPen(QPen(theme.grid, 0));
      axis->grid()->setZeroLinePen(QPen(theme.grid, 0));
    }
    for (std::size_t i = 0; i < chart->graphs.size(); ++i) {
      QPen pen(theme.series[i % theme.series.size()], 0);
      pen.setStyle(kDashes[i % 4]);
      chart->graphs[i]->setPen(pen);
    }
  }
  for (PlotOverlay* overlay : {m_markers, m_cursor}) {
    overlay->alertColour = theme.bad;
    overlay->alertLine = theme.alertLine;
    overlay->actionColour = theme.border;
    overlay->cursorColour = theme.text;
    overlay->boxColour = theme.window;
    overlay->textColour = theme.text;
  }
}

void ChartPlot::clearPoints() {
  for (const auto& chart : m_charts) {
    for (std::size_t i = 0; i < chart->graphs.size(); ++i) {
      chart->points[i].clear();
      chart->drawn[i] = 0;
      chart->graphs[i]->data()->clear();
    }
  }
  m_stale = true;
}

void ChartPlot::refresh(const sim::Telemetry& telemetry, const sim::TimingSpec& timing,
                        int scrapeSeconds) {
  for (const auto& chart : m_charts) {
    for (std::size_t i = 0; i < chart->graphs.size(); ++i) {
      models::SeriesPoints& points = chart->points[i];
      if (points.refresh(telemetry, timing, scrapeSeconds) > 0) m_stale = true;
      QVector<QCPGraphData> fresh;
      for (std::size_t& at = chart->drawn[i]; at < points.points().size(); ++at) {
        fresh.append({points.points()[at].time, points.points()[at].value});
      }
      if (!fresh.isEmpty()) chart->graphs[i]->data()->add(fresh, true);
    }
  }
  if (m_stale) replot();
}

void ChartPlot::setMarkers(const std::vector<models::TimelineRow>& rows, std::int64_t startUnixMs) {
  m_markers->markers.clear();
  for (const models::TimelineRow& row : rows) {
    if (!row.marks()) continue;
    m_markers->markers.push_back({static_cast<double>(startUnixMs + row.at.ms) / 1000,
                                  row.kind == models::TimelineRow::Kind::Alert});
  }
  m_stale = true;
}

void ChartPlot::setRange(double from, double to) {
  shareRange(from, to, false);
}

double ChartPlot::rangeFrom() const {
  return m_charts.empty() ? 0 : m_charts.front()->rect->axis(QCPAxis::atBottom)->range().lower;
}

double ChartPlot::rangeTo() const {
  return m_charts.empty() ? 0 : m_charts.front()->rect->axis(QCPAxis::atBottom)->range().upper;
}

void ChartPlot::shareRange(double from, double to, bool byUser) {
  if (m_sharing || (from == rangeFrom() && to == rangeTo() && !byUser)) return;
  m_sharing = true;
  m_stale = true;
  for (const auto& chart : m_charts) chart->rect->axis(QCPAxis::atBottom)->setRange(from, to);
  m_sharing = false;
  if (!byUser) return;
  for (const auto& chart : m_charts) fitValueAxis(*chart);
  emit rangeChangedByUser();
}

// From zero to a little above the highest value in view.
void ChartPlot::fitValueAxis(Chart& chart) const {
  double highest = 0;
  for (const models::SeriesPoints& series : chart.points) {
    const auto& points = series.points();
    auto at = std::lower_bound(points.begin(), points.end(), rangeFrom(),
                               [](const models::Point& p, double time) { return p.time < time; });
    for (; at != points.end() && at->time <= rangeTo(); ++at) {
      if (at->value > highest) highest = at->value;
    }
  }
  chart.rect->axis(QCPAxis::atLeft)->setRange(0, highest > kQuiet ? highest * 1.15 : 1);
}

void ChartPlot::replot() {
  m_stale = false;
  for (const auto& chart : m_charts) fitValueAxis(*chart);
  if (std::isfinite(m_cursor->cursor)) setCursor(m_cursor->cursor);
  m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ChartPlot::setCursor(double time) {
  m_cursor->cursor = time;
  m_cursor->readOuts.clear();
  for (const auto& chart : m_charts) {
    QStringList texts;
    for (std::size_t i = 0; i < chart->points.size() && std::isfinite(time); ++i) {
      const double value = models::valueAt(chart->points[i].points(), time);
      texts << QString::fromStdString(chart->spec->series[i].label) + QLatin1Char(' ') +
                   QString::fromStdString(models::shownValue(value));
    }
    m_cursor->readOuts.push_back({chart->rect, texts.join(QStringLiteral("  \u00b7  "))});
  }
  emit cursorMoved();
}

double ChartPlot::cursor() const {
  return m_cursor->cursor;
}

QString ChartPlot::readOut() const {
  if (!std::isfinite(m_cursor->cursor)) return {};
  QStringList texts;
  for (std::size_t i = 0; i < m_charts.size(); ++i) {
    texts << QString::fromStdString(m_charts[i]->spec->title + " (" + m_charts[i]->spec->unit +
                                    "): ") +
                 m_cursor->readOuts[i].text;
  }
  return texts.join(QStringLiteral("; "));
}

std::size_t ChartPlot::chartCount() const {
  return m_charts.size();
}

std::size_t ChartPlot::pointCount() const {
  std::size_t count = 0;
  for (const auto& chart : m_charts) {
    for (const QCPGraph* graph : chart->graphs) {
      count += static_cast<std::size_t>(graph->dataCount());
    }
  }
  return count;
}

std::size_t ChartPlot::chartAt(const QPoint& position) const {
  for (std::size_t i = 0; i < m_charts.size(); ++i) {
    if (m_charts[i]->rect->outerRect().contains(position)) return i;
  }
  return m_charts.size();
}

void ChartPlot::moveCursorTo(int x) {
  for (const auto& chart : m_charts) {
    const QCPAxisRect* rect = chart->rect;
    if (x < rect->left() || x > rect->right()) continue;
    setCursor(rect->axis(QCPAxis::atBottom)->pixelToCoord(x));
    m_plot->layer(QStringLiteral("overlay"))->replot();
    return;
  }
}

bool ChartPlot::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseMove) {
    moveCursorTo(static_cast<QMouseEvent*>(event)->position().toPoint().x());
  } else if (event->type() == QEvent::Leave) {
    setCursor(kNowhere);
    m_plot->layer(QStringLiteral("overlay"))->replot();
  } else if (event->type() == QEvent::ContextMenu) {
    auto* menu = static_cast<QContextMenuEvent*>(event);
    emit pinRequested(chartAt(menu->pos()), menu->globalPos());
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

// The same by keys: left and right move the cross-hair by a scrape, up and down zoom.
void ChartPlot::keyPressEvent(QKeyEvent* event) {
  const double width = rangeTo() - rangeFrom();
  const double middle = std::isfinite(cursor()) ? cursor() : rangeTo() - width / 2;
  const double step = event->modifiers() & Qt::ControlModifier ? width / 10 : 15;
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      setCursor(std::clamp(middle + (event->key() == Qt::Key_Left ? -step : step), rangeFrom(),
                           rangeTo()));
      m_plot->layer(QStringLiteral("overlay"))->replot();
      return;
    case Qt::Key_Up:
    case Qt::Key_Down: {
      const double factor = event->key() == Qt::Key_Up ? 0.5 : 2;
      shareRange(middle - (middle - rangeFrom()) * factor, middle + (rangeTo() - middle) * factor,
                 true);
      m_plot->replot(QCustomPlot::rpQueuedReplot);
      return;
    }
    default:
      QWidget::keyPressEvent(event);
  }
}

void ChartPlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    applyColours();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
  }
}

void ChartPlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const int before = m_columns;
  layOut();
  if (before != m_columns) emit pointsNeeded();
}

}  // namespace gui
