// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/world.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "world_fixture.h"

namespace {

using base::minutes;
using sim::Metric;

struct Day {
  explicit Day(const std::string& sharedBuffers, std::uint64_t seed = 1)
      : world(sim::Model::make(worldtest::spec(sharedBuffers)), seed) {}
  sim::World world;
  sim::Telemetry telemetry;
};

TEST(World, MemoryAddsUpToRamAtEveryTick) {
  Day day("44GB");
  while (day.world.now() < minutes(420)) {
    day.world.tick(day.telemetry);
    ASSERT_EQ(day.world.host().memory.sum(), day.world.spec().host.ramBytes)
        << base::clockText(day.world.unixMs());
    const sim::Memory& m = day.world.host().memory;
    for (const std::int64_t part : {m.kernel, m.anon, m.shmem, m.pageTables, m.pageCache, m.free}) {
      ASSERT_GE(part, 0);
    }
  }
}

TEST(World, RequestsAndConnectionsBalanceAtEveryTick) {
  Day day("44GB");
  std::int64_t served = 0;
  std::int64_t failed = 0;
  while (day.world.now() < minutes(420)) {
    day.world.tick(day.telemetry);
    const sim::Website& site = day.world.website();
    ASSERT_EQ(site.arrived, site.served + site.failed + site.waiting);
    ASSERT_GE(site.served, served);
    ASSERT_GE(site.failed, failed);
    ASSERT_GE(site.waiting, 0);
    // The integers follow the flow: what waits is what the stations hold, to a request or two.
    ASSERT_NEAR(static_cast<double>(site.waiting), site.flow.inSystem, 3.0);
    served = site.served;
    failed = site.failed;
    const sim::Postgres& server = day.world.postgres();
    ASSERT_LE(server.active, server.connections());
    ASSERT_LE(server.connections(),
              server.values.maxConnections - server.values.reservedConnections);
    if (!server.accepts()) {
      ASSERT_EQ(server.connections(), 0);
    }
  }
}

TEST(World, TheBadSettingKillsTheServerMoreThanOnce) {
  Day day("44GB");
  day.world.advanceTo(minutes(420), day.telemetry);
  EXPECT_GE(day.world.host().oomKills, 2);
  EXPECT_GT(day.world.website().userMinutesLost, 1000);
}

TEST(World, WithoutTheBadSettingTheDayIsQuiet) {
  Day day("16GB");
  day.world.advanceTo(minutes(480), day.telemetry);
  EXPECT_EQ(day.world.host().oomKills, 0);
  EXPECT_TRUE(day.telemetry.alerts().empty());
  EXPECT_EQ(day.world.website().firstHurtMs, -1);
  EXPECT_EQ(day.world.website().failed, 0);
}

TEST(World, AnotherBadValueGivesAnotherDay) {
  Day day("44GB");
  Day other("40GB");
  day.world.advanceTo(minutes(420), day.telemetry);
  other.world.advanceTo(minutes(420), other.telemetry);
  EXPECT_NE(day.telemetry.fingerprint(), other.telemetry.fingerprint());
  EXPECT_NE(day.world.website().userMinutesLost, other.world.website().userMinutesLost);
}

TEST(World, SameSeedGivesTheSameBitsAndAnotherSeedDoesNot) {
  Day first("44GB", 7);
  first.world.advanceTo(minutes(360), first.telemetry);
  for (int i = 0; i < 3; ++i) {
    Day again("44GB", 7);
    again.world.advanceTo(minutes(360), again.telemetry);
    EXPECT_EQ(first.world.fingerprint(), again.world.fingerprint());
    EXPECT_EQ(first.telemetry.fingerprint(), again.telemetry.fingerprint());
  }
  Day other("44GB", 8);
  other.world.advanceTo(minutes(360), other.telemetry);
  EXPECT_NE(first.telemetry.fingerprint(), other.telemetry.fingerprint());
}

TEST(World, ACopyGoesItsOwnWayFromTheSameState) {
  Day day("44GB");
  day.world.advanceTo(minutes(310), day.telemetry);
  sim::World branch = day.world;
  sim::Telemetry branchTelemetry = day.telemetry;
  EXPECT_EQ(branch.fingerprint(), day.world.fingerprint());
  day.world.advanceTo(minutes(330), day.telemetry);
  branch.advanceTo(minutes(330), branchTelemetry);
  EXPECT_EQ(branch.fingerprint(), day.world.fingerprint());
  EXPECT_EQ(branchTelemetry.fingerprint(), day.telemetry.fingerprint());
}

TEST(World, CheckingAnActionChangesNothing) {
  Day day("44GB");
  day.world.advanceTo(minutes(300), day.telemetry);
  const std::uint64_t before = day.world.fingerprint();
  for (int verb = 0; verb < static_cast<int>(sim::Verb::Count); ++verb) {
    (void)day.world.check({static_cast<sim::Verb>(verb), "fast", "8GB", {}}, "trainee");
  }
  EXPECT_EQ(day.world.fingerprint(), before);
}

TEST(World, TheFixHoldsOnlyAfterARestart) {
  Day day("44GB");
  day.world.advanceTo(minutes(300), day.telemetry);
  const sim::Action edit{
      sim::Verb::EditFile,
      day.world.spec().database.configFile,
      "shared_buffers = 16GB\nmax_connections = 300\nwork_mem = 16MB\nmax_wal_size = 8GB\n",
      {}};
  ASSERT_TRUE(day.world.apply(edit, "trainee", day.telemetry).accepted);
  ASSERT_TRUE(day.world.apply({sim::Verb::Reload, "", "", {}}, "trainee", day.telemetry).accepted);
  EXPECT_EQ(day.world.postgres().values.sharedBuffersBytes, 44LL << 30);
  ASSERT_TRUE(
      day.world.apply({sim::Verb::Restart, "fast", "", {}}, "trainee", day.telemetry).accepted);
  day.world.advanceTo(minutes(320), day.telemetry);
  EXPECT_EQ(day.world.postgres().values.sharedBuffersBytes, 16LL << 30);
  const std::int64_t kills = day.world.host().oomKills;
  day.world.advanceTo(minutes(480), day.telemetry);
  EXPECT_EQ(day.world.host().oomKills, kills);
  EXPECT_GE(day.world.website().healthySinceMs, 0);
}

}  // namespace
