// SPDX-License-Identifier: GPL-3.0-or-later
// A trainee at a drill window of the outage of 7 May 2024: what one person does from the first
// alert to the closed incident, shared by the tests that play it in each mode.
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QtTest>

#include "gui/drill/drill_window.h"
#include "hands.h"
#include "models/evidence_model.h"
#include "page_driver.h"

namespace driver {

// The dialog that is open now: one that was closed may still be waiting for its deletion.
inline QDialog* openDialog(const QWidget& window, const char* name) {
  for (auto* dialog : window.findChildren<QDialog*>(QLatin1String(name))) {
    if (!dialog->isVisible()) continue;
    // The window below counts as active, too: wait until it is the dialog that has the keys.
    (void)QTest::qWaitFor([dialog] { return QApplication::activeWindow() == dialog; });
    return dialog;
  }
  qFatal("no dialog called %s is open", name);
}

// Each step is done as a trainee does it, with one hand on the mouse or without; time passes
// through the session.
class Trainee {
 public:
  explicit Trainee(gui::DrillWindow& window, Hand hand = Hand::MouseAndKeys)
      : m_window(window), m_hand(hand) {
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
    // Without a window manager nobody gives the keys back when a dialog closes.
    QApplication::setActiveWindow(&m_window);
    QTest::keyClick(&m_window, static_cast<Qt::Key>(key), Qt::ControlModifier);
  }
  void press(const char* button) const { pressIn(m_window, button); }
  void pressIn(const QWidget& window, const char* button) const {
    driver::press(m_hand, driver::child<QPushButton>(window, button));
  }
  void tab(const char* tabs, int number) const {
    chooseTab(m_hand, driver::child<QTabWidget>(m_window, tabs)->tabBar(), number);
  }
  template <typename Edit>
  void write(const char* name, const char* text) const {
    auto* edit = driver::child<Edit>(m_window, name);
    reach(m_hand, edit);
    QTest::keyClicks(edit, QString::fromUtf8(text));
  }
  // Steps through a list of choices with the keyboard.
  void choose(QComboBox* box, const char* data) const {
    reach(m_hand, box);
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < box->count() && box->currentData().toString() != QLatin1String(data); ++i) {
      QTest::keyClick(box, Qt::Key_Down);
    }
    QCOMPARE(box->currentData().toString(), QLatin1String(data));
  }
  void type(const char* line) const {
    page(Qt::Key_5);
    auto* input = driver::child<QLineEdit>(m_window, "terminalInput");
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

  // The cause found, from the alerts to the diagnosis.
  void findTheCause() const;
  // Reviewed, corrected and restarted with the website closed meanwhile.
  void putItRight() const;
  // Opened again by steps, verified, told, closed.
  void seeItThrough() const;

 private:
  gui::DrillWindow& m_window;
  Hand m_hand;
};

inline void Trainee::acknowledge() const {
  page(Qt::Key_2);
  auto* table = driver::child<QTableView>(m_window, "alertTable");
  for (int row = 0; row < table->model()->rowCount(); ++row) {
    if (table->model()->index(row, 0).data().toString() != QLatin1String("FIRING")) continue;
    chooseRow(m_hand, table, row);
    press("acknowledge");
    QVERIFY(last().outcome.accepted);
  }
}

inline void Trainee::lookAtCharts() const {
  page(Qt::Key_1);
  auto* groups = driver::child<QTabBar>(m_window, "chartGroups");
  for (int i = 0; i < groups->count(); ++i) {
    chooseTab(m_hand, groups, i);
    wait(4);
  }
}

inline void Trainee::tellUsers(const char* state, const char* text) const {
  page(Qt::Key_8);
  tab("peopleTabs", 1);
  choose(driver::child<QComboBox>(m_window, "statusState"), state);
  write<QPlainTextEdit>("statusText", text);
  press("publish");
  QVERIFY2(last().timed.action.verb == sim::Verb::Status && last().outcome.accepted, text);
}

inline void Trainee::pageSomebody(const char* id, int topic) const {
  page(Qt::Key_8);
  tab("peopleTabs", 0);
  auto* table = driver::child<QTableWidget>(m_window, "peopleTable");
  const auto& people = session().run().world().spec().people;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people[i].id == id) chooseRow(m_hand, table, static_cast<int>(i));
  }
  if (driver::child<QPushButton>(m_window, "page")->isEnabled()) press("page");
  if (topic < 0) return;
  chooseRow(m_hand, driver::child<QListWidget>(m_window, "topics"), topic);
  press("ask");
  QVERIFY(last().timed.action.verb == sim::Verb::Ask);
}

inline void Trainee::suppose(const char* text, const char* component, const char* mechanism,
                             const char* setting, const char* direction, int confidence) const {
  page(Qt::Key_7);
  tab("evidenceTabs", 0);
  press("newHypothesis");
  auto* dialog = openDialog(m_window, "hypothesisDialog");
  choose(driver::child<QComboBox>(*dialog, "hypothesisComponent"), component);
  choose(driver::child<QComboBox>(*dialog, "hypothesisMechanism"), mechanism);
  choose(driver::child<QComboBox>(*dialog, "hypothesisSetting"), setting);
  choose(driver::child<QComboBox>(*dialog, "hypothesisDirection"), direction);
  auto* sure = driver::child<QSpinBox>(*dialog, "hypothesisConfidence");
  reach(m_hand, sure);
  sure->selectAll();
  QTest::keyClicks(sure, QString::number(confidence));
  auto* words = driver::child<QLineEdit>(*dialog, "hypothesisText");
  reach(m_hand, words);
  QTest::keyClicks(words, QLatin1String(text));
  QTest::keyClick(words, Qt::Key_Return);
  QVERIFY(last().timed.action.verb == sim::Verb::Hypothesis);
  QVERIFY(last().outcome.accepted);
}

// Pins the newest observation whose source or title has the word to the selected hypothesis.
inline void Trainee::pin(const char* source, const char* button) const {
  page(Qt::Key_7);
  tab("evidenceTabs", 0);
  auto* table = driver::child<QTableView>(m_window, "observations");
  const QAbstractItemModel& seen = *table->model();
  for (int row = seen.rowCount() - 1; row >= 0; --row) {
    const QString words = seen.index(row, models::EvidenceModel::Source).data().toString() + ' ' +
                          seen.index(row, models::EvidenceModel::Title).data().toString();
    if (!words.contains(QLatin1String(source))) continue;
    chooseRow(m_hand, table, row);
    press(button);
    QVERIFY2(last().timed.action.verb == sim::Verb::Pin && last().outcome.accepted, source);
    return;
  }
  QFAIL(source);
}

inline void Trainee::diagnose() const {
  page(Qt::Key_7);
  tab("evidenceTabs", 1);
  const std::pair<const char*, const char*> parts[] = {
      {"diagnosis.component", "database"},     {"diagnosis.mechanism", "memory-exhausted"},
      {"diagnosis.setting", "shared_buffers"}, {"diagnosis.direction", "too-high"},
      {"diagnosis.change", "e07a4b9"},
  };
  for (const auto& [box, data] : parts) choose(driver::child<QComboBox>(m_window, box), data);
  press("diagnose");
  QVERIFY(last().timed.action.verb == sim::Verb::Diagnose);
  QVERIFY(last().outcome.accepted);
}

inline void Trainee::requestChange() const {
  page(Qt::Key_9);
  write<QLineEdit>("changeSetting", "shared_buffers");
  write<QLineEdit>("changeValue", "16GB");
  write<QPlainTextEdit>("changeImpact",
                        "Needs a restart of the main database: closed for about five minutes. "
                        "Frees 28 GB of pool and 11 GB of page tables.");
  write<QPlainTextEdit>("changeRollback", "Restore the previous commit of the file and restart.");
  write<QPlainTextEdit>("changeVerification",
                        "SHOW shared_buffers, MemAvailable above 20 GB, p99 below 2 s.");
  auto* emergency = driver::child<QCheckBox>(m_window, "changeEmergency");
  reach(m_hand, emergency);
  QTest::keyClick(emergency, Qt::Key_Space);
  press("fileChange");
  QVERIFY(last().timed.action.verb == sim::Verb::RequestChange);
  QVERIFY2(last().outcome.accepted, last().outcome.text.c_str());
}

inline void Trainee::correct() const {
  page(Qt::Key_6);
  auto* files = driver::child<QComboBox>(m_window, "configFiles");
  const auto* state = session().run().world().postgres().settings.state("shared_buffers");
  choose(files, state->sourceFile.c_str());
  auto* editor = driver::child<QPlainTextEdit>(m_window, "configEditor");
  reach(m_hand, editor);
  QTest::keyClick(editor, Qt::Key_Home, Qt::ControlModifier);
  const auto line = [editor] { return editor->textCursor().block().text(); };
  for (int i = 0; i < editor->blockCount() && !line().endsWith(QLatin1String("44GB")); ++i) {
    QTest::keyClick(editor, Qt::Key_Down);
  }
  QTest::keyClick(editor, Qt::Key_End);
  for (int i = 0; i < 4; ++i) QTest::keyClick(editor, Qt::Key_Backspace);
  QTest::keyClicks(editor, QStringLiteral("16GB"));
  QVERIFY(driver::child<QPlainTextEdit>(m_window, "configDiff")
              ->toPlainText()
              .contains(QStringLiteral("+shared_buffers = 16GB")));
  QVERIFY(driver::child<QPlainTextEdit>(m_window, "configPreflight")
              ->toPlainText()
              .contains(QStringLiteral("44GB \u2192 16GB")));
  press("saveFile");
  QVERIFY(last().timed.action.verb == sim::Verb::EditFile);
}

inline void Trainee::admit(int percent) const {
  page(Qt::Key_6);
  auto* box = driver::child<QSpinBox>(m_window, "admitted");
  reach(m_hand, box);
  box->selectAll();
  QTest::keyClicks(box, QString::number(percent));
  press("admit");
  QCOMPARE(session().run().world().website().admittedPercent, percent);
}

inline void Trainee::writeRule() const {
  page(Qt::Key_7);
  tab("evidenceTabs", 2);
  choose(driver::child<QComboBox>(m_window, "ruleMetric"), "node_memory_MemAvailable_bytes");
  write<QLineEdit>("ruleThreshold", "6000000000");
  press("fileRule");
  QVERIFY(last().timed.action.verb == sim::Verb::AlertRule);
  QVERIFY2(last().outcome.accepted, last().outcome.text.c_str());
}

inline void Trainee::close() const {
  if (m_hand == Hand::Keys) {
    QTest::keyClick(&m_window, Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
  } else {
    press("closeIncident");
  }
  auto* dialog = openDialog(m_window, "closeDialog");
  QTest::keyClicks(driver::child<QPlainTextEdit>(*dialog, "closeSummary"),
                   QStringLiteral("shared_buffers 44GB exhausted memory; back to 16GB"));
  pressIn(*dialog, "confirmClose");
}

inline void Trainee::findTheCause() const {
  acknowledge();
  tellUsers("investigating", "Pages are slow since 10:00. We report again by 10:20.");
  pageSomebody("dba", -1);
  pageSomebody("netops", -1);
  lookAtCharts();
  page(Qt::Key_3);
  wait(5);
  type("ping -c 5 db1");
  type("git -C /etc/postgresql log -p -2");
  type("psql -c 'SHOW shared_buffers'");
  suppose("The switch errors", "network", "packet-loss", "none", "not-applicable", 20);
  pin("ping", "pinAgainst");
  pin("probe_icmp_duration_seconds", "pinAgainst");
  page(Qt::Key_7);
  press("rejectHypothesis");
  QVERIFY(last().timed.action.verb == sim::Verb::Reject);
  suppose("44GB of shared buffers leave no room", "database", "memory-exhausted", "shared_buffers",
          "too-high", 90);
  pin("node_memory_MemAvailable_bytes", "pinFor");
  pin("node_memory_PageTables_bytes", "pinFor");
  pin("psql", "pinFor");
  pin("git", "pinFor");
  diagnose();
}

inline void Trainee::putItRight() const {
  requestChange();
  pageSomebody("dba", 0);
  tellUsers("identified", "The database is short of memory; it is restarted at 10:12.");
  wait(90);
  QVERIFY(session().run().world().changeRequests().front().state ==
          sim::ChangeRequest::State::Approved);
  correct();
  admit(0);
  wait(30);
  press("restart");
  auto* box = openDialog(m_window, "confirmServer");
  pressIn(*box, "confirmServerYes");
  QVERIFY(last().timed.action.verb == sim::Verb::Restart);
  wait(150);
  QCOMPARE(session().run().world().postgres().settings.show("shared_buffers"), std::string("16GB"));
}

inline void Trainee::seeItThrough() const {
  type("psql -c 'SHOW shared_buffers'");
  for (const int percent : {25, 50, 100}) {
    admit(percent);
    wait(100);
  }
  tellUsers("monitoring", "The shop is open again. We keep watching it.");
  wait(700);
  lookAtCharts();
  type("free -m");
  page(Qt::Key_7);
  tab("evidenceTabs", 1);
  write<QPlainTextEdit>("verifyText", "16GB runs, p99 below 2 s for ten minutes");
  press("verify");
  QVERIFY(last().timed.action.verb == sim::Verb::Verify);
  writeRule();
  tellUsers("resolved", "The shop works as usual. A memory setting was too high.");
  close();
}

}  // namespace driver
