// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "base/fingerprint.h"
#include "drill/replay.h"
#include "records/library.h"
#include "records/record_of_run.h"

class TestRecordOfRun : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", m_folder.filePath("home").toUtf8());
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    m_library = library.value();
    const auto scenario = m_library->scenario("2024-05-07-main-database");
    QVERIFY(scenario.ok());
    m_scenario = scenario.value();
  }

  void writesTheScoreAsJson() {
    drill::Score score;
    score.total = 59.5;
    score.band = "developing";
    score.practice = false;
    score.hintCost = 2;
    score.caps = {"a \"cap\""};
    score.parts = {{"fix", "Fix", 12.5, 20, {{"fix.holds", "held für 10 min", 12.5, 14, {3, 8}}}}};
    // One literal a line: the meta-object compiler of Qt 6.4 stumbles over raw strings in macros.
    const std::string expected =
        "{\"band\":\"developing\",\"caps\":[\"a \\\"cap\\\"\"],\"hint_cost\":2,\"parts\":["
        "{\"id\":\"fix\",\"items\":[{\"entries\":[3,8],\"id\":\"fix.holds\",\"points\":12.5,"
        "\"possible\":14,\"text\":\"held f\u00fcr 10 min\"}],\"points\":12.5,\"possible\":20,"
        "\"title\":\"Fix\"}],\"practice\":false,\"total\":59.5}";
    QCOMPARE(records::scoreJson(score), expected);
  }

  void holdsAllThatRecomputesTheScore() {
    drill::Run run(m_scenario, {0xFFFF'FFFF'FFFF'FFFFULL, drill::Mode::Assessment});
    run.advanceTo(run.now() + base::minutes(3));
    run.perform({sim::Verb::Acknowledge, "WebsiteLatencyHigh", "", {}});
    run.advanceTo(run.now() + base::seconds(10));
    const drill::Baseline baseline = drill::baselineOf(m_scenario, run.key().seed, run.model());
    const drill::Impact impact = drill::impactOf(run, baseline);
    const drill::Score score = drill::scoreOf(run, baseline);
    const records::Record record =
        records::recordOf(run, score, impact, "Noor", "2026-01-02T03:04:05Z");
    QCOMPARE(record.trainee, std::string("Noor"));
    QCOMPARE(record.finishedAt, std::string("2026-01-02T03:04:05Z"));
    QCOMPARE(record.scenarioId, m_scenario->id);
    QCOMPARE(record.scenarioTitle, m_scenario->title);
    QCOMPARE(record.mode, std::string("assessment"));
    QCOMPARE(record.seed, run.key().seed);
    QVERIFY(record.score == score.total);
    QVERIFY(record.userMinutesLost == impact.userMinutesLost);
    QCOMPARE(record.fingerprint, base::hexText(run.fingerprint()));

    const auto store = records::Store::open(m_folder.filePath("records.sqlite").toStdString());
    QVERIFY(store.ok());
    const auto id = records::keep(*store.value(), record, *m_scenario);
    QVERIFY(id.ok());
    const auto found = store.value()->find(id.value());
    QVERIFY(found.ok());
    const auto text = store.value()->scenarioText(found.value().scenarioHash);
    QVERIFY(text.ok());
    const auto reading = scenario::readScenario(text.value(), "kept", m_library->settings());
    QVERIFY(reading.scenario);
    const auto read = drill::readRunText(found.value().runText, "kept.run");
    QVERIFY(read.ok());
    const auto replayed = drill::replay(read.value(), reading.scenario);
    QVERIFY(replayed.ok());
    QCOMPARE(replayed.value().difference, std::string());
    QCOMPARE(records::scoreJson(drill::scoreOf(*replayed.value().run, baseline)),
             found.value().scoreJson);
  }

  void keepsTheRunOfAScenarioThatIsGone() {
    const auto store = records::Store::open(m_folder.filePath("gone.sqlite").toStdString());
    QVERIFY(store.ok());
    scenario::Scenario gone = *m_scenario;
    gone.file = "/no/such/file.json";
    QVERIFY(records::keep(*store.value(), records::Record(), gone).ok());
    gone.file = SOURCE_DIR "/README.md";
    QVERIFY(records::keep(*store.value(), records::Record(), gone).ok());
    QVERIFY(!store.value()->scenarioText(gone.hash).ok());
  }

  void tellsTheTimeInUtc() {
    QVERIFY(QRegularExpression("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$")
                .match(QString::fromStdString(records::nowText()))
                .hasMatch());
    QVERIFY(!records::defaultTrainee().empty());
  }

 private:
  QTemporaryDir m_folder;
  std::shared_ptr<records::Library> m_library;
  std::shared_ptr<const scenario::Scenario> m_scenario;
};

QTEST_GUILESS_MAIN(TestRecordOfRun)
#include "tst_record_of_run.moc"
