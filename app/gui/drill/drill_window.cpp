// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/drill/drill_window.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QDockWidget>
#include <QMenuBar>
#include <QScreen>
#include <QSettings>
#include <QStatusBar>
#include <QToolBar>
#include <algorithm>

#include "gui/app/theme.h"
#include "gui/drill/close_dialog.h"
#include "gui/drill/top_bar.h"

namespace gui {
namespace {

constexpr int kLayoutVersion = 1;
// A slow clock needs few frames: it moves once per simulated second.
constexpr int kFrameMs = 33;
constexpr int kSlowFrameMs = 100;
constexpr int kFastFrom = 5;
constexpr double kShareOfScreen = 0.9;

// Docks behind another's tab are visible to Qt, which would lose the focus in them.
bool takesTab(const QWidget* widget) {
  if (!(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy()) return false;
  if (!widget->isVisible() || !widget->isEnabled()) return false;
  for (const QWidget* above = widget; above; above = above->parentWidget()) {
    if (qobject_cast<const QDockWidget*>(above)) return !above->visibleRegion().isEmpty();
  }
  return true;
}

QString layoutKey(bool sandbox) {
  return sandbox ? QStringLiteral("sandbox/layout") : QStringLiteral("drill/layout");
}
QString geometryKey() {
  return QStringLiteral("drill/geometry");
}

Qt::DockWidgetArea areaOf(PageEntry::Place place) {
  switch (place) {
    case PageEntry::Place::Main:
      return Qt::LeftDockWidgetArea;
    case PageEntry::Place::Side:
    case PageEntry::Place::SideBelow:
      return Qt::RightDockWidgetArea;
    case PageEntry::Place::Bottom:
      return Qt::BottomDockWidgetArea;
  }
  return Qt::LeftDockWidgetArea;
}

}  // namespace

DrillWindow::DrillWindow(std::unique_ptr<models::Session> session,
                         std::shared_ptr<records::Library> library, QWidget* parent)
    : QMainWindow(parent),
      m_session(std::move(session)),
      m_context{*m_session, std::move(library)} {
  setObjectName(QStringLiteral("drillWindow"));
  setWindowTitle(QString::fromStdString(m_session->run().scenario().title) + tr(" - Outage Drill"));
  setDockOptions(AllowNestedDocks | AllowTabbedDocks | AnimatedDocks);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  buildTopBar();
  buildDocks();
  buildMenus();
  connectSession();
  restorePlaces();
  followPace();
  if (m_session->run().finished()) showEnd();
}

bool DrillWindow::sandbox() const {
  return m_session->run().scenario().sandbox;
}

DrillWindow::~DrillWindow() {
  // Pages hold a reference to the session: they go first.
  for (const Dock& dock : m_docks) delete dock.widget;
}

void DrillWindow::buildTopBar() {
  m_topBar = new TopBar(*m_session);
  auto* bar = new QToolBar(tr("Incident"));
  bar->setObjectName(QStringLiteral("incidentBar"));
  bar->setMovable(false);
  bar->toggleViewAction()->setVisible(false);
  bar->setContextMenuPolicy(Qt::PreventContextMenu);
  m_topBar->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(m_topBar);
  addToolBar(Qt::TopToolBarArea, bar);
  connect(m_topBar, &TopBar::closeRequested, this, &DrillWindow::askToClose);
}

void DrillWindow::buildDocks() {
  for (const PageEntry& entry : pages()) {
    if (sandbox() && !entry.sandbox) continue;
    auto* dock = new QDockWidget(QCoreApplication::translate("pages", entry.title).remove('&'));
    dock->setObjectName(QStringLiteral("dock.") + QLatin1String(entry.id));
    dock->setWidget(entry.make(m_context, dock));
    m_docks.push_back({&entry, dock});
  }
  placeDocks();
}

void DrillWindow::placeDocks() {
  std::vector<std::pair<PageEntry::Place, QDockWidget*>> firsts;
  QDockWidget* side = nullptr;
  for (const Dock& dock : m_docks) {
    const PageEntry::Place place = dock.entry->place;
    const auto first = std::find_if(firsts.begin(), firsts.end(),
                                    [place](const auto& one) { return one.first == place; });
    dock.widget->setFloating(false);
    if (first != firsts.end()) {
      tabifyDockWidget(first->second, dock.widget);
    } else if (place == PageEntry::Place::SideBelow && side) {
      splitDockWidget(side, dock.widget, Qt::Vertical);
      firsts.emplace_back(place, dock.widget);
    } else {
      addDockWidget(areaOf(place), dock.widget);
      firsts.emplace_back(place, dock.widget);
    }
    if (place == PageEntry::Place::Side && !side) side = dock.widget;
    dock.widget->setVisible(dock.entry->phase == PageEntry::Phase::Drill ||
                            m_session->run().finished());
  }
  sizeDocks();
  raiseFirsts();
}

// Two thirds of the width and of the height for what is looked at longest.
void DrillWindow::sizeDocks() {
  const auto first = [this](PageEntry::Place place) {
    const auto found = std::find_if(m_docks.begin(), m_docks.end(), [place](const Dock& dock) {
      return dock.entry->place == place;
    });
    return found == m_docks.end() ? nullptr : found->widget;
  };
  QDockWidget* main = first(PageEntry::Place::Main);
  QDockWidget* side = first(PageEntry::Place::Side);
  QDockWidget* below = first(PageEntry::Place::SideBelow);
  QDockWidget* bottom = first(PageEntry::Place::Bottom);
  if (main && side) resizeDocks({main, side}, {2 * width() / 3, width() / 3}, Qt::Horizontal);
  if (main && bottom) resizeDocks({main, bottom}, {2 * height() / 3, height() / 3}, Qt::Vertical);
  if (side && below) resizeDocks({side, below}, {height() / 3, 2 * height() / 3}, Qt::Vertical);
}

void DrillWindow::raiseFirsts() {
  for (auto dock = m_docks.rbegin(); dock != m_docks.rend(); ++dock) {
    if (!dock->widget->isHidden()) dock->widget->raise();
  }
}

void DrillWindow::buildMenus() {
  QMenu* drill = menuBar()->addMenu(tr("&Drill"));
  const auto add = [this, drill](const QString& text, const QKeySequence& keys, auto function) {
    QAction* action = drill->addAction(text, this, function);
    action->setShortcut(keys);
    return action;
  };
  add(tr("&Play or pause"), QKeySequence(Qt::CTRL | Qt::Key_Space),
      [this] { m_topBar->togglePause(); });
  add(tr("&Faster"), QKeySequence(Qt::CTRL | Qt::Key_Up), [this] { m_topBar->changeSpeed(1); });
  add(tr("&Slower"), QKeySequence(Qt::CTRL | Qt::Key_Down), [this] { m_topBar->changeSpeed(-1); });
  drill->addSeparator();
  if (!sandbox()) {
    add(tr("&Close the incident..."), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
        [this] { askToClose(); });
    drill->addSeparator();
  }
  add(tr("S&tart page"), QKeySequence(Qt::ALT | Qt::Key_Home), [this] {
    emit startPageRequested();
    close();
  });
  add(tr("&Quit"), QKeySequence(QKeySequence::Quit), [] { QCoreApplication::quit(); });
  buildViewMenu();
}

void DrillWindow::buildViewMenu() {
  QMenu* view = menuBar()->addMenu(tr("&View"));
  for (const Dock& dock : m_docks) {
    const QString id = QLatin1String(dock.entry->id);
    QAction* show = view->addAction(QCoreApplication::translate("pages", dock.entry->title), this,
                                    [this, id] { showPage(id); });
    show->setShortcut(QKeySequence(QLatin1String(dock.entry->shortcut)));
    if (dock.entry->phase == PageEntry::Phase::AfterEnd) {
      show->setEnabled(m_session->run().finished());
      const auto follow = [this, show] { show->setEnabled(m_session->run().finished()); };
      connect(m_session.get(), &models::Session::finished, show,
              [show] { show->setEnabled(true); });
      connect(m_session.get(), &models::Session::modeChanged, show, follow);
    }
  }
  view->addSeparator();
  QAction* dark = view->addAction(tr("&Dark"));
  dark->setCheckable(true);
  dark->setChecked(themeOf(palette()).dark);
  dark->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
  connect(dark, &QAction::toggled, this, &DrillWindow::themeRequested);
  view->addAction(tr("&Reset the layout"), this, &DrillWindow::placeDocks);
}

void DrillWindow::connectSession() {
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, &DrillWindow::frame);
  connect(m_session.get(), &models::Session::paceChanged, this, &DrillWindow::followPace);
  connect(m_session.get(), &models::Session::finished, this, &DrillWindow::showEnd);
  connect(m_session.get(), &models::Session::modeChanged, this, &DrillWindow::hideEnd);
  connect(m_session.get(), &models::Session::recordingFailed, this, [this](const QString& reason) {
    statusBar()->showMessage(tr("This run cannot be kept on disk: %1").arg(reason));
  });
}

void DrillWindow::followPace() {
  const bool running = !m_session->paused() && !m_session->run().finished();
  if (!running) {
    m_timer.stop();
    return;
  }
  if (!m_timer.isActive()) m_sinceFrame.start();
  m_timer.start(m_session->speed() >= kFastFrom ? kFrameMs : kSlowFrameMs);
}

void DrillWindow::frame() {
  const qint64 elapsedNs = m_sinceFrame.nsecsElapsed();
  m_sinceFrame.start();
  m_session->tick(elapsedNs / 1000);
}

bool DrillWindow::showPage(const QString& id) {
  const auto dock = std::find_if(m_docks.begin(), m_docks.end(), [&id](const Dock& one) {
    return id == QLatin1String(one.entry->id);
  });
  if (dock == m_docks.end()) return false;
  dock->widget->show();
  dock->widget->raise();
  QWidget* page = dock->widget->widget();
  QWidget* first = page->focusProxy() ? page->focusProxy() : page;
  if (first->focusPolicy() == Qt::NoFocus) first = page->nextInFocusChain();
  for (int guard = 0; guard < 200 && page->isAncestorOf(first); ++guard) {
    if (first->focusPolicy() != Qt::NoFocus && first->isVisible() && first->isEnabled()) break;
    first = first->nextInFocusChain();
  }
  if (page->isAncestorOf(first) || first == page) first->setFocus(Qt::ShortcutFocusReason);
  return true;
}

bool DrillWindow::focusNextPrevChild(bool next) {
  QWidget* from = focusWidget() ? focusWidget() : this;
  QWidget* at = from;
  do {
    at = next ? at->nextInFocusChain() : at->previousInFocusChain();
    if (at->window() != this || !takesTab(at)) continue;
    at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
  } while (at != from);
  return false;
}

void DrillWindow::askToClose() {
  if (m_session->mode() == drill::Mode::Watch || m_session->run().finished()) return;
  auto* dialog = new CloseDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &CloseDialog::closeConfirmed, m_session.get(), &models::Session::close);
  dialog->open();
}

void DrillWindow::showEnd() {
  for (const Dock& dock : m_docks) {
    if (dock.entry->phase != PageEntry::Phase::AfterEnd) continue;
    // A watcher comes by the end as often as he likes.
    if (m_session->mode() == drill::Mode::Watch && !dock.widget->isHidden()) continue;
    dock.widget->show();
    dock.widget->raise();
    giveRoomTo(dock.widget);
  }
  statusBar()->showMessage(m_session->run().world().incident().closed()
                               ? tr("The incident is closed.")
                           : sandbox() ? tr("The sandbox has run for a week: open a new one.")
                                       : tr("The exercise has ended."));
}

// Who takes over from a history that was watched to its end has an end of his own to come.
void DrillWindow::hideEnd() {
  if (m_session->run().finished()) return;
  for (const Dock& dock : m_docks) {
    if (dock.entry->phase == PageEntry::Phase::AfterEnd) dock.widget->hide();
  }
}

// What is read after the end takes three quarters of the height; logs and terminal keep the rest.
void DrillWindow::giveRoomTo(QDockWidget* page) {
  for (const Dock& dock : m_docks) {
    if (dock.entry->place != PageEntry::Place::Bottom || dock.widget->isHidden()) continue;
    resizeDocks({page, dock.widget}, {3 * height() / 4, height() / 4}, Qt::Vertical);
    return;
  }
}

void DrillWindow::restorePlaces() {
  const QSettings settings;
  // With its frame it fits the screen, at least one of 1280 x 720.
  const QSize room = screen()->availableSize() - QSize(2, 34);
  resize((room * kShareOfScreen).expandedTo(QSize(1280, 720)).boundedTo(room));
  sizeDocks();
  restoreGeometry(settings.value(geometryKey()).toByteArray());
  restoreState(settings.value(layoutKey(sandbox())).toByteArray(), kLayoutVersion);
  hideEnd();
}

void DrillWindow::closeEvent(QCloseEvent* event) {
  QSettings settings;
  settings.setValue(geometryKey(), saveGeometry());
  settings.setValue(layoutKey(sandbox()), saveState(kLayoutVersion));
  m_session->setPaused(true);
  m_timer.stop();
  event->accept();
  emit closed();
}

}  // namespace gui
