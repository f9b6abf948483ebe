// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "drill/proof.h"
#include "score_support.h"

namespace {

using namespace graded;

TEST(RandomActions, SameSeedSameActions) {
  EXPECT_EQ(drill::randomActions(*seed().scenario, 7), drill::randomActions(*seed().scenario, 7));
  EXPECT_NE(drill::randomActions(*seed().scenario, 7), drill::randomActions(*seed().scenario, 8));
}

TEST(RandomActions, AscendingWithinTheExerciseAndOfAllKinds) {
  const sim::TimingSpec& timing = seed().scenario->world.timing;
  std::set<sim::Verb> verbs;
  for (std::uint64_t bot = 0; bot < 20; ++bot) {
    base::SimTime before = timing.opensAt;
    for (const sim::TimedAction& timed : drill::randomActions(*seed().scenario, bot)) {
      EXPECT_GE(timed.at, before);
      EXPECT_LT(timed.at, timing.endsAt);
      EXPECT_EQ(timed.who, "trainee");
      before = timed.at;
      verbs.insert(timed.action.verb);
    }
  }
  EXPECT_GE(verbs.size(), 20U);
}

TEST(RandomActions, MostAreAccepted) {
  std::size_t all = 0, accepted = 0;
  for (std::uint64_t bot = 0; bot < 5; ++bot) {
    const drill::Run run = play(drill::randomActions(*seed().scenario, bot));
    for (const drill::Entry& entry : run.journal()) {
      ++all;
      if (entry.outcome.accepted) ++accepted;
    }
  }
  EXPECT_GT(accepted * 2, all);
}

}  // namespace
