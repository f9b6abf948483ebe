// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/reader.h"

#include <gtest/gtest.h>

#include "scenario_files.h"

namespace {

using scenario::Reading;

TEST(Reader, ReadsTheSeedScenario) {
  const Reading reading = scenario::readScenarioFile(kSeedFile, testCatalogue());
  for (const scenario::Problem& problem : reading.problems) ADD_FAILURE() << problem.text();
  ASSERT_NE(reading.scenario, nullptr);
  const scenario::Scenario& seed = *reading.scenario;
  EXPECT_EQ(seed.id, "2024-05-07-main-database");
  EXPECT_EQ(base::isoText(seed.world.timing.startUnixMs), "2024-05-07T05:00:00.000Z");
  EXPECT_EQ(seed.world.timing.opensAt, base::minutes(298));
  EXPECT_EQ(seed.world.host.ramBytes, 64LL << 30);
  EXPECT_EQ(seed.world.monitoring.rules.size(), 6u);
  EXPECT_EQ(seed.hash.size(), 64u);
}

}  // namespace
