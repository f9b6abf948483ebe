// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run.h"

#include "drill/run_file.h"
#include "run_fixture.h"

using drill::Mode;
using sim::Verb;
using namespace runtest;

namespace {
base::SimTime end() {
  return clock("10:40");
}

const std::vector<sim::TimedAction>& history(const scenario::Scenario& scenario) {
  return scenario.list("history")->actions;
}
}  // namespace

TEST(Run, OpensAtItsFirstSecondWithTheMorningBehindIt) {
  const auto scenario = seedScenario();
  const drill::Run run(scenario, {1, Mode::Practice});
  EXPECT_EQ(run.now(), scenario->world.timing.opensAt);
  EXPECT_TRUE(run.journal().empty());
  EXPECT_FALSE(run.finished());
  EXPECT_GT(run.telemetry().times().size(), 1000U);
}

TEST(Run, NeverPassesTheEndOfTheScenario) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, Mode::Practice});
  run.advanceTo(base::minutes(100'000));
  EXPECT_EQ(run.now(), scenario->world.timing.endsAt);
  EXPECT_TRUE(run.finished());
}

TEST(Run, DoesItsScriptInOrderAtTheScriptsTimes) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), end());
  ASSERT_EQ(run.journal().size(), session().size());
  for (std::size_t i = 0; i < session().size(); ++i) {
    EXPECT_EQ(run.journal()[i].timed, session()[i]) << i;
    EXPECT_TRUE(run.journal()[i].outcome.accepted) << i << ": " << run.journal()[i].outcome.text;
  }
  EXPECT_FALSE(run.following());
}

TEST(Run, GivesTheSameBitsAtEveryStepSize) {
  const auto scenario = seedScenario();
  const std::uint64_t expected = played(scenario, session(), end()).fingerprint();
  EXPECT_EQ(played(scenario, session(), end(), base::seconds(1)).fingerprint(), expected);
  EXPECT_EQ(played(scenario, session(), end(), base::seconds(7)).fingerprint(), expected);
  EXPECT_EQ(played(scenario, session(), end(), {16}).fingerprint(), expected);
}

TEST(Run, PerformingByHandIsTheSameAsFollowing) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, Mode::Practice});
  for (const sim::TimedAction& timed : session()) {
    run.advanceTo(timed.at);
    run.perform(timed.action, timed.who);
  }
  run.advanceTo(end());
  const drill::Run scripted = played(scenario, session(), end());
  EXPECT_EQ(run.fingerprint(), scripted.fingerprint());
  EXPECT_EQ(run.observations(), scripted.observations());
}

TEST(Run, AnotherSeedOrAnotherActionIsAnotherRun) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), end());
  drill::Run seeded(scenario, {2, Mode::Practice});
  seeded.follow(session());
  seeded.advanceTo(end());
  EXPECT_NE(run.fingerprint(), seeded.fingerprint());
  auto other = session();
  other.back().action.text = "all is well";
  EXPECT_NE(run.fingerprint(), played(scenario, other, end()).fingerprint());
}

TEST(Run, RewindGivesTheBitsOfThatMomentAndGoesOnTheSameWay) {
  const auto scenario = seedScenario();
  const drill::Run whole = played(scenario, session(), end());
  for (const char* moment : {"09:50", "09:58", "10:01:30", "10:04:59", "10:12", "10:33:07"}) {
    const base::SimTime time = std::max(clock(moment), scenario->world.timing.opensAt);
    drill::Run past = whole.at(clock(moment));
    EXPECT_EQ(past.now(), time);
    EXPECT_EQ(past.fingerprint(), played(scenario, session(), time).fingerprint()) << moment;
    past.advanceTo(end());
    EXPECT_EQ(past.fingerprint(), whole.fingerprint()) << moment;
    EXPECT_EQ(past.journal(), whole.journal()) << moment;
  }
}

// Kept states save time and change nothing: commands that take time step over some of them.
TEST(Run, GivesTheSameMomentFromStatesKeptOnTheWay) {
  const auto scenario = seedScenario();
  auto script = session();
  script.insert(script.begin() + 6,
                {clock("10:02:40"), "trainee", action(Verb::Command, {}, "sleep 40; free -m")});
  const drill::Run plain = played(scenario, script, end());
  for (const int spacing : {7, 60, 300, 7200}) {
    drill::Run run(scenario, {1, Mode::Practice});
    run.keepCheckpoints(base::seconds(spacing));
    run.follow(script);
    run.advanceTo(end());
    drill::Run late = plain;
    late.keepCheckpoints(base::seconds(spacing));
    EXPECT_EQ(late.fingerprint(), plain.fingerprint());
    for (const char* moment :
         {"09:58", "10:01:30", "10:02:41", "10:03:20", "10:12", "10:12:07", "10:39:59", "10:40"}) {
      const drill::Run expected = plain.at(clock(moment));
      for (const drill::Run* whole : {&run, &late}) {
        drill::Run past = whole->at(clock(moment));
        EXPECT_EQ(past.fingerprint(), expected.fingerprint()) << spacing << " s, " << moment;
        EXPECT_EQ(past.observations(), expected.observations()) << spacing << " s, " << moment;
        EXPECT_EQ(past.following(), expected.following());
        past = past.at(std::min(past.now(), clock("10:05")));
        past.advanceTo(end());
        EXPECT_EQ(past.fingerprint(), plain.fingerprint()) << spacing << " s, " << moment;
      }
    }
  }
}

TEST(Run, ABranchLeavesItsOriginAlone) {
  const auto scenario = seedScenario();
  const drill::Run whole = played(scenario, session(), end());
  const std::uint64_t before = whole.fingerprint();
  drill::Run branch = whole.at(clock("10:11"));
  branch.takeOver(Mode::Practice);
  EXPECT_FALSE(branch.following());
  branch.perform(action(Verb::Restart, "immediate"));
  branch.advanceTo(end());
  EXPECT_EQ(whole.fingerprint(), before);
  EXPECT_NE(branch.fingerprint(), before);
  EXPECT_EQ(branch.at(end()).fingerprint(), branch.fingerprint());
}

TEST(Run, TakingOverEndsTheHistoryAndRewindingBringsItBack) {
  const auto scenario = seedScenario();
  drill::Run run =
      played(scenario, history(*scenario), clock("10:20"), base::seconds(5), Mode::Watch);
  run.keepCheckpoints(base::minutes(5));
  ASSERT_TRUE(run.following());
  run.takeOver(Mode::Practice);
  EXPECT_EQ(run.key().mode, Mode::Practice);
  EXPECT_EQ(run.startKey().mode, Mode::Watch);
  const std::size_t entries = run.journal().size();
  run.advanceTo(clock("10:50"));
  EXPECT_EQ(run.journal().size(), entries);
  const drill::Run later = run.at(clock("10:45"));
  EXPECT_EQ(later.key().mode, Mode::Practice);
  EXPECT_FALSE(later.following());
  drill::Run earlier = run.at(clock("10:10"));
  EXPECT_EQ(earlier.key().mode, Mode::Watch);
  EXPECT_TRUE(earlier.following());
  earlier.advanceTo(clock("10:20"));
  EXPECT_EQ(earlier.journal().size(), entries - 1);
}

TEST(Run, FollowingAgainAfterAResumeRepeatsNothing) {
  const auto scenario = seedScenario();
  const drill::Run whole = played(scenario, session(), end());
  // 10:01:30 has two entries in one second; a crash may fall between them.
  for (const std::size_t kept : {std::size_t{2}, std::size_t{3}}) {
    drill::Run resumed(scenario, {1, Mode::Practice});
    for (std::size_t i = 0; i < kept; ++i) {
      resumed.advanceTo(session()[i].at);
      resumed.perform(session()[i].action);
    }
    resumed.follow(session());
    resumed.advanceTo(end());
    EXPECT_EQ(resumed.fingerprint(), whole.fingerprint()) << kept;
  }
}

TEST(Run, TimeStopsWhenTheIncidentIsClosed) {
  const auto scenario = seedScenario();
  auto script = session();
  script.push_back({clock("10:30"), "trainee", action(Verb::Close, {}, "done")});
  drill::Run run = played(scenario, script, end());
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(run.now(), clock("10:30"));
  EXPECT_EQ(run.fingerprint(), played(scenario, script, end(), base::seconds(1)).fingerprint());
  const sim::World closed = run.world();
  EXPECT_FALSE(run.perform(action(Verb::Restart, "fast")).outcome.accepted);
  for (const char* line : {"sudo systemctl restart postgresql@15-main", "sudo kill -9 1000",
                           "echo 'work_mem = 1GB' >> postgresql.conf",
                           "psql -c \"ALTER SYSTEM SET work_mem = '1GB'\"", "free -m"}) {
    run.perform(action(Verb::Command, {}, line));
    EXPECT_TRUE(run.world() == closed) << line;
  }
  EXPECT_TRUE(run.journal().back().outcome.accepted) << "looking around is free";
  EXPECT_FALSE(run.journal().back().output.empty());
  EXPECT_TRUE(run.perform(action(Verb::Verify, {}, "looked once more")).outcome.accepted);
}

TEST(Run, AnswersOfPeopleBecomeObservationsOfTheQuestion) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), end());
  const auto asked = std::find_if(run.journal().begin(), run.journal().end(),
                                  [](const auto& e) { return e.timed.action.verb == Verb::Ask; });
  int answers = 0;
  for (const drill::Observation& seen : run.observations()) {
    if (seen.source != "ask:network-health") continue;
    ++answers;
    EXPECT_EQ(seen.entry, static_cast<std::size_t>(asked - run.journal().begin()));
    EXPECT_GT(seen.at, asked->timed.at);
    EXPECT_FALSE(seen.text.empty());
    EXPECT_EQ(seen.who, "trainee");
  }
  EXPECT_EQ(answers, 1);
}

TEST(Run, ObservationsAreNumberedAndPointAtTheirEntries) {
  const drill::Run run = played(seedScenario(), session(), end());
  ASSERT_GT(run.observations().size(), 6U);
  for (std::size_t i = 0; i < run.observations().size(); ++i) {
    const drill::Observation& seen = run.observations()[i];
    EXPECT_EQ(seen.number, static_cast<int>(i) + 1);
    ASSERT_LT(seen.entry, run.journal().size());
    if (seen.source == "command") {
      EXPECT_EQ(run.journal()[seen.entry].timed.action.text, seen.title);
      EXPECT_EQ(run.journal()[seen.entry].output, seen.text);
    }
  }
}

TEST(Run, KeepsUnderThirtyTwoMegabytes) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, history(*scenario), scenario->world.timing.endsAt);
  EXPECT_LT(run.telemetry().memoryBytes(), std::size_t{32} << 20);
  RecordProperty("memoryBytes", std::to_string(run.telemetry().memoryBytes()));
}

TEST(Run, SummaryDetailPassesThroughTheSameStates) {
  const auto scenario = seedScenario();
  drill::Run summary(scenario, {1, Mode::Practice}, nullptr, sim::Detail::Summary);
  drill::Run full(scenario, {1, Mode::Practice});
  for (drill::Run* run : {&summary, &full}) {
    run->perform(action(Verb::Page, "dba"));
    run->advanceTo(end());
  }
  EXPECT_EQ(summary.world().fingerprint(), full.world().fingerprint());
  EXPECT_EQ(summary.telemetry().alerts(), full.telemetry().alerts());
  EXPECT_EQ(summary.telemetry().notifications().size(), full.telemetry().notifications().size());
  EXPECT_NE(summary.fingerprint(), 0U);
}

TEST(Run, ModesHaveNamesAndNamesAreChecked) {
  for (const Mode mode : {Mode::Watch, Mode::Practice, Mode::Assessment}) {
    EXPECT_EQ(drill::modeFrom(drill::modeName(mode)).value(), mode);
  }
  EXPECT_EQ(drill::modeFrom("exam").error().code, "bad-mode");
}
