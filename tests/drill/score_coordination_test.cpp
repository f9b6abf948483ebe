// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

// The page of this scenario, and moments after it.
base::SimTime page() {
  const drill::Run run = play({}, "10:05:00");
  for (const sim::AlertEvent& event : run.telemetry().alerts())
    if (event.state == sim::AlertState::Firing &&
        seed().scenario->world.monitoring.rules[event.rule].severity == "critical")
      return std::max(event.at, seed().scenario->world.timing.opensAt);
  return {-1};
}

sim::TimedAction after(std::int64_t minutes, sim::Verb verb, std::string target,
                       std::string text = {}) {
  return {
      page() + base::minutes(minutes), "trainee", {verb, std::move(target), std::move(text), {}}};
}

std::string status() {
  return "We are looking into it.";
}

TEST(ScoreCoordination, NothingSaidNothingEarned) {
  EXPECT_EQ(points(grade({}, "10:30:00"), "coordination"), 0);
}

TEST(ScoreCoordination, Acknowledging) {
  const std::string alert = "WebsiteLatencyHigh";
  EXPECT_EQ(points(grade({after(1, sim::Verb::Acknowledge, alert)}, "10:30:00"),
                   "coordination.acknowledge"),
            2);
  EXPECT_EQ(points(grade({after(7, sim::Verb::Acknowledge, alert)}, "10:30:00"),
                   "coordination.acknowledge"),
            1);
}

TEST(ScoreCoordination, TheRightTeamInTime) {
  const auto paged = [](std::int64_t minutes, const std::string& person) {
    return points(grade({after(minutes, sim::Verb::Page, person)}, "11:30:00"),
                  "coordination.team");
  };
  EXPECT_EQ(paged(10, "dba"), 3);
  EXPECT_EQ(paged(40, "dba"), 1);
  EXPECT_EQ(paged(60, "dba"), 0);
  EXPECT_EQ(paged(10, "netops"), 0);
}

TEST(ScoreCoordination, MessagesAndTheirCadence) {
  const auto told = [](std::initializer_list<std::int64_t> minutes) {
    Script script;
    for (const std::int64_t m : minutes)
      script.push_back(after(m, sim::Verb::Status, "investigating", status()));
    const base::SimTime last = script.back().at;
    script.push_back(
        {last + base::minutes(1), "trainee", {sim::Verb::Status, "resolved", status(), {}}});
    return grade(script, "12:00:00");
  };
  EXPECT_EQ(points(told({2, 20, 38}), "coordination.first-message"), 2);
  EXPECT_EQ(points(told({2, 20, 38}), "coordination.cadence"), 2);
  EXPECT_EQ(points(told({8, 20, 55}), "coordination.first-message"), 1);
  EXPECT_EQ(points(told({8, 20, 55}), "coordination.cadence"), 1);
  EXPECT_EQ(points(told({15, 40, 75}), "coordination.first-message"), 0);
  EXPECT_EQ(points(told({15, 40, 75}), "coordination.cadence"), 0);
}

TEST(ScoreCoordination, ClosingWithASummary) {
  const auto closed = [](const std::string& at, const std::string& text) {
    return points(grade(joined({repair(), {step(at, sim::Verb::Close, {}, text)}})),
                  "coordination.close");
  };
  EXPECT_EQ(closed("10:40:00", "Setting corrected and restarted"), 1);
  EXPECT_EQ(closed("10:40:00", "done"), 0);
  EXPECT_EQ(closed("10:10:30", "Setting corrected and restarted"), 0);
}

}  // namespace
