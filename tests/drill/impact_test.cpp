// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

TEST(Impact, ReadFromTheWorldAlone) {
  const drill::Run run = playList("history");
  const drill::Impact impact = drill::impactOf(run, seed().baseline);
  const sim::Website& website = run.world().website();
  EXPECT_EQ(impact.userMinutesLost, website.userMinutesLost);
  EXPECT_EQ(impact.idleUserMinutesLost, seed().baseline.idleUserMinutes);
  EXPECT_EQ(impact.firstHurt.ms, website.firstHurtMs);
  EXPECT_EQ(impact.oomKills, run.world().host().oomKills);
  EXPECT_DOUBLE_EQ(impact.downtimeMinutes, static_cast<double>(website.objectiveMissedMs) / 60'000);
  EXPECT_GT(impact.recoveredAt, impact.firstHurt);
}

TEST(Impact, NotRecoveredWhileItHurts) {
  const drill::Run run = play({}, "10:05:00");
  ASSERT_GE(drill::impactOf(run, {}).firstHurt.ms, 0);
  const drill::Run stopped = play({step("10:05:00", sim::Verb::Stop, "fast")}, "10:30:00");
  EXPECT_EQ(drill::impactOf(stopped, {}).recoveredAt.ms, -1);
}

TEST(Impact, BaselineIdleIsWorseThanTheExpert) {
  EXPECT_GT(seed().baseline.idleUserMinutes, 2 * seed().baseline.parUserMinutes);
  EXPECT_GT(seed().baseline.parUserMinutes, 0);
}

TEST(Impact, MilestonesOfHistory) {
  for (const drill::MilestoneResult& milestone : drill::milestonesOf(playList("history")))
    EXPECT_TRUE(milestone.met) << milestone.title << ": "
                               << milestone.got.ms - milestone.expected.ms << " ms off";
}

TEST(Impact, MilestonesThatDidNotHappen) {
  int actions = 0;
  for (const drill::MilestoneResult& milestone : drill::milestonesOf(play({})))
    if (milestone.got.ms < 0) ++actions;
  EXPECT_GE(actions, 5);  // network team, network cleared, log read, database team, file corrected
}

}  // namespace
