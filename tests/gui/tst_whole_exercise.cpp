// SPDX-License-Identifier: GPL-3.0-or-later
// The whole exercise from the start page to the recomputed record, with mouse and keys and with
// keys alone. Only time passes by hand, through the session, so that the run is the same each time.
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QtTest>
#include <memory>

#include "gui/app/application.h"
#include "gui/drill/drill_window.h"
#include "gui/start/start_window.h"
#include "gui/timeline/scrub_bar.h"
#include "trainee.h"

using driver::child;
using driver::chooseTab;
using driver::click;
using driver::Hand;
using driver::press;
using driver::Trainee;

class WholeExerciseTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    qputenv("OUTAGE_DRILL_DATA", SOURCE_DIR);
    QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-test"));
    QCoreApplication::setApplicationName(QStringLiteral("exercise"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
  }
  // Each test has a machine of its own, with no records.
  void init() {
    m_hand = Hand::MouseAndKeys;
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    qputenv("XDG_DATA_HOME", m_folder->path().toLocal8Bit());
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    m_application = std::make_unique<gui::Application>(library.value());
    QVERIFY(m_application->open({}));
  }
  void cleanup() { m_application.reset(); }

  void practisedFromTheStartPageToTheRecord() {
    respond(begin("mode.Practice"), "10:01:40");
    readTheDebrief(85);
    findTheRecord("practice");
  }
  void practisedByKeysAlone() {
    m_hand = Hand::Keys;
    respond(begin("mode.Practice"), "10:01:40");
    readTheDebrief(85);
    findTheRecord("practice");
  }
  void assessedFromTheStartPageToTheRecord() {
    gui::DrillWindow& window = begin("mode.Assessment");
    QVERIFY(!child<QToolButton>(window, "play")->isEnabled());
    QVERIFY(!child<QComboBox>(window, "speed")->isEnabled());
    window.showPage(QStringLiteral("timeline"));
    QVERIFY(!child<gui::ScrubBar>(window, "scrubBar")->isEnabled());
    respond(window, "10:01:40");
    readTheDebrief(85);
    findTheRecord("assessment");
  }
  // History is watched, scrubbed to 10:22 and taken over there to be assessed.
  void watchedAndTakenOver() {
    gui::DrillWindow& window = begin("mode.Watch");
    window.showPage(QStringLiteral("timeline"));
    auto* scrub = child<gui::ScrubBar>(window, "scrubBar");
    QTest::mouseClick(scrub, Qt::LeftButton, {}, scrub->rect().center());
    const base::SimTime middle = window.session().run().now();
    QTest::keyClick(scrub, Qt::Key_PageDown);
    QVERIFY(window.session().run().now() < middle);
    while (window.session().clockText(window.session().run().now()) > QLatin1String("10:25:00")) {
      QTest::keyClick(scrub, Qt::Key_PageDown);
    }
    const std::size_t history = window.session().run().journal().size();
    QVERIFY(history > 0);
    takeOverToBeAssessed(window);
    QVERIFY(window.session().mode() == drill::Mode::Assessment);
    QVERIFY2(!window.session().recordedTo().empty(), qPrintable(m_application->message()));
    QVERIFY(!scrub->isEnabled());
    respond(window, "10:20:00");
    readTheDebrief(60);
    findTheRecord("assessment");
  }

 private:
  gui::DrillWindow& begin(const char* mode) {
    gui::StartWindow* start = m_application->startWindow();
    (void)QTest::qWaitForWindowActive(start);
    press(m_hand, child<QPushButton>(*start, mode));
    if (!m_application->drillWindow()) qFatal("no drill opened");
    return *m_application->drillWindow();
  }
  void respond(gui::DrillWindow& window, const char* from) const {
    const Trainee trainee(window, m_hand);
    trainee.waitUntil(from);
    trainee.findTheCause();
    trainee.putItRight();
    trainee.seeItThrough();
  }
  // The menu has a loop of its own, so its entry is clicked from a timer.
  static void takeOverToBeAssessed(gui::DrillWindow& window) {
    QTimer::singleShot(0, [] {
      auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
      if (!menu) qFatal("no menu is open");
      QTest::mouseClick(menu, Qt::LeftButton, {},
                        menu->actionGeometry(menu->actions().back()).center());
    });
    click(child<QToolButton>(window, "takeOver"));
  }
  void readTheDebrief(double least) const {
    gui::DrillWindow& window = *m_application->drillWindow();
    QVERIFY(window.session().run().finished());
    const drill::Debrief* debrief = window.session().debrief();
    QVERIFY(debrief);
    QString reasons;
    for (const drill::ScorePart& part : debrief->score.parts) {
      for (const auto& item : part.items) {
        reasons += QString::number(item.points) + ' ' + QString::fromStdString(item.text) + '\n';
      }
    }
    QVERIFY2(debrief->score.total >= least, qPrintable(reasons));
    QVERIFY(child<QLabel>(window, "scoreTotal")
                ->text()
                .startsWith(QString::number(debrief->score.total, 'g', 3)));
  }
  void findTheRecord(const char* mode) const {
    gui::Application& application = *m_application;
    // Without a window manager the menu that was closed stays the active window.
    QApplication::setActiveWindow(application.drillWindow());
    QTest::keyClick(application.drillWindow(), Qt::Key_Home, Qt::AltModifier);
    gui::StartWindow* start = application.startWindow();
    QVERIFY(start);
    QApplication::setActiveWindow(start);
    auto* tabs = start->findChild<QTabWidget*>();
    chooseTab(m_hand, tabs->tabBar(), tabs->count() - 1);
    auto* table = child<QTableView>(*start, "recordsTable");
    QVERIFY2(table->model()->rowCount() == 1, qPrintable(application.message()));
    QStringList shown;
    for (int column = 0; column < table->model()->columnCount(); ++column) {
      shown << table->model()->index(0, column).data().toString().toLower();
    }
    QVERIFY2(shown.contains(QLatin1String(mode)), qPrintable(shown.join(QLatin1Char('|'))));
    press(m_hand, child<QPushButton>(*start, "recomputeRecord"));
    const QString answer = child<QLabel>(*start, "recordsAnswer")->text();
    QVERIFY2(answer.contains(QStringLiteral("same bits")), qPrintable(answer));
    QVERIFY(answer.contains(QStringLiteral("as recorded")));
    press(m_hand, child<QPushButton>(*start, "replayRecord"));
    QVERIFY(application.drillWindow());
    QVERIFY(application.drillWindow()->session().run().finished());
  }

  Hand m_hand = Hand::MouseAndKeys;
  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<gui::Application> m_application;
};

QTEST_MAIN(WholeExerciseTest)
#include "tst_whole_exercise.moc"
