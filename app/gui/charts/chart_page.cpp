// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/chart_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QShortcut>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "gui/charts/chart_plot.h"
#include "gui/evidence/pin_menu.h"
#include "gui/parts/sight.h"
#include "models/chart_catalogue.h"

namespace gui {
namespace {
// Following the present counts as looking again this often.
constexpr base::SimTime kLookAgain = base::minutes(5);
constexpr int kWholeRun = 0;
}  // namespace

ChartPage::ChartPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Charts"));
  m_plot = new ChartPlot;
  m_plot->setObjectName(QStringLiteral("chartPlot"));
  m_plot->setMinimumSize(320, 200);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  layout->addWidget(buildBar());
  layout->addWidget(m_plot, 1);
  buildShortcuts();
  connectSession();
  m_events.reset(m_session.run());
  showEvents();
  showGroup(0);
}

QWidget* ChartPage::buildBar() {
  auto* bar = new QWidget;
  auto* layout = new QHBoxLayout(bar);
  layout->setContentsMargins(0, 0, 0, 0);
  m_groups = new QTabBar;
  m_groups->setObjectName(QStringLiteral("chartGroups"));
  m_groups->setAccessibleName(tr("Group of charts"));
  m_groups->setExpanding(false);
  m_groups->setDrawBase(false);
  for (const models::ChartGroup& group : models::chartGroups()) {
    m_groups->addTab(
        QString::fromStdString(group.title).replace(QLatin1Char('&'), QLatin1String("&&")));
  }
  m_range = new QComboBox;
  m_range->setObjectName(QStringLiteral("chartRange"));
  m_range->setAccessibleName(tr("Stretch of time shown"));
  for (const int minutes : {15, 30, 60, 120}) m_range->addItem(tr("%1 min").arg(minutes), minutes);
  m_range->addItem(tr("Since the morning"), kWholeRun);
  m_range->setCurrentIndex(2);
  m_follow = new QCheckBox(tr("&Follow"));
  m_follow->setToolTip(tr("Keeps the present in view; a double click on a chart does the same"));
  m_follow->setChecked(true);
  m_note = new QLabel;
  m_pin = new QToolButton;
  m_pin->setText(tr("Pin..."));
  m_pin->setAccessibleName(tr("Pin a chart as evidence"));
  m_pin->setToolTip(tr("Pins what a chart shows as evidence (Ctrl+E, or right click on a chart)"));
  m_pin->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(m_pin);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillPinMenu(menu); });
  m_pin->setMenu(menu);
  layout->addWidget(m_groups);
  layout->addStretch(1);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_note, m_range, m_follow, m_pin}) {
    layout->addWidget(widget);
  }
  return bar;
}

void ChartPage::buildShortcuts() {
  auto* pin = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_E), this);
  pin->setContext(Qt::WidgetWithChildrenShortcut);
  connect(pin, &QShortcut::activated, m_pin, &QToolButton::showMenu);
}

void ChartPage::connectSession() {
  connect(m_groups, &QTabBar::currentChanged, this, &ChartPage::showGroup);
  connect(m_range, &QComboBox::currentIndexChanged, this, [this] {
    m_follow->setChecked(true);
    followPresent();
    refresh();
    noteLook();
  });
  connect(m_follow, &QCheckBox::toggled, this, [this](bool on) {
    if (on) refresh();
  });
  connect(m_plot, &ChartPlot::rangeChangedByUser, this, [this] {
    m_follow->setChecked(false);
    noteLook();
  });
  connect(m_plot, &ChartPlot::followRequested, this, [this] { m_follow->setChecked(true); });
  connect(m_plot, &ChartPlot::pointsNeeded, this, &ChartPage::refresh);
  connect(m_plot, &ChartPlot::cursorMoved, this, &ChartPage::describe);
  connect(m_plot, &ChartPlot::pinRequested, this, [this](std::size_t chart, const QPoint& at) {
    if (chart >= m_plot->chartCount()) return;
    auto* menu = new PinMenu(
        m_session, [this, chart] { return looksAt(chart); }, this);
    connect(menu, &PinMenu::done, m_note, &QLabel::setText);
    connect(menu, &QMenu::aboutToHide, menu, &QObject::deleteLater);
    menu->popup(at);
  });
  connect(&m_session, &models::Session::rowsGrew, this, &ChartPage::refresh);
  connect(m_sight, &Sight::came, this, [this] {
    refresh();
    noteLook();
  });
  connect(&m_session, &models::Session::wasReset, this, &ChartPage::reset);
  connect(&m_session, &models::Session::modeChanged, this, &ChartPage::noteLook);
}

void ChartPage::fillPinMenu(QMenu* menu) {
  menu->clear();
  qDeleteAll(menu->findChildren<PinMenu*>(Qt::FindDirectChildrenOnly));
  const models::ChartGroup& group = models::chartGroups()[static_cast<std::size_t>(m_group)];
  for (std::size_t chart = 0; chart < group.charts.size(); ++chart) {
    auto* pin = new PinMenu(
        m_session, [this, chart] { return looksAt(chart); }, menu);
    pin->setTitle(QString::fromStdString(group.charts[chart].title));
    connect(pin, &PinMenu::done, m_note, &QLabel::setText);
    menu->addMenu(pin);
  }
}

void ChartPage::showGroup(int index) {
  m_group = index;
  m_plot->setGroup(models::chartGroups()[static_cast<std::size_t>(index)]);
  m_note->clear();
  if (m_plot->rangeTo() <= 1) followPresent();
  refresh();
  describe();
  noteLook();
}

void ChartPage::followPresent() {
  const sim::TimingSpec& timing = m_session.run().world().spec().timing;
  const double start = static_cast<double>(timing.startUnixMs) / 1000;
  // In whole scrapes: between two of them there is nothing new to draw.
  const int scrape = std::max(1, m_session.run().world().spec().monitoring.scrapeSeconds);
  const std::int64_t seconds = m_session.run().now().seconds();
  const double now = start + static_cast<double>(seconds - seconds % scrape);
  const int minutes = m_range->currentData().toInt();
  m_plot->setRange(minutes == kWholeRun ? start : std::max(start, now - minutes * 60), now);
}

void ChartPage::refresh() {
  if (!m_sight->here()) return;
  const std::size_t known = m_events.rows().size();
  m_events.refresh(m_session.run());
  const sim::WorldSpec& spec = m_session.run().world().spec();
  if (known != m_events.rows().size()) showEvents();
  if (m_follow->isChecked()) followPresent();
  m_plot->refresh(m_session.run().telemetry(), spec.timing, spec.monitoring.scrapeSeconds);
  if (m_follow->isChecked() && m_session.run().now() >= m_seenAt + kLookAgain) noteLook();
}

void ChartPage::showEvents() {
  m_plot->setMarkers(m_events.rows(), m_session.startUnixMs());
}

void ChartPage::reset() {
  m_events.reset(m_session.run());
  showEvents();
  m_plot->clearPoints();
  refresh();
}

void ChartPage::describe() {
  const QString title =
      QString::fromStdString(models::chartGroups()[static_cast<std::size_t>(m_group)].title);
  m_plot->setAccessibleName(tr("Charts: %1").arg(title));
  m_plot->setAccessibleDescription(
      std::isfinite(m_plot->cursor())
          ? tr("At %1: %2").arg(m_session.clockText(simTime(m_plot->cursor())), m_plot->readOut())
          : tr("Left and right move the cross-hair, up and down zoom."));
  if (std::isfinite(m_plot->cursor())) {
    m_note->setText(m_session.clockText(simTime(m_plot->cursor())));
  }
}

base::SimTime ChartPage::simTime(double unixSeconds) const {
  return {static_cast<std::int64_t>(std::llround(unixSeconds * 1000)) - m_session.startUnixMs()};
}

std::vector<models::Look> ChartPage::looksAt(std::size_t chart) const {
  const models::ChartSpec& spec =
      models::chartGroups()[static_cast<std::size_t>(m_group)].charts[chart];
  const base::SimTime from =
      base::seconds(std::max<std::int64_t>(0, simTime(m_plot->rangeFrom()).seconds()));
  const base::SimTime to = base::seconds(
      std::min(m_session.run().now().seconds(), simTime(m_plot->rangeTo()).seconds()));
  std::vector<models::Look> looks;
  if (to < from) return looks;
  for (const models::SeriesSpec& series : spec.series) {
    for (const sim::Metric metric : series.metrics()) {
      looks.push_back({"chart:" + sim::metricInfo(metric).fullName(), from, to});
    }
  }
  return looks;
}

void ChartPage::noteLook() {
  if (!m_sight->here()) return;
  m_seenAt = m_session.run().now();
  for (std::size_t chart = 0; chart < m_plot->chartCount(); ++chart) {
    for (const models::Look& look : looksAt(chart)) {
      m_session.look(QString::fromStdString(look.target), look.from, look.to);
    }
  }
}

}  // namespace gui
