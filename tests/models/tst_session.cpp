// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "models/session.h"
#include "seed_scenario.h"

using models::Session;

namespace {

sim::Action typed(const std::string& line) {
  return {sim::Verb::Command, {}, line, {}};
}

std::string lookTargets(const drill::Run& run) {
  std::string text;
  for (const drill::Entry& entry : run.journal()) {
    if (entry.timed.action.verb == sim::Verb::Look) text += entry.timed.action.target + " ";
  }
  return text;
}

}  // namespace

class SessionTest : public QObject {
  Q_OBJECT
 private slots:
  void timePassesOnlyWhenPlaying() {
    const auto session = seed::session(drill::Mode::Practice);
    const base::SimTime start = session->run().now();
    session->tick(5'000'000);
    QCOMPARE(session->run().now().ms, start.ms);
    session->setPaused(false);
    session->setSpeed(10);
    session->tick(1'550'000);
    QCOMPARE(session->run().now().ms, (start + base::seconds(15)).ms);
    session->tick(50'000);
    QCOMPARE(session->run().now().ms, (start + base::seconds(16)).ms);
  }
  void tellsWhatGrew() {
    const auto session = seed::session(drill::Mode::Watch);
    QSignalSpy rows(session.get(), &Session::rowsGrew);
    QSignalSpy alerts(session.get(), &Session::alertsGrew);
    QSignalSpy logs(session.get(), &Session::logsGrew);
    QSignalSpy journal(session.get(), &Session::journalGrew);
    seed::play(*session, 1800);
    QCOMPARE(rows.count() > 500, true);
    QVERIFY(!alerts.isEmpty());
    QVERIFY(!logs.isEmpty());
    QVERIFY(!journal.isEmpty());
  }
  void speedChangesNothingButThePace() {
    const auto slow = seed::session(drill::Mode::Watch);
    const auto fast = seed::session(drill::Mode::Watch);
    slow->setPaused(false);
    slow->setSpeed(10);
    for (int i = 0; i < 600; ++i) slow->tick(100'000);
    fast->setPaused(false);
    fast->setSpeed(600);
    fast->tick(1'000'000);
    QCOMPARE(slow->run().now().ms, fast->run().now().ms);
    QCOMPARE(slow->run().fingerprint(), fast->run().fingerprint());
  }
  void assessmentNeitherPausesNorGoesBack() {
    const auto session = seed::session(drill::Mode::Assessment);
    session->setPaused(false);
    session->setPaused(true);
    session->setSpeed(60);
    QVERIFY(!session->paused());
    QCOMPARE(session->speed(), 1);
    session->tick(30'000'000);
    const base::SimTime now = session->run().now();
    session->seek(now - base::seconds(10));
    session->branch(now - base::seconds(10));
    QCOMPARE(session->run().now().ms, now.ms);
  }
  void watcherScrubsBothWaysThroughTheSameHistory() {
    const auto session = seed::session(drill::Mode::Watch);
    const base::SimTime opens = session->run().now();
    session->seek(opens + base::minutes(50));
    const std::uint64_t there = session->run().fingerprint();
    QSignalSpy reset(session.get(), &Session::wasReset);
    session->seek(opens + base::minutes(10));
    QCOMPARE(reset.count(), 1);
    QCOMPARE(session->run().now().ms, (opens + base::minutes(10)).ms);
    session->seek(opens + base::minutes(50));
    QCOMPARE(session->run().fingerprint(), there);
  }
  // However it came there, and however far it had been: the same moment.
  void everySecondIsTheSameFromEverywhere() {
    const auto session = seed::session(drill::Mode::Watch);
    const base::SimTime opens = session->run().now();
    QSignalSpy finished(session.get(), &Session::finished);
    for (const int second : {3100, 900, 8000, 3000, 3001, 3290, 3900, 17, 0, 5000, 4999}) {
      session->seek(opens + base::seconds(second));
      const auto direct = seed::session(drill::Mode::Watch);
      direct->seek(opens + base::seconds(second));
      QCOMPARE(session->run().fingerprint(), direct->run().fingerprint());
      QCOMPARE(session->run().journal(), direct->run().journal());
      QVERIFY(!session->run().finished());
    }
    for (int times = 1; times <= 2; ++times) {
      session->seek(session->run().scenario().world.timing.endsAt);
      QCOMPARE(finished.count(), times);
      session->seek(opens + base::seconds(60));
    }
  }
  void lookingBackBeforeTakingOverLosesNothing() {
    const auto session = seed::session(drill::Mode::Watch);
    seed::play(*session, 600);
    session->takeOver(drill::Mode::Practice);
    session->setPaused(true);
    session->perform(typed("free -m"));
    const base::SimTime now = session->run().now();
    const std::uint64_t whole = session->run().fingerprint();
    session->seek(now - base::seconds(120));
    QVERIFY(session->mode() == drill::Mode::Watch);
    session->seek(now + base::seconds(120));
    QCOMPARE(session->run().fingerprint(), whole);
    session->seek(now - base::seconds(120));
    session->takeOver(drill::Mode::Practice);
    QCOMPARE(session->reached().ms, (now - base::seconds(120)).ms);
    QCOMPARE(session->run().rewinds(), 1);
  }
  void lookingBackInPracticeLosesNothingUntilSomethingIsDone() {
    const auto session = seed::session(drill::Mode::Practice);
    seed::play(*session, 300);
    session->perform(typed("free -m"));
    const base::SimTime now = session->run().now();
    const std::uint64_t whole = session->run().fingerprint();
    session->setPaused(true);
    session->seek(now - base::seconds(120));
    QCOMPARE(session->run().journal().size(), std::size_t{0});
    QCOMPARE(session->reached().ms, now.ms);
    session->seek(now);
    QCOMPARE(session->run().fingerprint(), whole);
    session->seek(now - base::seconds(120));
    session->perform(typed("uptime"));
    QCOMPARE(session->reached().ms, (now - base::seconds(120)).ms);
    QCOMPARE(session->run().journal().size(), std::size_t{1});
    QCOMPARE(session->run().rewinds(), 1);
  }
  void takingOverEndsTheHistory() {
    const auto session = seed::session(drill::Mode::Watch);
    seed::play(*session, 600);
    QSignalSpy mode(session.get(), &Session::modeChanged);
    session->takeOver(drill::Mode::Practice);
    QCOMPARE(mode.count(), 1);
    QVERIFY(session->mode() == drill::Mode::Practice);
    QVERIFY(!session->run().following());
    const std::size_t entries = session->run().journal().size();
    seed::play(*session, 600);
    QCOMPARE(session->run().journal().size(), entries);
  }
  void looksAreEnteredOnceAndBeforeTheNextAction() {
    const auto session = seed::session(drill::Mode::Practice);
    const base::SimTime now = session->run().now();
    session->look(QStringLiteral("alerts"), now, now);
    session->look(QStringLiteral("log:kernel"), now - base::seconds(9), now);
    session->look(QStringLiteral("log:kernel"), now - base::seconds(5), now);
    QCOMPARE(lookTargets(session->run()), std::string("alerts log:kernel "));
    session->perform(typed("uptime"));
    QCOMPARE(lookTargets(session->run()), std::string("alerts log:kernel log:kernel "));
    QVERIFY(session->run().journal().back().timed.action.verb == sim::Verb::Command);
  }
  void watchersLooksAreNoEntries() {
    const auto session = seed::session(drill::Mode::Watch);
    const base::SimTime now = session->run().now();
    session->look(QStringLiteral("alerts"), now, now);
    QVERIFY(session->run().journal().empty());
  }
  void closingEndsTheRunWithADebrief() {
    const auto session = seed::session(drill::Mode::Practice);
    seed::play(*session, 60);
    QVERIFY(session->debrief() == nullptr);
    QSignalSpy finished(session.get(), &Session::finished);
    session->close(QStringLiteral("nothing done"));
    QCOMPARE(finished.count(), 1);
    QVERIFY(session->paused());
    QVERIFY(session->debrief() != nullptr);
    QCOMPARE(session->debrief()->score.parts.size(), std::size_t{7});
    QVERIFY(!session->perform(typed("free -m")).outcome.accepted);
  }
  void aBranchIsWrittenToDiskAfresh() {
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.run")).toStdString();
    auto run = seed::run(drill::Mode::Practice);
    const auto writer = drill::RunWriter::create(path, *run);
    QVERIFY2(writer.ok(), writer.ok() ? "" : writer.error().message.c_str());
    Session session(std::move(run), writer.value());
    seed::play(session, 120);
    session.perform(typed("free -m"));
    session.branch(session.run().now() - base::seconds(60));
    session.perform(typed("uptime"));
    const auto read = drill::readRunFile(path);
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
    QCOMPARE(read.value().actions.size(), std::size_t{1});
    QCOMPARE(read.value().actions[0].action.text, std::string("uptime"));
    const drill::Run again = drill::recompute(read.value(), seed::scenario(), session.run().now());
    QCOMPARE(again.fingerprint(), session.run().fingerprint());
  }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
