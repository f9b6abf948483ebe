// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

Script closing() {
  return {step("10:40:00", sim::Verb::Close, {}, "Back to 16GB and restarted")};
}

TEST(ScoreFix, TheRightValueInTheFileHolds) {
  const drill::Score score = grade(joined({repair(), closing()}));
  EXPECT_EQ(points(score, "fix.holds"), 10);
  EXPECT_EQ(points(score, "fix.survives-restart"), 5);
  EXPECT_EQ(points(score, "fix.band"), 2.5);
  EXPECT_EQ(points(score, "fix.budget"), 2.5);
  EXPECT_EQ(entries(score, "fix.holds"), std::vector<std::size_t>{2});
}

TEST(ScoreFix, NothingDoneDoesNotHold) {
  EXPECT_EQ(points(grade({}), "fix"), 0);
}

TEST(ScoreFix, RestartAloneIsReliefNotProof) {
  const drill::Score score =
      grade({step("10:05:00", sim::Verb::Restart, "fast"),
             step("10:25:00", sim::Verb::Close, {}, "Restarted, works again")});
  EXPECT_EQ(points(score, "fix"), 0);
}

TEST(ScoreFix, RunningValueOnlyIsLostByARestart) {
  const drill::Score score = grade(
      {step("10:05:30", sim::Verb::Admit, "0"),
       step("10:06:00", sim::Verb::Restart, "fast", {}, {{"options", "-c shared_buffers=16GB"}}),
       step("10:09:00", sim::Verb::Admit, "50"), step("10:10:00", sim::Verb::Admit, "100")},
      "10:40:00");
  EXPECT_EQ(points(score, "fix.holds"), 10);
  EXPECT_EQ(points(score, "fix.survives-restart"), 0);
  EXPECT_EQ(points(score, "fix.band"), 0);
}

TEST(ScoreFix, EditedButNotRestartedOnlySurvives) {
  const drill::Score score =
      grade({step("10:05:00", sim::Verb::EditFile, configFile(), fileWith("16GB"))}, "11:00:00");
  EXPECT_EQ(points(score, "fix.holds"), 0);
  EXPECT_EQ(points(score, "fix.survives-restart"), 5);
}

TEST(ScoreFix, SmallPoolIsOutsideItsBand) {
  const drill::Score score = grade(repair("7GB"), "10:40:00");  // 11 % of RAM: amber
  EXPECT_EQ(points(score, "fix.band"), score.parts[2].items[0].points > 0 ? 1.25 : 0);
}

TEST(ScoreFix, ClosedBeforeRecoveryHeld) {
  const drill::Score score = grade(
      joined({repair(), {step("10:10:30", sim::Verb::Close, {}, "Back to 16GB and restarted")}}));
  EXPECT_EQ(points(score, "fix"), 0);
  EXPECT_EQ(points(score, "fix.closed-early"), -20);
  ASSERT_FALSE(score.caps.empty());
  EXPECT_EQ(score.caps.front(), "closed before recovery held: no fix points");
}

}  // namespace
