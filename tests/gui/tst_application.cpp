// SPDX-License-Identifier: GPL-3.0-or-later
// From the start window to a record: a whole run by clicks, resumed after an interruption.
#include <QDialog>
#include <QDir>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "../models/seed_scenario.h"
#include "gui/app/application.h"
#include "gui/drill/drill_window.h"
#include "gui/start/start_window.h"

namespace {

template <typename Widget>
Widget* child(QWidget* parent, const char* name) {
  auto* found = parent->findChild<Widget*>(QLatin1String(name));
  if (!found) qFatal("there is no widget called %s", name);
  return found;
}

void closeIncident(gui::DrillWindow* window) {
  QTest::mouseClick(child<QPushButton>(window, "closeIncident"), Qt::LeftButton);
  auto* dialog = child<QDialog>(window, "closeDialog");
  QTest::mouseClick(child<QPushButton>(dialog, "confirmClose"), Qt::LeftButton);
}

}  // namespace

int keptFiles() {
  return static_cast<int>(QDir(qEnvironmentVariable("XDG_DATA_HOME") + "/outage-drill/runs")
                              .entryList({"*.run"}, QDir::Files)
                              .size());
}

class ApplicationTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->path().toLocal8Bit());
    qputenv("OUTAGE_DRILL_DATA", SOURCE_DIR);
    QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-test"));
    QCoreApplication::setApplicationName(QStringLiteral("application"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
  }

  void aRunStartsFromTheStartPageAndEndsInTheRecords() {
    gui::Application application(library());
    QVERIFY(application.open({}));
    QTest::mouseClick(child<QPushButton>(application.startWindow(), "mode.Practice"),
                      Qt::LeftButton);
    gui::DrillWindow* window = application.drillWindow();
    QVERIFY(window);
    QCOMPARE(keptFiles(), 1);
    // Nobody else may take it up while it is being played.
    QVERIFY(library()->unfinishedRuns().empty());
    seed::play(window->session(), 120);
    QSignalSpy recorded(&application, &gui::Application::recorded);
    closeIncident(window);
    QCOMPARE(recorded.count(), 1);
    QVERIFY(library()->unfinishedRuns().empty());
    const auto store = records::Store::open(library()->recordsFile());
    QVERIFY(store.ok());
    const auto all = store.value()->all();
    QVERIFY(all.ok());
    QCOMPARE(all.value().size(), std::size_t{1});
    QCOMPARE(all.value()[0].mode, std::string("practice"));
  }
  void aWatchedHistoryIsNoRecordUntilTakenOver() {
    gui::Application application(library());
    application.start(seed::scenario(), drill::Mode::Watch, 1);
    gui::DrillWindow* window = application.drillWindow();
    seed::play(window->session(), 300);
    QVERIFY(library()->unfinishedRuns().empty());
    QCOMPARE(keptFiles(), 0);
    window->session().takeOver(drill::Mode::Practice);
    QCOMPARE(keptFiles(), 1);
    QSignalSpy recorded(&application, &gui::Application::recorded);
    closeIncident(window);
    QCOMPARE(recorded.count(), 1);
  }
  void anInterruptedRunIsOfferedAndResumed() {
    base::SimTime reached;
    {
      gui::Application application(library());
      application.start(seed::scenario(), drill::Mode::Practice, 1);
      models::Session& session = application.drillWindow()->session();
      session.perform({sim::Verb::Command, {}, "free -m", {}});
      seed::play(session, 90);
      reached = session.run().now();
    }
    gui::Application application(library());
    QVERIFY(application.open({}));
    auto* list = child<QListWidget>(application.startWindow(), "unfinishedRuns");
    QVERIFY(list->isVisible());
    QCOMPARE(list->count(), 1);
    QTest::mouseClick(child<QPushButton>(application.startWindow(), "resume"), Qt::LeftButton);
    QVERIFY(application.drillWindow());
    const drill::Run& run = application.drillWindow()->session().run();
    QVERIFY(reached.ms - run.now().ms <= 1000);
    const auto typed = [](const drill::Entry& entry) {
      return entry.timed.action.text == "free -m";
    };
    QCOMPARE(std::count_if(run.journal().begin(), run.journal().end(), typed), 1);
  }
  void whatCannotBeOpenedIsExplained() {
    gui::Application application(library());
    gui::CommandLine commandLine;
    commandLine.subject = QStringLiteral("no-such-scenario");
    QVERIFY(!application.open(commandLine));
    QVERIFY(application.message().contains(QStringLiteral("no-such-scenario")));
    QFile damaged(m_folder->filePath(QStringLiteral("bad.run")));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write("{\"format\":\"something else\"}\n");
    damaged.close();
    commandLine.subject = damaged.fileName();
    QVERIFY(!application.open(commandLine));
    QVERIFY(application.message().contains(QStringLiteral("bad.run")));
  }

 private:
  static std::shared_ptr<records::Library> library() {
    const auto opened = records::Library::open();
    if (!opened) qFatal("%s", opened.error().message.c_str());
    return opened.value();
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(ApplicationTest)
#include "tst_application.moc"
