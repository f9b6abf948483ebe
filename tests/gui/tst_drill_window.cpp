// SPDX-License-Identifier: GPL-3.0-or-later
// The drill window, driven by clicks and keys; time passes by hand through the session.
#include <QAbstractItemView>
#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <set>

#include "../models/seed_scenario.h"
#include "gui/app/theme.h"
#include "gui/charts/chart_plot.h"
#include "gui/drill/drill_window.h"
#include "gui/timeline/scrub_bar.h"
#include "models/alert_model.h"
#include "models/evidence_model.h"

namespace {

template <typename Widget>
Widget* child(QWidget* parent, const char* name) {
  auto* found = parent->findChild<Widget*>(QLatin1String(name));
  if (!found) qFatal("there is no widget called %s", name);
  return found;
}

std::unique_ptr<gui::DrillWindow> open(drill::Mode mode) {
  auto window = std::make_unique<gui::DrillWindow>(seed::session(mode), nullptr);
  window->show();
  // Shortcuts belong to the active window.
  window->activateWindow();
  (void)QTest::qWaitForWindowActive(window.get());
  return window;
}

std::set<std::string> lookedAt(const drill::Run& run) {
  std::set<std::string> targets;
  for (const drill::Entry& entry : run.journal()) {
    if (entry.timed.action.verb != sim::Verb::Look) continue;
    targets.insert(entry.timed.action.target);
  }
  return targets;
}

const QDockWidget* dockOf(const QWidget* widget) {
  while (widget && !qobject_cast<const QDockWidget*>(widget)) widget = widget->parentWidget();
  return qobject_cast<const QDockWidget*>(widget);
}

void settle() {
  for (int i = 0; i < 3; ++i) {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
  }
}

// Paintings and layouts inside each dock, and paintings of the charts.
class EventCounter : public QObject {
 public:
  explicit EventCounter(QWidget& window) {
    for (QWidget* widget : window.findChildren<QWidget*>()) widget->installEventFilter(this);
  }
  QHash<QString, int> count;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    const bool paints = event->type() == QEvent::Paint;
    if (!paints && event->type() != QEvent::LayoutRequest) return false;
    const auto* widget = static_cast<const QWidget*>(watched);
    const QDockWidget* dock = dockOf(widget->parentWidget());
    if (dock) ++count[dock->objectName()];
    if (paints && widget->inherits("QCustomPlot")) ++count[QStringLiteral("QCustomPlot")];
    return false;
  }
};

QString letterOf(const QString& text) {
  const QKeySequence keys = QKeySequence::mnemonic(text);
  return keys.isEmpty() ? QString() : keys.toString().right(1);
}

QStringList lettersIn(const QWidget& part) {
  QStringList letters;
  for (const auto* button : part.findChildren<QAbstractButton*>()) {
    if (button->isVisible()) letters << letterOf(button->text());
  }
  for (const auto* label : part.findChildren<QLabel*>()) {
    if (label->isVisible() && label->buddy()) letters << letterOf(label->text());
  }
  for (const auto* tabs : part.findChildren<QTabBar*>()) {
    for (int i = 0; tabs->isVisible() && i < tabs->count(); ++i) {
      letters << letterOf(tabs->tabText(i));
    }
  }
  return letters;
}

// What the pages of a drill say, each brought to the front.
QStringList everythingIn(gui::DrillWindow& window) {
  QStringList all;
  for (const gui::PageEntry& page : gui::pages()) {
    if (page.phase == gui::PageEntry::Phase::AfterEnd) continue;
    window.showPage(QLatin1String(page.id));
    QCoreApplication::processEvents();
    auto* dock = child<QDockWidget>(&window, (std::string("dock.") + page.id).c_str());
    for (const auto* view : dock->findChildren<QAbstractItemView*>()) {
      if (view->objectName().isEmpty() || !view->isVisible()) continue;
      all << QLatin1String(page.id) + QLatin1Char(' ') + view->objectName();
      for (int row = 0; row < view->model()->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < view->model()->columnCount(); ++column) {
          cells << view->model()->index(row, column).data().toString();
        }
        all << cells.join(QLatin1Char('|'));
      }
    }
    for (const auto* text : dock->findChildren<QPlainTextEdit*>()) {
      // Which row is selected depends on the way.
      if (text->isVisible() && text->objectName() != QLatin1String("observationText")) {
        all << text->toPlainText();
      }
    }
    for (const auto* label : dock->findChildren<QLabel*>()) {
      if (label->isVisible()) all << label->text();
    }
  }
  return all;
}

// The window's own timer must not add to the time a test lets pass.
void playStill(models::Session& session, int seconds) {
  seed::play(session, seconds);
  session.setPaused(true);
}

}  // namespace

class DrillWindowTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_settings.isValid());
    QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-test"));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    gui::applyTheme(false);
  }
  void init() { QSettings().clear(); }

  void theClockRunsAndStops() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    auto* play = child<QToolButton>(window.get(), "play");
    QTest::mouseClick(play, Qt::LeftButton);
    QVERIFY(!session.paused());
    QTest::keyClick(window.get(), Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(session.paused());
    auto* speed = child<QComboBox>(window.get(), "speed");
    QTest::keyClick(window.get(), Qt::Key_Up, Qt::ControlModifier);
    QTest::keyClick(window.get(), Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(session.speed(), 5);
    QCOMPARE(speed->currentData().toInt(), 5);
    playStill(session, 75);
    QCOMPARE(child<QLabel>(window.get(), "incidentClock")->text(),
             session.clockText(session.run().now()) + QStringLiteral(" GMT"));
  }
  void anAssessmentHasNoPause() {
    const auto window = open(drill::Mode::Assessment);
    window->session().setPaused(false);
    QVERIFY(!child<QToolButton>(window.get(), "play")->isEnabled());
    QVERIFY(!child<QComboBox>(window.get(), "speed")->isEnabled());
    window->showPage(QStringLiteral("timeline"));
    QVERIFY(!child<gui::ScrubBar>(window.get(), "scrubBar")->isEnabled());
  }
  void anAlertIsAcknowledged() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    while (models::firingAlerts(session.run()) == 0) playStill(session, 15);
    QCOMPARE(child<QLabel>(window.get(), "alertCount")->text(), QStringLiteral("1 firing"));
    auto* table = child<QTableView>(window.get(), "alertTable");
    auto* button = child<QPushButton>(window.get(), "acknowledge");
    int row = 0;
    while (table->model()->index(row, 0).data().toString() != QLatin1String("FIRING")) ++row;
    table->selectRow(row);
    QVERIFY(button->isEnabled());
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(session.run().journal().back().timed.action.verb == sim::Verb::Acknowledge);
    QVERIFY(session.run().journal().back().outcome.accepted);
    QVERIFY(!button->isEnabled());
    QVERIFY(lookedAt(session.run()).contains("alerts"));
  }
  void chartsFillAndNoteWhatWasLookedAt() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    auto* plot = child<gui::ChartPlot>(window.get(), "chartPlot");
    const std::size_t before = plot->pointCount();
    QVERIFY(before > 0);
    playStill(session, 300);
    QCOMPARE(plot->pointCount() - before, std::size_t{10 * 20});
    auto* groups = child<QTabBar>(window.get(), "chartGroups");
    QVERIFY(!lookedAt(session.run()).contains("chart:node_memory_PageTables_bytes"));
    QTest::mouseClick(groups, Qt::LeftButton, {}, groups->tabRect(2).center());
    QCOMPARE(groups->currentIndex(), 2);
    QVERIFY(lookedAt(session.run()).contains("chart:node_memory_PageTables_bytes"));
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_Left);
    QVERIFY(plot->readOut().contains(QStringLiteral("Page tables (GiB)")));
    const double width = plot->rangeTo() - plot->rangeFrom();
    QTest::keyClick(plot, Qt::Key_Up);
    QVERIFY(plot->rangeTo() - plot->rangeFrom() < 0.6 * width);
  }
  void whatStandsBehindAnotherTabIsNotLookedAt() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    const auto files = [&session] {
      const std::set<std::string> seen = lookedAt(session.run());
      return std::count_if(seen.begin(), seen.end(),
                           [](const std::string& target) { return target.starts_with("file:"); });
    };
    playStill(session, 60);
    QCOMPARE(files(), 0);
    window->showPage(QStringLiteral("configuration"));
    QCoreApplication::processEvents();
    playStill(session, 60);
    QCOMPARE(files(), 1);
    // Nobody watches the charts and the log behind what is in front now.
    window->showPage(QStringLiteral("terminal"));
    QCoreApplication::processEvents();
    const std::size_t before = session.run().observations().size();
    playStill(session, 900);
    const auto& seen = session.run().observations();
    for (std::size_t i = before; i < seen.size(); ++i) {
      QVERIFY2(!seen[i].source.starts_with("chart:") && !seen[i].source.starts_with("log:"),
               seen[i].title.c_str());
    }
  }
  void logsAreFilteredAndSearched() {
    const auto window = open(drill::Mode::Practice);
    playStill(window->session(), 1800);
    window->showPage(QStringLiteral("logs"));
    auto* table = child<QTableView>(window.get(), "logTable");
    auto* sources = child<QTabBar>(window.get(), "logSources");
    const int all = table->model()->rowCount();
    QVERIFY(all > 0);
    sources->setCurrentIndex(1);
    const int postgres = table->model()->rowCount();
    QVERIFY(postgres > 0 && postgres < all);
    QVERIFY(lookedAt(window->session().run()).contains("log:postgresql"));
    auto* text = child<QLineEdit>(window.get(), "logText");
    QTest::keyClick(table, Qt::Key_F, Qt::ControlModifier);
    QVERIFY(text->hasFocus());
    QTest::keyClicks(text, QStringLiteral("checkpoint"));
    const int matches = table->model()->rowCount();
    QVERIFY(matches < postgres);
    for (int row = 0; row < matches; ++row) {
      QVERIFY(table->model()->index(row, 3).data().toString().contains(QStringLiteral("checkpoint"),
                                                                       Qt::CaseInsensitive));
    }
  }
  void aWatcherScrubsAndTakesOver() {
    const auto window = open(drill::Mode::Watch);
    models::Session& session = window->session();
    QVERIFY(!child<QPushButton>(window.get(), "closeIncident")->isVisible());
    window->showPage(QStringLiteral("timeline"));
    auto* scrub = child<gui::ScrubBar>(window.get(), "scrubBar");
    const base::SimTime opens = session.run().now();
    QTest::mouseClick(scrub, Qt::LeftButton, {}, scrub->rect().center());
    QVERIFY(session.run().now() > opens + base::minutes(30));
    const base::SimTime middle = session.run().now();
    QTest::keyClick(scrub, Qt::Key_PageDown);
    QCOMPARE(session.run().now().ms, (middle - base::minutes(5)).ms);
    QVERIFY(child<QTableView>(window.get(), "timelineTable")->model()->rowCount() > 3);
    auto* takeOver = child<QToolButton>(window.get(), "takeOver");
    QVERIFY(takeOver->isVisible());
    takeOver->menu()->actions().front()->trigger();
    QVERIFY(session.mode() == drill::Mode::Practice);
    QVERIFY(!takeOver->isVisible());
    QVERIFY(child<QPushButton>(window.get(), "closeIncident")->isVisible());
    QCOMPARE(child<QLabel>(window.get(), "mode")->text(), QStringLiteral("Practice"));
  }
  void goingBackInPracticeOffersToContinueFromThere() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    playStill(session, 600);
    window->showPage(QStringLiteral("timeline"));
    auto* branch = child<QPushButton>(window.get(), "branch");
    QVERIFY(!branch->isVisible());
    auto* scrub = child<gui::ScrubBar>(window.get(), "scrubBar");
    scrub->setFocus();
    QTest::keyClick(scrub, Qt::Key_PageDown);
    QVERIFY(branch->isVisible());
    const base::SimTime there = session.run().now();
    QTest::mouseClick(branch, Qt::LeftButton);
    QCOMPARE(session.reached().ms, there.ms);
    QVERIFY(!branch->isVisible());
  }
  void aLogLineIsPinnedToANewHypothesis() {
    const auto window = open(drill::Mode::Practice);
    models::Session& session = window->session();
    playStill(session, 600);
    window->showPage(QStringLiteral("logs"));
    auto* table = child<QTableView>(window.get(), "logTable");
    table->selectRow(0);
    auto* menu = window->findChild<QMenu*>(QStringLiteral("pinMenu"));
    QVERIFY(menu);
    emit menu->aboutToShow();
    menu->actions().back()->trigger();
    auto* dialog = child<QDialog>(window.get(), "hypothesisDialog");
    QTest::keyClicks(child<QLineEdit>(dialog, "hypothesisText"), QStringLiteral("memory is short"));
    child<QComboBox>(dialog, "hypothesisComponent")->setCurrentIndex(1);
    QTest::keyClick(child<QLineEdit>(dialog, "hypothesisText"), Qt::Key_Return);
    const auto hypotheses = models::hypothesesOf(session.run().journal());
    QCOMPARE(hypotheses.size(), std::size_t{1});
    QCOMPARE(hypotheses[0].text, QStringLiteral("memory is short"));
    QCOMPARE(hypotheses[0].pins.size(), std::size_t{1});
    QVERIFY(hypotheses[0].pins[0].supports);
  }
  void theIncidentIsClosedWithASummary() {
    const auto window = open(drill::Mode::Practice);
    playStill(window->session(), 60);
    QSignalSpy finished(&window->session(), &models::Session::finished);
    QTest::mouseClick(child<QPushButton>(window.get(), "closeIncident"), Qt::LeftButton);
    auto* dialog = child<QDialog>(window.get(), "closeDialog");
    QTest::keyClicks(child<QPlainTextEdit>(dialog, "closeSummary"), QStringLiteral("all quiet"));
    QTest::mouseClick(child<QPushButton>(dialog, "confirmClose"), Qt::LeftButton);
    QCOMPARE(finished.count(), 1);
    const drill::Entry& last = window->session().run().journal().back();
    QVERIFY(last.timed.action.verb == sim::Verb::Close);
    QCOMPARE(last.timed.action.text, std::string("all quiet"));
    QVERIFY(!child<QPushButton>(window.get(), "closeIncident")->isEnabled());
    QVERIFY(!child<QToolButton>(window.get(), "play")->isEnabled());
  }
  void everyPageIsReachedByItsKeys() {
    const auto window = open(drill::Mode::Practice);
    for (const gui::PageEntry& page : gui::pages()) {
      if (page.phase == gui::PageEntry::Phase::AfterEnd) continue;
      QVERIFY2(window->showPage(QLatin1String(page.id)), page.id);
      auto* dock = child<QDockWidget>(window.get(), (std::string("dock.") + page.id).c_str());
      QVERIFY2(dock->isVisible(), page.id);
      QVERIFY2(dock->isAncestorOf(window->focusWidget()), page.id);
    }
    QVERIFY(!window->showPage(QStringLiteral("nothing")));
  }
  void aSmallWindowShowsTheWholeChangeForm() {
    const auto window = open(drill::Mode::Practice);
    window->resize(1278, 686);
    window->showPage(QStringLiteral("change"));
    QCoreApplication::processEvents();
    for (const char* name : {"changeSetting", "changeValue"}) {
      QVERIFY2(!child<QLineEdit>(window.get(), name)->visibleRegion().isEmpty(), name);
    }
    const auto* file = child<QPushButton>(window.get(), "fileChange");
    QCOMPARE(file->visibleRegion().boundingRect(), file->rect());
  }
  void tabGoesRoundThroughWhatIsInSight() {
    const auto window = open(drill::Mode::Practice);
    window->showPage(QStringLiteral("charts"));
    QWidget* const first = window->focusWidget();
    std::vector<QWidget*> way;
    do {
      way.push_back(window->focusWidget());
      QTest::keyClick(way.back(), Qt::Key_Tab);
    } while (window->focusWidget() != first && way.size() < 200);
    QVERIFY(way.size() > 20 && way.size() < 200);
    std::set<QString> docks;
    for (const QWidget* widget : way) {
      const QDockWidget* dock = dockOf(widget);
      QVERIFY2(!dock || !dock->visibleRegion().isEmpty(), qPrintable(widget->objectName()));
      if (dock) docks.insert(dock->objectName());
    }
    const std::set<QString> inFront{"dock.alerts", "dock.charts", "dock.logs", "dock.people"};
    QCOMPARE(docks, inFront);
    for (auto widget = way.rbegin(); widget != way.rend(); ++widget) {
      QTest::keyClick(window->focusWidget(), Qt::Key_Backtab);
      QCOMPARE(window->focusWidget(), *widget);
    }
  }
  // However a moment was come to, and whatever was in front meanwhile, it looks the same.
  void everySecondLooksTheSameFromEverywhere() {
    const auto window = open(drill::Mode::Watch);
    models::Session& session = window->session();
    session.setPaused(true);
    const base::SimTime opens = session.run().now();
    const char* const fronts[] = {"logs", "terminal", "timeline"};
    int visit = 0;
    for (const int second : {3100, 900, 8000, 2400, 10'000, 30}) {
      window->showPage(QLatin1String(fronts[visit++ % 3]));
      session.seek(opens + base::seconds(second));
      const auto direct = open(drill::Mode::Watch);
      direct->session().setPaused(true);
      direct->session().seek(opens + base::seconds(second));
      const QStringList seen = everythingIn(*window), expected = everythingIn(*direct);
      for (qsizetype i = 0; i < std::min(seen.size(), expected.size()); ++i) {
        QVERIFY2(seen[i] == expected[i], qPrintable(seen[i] + QStringLiteral(" / ") + expected[i]));
      }
      QCOMPARE(seen.size(), expected.size());
    }
  }
  // What stands behind a tab neither lays itself out nor paints, and charts paint once.
  void aSeekWorksOnlyOnWhatIsInSight() {
    const auto window = open(drill::Mode::Watch);
    models::Session& session = window->session();
    session.setPaused(true);
    session.seek(session.run().now() + base::minutes(100));
    window->showPage(QStringLiteral("charts"));
    settle();
    for (const int minute : {20, 95, 5, 60}) {
      EventCounter events(*window);
      session.seek(session.run().scenario().world.timing.opensAt + base::minutes(minute));
      settle();
      for (const char* page : {"terminal", "timeline", "configuration", "evidence", "change"}) {
        QVERIFY2(!events.count.contains(QStringLiteral("dock.") + QLatin1String(page)), page);
      }
      QCOMPARE(events.count.value(QStringLiteral("QCustomPlot")), 1);
    }
  }
  void theDebriefOfAHistoryStaysForItsWatcherAlone() {
    const auto window = open(drill::Mode::Watch);
    models::Session& session = window->session();
    session.setPaused(true);
    const base::SimTime opens = session.run().now();
    auto* dock = child<QDockWidget>(window.get(), "dock.debrief");
    QVERIFY(dock->isHidden());
    session.seek(session.run().scenario().world.timing.endsAt);
    QVERIFY(dock->isVisible());
    auto* events = child<QTableWidget>(window.get(), "debriefEvents");
    QVERIFY(events->rowCount() > 0);
    window->showPage(QStringLiteral("charts"));
    session.seek(opens + base::minutes(30));
    session.seek(session.run().scenario().world.timing.endsAt);
    QCoreApplication::processEvents();
    QVERIFY(dock->visibleRegion().isEmpty());  // it does not push itself to the front again
    session.seek(opens + base::minutes(30));
    window->showPage(QStringLiteral("debrief"));
    QVERIFY(events->isVisible());
    session.takeOver(drill::Mode::Practice);
    QVERIFY(dock->isHidden());
  }
  // Within a page, the menus and the bar above: with Alt, a letter does what it is underlined for.
  void everyUnderlinedLetterStandsForOneControl() {
    const auto window = open(drill::Mode::Practice);
    QStringList common = lettersIn(*child<QWidget>(window.get(), "incidentBar"));
    for (const QAction* menu : window->menuBar()->actions()) common += letterOf(menu->text());
    for (const gui::PageEntry& page : gui::pages()) {
      if (page.phase == gui::PageEntry::Phase::AfterEnd) continue;
      window->showPage(QLatin1String(page.id));
      const auto* dock = child<QDockWidget>(window.get(), (std::string("dock.") + page.id).c_str());
      const QList<QTabWidget*> parts = dock->findChildren<QTabWidget*>();
      const int count = parts.isEmpty() ? 1 : parts.front()->count();
      for (int part = 0; part < count; ++part) {
        if (!parts.isEmpty()) parts.front()->setCurrentIndex(part);
        QCoreApplication::processEvents();
        QStringList letters = common + lettersIn(*dock);
        letters.removeAll(QString());
        letters.sort();
        const QStringList all = letters;
        letters.removeDuplicates();
        QVERIFY2(all == letters, qPrintable(QLatin1String(page.id) + all.join(QString())));
      }
    }
  }
  void everyControlHasAName() {
    const auto window = open(drill::Mode::Practice);
    playStill(window->session(), 900);
    for (QWidget* widget : window->findChildren<QWidget*>()) {
      if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
      if (widget->objectName().startsWith(QLatin1String("qt_"))) continue;
      QAccessibleInterface* seen = QAccessible::queryAccessibleInterface(widget);
      const QString name = seen ? seen->text(QAccessible::Name) : QString();
      QVERIFY2(!name.isEmpty(), qPrintable(QStringLiteral("%1 %2").arg(
                                    widget->metaObject()->className(), widget->objectName())));
    }
  }
  void theLayoutIsRemembered() {
    {
      const auto window = open(drill::Mode::Practice);
      window->addDockWidget(Qt::LeftDockWidgetArea,
                            child<QDockWidget>(window.get(), "dock.alerts"));
      window->close();
    }
    const auto window = open(drill::Mode::Practice);
    QCOMPARE(window->dockWidgetArea(child<QDockWidget>(window.get(), "dock.alerts")),
             Qt::LeftDockWidgetArea);
  }

 private:
  QTemporaryDir m_settings;
};

QTEST_MAIN(DrillWindowTest)
#include "tst_drill_window.moc"
