// SPDX-License-Identifier: GPL-3.0-or-later
// The whole exercise by clicks and keys alone, from the start page to the recomputed record. Only
// time passes by hand, through the session, so that the run is the same each time.
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QtTest>

#include "gui/app/application.h"
#include "gui/drill/drill_window.h"
#include "gui/start/start_window.h"
#include "models/evidence_model.h"
#include "page_driver.h"

using driver::child;
using driver::click;

namespace {

// The dialog that is open now: one that was closed may still be waiting for its deletion.
QDialog* openDialog(const QWidget& window, const char* name) {
  for (auto* dialog : window.findChildren<QDialog*>(QLatin1String(name))) {
    if (dialog->isVisible()) return dialog;
  }
  qFatal("no dialog called %s is open", name);
}

// One trainee at one window.
class Trainee {
 public:
  explicit Trainee(gui::DrillWindow& window) : m_window(window) {
    m_window.resize(1600, 1000);
    m_window.activateWindow();
    (void)QTest::qWaitForWindowActive(&m_window);
    session().setPaused(true);
  }
  [[nodiscard]] models::Session& session() const { return m_window.session(); }
  [[nodiscard]] const drill::Entry& last() const { return session().run().journal().back(); }

  // Until a time of the day, "10:01:40".
  void waitUntil(const char* time) const {
    const auto target = QTime::fromString(QLatin1String(time), QStringLiteral("HH:mm:ss"));
    const auto now =
        QTime::fromString(session().clockText(session().run().now()), QStringLiteral("HH:mm:ss"));
    seed::play(session(), std::max(0, now.secsTo(target)));
    session().setPaused(true);
  }
  void wait(int seconds) const {
    seed::play(session(), seconds);
    session().setPaused(true);
  }
  void page(int key) const {
    QTest::keyClick(&m_window, static_cast<Qt::Key>(key), Qt::ControlModifier);
  }
  void press(const char* button) const { click(child<QPushButton>(m_window, button)); }
  void tab(const char* tabs, int number) const {
    QTabBar* bar = child<QTabWidget>(m_window, tabs)->tabBar();
    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(number).center());
  }
  template <typename Edit>
  void write(const char* name, const char* text) const {
    auto* edit = child<Edit>(m_window, name);
    edit->setFocus();
    QTest::keyClicks(edit, QString::fromUtf8(text));
  }
  // Steps through a list of choices with the keyboard.
  static void choose(QComboBox* box, const char* data) {
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < box->count() && box->currentData().toString() != QLatin1String(data); ++i) {
      QTest::keyClick(box, Qt::Key_Down);
    }
    QCOMPARE(box->currentData().toString(), QLatin1String(data));
  }
  void type(const char* line) const {
    page(Qt::Key_5);
    auto* input = child<QLineEdit>(m_window, "terminalInput");
    QTest::keyClicks(input, QLatin1String(line));
    QTest::keyClick(input, Qt::Key_Return);
    wait(8);
  }

  void acknowledge() const;
  void lookAtCharts() const;
  void tellUsers(const char* state, const char* text) const;
  void pageSomebody(const char* id, int topic) const;
  void suppose(const char* text, const char* component, const char* mechanism, const char* setting,
               const char* direction, int confidence) const;
  void pin(const char* source, const char* button) const;
  void diagnose() const;
  void requestChange() const;
  void correct() const;
  void admit(int percent) const;
  void writeRule() const;
  void close() const;

 private:
  gui::DrillWindow& m_window;
};

void Trainee::acknowledge() const {
  page(Qt::Key_2);
  auto* table = child<QTableView>(m_window, "alertTable");
  for (int row = 0; row < table->model()->rowCount(); ++row) {
    if (table->model()->index(row, 0).data().toString() != QLatin1String("FIRING")) continue;
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(row, 0)).center());
    press("acknowledge");
    QVERIFY(last().outcome.accepted);
  }
}

void Trainee::lookAtCharts() const {
  page(Qt::Key_1);
  auto* groups = child<QTabBar>(m_window, "chartGroups");
  for (int i = 0; i < groups->count(); ++i) {
    QTest::mouseClick(groups, Qt::LeftButton, {}, groups->tabRect(i).center());
    wait(4);
  }
}

void Trainee::tellUsers(const char* state, const char* text) const {
  page(Qt::Key_8);
  tab("peopleTabs", 1);
  choose(child<QComboBox>(m_window, "statusState"), state);
  write<QPlainTextEdit>("statusText", text);
  press("publish");
  QVERIFY2(last().timed.action.verb == sim::Verb::Status && last().outcome.accepted, text);
}

void Trainee::pageSomebody(const char* id, int topic) const {
  page(Qt::Key_8);
  tab("peopleTabs", 0);
  auto* table = child<QTableWidget>(m_window, "peopleTable");
  const auto& people = session().run().world().spec().people;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people[i].id == id) table->selectRow(static_cast<int>(i));
  }
  auto* button = child<QPushButton>(m_window, "page");
  if (button->isEnabled()) click(button);
  if (topic < 0) return;
  child<QListWidget>(m_window, "topics")->setCurrentRow(topic);
  press("ask");
  QVERIFY(last().timed.action.verb == sim::Verb::Ask);
}

void Trainee::suppose(const char* text, const char* component, const char* mechanism,
                      const char* setting, const char* direction, int confidence) const {
  page(Qt::Key_7);
  tab("evidenceTabs", 0);
  press("newHypothesis");
  auto* dialog = openDialog(m_window, "hypothesisDialog");
  choose(child<QComboBox>(*dialog, "hypothesisComponent"), component);
  choose(child<QComboBox>(*dialog, "hypothesisMechanism"), mechanism);
  choose(child<QComboBox>(*dialog, "hypothesisSetting"), setting);
  choose(child<QComboBox>(*dialog, "hypothesisDirection"), direction);
  auto* sure = child<QSpinBox>(*dialog, "hypothesisConfidence");
  sure->setFocus();
  sure->selectAll();
  QTest::keyClicks(sure, QString::number(confidence));
  auto* words = child<QLineEdit>(*dialog, "hypothesisText");
  QTest::keyClicks(words, QLatin1String(text));
  QTest::keyClick(words, Qt::Key_Return);
  QVERIFY(last().timed.action.verb == sim::Verb::Hypothesis);
  QVERIFY(last().outcome.accepted);
}

// Pins the newest observation whose source or title has the word to the selected hypothesis.
void Trainee::pin(const char* source, const char* button) const {
  page(Qt::Key_7);
  tab("evidenceTabs", 0);
  auto* table = child<QTableView>(m_window, "observations");
  const QAbstractItemModel& seen = *table->model();
  for (int row = seen.rowCount() - 1; row >= 0; --row) {
    const QString words = seen.index(row, models::EvidenceModel::Source).data().toString() + ' ' +
                          seen.index(row, models::EvidenceModel::Title).data().toString();
    if (!words.contains(QLatin1String(source))) continue;
    table->selectRow(row);
    press(button);
    QVERIFY2(last().timed.action.verb == sim::Verb::Pin && last().outcome.accepted, source);
    return;
  }
  QFAIL(source);
}

void Trainee::diagnose() const {
  page(Qt::Key_7);
  tab("evidenceTabs", 1);
  const std::pair<const char*, const char*> parts[] = {
      {"diagnosis.component", "database"},     {"diagnosis.mechanism", "memory-exhausted"},
      {"diagnosis.setting", "shared_buffers"}, {"diagnosis.direction", "too-high"},
      {"diagnosis.change", "e07a4b9"},
  };
  for (const auto& [box, data] : parts) choose(child<QComboBox>(m_window, box), data);
  press("diagnose");
  QVERIFY(last().timed.action.verb == sim::Verb::Diagnose);
  QVERIFY(last().outcome.accepted);
}

void Trainee::requestChange() const {
  page(Qt::Key_9);
  write<QLineEdit>("changeSetting", "shared_buffers");
  write<QLineEdit>("changeValue", "16GB");
  write<QPlainTextEdit>("changeImpact",
                        "Needs a restart of the main database: closed for about five minutes. "
                        "Frees 28 GB of pool and 11 GB of page tables.");
  write<QPlainTextEdit>("changeRollback", "Restore the previous commit of the file and restart.");
  write<QPlainTextEdit>("changeVerification",
                        "SHOW shared_buffers, MemAvailable above 20 GB, p99 below 2 s.");
  QTest::keyClick(child<QCheckBox>(m_window, "changeEmergency"), Qt::Key_Space);
  press("fileChange");
  QVERIFY(last().timed.action.verb == sim::Verb::RequestChange);
  QVERIFY2(last().outcome.accepted, last().outcome.text.c_str());
}

void Trainee::correct() const {
  page(Qt::Key_6);
  auto* files = child<QComboBox>(m_window, "configFiles");
  const auto* state = session().run().world().postgres().settings.state("shared_buffers");
  choose(files, state->sourceFile.c_str());
  auto* editor = child<QPlainTextEdit>(m_window, "configEditor");
  editor->setFocus();
  QTextCursor found = editor->document()->find(QStringLiteral("44GB"));
  QVERIFY(!found.isNull());
  editor->setTextCursor(found);
  QTest::keyClicks(editor, QStringLiteral("16GB"));
  QVERIFY(child<QPlainTextEdit>(m_window, "configDiff")
              ->toPlainText()
              .contains(QStringLiteral("+shared_buffers = 16GB")));
  QVERIFY(child<QPlainTextEdit>(m_window, "configPreflight")
              ->toPlainText()
              .contains(QStringLiteral("44GB \u2192 16GB")));
  press("saveFile");
  QVERIFY(last().timed.action.verb == sim::Verb::EditFile);
}

void Trainee::admit(int percent) const {
  page(Qt::Key_6);
  auto* box = child<QSpinBox>(m_window, "admitted");
  box->setFocus();
  box->selectAll();
  QTest::keyClicks(box, QString::number(percent));
  press("admit");
  QCOMPARE(session().run().world().website().admittedPercent, percent);
}

void Trainee::writeRule() const {
  page(Qt::Key_7);
  tab("evidenceTabs", 2);
  choose(child<QComboBox>(m_window, "ruleMetric"), "node_memory_MemAvailable_bytes");
  write<QLineEdit>("ruleThreshold", "6000000000");
  press("fileRule");
  QVERIFY(last().timed.action.verb == sim::Verb::AlertRule);
  QVERIFY2(last().outcome.accepted, last().outcome.text.c_str());
}

void Trainee::close() const {
  press("closeIncident");
  auto* dialog = openDialog(m_window, "closeDialog");
  QTest::keyClicks(child<QPlainTextEdit>(*dialog, "closeSummary"),
                   QStringLiteral("shared_buffers 44GB exhausted memory; back to 16GB"));
  click(child<QPushButton>(*dialog, "confirmClose"));
}

}  // namespace

class WholeExerciseTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_folder.isValid());
    qputenv("XDG_DATA_HOME", m_folder.path().toLocal8Bit());
    qputenv("OUTAGE_DRILL_DATA", SOURCE_DIR);
    QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-test"));
    QCoreApplication::setApplicationName(QStringLiteral("exercise"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
  }

  void fromTheStartPageToTheRecord() {
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    gui::Application application(library.value());
    QVERIFY(application.open({}));
    click(child<QPushButton>(*application.startWindow(), "mode.Practice"));
    QVERIFY(application.drillWindow());
    {
      const Trainee trainee(*application.drillWindow());
      findTheCause(trainee);
      putItRight(trainee);
      seeItThrough(trainee);
    }
    readTheDebrief(*application.drillWindow());
    findTheRecord(application);
  }

 private:
  static void findTheCause(const Trainee& trainee) {
    trainee.waitUntil("10:01:40");
    trainee.acknowledge();
    trainee.tellUsers("investigating", "Pages are slow since 10:00. We report again by 10:20.");
    trainee.pageSomebody("dba", -1);
    trainee.pageSomebody("netops", -1);
    trainee.lookAtCharts();
    trainee.page(Qt::Key_3);
    trainee.wait(5);
    trainee.type("ping -c 5 db1");
    trainee.type("git -C /etc/postgresql log -p -2");
    trainee.type("psql -c 'SHOW shared_buffers'");
    trainee.suppose("The switch errors", "network", "packet-loss", "none", "not-applicable", 20);
    trainee.pin("ping", "pinAgainst");
    trainee.pin("probe_icmp_duration_seconds", "pinAgainst");
    trainee.page(Qt::Key_7);
    trainee.press("rejectHypothesis");
    QVERIFY(trainee.last().timed.action.verb == sim::Verb::Reject);
    trainee.suppose("44GB of shared buffers leave no room", "database", "memory-exhausted",
                    "shared_buffers", "too-high", 90);
    trainee.pin("node_memory_MemAvailable_bytes", "pinFor");
    trainee.pin("node_memory_PageTables_bytes", "pinFor");
    trainee.pin("psql", "pinFor");
    trainee.pin("git", "pinFor");
    trainee.diagnose();
  }
  static void putItRight(const Trainee& trainee) {
    trainee.requestChange();
    trainee.pageSomebody("dba", 0);
    trainee.tellUsers("identified", "The database is short of memory; it is restarted at 10:12.");
    trainee.wait(90);
    QVERIFY(trainee.session().run().world().changeRequests().front().state ==
            sim::ChangeRequest::State::Approved);
    trainee.correct();
    trainee.admit(0);
    trainee.wait(30);
    trainee.press("restart");
    auto* box = QApplication::activeModalWidget();
    QVERIFY(box);
    click(child<QPushButton>(*box, "confirmServerYes"));
    QVERIFY(trainee.last().timed.action.verb == sim::Verb::Restart);
    trainee.wait(150);
    QCOMPARE(trainee.session().run().world().postgres().settings.show("shared_buffers"),
             std::string("16GB"));
  }
  static void seeItThrough(const Trainee& trainee) {
    trainee.type("psql -c 'SHOW shared_buffers'");
    for (const int percent : {25, 50, 100}) {
      trainee.admit(percent);
      trainee.wait(100);
    }
    trainee.tellUsers("monitoring", "The shop is open again. We keep watching it.");
    trainee.wait(700);
    trainee.lookAtCharts();
    trainee.type("free -m");
    trainee.page(Qt::Key_7);
    trainee.tab("evidenceTabs", 1);
    trainee.write<QPlainTextEdit>("verifyText", "16GB runs, p99 below 2 s for ten minutes");
    trainee.press("verify");
    QVERIFY(trainee.last().timed.action.verb == sim::Verb::Verify);
    trainee.writeRule();
    trainee.tellUsers("resolved", "The shop works as usual. A memory setting was too high.");
    trainee.close();
  }
  static void readTheDebrief(gui::DrillWindow& window) {
    QVERIFY(window.session().run().finished());
    const drill::Debrief* debrief = window.session().debrief();
    QVERIFY(debrief);
    QString reasons;
    for (const drill::ScorePart& part : debrief->score.parts) {
      for (const auto& item : part.items) {
        reasons += QString::number(item.points) + ' ' + QString::fromStdString(item.text) + '\n';
      }
    }
    QVERIFY2(debrief->score.total >= 85, qPrintable(reasons));
    QVERIFY(child<QLabel>(window, "scoreTotal")
                ->text()
                .startsWith(QString::number(debrief->score.total, 'g', 3)));
  }
  static void findTheRecord(gui::Application& application) {
    QTest::keyClick(application.drillWindow(), Qt::Key_Home, Qt::ControlModifier);
    gui::StartWindow* start = application.startWindow();
    QVERIFY(start);
    auto* tabs = start->findChild<QTabWidget*>();
    QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(1).center());
    auto* table = child<QTableView>(*start, "recordsTable");
    QCOMPARE(table->model()->rowCount(), 1);
    click(child<QPushButton>(*start, "recomputeRecord"));
    const QString answer = child<QLabel>(*start, "recordsAnswer")->text();
    QVERIFY2(answer.contains(QStringLiteral("same bits")), qPrintable(answer));
    QVERIFY(answer.contains(QStringLiteral("as recorded")));
    click(child<QPushButton>(*start, "replayRecord"));
    QVERIFY(application.drillWindow());
    QVERIFY(application.drillWindow()->session().run().finished());
  }

  QTemporaryDir m_folder;
};

QTEST_MAIN(WholeExerciseTest)
#include "tst_whole_exercise.moc"
