// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QtTest>

#include "cli/command.h"
#include "program.h"

using test::Answer;
using test::Program;

namespace {

constexpr char kSeed[] = "2024-05-07-main-database";

}  // namespace

class TestCli : public QObject {
  Q_OBJECT

 private slots:
  void saysHelpAndVersionEverywhere() {
    const Answer help = m_program.run({"--help"});
    QCOMPARE(help.code, 0);
    QVERIFY(help.err.isEmpty());
    QCOMPARE(m_program.run({"--version"}).out, QByteArray("outage-drill-cli 1.0.0\n"));
    for (const cli::Command& command : cli::commands()) {
      QVERIFY(help.out.contains(command.name));
      const Answer one = m_program.run({command.name, "--help"});
      QCOMPARE(one.code, 0);
      QVERIFY(one.out.startsWith(QByteArray("Usage: outage-drill-cli ") + command.name));
      QVERIFY(one.err.isEmpty());
      const Answer version = m_program.run({command.name, "--version"});
      QCOMPARE(version.code, 0);
      QCOMPARE(version.out, QByteArray("outage-drill-cli 1.0.0\n"));
    }
  }

  void refusesWrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("complaint");
    const auto row = [](const QStringList& arguments, const QByteArray& complaint) {
      QTest::newRow(qPrintable(arguments.join(' '))) << arguments << complaint;
    };
    row({}, "Usage: outage-drill-cli VERB");
    row({"plai"}, "did you mean \"play\"?");
    row({"play"}, "something is missing");
    row({"play", kSeed, "more"}, "found \"more\", expected nothing more");
    row({"play", kSeed, "--sead", "3"}, "Unknown option 'sead'");
    row({"play", kSeed, "--seed"}, "Missing value after '--seed'");
    row({"play", kSeed, "--seed", "-1"}, "--seed: found \"-1\", expected a whole number");
    row({"play", kSeed, "--seed", "1x"}, "--seed: found \"1x\"");
    row({"play", kSeed, "--mode", "exam"}, "expected watch, practice or assessment");
    row({"play", kSeed, "--until", "10:61"}, "expected HH:MM:SS between 09:58:00 and 13:00:00");
    row({"play", kSeed, "--until", "14:00"}, "expected HH:MM:SS between");
    row({"play", kSeed, "--step", "0"}, "--step: found \"0\"");
    row({"list", "all"}, "expected nothing more");
    row({"validate"}, "something is missing");
    row({"replay"}, "something is missing");
    row({"score", "--at", "10:00"}, "Unknown option 'at'");
    row({"verify"}, "something is missing");
    row({"verify", kSeed, "--random-runs", "many"}, "--random-runs");
    row({"records", "--run", "first"}, "--run: found \"first\"");
  }

  void refusesWrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, complaint);
    const Answer answer = m_program.run(arguments);
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains(complaint), answer.err.constData());
    QVERIFY(answer.out.isEmpty());
  }

  void lists() {
    const Answer answer = m_program.run({"list"});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.out.startsWith("id "));
    QVERIFY(answer.out.contains(kSeed));
    QVERIFY(answer.out.contains("The main database, 7 May 2024"));
  }

  void validates() {
    const QString good = QString(SOURCE_DIR "/scenarios/%1.json").arg(kSeed);
    QCOMPARE(m_program.run({"validate", good}).code, 0);
    const QString bad = SOURCE_DIR "/tests/broken/wrong-types.json";
    const Answer answer = m_program.run({"validate", bad, good, "/no/such.json"});
    QCOMPARE(answer.code, 1);
    const QList<QByteArray> lines = answer.out.trimmed().split('\n');
    int problems = 0;
    for (const QByteArray& line : lines) {
      if (line.startsWith(bad.toUtf8() + ":")) ++problems;
      QVERIFY2(line.contains(": found ") || line.contains(": valid, "), line.constData());
    }
    QVERIFY(problems >= 2);
    QVERIFY(answer.out.contains(good.toUtf8() + ": valid, "));
    QVERIFY(answer.out.contains("/no/such.json"));
  }

  void playsHistory() {
    const Answer answer = m_program.run({"play", kSeed, "--actions", "history", "--json"});
    QCOMPARE(answer.code, 0);
    const QJsonObject object = answer.json();
    QCOMPARE(object.keys(),
             QStringList({"alerts", "downtime_minutes", "fingerprint", "milestones", "scenario",
                          "score", "seed", "user_minutes_lost", "users_affected_percent"}));
    QCOMPARE(object["scenario"].toString(), QString(kSeed));
    QCOMPARE(object["seed"].toInt(), 1);
    QCOMPARE(object["fingerprint"].toString().size(), 16);
    const QJsonArray milestones = object["milestones"].toArray();
    QVERIFY(milestones.size() >= 7);
    for (const QJsonValue& value : milestones) {
      const QJsonObject one = value.toObject();
      QVERIFY2(one["met"].toBool(), qPrintable(one["title"].toString()));
    }
    QVERIFY(std::abs(object["users_affected_percent"].toDouble() - 60) <= 2);
    QVERIFY(object["user_minutes_lost"].toDouble() > 0);
    QCOMPARE(object["score"]["parts"].toArray().size(), 7);
    double possible = 0;
    for (const QJsonValue& partValue : object["score"]["parts"].toArray()) {
      const QJsonObject part = partValue.toObject();
      possible += part["possible"].toDouble();
      QVERIFY(!part["items"].toArray().isEmpty());
    }
    QCOMPARE(possible, 100.0);
    QCOMPARE(object["alerts"][0]["alert"].toString(), QString("SwitchPortErrors"));
    // To watch is to watch the history.
    const QJsonObject watched = m_program.run({"play", kSeed, "--mode", "watch", "--json"}).json();
    QCOMPARE(watched["users_affected_percent"], object["users_affected_percent"]);
    QCOMPARE(watched["milestones"], object["milestones"]);
  }

  void tellsPeopleToo() {
    const Answer answer = m_program.run({"play", kSeed, "--actions", "history"});
    QCOMPARE(answer.code, 0);
    for (const char* part : {"The main database, 7 May 2024", "WebsiteLatencyHigh fires",
                             "milestone ", "expected", "users affected", "in all: "}) {
      QVERIFY2(answer.out.contains(part), part);
    }
    for (const QByteArray& line : answer.out.split('\n')) QVERIFY(!line.endsWith(' '));
  }

  void playsAFileOfActions() {
    m_program.write("mine.json", R"([{"at": "10:03:12", "who": "trainee", "do": "acknowledge",)"
                                 R"( "target": "WebsiteLatencyHigh"}])");
    const Answer answer =
        m_program.run({"play", kSeed, "--actions", "mine.json", "--until", "10:10"});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.out.contains("10:03:12  trainee"));
    QVERIFY(answer.out.contains("09:58:00 to 10:10:00"));
    m_program.write("wrong.json", R"([{"at": "10:03:12", "who": "trainee", "do": "dance"}])");
    const Answer wrong = m_program.run({"play", kSeed, "--actions", "wrong.json"});
    QCOMPARE(wrong.code, 1);
    QVERIFY(wrong.err.startsWith("wrong.json:1:"));
    const Answer none = m_program.run({"play", kSeed, "--actions", "histori"});
    QCOMPARE(none.code, 1);
    QVERIFY(none.err.contains("expected a file or one of history, reference"));
    QCOMPARE(m_program.run({"play", "no-such-scenario"}).code, 1);
  }

  void savesReplaysAndScores() {
    const QStringList play = {"play",   kSeed, "--actions", "reference", "--mode", "assessment",
                              "--seed", "7",   "--save",    "one.run",   "--json"};
    const Answer played = m_program.run(play);
    QCOMPARE(played.code, 0);
    const Answer replayed = m_program.run({"replay", "one.run", "--json"});
    QCOMPARE(replayed.code, 0);
    QCOMPARE(replayed.out, played.out);
    const Answer scored = m_program.run({"score", "one.run", "--json"});
    QCOMPARE(scored.code, 0);
    QCOMPARE(scored.out, played.out);
    QVERIFY(m_program.run({"replay", "one.run"}).out.endsWith("the same bits as recorded.\n"));
    QVERIFY(m_program.run({"score", "one.run"}).out.contains("in all: "));
    const Answer part = m_program.run({"replay", "one.run", "--at", "10:05:00"});
    QCOMPARE(part.code, 0);
    QVERIFY(part.out.contains("09:58:00 to 10:05:00"));
    QCOMPARE(m_program.run({"replay", "one.run", "--at", "09:00"}).code, 2);
    const QByteArray before = m_program.read("one.run");
    const Answer again = m_program.run(play);
    QCOMPARE(again.code, 1);
    QVERIFY(again.err.contains("exists already"));
    QCOMPARE(m_program.read("one.run"), before);
  }

  void noticesATamperedRun() {
    QCOMPARE(m_program.run({"play", kSeed, "--actions", "history", "--save", "two.run"}).code, 0);
    const QByteArray good = m_program.read("two.run");
    const auto expectRefused = [&](QByteArray bytes, const QByteArray& complaint) {
      QVERIFY(bytes != good);
      m_program.write("bad.run", bytes);
      for (const char* verb : {"replay", "score"}) {
        const Answer answer = m_program.run({verb, "bad.run"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.err.contains(complaint), answer.err.constData());
      }
    };
    QByteArray bytes = good;
    expectRefused(bytes.replace("\"seed\":\"1\"", "\"seed\":\"2\""),
                  "first difference at 09:58:01 in ");
    bytes = good;
    const qsizetype digest = bytes.indexOf("\"fingerprint\":\"") + 15;
    bytes[digest] = bytes[digest] == '0' ? '1' : '0';
    expectRefused(bytes, "recorded fingerprint ");
    bytes = good;
    expectRefused(bytes.replace("\"scenario_hash\":\"", "\"scenario_hash\":\"00"),
                  "another version of the scenario");
    bytes = good;
    expectRefused(bytes.replace("{\"end\"", "{\"emd\""), "bad.run:");
    QCOMPARE(m_program.run({"replay", "none.run"}).code, 1);
  }

  void keepsRecords() {
    const Program fresh;
    const Answer none = fresh.run({"records"});
    QCOMPARE(none.code, 0);
    QVERIFY(none.out.startsWith("There are no records in "));
    const Answer played = fresh.run({"play", kSeed, "--actions", "reference", "--mode",
                                     "assessment", "--record", "--trainee", "Noor"});
    QCOMPARE(played.code, 0);
    QVERIFY(played.out.contains("\nRecord 1 in "));
    const Answer table = fresh.run({"records"});
    QVERIFY(table.out.contains("Noor") && table.out.contains("assessment"));
    const QJsonArray records = fresh.run({"records", "--json"}).json()["records"].toArray();
    QCOMPARE(records.size(), 1);
    QCOMPARE(records[0]["trainee"].toString(), QString("Noor"));
    fresh.write("kept.run", fresh.run({"records", "--run", "1"}).out);
    const QJsonObject scored = fresh.run({"score", "kept.run", "--json"}).json();
    QCOMPARE(scored["score"], records[0]["score"]);
    QCOMPARE(scored["fingerprint"], records[0]["fingerprint"]);
    QCOMPARE(fresh.run({"records", "--run", "2"}).code, 1);
  }

  void verifies() {
    // Few random runs: the whole proof is a test of the drill room.
    const Answer answer = m_program.run({"verify", kSeed, "--random-runs", "3"});
    QVERIFY(answer.code == 0 || answer.code == 1);
    QCOMPARE(answer.code == 0, !answer.out.contains("\nFAIL  "));
    QCOMPARE(answer.code == 0, answer.out.contains(": verified\n"));
    for (const char* row :
         {"reference: score", "history: score", "milestone: ", "users affected"}) {
      QVERIFY2(answer.out.contains(row), row);
    }
    QCOMPARE(m_program.run({"verify", "no-such-scenario"}).code, 1);
  }

  void isTheSameEverywhere() {
    const QStringList play = {"play", kSeed, "--actions", "history", "--json"};
    const Answer expected = m_program.run(play);
    QCOMPARE(expected.code, 0);
    for (const char* zone : {"TZ=UTC", "TZ=Asia/Kathmandu", "TZ=America/St_Johns"}) {
      for (const char* language : {"C", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG"}) {
        const Answer answer =
            m_program.run(play, {zone, QString("LANG=") + language, QString("LC_ALL=") + language});
        QCOMPARE(answer.out, expected.out);
        QVERIFY2(answer.err.isEmpty(), answer.err.constData());
      }
    }
    for (const char* step : {"1", "7", "60", "600", "100000"}) {
      QCOMPARE(m_program.run(play + QStringList{"--step", step}).out, expected.out);
    }
  }

 private:
  Program m_program;
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
