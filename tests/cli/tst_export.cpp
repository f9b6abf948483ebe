// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QtTest>

#include "program.h"

using test::Answer;
using test::Program;

namespace {

constexpr char kSeed[] = "2024-05-07-main-database";

}  // namespace

class TestExport : public QObject {
  Q_OBJECT

 private slots:
  void refusesWrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("complaint");
    const auto row = [](const QStringList& arguments, const QByteArray& complaint) {
      QTest::newRow(qPrintable(arguments.join(' '))) << arguments << complaint;
    };
    row({}, "something is missing");
    row({kSeed}, "--log: found \"\", expected stderr, csv or json");
    row({kSeed, "--log", "xml"}, "--log: found \"xml\", expected stderr, csv or json");
    row({kSeed, "--log"}, "Missing value after '--log'");
    row({kSeed, "--log", "csv", "--kernel"}, "--kernel: found");
    row({kSeed, "--log", "json", "--prefix", "%t "}, "--prefix: found");
    row({kSeed, "--kernel", "--prefix", "%t "}, "--prefix: found");
    row({kSeed, "--log", "csv", "--seed", "x"}, "--seed: found \"x\"");
    row({kSeed, "more", "--log", "csv"}, "expected nothing more");
  }

  void refusesWrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, complaint);
    const Answer answer = m_program.run(QStringList{"export"} + arguments);
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains(complaint), answer.err.constData());
    QVERIFY(answer.out.isEmpty());
  }

  void failsOnWhatIsNotThere() {
    QCOMPARE(m_program.run({"export", "no-such", "--log", "csv"}).code, 1);
    m_program.write("junk.run", "junk\n");
    const Answer junk = m_program.run({"export", "junk.run", "--log", "csv"});
    QCOMPARE(junk.code, 1);
    QVERIFY(junk.err.contains("junk.run"));
    const Answer nowhere =
        m_program.run({"export", kSeed, "--log", "csv", "-o", "/no/such/folder/log.csv"});
    QCOMPARE(nowhere.code, 1);
    QVERIFY(nowhere.err.contains("/no/such/folder/log.csv: "));
  }

  void writesTheSameEntriesInEachForm() {
    const QByteArray text = log({"--log", "stderr"});
    const QByteArray csv = log({"--log", "csv"});
    const QByteArray json = log({"--log", "json"});
    const int entries = static_cast<int>(json.count('\n'));
    QVERIFY(entries > 50);
    QCOMPARE(csv.count('\n'), entries);
    int heads = 0;
    for (const QByteArray& line : text.split('\n')) {
      for (const char* level : {"] LOG:  ", "] WARNING:  ", "] ERROR:  ", "] FATAL:  "}) {
        heads += line.contains(level) ? 1 : 0;
      }
    }
    QCOMPARE(heads, entries);
    for (const QByteArray& line : json.trimmed().split('\n')) {
      QJsonParseError error;
      const QJsonObject one = QJsonDocument::fromJson(line, &error).object();
      QCOMPARE(error.error, QJsonParseError::NoError);
      QVERIFY(one.contains("timestamp") && one.contains("pid") && one.contains("backend_type"));
      QVERIFY(!one["message"].toString().isEmpty());
      const bool failed = one["error_severity"].toString() == "FATAL";
      QCOMPARE(one.contains("state_code"), failed || one["error_severity"].toString() == "ERROR");
    }
    QVERIFY(text.contains("was terminated by signal 9: Killed\n"));
    QVERIFY(csv.contains(",FATAL,57P03,"));
  }

  void obeysThePrefix() {
    const QByteArray text = log({"--log", "stderr", "--prefix", "%n %b %e> "});
    QVERIFY(text.startsWith("17150"));
    QVERIFY(text.contains(" checkpointer 00000> LOG:  checkpoint starting: time\n"));
    QVERIFY(text.contains(" client backend 57P03> FATAL:  the database system is "));
  }

  void writesTheKernelsMessages() {
    const QByteArray kernel = log({"--kernel"});
    QVERIFY(kernel.startsWith("[Tue May  7 10:"));
    QVERIFY(kernel.contains("] Out of memory: Killed process "));
    QVERIFY(!kernel.contains("LOG:  "));
    const QByteArray both = log({"--log", "stderr", "--kernel"});
    const QByteArray text = log({"--log", "stderr"});
    QCOMPARE(both.count('\n'), text.count('\n') + kernel.count('\n'));
    QVERIFY(both.indexOf("Killed process ") < both.indexOf("was terminated by signal 9: Killed"));
  }

  void takesARunFileAndGivesTheSame() {
    QCOMPARE(m_program.run({"play", kSeed, "--actions", "history", "--save", "day.run"}).code, 0);
    const Answer answer = m_program.run({"export", "day.run", "--log", "csv", "-o", "day.csv"});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.out.isEmpty());
    QCOMPARE(m_program.read("day.csv"), log({"--log", "csv"}));
  }

 private:
  // Of the history.
  QByteArray log(const QStringList& more) {
    const Answer answer =
        m_program.run(QStringList{"export", kSeed, "--actions", "history"} + more);
    return answer.code == 0 ? answer.out : QByteArray();
  }

  Program m_program;
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
