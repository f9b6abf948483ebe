// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/debrief.h"

#include "score_support.h"

namespace {

using namespace graded;
using Lane = drill::TimelineEvent::Lane;

TEST(Debrief, TimelineHasFourLanesInOrder) {
  const drill::Debrief debrief =
      drill::debriefOf(play(joined({thoroughLook(), repair()}), "11:00:00"));
  std::map<Lane, int> lanes;
  base::SimTime before{-1'000'000'000};
  for (const drill::TimelineEvent& event : debrief.timeline) {
    EXPECT_GE(event.at, before);
    EXPECT_FALSE(event.text.empty());
    before = event.at;
    ++lanes[event.lane];
  }
  EXPECT_EQ(lanes[Lane::You], 5);  // looking is not an event
  EXPECT_GT(lanes[Lane::History], 20);
  EXPECT_GT(lanes[Lane::Expert], 20);
  EXPECT_GT(lanes[Lane::World], 2);
}

TEST(Debrief, MinutesAddUpToWhatWasLost) {
  const drill::Run run = play({}, "11:00:00");
  const drill::Debrief debrief = drill::debriefOf(run);
  EXPECT_EQ(debrief.userMinutesPerMinute.size(), 62U);  // 09:58 to 11:00
  double sum = 0;
  for (const double minute : debrief.userMinutesPerMinute) sum += minute;
  const double before = play({}, "09:58:00").world().website().userMinutesLost;
  EXPECT_NEAR(sum + before, run.world().website().userMinutesLost, 1 + sum * 1e-4);
  EXPECT_EQ(debrief.impact.userMinutesLost, run.world().website().userMinutesLost);
}

TEST(Debrief, ChainSaysWhatWasSeenAndWhen) {
  const drill::Debrief debrief = drill::debriefOf(play({look("10:12:00", "changes")}, "10:13:00"));
  ASSERT_EQ(debrief.chain.size(), 4U);
  EXPECT_TRUE(debrief.chain[0].ends_with("not seen")) << debrief.chain[0];
  EXPECT_NE(debrief.chain[3].find("seen at 10:12:00"), std::string::npos) << debrief.chain[3];
}

TEST(Debrief, MissingMemoryRuleWouldHaveSpokenFirst) {
  sim::AlertRule rule;
  rule.name = "HostOutOfMemory";
  rule.condition.metric = sim::Metric::NodeMemAvailable;
  rule.condition.per = sim::Metric::NodeMemTotal;
  rule.condition.op = "<";
  rule.condition.threshold = 0.10;
  rule.forSeconds = 120;
  const drill::RuleReplay replay = drill::replayRule(seed().scenario, 1, rule);
  EXPECT_TRUE(replay.fires);
  EXPECT_GT(replay.minutesEarlier, 0);
  EXPECT_EQ(replay.falseAlarmsOnQuietDay, 0);
}

TEST(Debrief, RuleThatAlwaysFiresIsAFalseAlarm) {
  sim::AlertRule rule;
  rule.name = "Always";
  rule.condition.metric = sim::Metric::NodeMemTotal;
  rule.condition.op = ">";
  const drill::RuleReplay replay = drill::replayRule(seed().scenario, 1, rule);
  EXPECT_TRUE(replay.fires);
  EXPECT_GE(replay.falseAlarmsOnQuietDay, 1);
}

}  // namespace
