// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/proof.h"
#include "score_support.h"

namespace {

using namespace graded;

TEST(HealthyDay, ValueComesFromTheChangeAtFault) {
  EXPECT_EQ(drill::healthyValueOf(*seed().scenario), "16GB");
}

TEST(HealthyDay, FaultAndItsTracesAreGone) {
  const auto healthy = drill::healthyDay(*seed().scenario);
  for (const sim::ConfigFile& file : healthy->world.database.files)
    EXPECT_EQ(file.text.find("44GB"), std::string::npos);
  for (const sim::ConfigChange& change : healthy->world.database.changes) {
    EXPECT_NE(change.commit, "e07a4b9");
    EXPECT_EQ(change.diff.find("44GB"), std::string::npos);
  }
  EXPECT_EQ(healthy->world.database.changes.size() + 1,
            seed().scenario->world.database.changes.size());
  EXPECT_EQ(healthy->world.happenings.size(), seed().scenario->world.happenings.size());
}

TEST(HealthyDay, NobodyIsHurt) {
  drill::Run run(drill::healthyDay(*seed().scenario), {1, drill::Mode::Practice});
  run.advanceTo(run.scenario().world.timing.endsAt);
  EXPECT_EQ(run.world().website().firstHurtMs, -1);
  EXPECT_EQ(run.world().host().oomKills, 0);
}

}  // namespace
