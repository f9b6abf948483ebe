// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/score_facts.h"
#include "score_support.h"

namespace {

using namespace graded;

TEST(ScoreImpact, ScaleRunsFromIdleToTheExpert) {
  const drill::Run run = play(repair());
  const double lost = run.world().website().userMinutesLost;
  drill::Baseline baseline = seed().baseline;
  const auto impact = [&] { return points(drill::scoreOf(run, baseline), "impact"); };
  baseline.idleUserMinutes = lost * 2;
  baseline.parUserMinutes = lost;
  EXPECT_EQ(impact(), 10);
  baseline.parUserMinutes = 0;
  EXPECT_DOUBLE_EQ(impact(), 5);
  baseline.idleUserMinutes = lost;
  EXPECT_EQ(impact(), 0);
}

TEST(ScoreImpact, ClosingEarlyDoesNotStopTheCount) {
  const drill::Run run = play({step("10:30:00", sim::Verb::Close, {}, "too early by far")});
  EXPECT_EQ(run.now().ms, clock("10:30:00").ms);
  sim::World onward = play({}, "10:30:00").world();
  EXPECT_GE(drill::grading::lostByTheEnd(run.world()), run.world().website().userMinutesLost);
  EXPECT_EQ(drill::grading::lostByTheEnd(run.world()), drill::grading::lostByTheEnd(onward));
}

}  // namespace
