// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/logs/log_page.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/evidence/pin_menu.h"
#include "gui/logs/log_delegate.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"

namespace gui {
namespace {
constexpr int kSources = static_cast<int>(sim::LogSource::Count);
// Following the end counts as looking again this often.
constexpr base::SimTime kLookAgain = base::minutes(5);

QString sourceText(sim::LogSource source) {
  switch (source) {
    case sim::LogSource::Postgres:
      return LogPage::tr("PostgreSQL");
    case sim::LogSource::Kernel:
      return LogPage::tr("Kernel");
    case sim::LogSource::Systemd:
      return LogPage::tr("systemd");
    case sim::LogSource::Website:
      return LogPage::tr("Website");
    case sim::LogSource::Network:
      return LogPage::tr("Network");
    case sim::LogSource::Count:
      break;
  }
  return {};
}

std::string targetOf(sim::LogSource source) {
  return "log:" + std::string(sim::logSourceName(source));
}

}  // namespace

LogPage::LogPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Logs"));
  buildTabs();
  buildFilter();
  buildTable();
  auto* top = new QHBoxLayout;
  top->setSpacing(6);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_tabs, m_severity})
    top->addWidget(widget);
  top->addWidget(m_text, 1);
  for (QWidget* widget : std::initializer_list<QWidget*>{m_onlyMatches, m_follow, m_count, m_pin}) {
    top->addWidget(widget);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  layout->addLayout(top);
  layout->addWidget(m_table, 1);
  buildShortcuts();
  connectSession();
  reset();
}

void LogPage::buildTabs() {
  m_tabs = new QTabBar;
  m_tabs->setObjectName(QStringLiteral("logSources"));
  m_tabs->setAccessibleName(tr("Log shown"));
  m_tabs->setExpanding(false);
  m_tabs->setDrawBase(false);
  m_tabs->addTab(tr("All"));
  for (int source = 0; source < kSources; ++source) {
    m_tabs->addTab(sourceText(static_cast<sim::LogSource>(source)));
  }
  connect(m_tabs, &QTabBar::currentChanged, this, &LogPage::applyFilter);
}

void LogPage::buildFilter() {
  m_severity = new QComboBox;
  m_severity->setObjectName(QStringLiteral("logSeverity"));
  m_severity->setAccessibleName(tr("Least severity shown"));
  for (const auto& [text, severity] : {std::pair{tr("Any level"), sim::Severity::Debug},
                                       std::pair{tr("Warning +"), sim::Severity::Warning},
                                       std::pair{tr("Error +"), sim::Severity::Error},
                                       std::pair{tr("Critical"), sim::Severity::Critical}}) {
    m_severity->addItem(text, static_cast<int>(severity));
  }
  m_text = new QLineEdit;
  m_text->setObjectName(QStringLiteral("logText"));
  m_text->setPlaceholderText(tr("Find"));
  m_text->setAccessibleName(tr("Text to find in the logs"));
  m_text->setClearButtonEnabled(true);
  m_text->setToolTip(tr("Text to find, letter case ignored (Ctrl+F)"));
  m_text->setMinimumWidth(80);
  m_onlyMatches = new QCheckBox(tr("Only &matches"));
  m_onlyMatches->setToolTip(tr("Off: all lines stay, Enter and F3 go to the next match"));
  m_onlyMatches->setChecked(true);
  m_follow = new QCheckBox(tr("Follo&w"));
  m_follow->setToolTip(tr("Keeps the newest line in view"));
  m_follow->setChecked(true);
  m_count = new QLabel;
  m_pin = new QToolButton;
  m_pin->setText(tr("Pin..."));
  m_pin->setAccessibleName(tr("Pin the selected lines as evidence"));
  m_pin->setToolTip(tr("Pins the selected lines, or those in view, as evidence (Ctrl+E)"));
  m_pin->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new PinMenu(
      m_session, [this] { return std::vector{pinned()}; }, this);
  connect(menu, &PinMenu::done, m_count, &QLabel::setText);
  m_pin->setMenu(menu);
  connect(m_severity, &QComboBox::currentIndexChanged, this, &LogPage::applyFilter);
  connect(m_text, &QLineEdit::textChanged, this, &LogPage::applyFilter);
  connect(m_onlyMatches, &QCheckBox::toggled, this, &LogPage::applyFilter);
  connect(m_text, &QLineEdit::returnPressed, this, [this] { findNext(false); });
  connect(m_follow, &QCheckBox::toggled, this, [this](bool on) {
    if (on) m_table->scrollToBottom();
  });
}

void LogPage::buildTable() {
  m_table = new QTableView;
  m_table->setObjectName(QStringLiteral("logTable"));
  m_table->setAccessibleName(tr("Log lines"));
  listRows(m_table, 3);
  m_table->setModel(&m_model);
  m_table->setItemDelegate(new LogDelegate(m_table));
  m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  const QFontMetrics metrics = m_table->fontMetrics();
  QHeaderView* header = m_table->horizontalHeader();
  header->setStretchLastSection(true);
  m_table->setColumnWidth(models::LogModel::Time,
                          metrics.horizontalAdvance(QStringLiteral("Time (GMT)  M")));
  m_table->setColumnWidth(models::LogModel::Source,
                          metrics.horizontalAdvance(QStringLiteral("postgresql  M")));
  m_table->setColumnWidth(models::LogModel::Severity,
                          metrics.horizontalAdvance(QStringLiteral("Severity  M")));
  // Scrolling up by hand stops following, scrolling to the end starts it again.
  connect(m_table->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
    const QScrollBar* bar = m_table->verticalScrollBar();
    m_follow->setChecked(bar->sliderPosition() >= bar->maximum());
    noteLook();
  });
}

void LogPage::buildShortcuts() {
  const auto add = [this](const QKeySequence& keys, auto function) {
    auto* shortcut = new QShortcut(keys, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, function);
  };
  add(QKeySequence::Find, [this] { m_text->setFocus(Qt::ShortcutFocusReason); });
  add(QKeySequence(Qt::Key_F3), [this] { findNext(false); });
  add(QKeySequence(Qt::SHIFT | Qt::Key_F3), [this] { findNext(true); });
  add(QKeySequence(Qt::CTRL | Qt::Key_E), [this] { m_pin->showMenu(); });
  auto* copy = new QShortcut(QKeySequence::Copy, m_table);
  copy->setContext(Qt::WidgetShortcut);
  connect(copy, &QShortcut::activated, this, &LogPage::copySelection);
}

void LogPage::connectSession() {
  connect(&m_session, &models::Session::logsGrew, this, &LogPage::refresh);
  connect(m_sight, &Sight::came, this, [this] {
    if (m_follow->isChecked()) m_table->scrollToBottom();
    noteLook();
  });
  connect(&m_session, &models::Session::wasReset, this, [this] {
    m_model.suspend();
    m_sight->whenHere([this] { reset(); });
  });
  connect(&m_session, &models::Session::modeChanged, this, &LogPage::noteLook);
}

void LogPage::reset() {
  m_model.setSource(&m_session.run().telemetry(), &m_session.run().world().spec());
  applyFilter();
  m_table->scrollToBottom();
}

void LogPage::refresh() {
  if (m_sight->waits()) return;
  m_model.refresh();
  showCount();
  if (!m_follow->isChecked()) return;
  m_table->scrollToBottom();
  if (m_session.run().now() >= m_seenTo + kLookAgain) noteLook();
}

void LogPage::applyFilter() {
  models::LogFilter filter;
  const int tab = m_tabs->currentIndex();
  for (int source = 0; source < kSources; ++source) {
    filter.sources[static_cast<std::size_t>(source)] = tab == 0 || tab == source + 1;
  }
  filter.least = static_cast<sim::Severity>(m_severity->currentData().toInt());
  if (m_onlyMatches->isChecked()) filter.text = m_text->text();
  m_model.setFilter(filter);
  m_table->setColumnHidden(models::LogModel::Source, tab != 0);
  if (m_follow->isChecked()) m_table->scrollToBottom();
  showCount();
  noteLook();
}

void LogPage::showCount() {
  m_count->setText(tr("%L1 of %L2 lines").arg(m_model.rowCount()).arg(m_model.lineCount()));
}

void LogPage::findNext(bool backwards) {
  const QModelIndex current = m_table->currentIndex();
  const int from = current.isValid() ? current.row() : (backwards ? m_model.rowCount() : -1);
  int row = m_model.find(m_text->text(), from, backwards);
  if (row < 0) row = m_model.find(m_text->text(), backwards ? m_model.rowCount() : -1, backwards);
  if (row < 0) return;
  m_follow->setChecked(false);
  m_table->setCurrentIndex(m_model.index(row, models::LogModel::Text));
  noteLook();
}

void LogPage::copySelection() const {
  QModelIndexList rows = m_table->selectionModel()->selectedRows(models::LogModel::Text);
  std::sort(rows.begin(), rows.end());
  QStringList lines;
  for (const QModelIndex& row : rows) {
    lines << m_model.index(row.row(), models::LogModel::Time).data().toString() + QLatin1Char(' ') +
                 row.data().toString();
  }
  QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

models::Look LogPage::visibleLines(sim::LogSource source) const {
  const int count = m_model.rowCount();
  int first = m_table->rowAt(0);
  int last = m_table->rowAt(m_table->viewport()->height() - 1);
  if (last < 0) last = count - 1;
  first = std::max(0, first);
  models::Look look{targetOf(source), {-1}, {-1}};
  for (int row = first; row <= last; ++row) {
    if (m_model.sourceOf(row) != source) continue;
    if (look.from.ms < 0) look.from = {m_model.timeMs(row)};
    look.to = {m_model.timeMs(row)};
  }
  return look;
}

models::Look LogPage::pinned() const {
  QModelIndexList rows = m_table->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end());
  if (!rows.isEmpty()) {
    return {targetOf(m_model.sourceOf(rows.front().row())),
            {m_model.timeMs(rows.front().row())},
            {m_model.timeMs(rows.back().row())}};
  }
  const int tab = m_tabs->currentIndex();
  return visibleLines(static_cast<sim::LogSource>(std::max(0, tab - 1)));
}

void LogPage::noteLook() {
  if (!m_sight->here()) return;
  m_seenTo = m_session.run().now();
  for (int source = 0; source < kSources; ++source) {
    const models::Look seen = visibleLines(static_cast<sim::LogSource>(source));
    if (seen.from.ms < 0) continue;
    m_session.look(QString::fromStdString(seen.target), seen.from, seen.to);
  }
}

void LogPage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  constexpr int kRoomForCount = 1000;
  m_count->setVisible(width() >= kRoomForCount);
}

}  // namespace gui
