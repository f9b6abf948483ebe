// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

// The repair with the paper it needs: nothing to complain about.
Script clean() {
  return joined({{step("10:04:00", sim::Verb::RequestChange, "shared_buffers", "16GB",
                       {{"impact", "x"}, {"rollback", "x"}, {"emergency", "yes"}})},
                 repair()});
}

TEST(ScoreSafety, CleanRecoveryIsFull) {
  const drill::Score score = grade(clean(), "10:40:00");
  EXPECT_EQ(points(score, "safety"), 10);
  EXPECT_EQ(entries(score, "safety.recovery"), std::vector<std::size_t>{3});
}

TEST(ScoreSafety, WhoDidNothingWasNotSafe) {
  EXPECT_EQ(points(grade({}), "safety"), 0);
}

TEST(ScoreSafety, FirstMinorSlipIsFreeTheSecondCosts) {
  const drill::Score one = grade(repair(), "10:40:00");
  EXPECT_EQ(points(one, "safety.edit-without-request"), 0);
  EXPECT_EQ(points(one, "safety"), 10);
  const drill::Score two =
      grade(joined({repair(), {step("10:20:00", sim::Verb::AddSwap, {}, "8GB")}}), "10:40:00");
  EXPECT_EQ(points(two, "safety.swap-added"), -2);
  EXPECT_EQ(points(two, "safety"), 8);
}

TEST(ScoreSafety, KillNineIsMajor) {
  const std::uint32_t pid = play({}, "10:02:00").world().postgres().cohorts[0].firstPid;
  const drill::Score score =
      grade(joined({{step("10:02:00", sim::Verb::Signal, std::to_string(pid), "KILL")}, clean()}),
            "10:40:00");
  EXPECT_EQ(points(score, "safety.kill-9"), -5);
}

TEST(ScoreSafety, RaisedLimitsAndSeveralChangesAtOnce) {
  const drill::Score score =
      grade(joined({clean(), {step("10:05:10", sim::Verb::AlterSystem, "work_mem", "64MB")}}),
            "10:40:00");
  EXPECT_NE(points(score, "safety.limit-raised"), -99);
  EXPECT_NE(points(score, "safety.several-changes"), -99);
  // Three minor slips with the missing request for work_mem: the first is free.
  EXPECT_EQ(points(score, "safety"), points(score, "safety.recovery") - 4);
}

TEST(ScoreSafety, AStartThatFailsIsASecondOutage) {
  const drill::Score score =
      grade({step("10:05:00", sim::Verb::EditFile, configFile(), fileWith("440GB")),
             step("10:06:00", sim::Verb::Restart, "fast")},
            "10:30:00");
  EXPECT_EQ(points(score, "safety.second-outage"), -10);
  EXPECT_LE(score.total, 59);
  const auto capped = [](const std::string& cap) {
    return cap.starts_with("severe trap, 59 at most");
  };
  EXPECT_TRUE(std::any_of(score.caps.begin(), score.caps.end(), capped));
}

TEST(ScoreSafety, SwitchingDurabilityOffIsSevere) {
  const drill::Score score = grade(
      joined({clean(), {step("10:04:30", sim::Verb::AlterSystem, "fsync", "off")}}), "10:40:00");
  EXPECT_EQ(points(score, "safety.data-loss"), -10);
  EXPECT_LE(score.total, 59);
}

TEST(ScoreSafety, RestartWithoutAChange) {
  const drill::Score score = grade({step("10:05:00", sim::Verb::Restart, "fast"),
                                    step("10:12:00", sim::Verb::Restart, "immediate")},
                                   "10:14:00");
  EXPECT_EQ(points(score, "safety.restart-without-change"), -2);
  EXPECT_EQ(points(score, "safety.immediate-stop"), -2);
}

}  // namespace
