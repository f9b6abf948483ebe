// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever changes the state changes its fingerprint, and what does not, does not.
#include <gtest/gtest.h>

#include <set>

#include "world_log.h"

namespace {

using base::minutes;
using sim::Verb;

std::shared_ptr<const sim::Model> model() {
  static const auto made = [] {
    sim::WorldSpec spec = worldtest::spec("44GB");
    spec.monitoring.rules[0].condition = {sim::Metric::PgUp, std::nullopt, 0, ">=", 0};
    return sim::Model::make(spec);
  }();
  return made;
}

sim::World opened(std::uint64_t seed = 1) {
  sim::World world(model(), seed);
  sim::Telemetry unread(sim::Detail::Summary);
  world.advanceTo(minutes(300), unread);
  return world;
}

}  // namespace

TEST(WorldFingerprint, EveryTickChangesIt) {
  sim::World world(model(), 1);
  sim::Telemetry unread(sim::Detail::Summary);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 3000; ++i) {
    seen.insert(world.fingerprint());
    world.tick(unread);
  }
  EXPECT_EQ(seen.size(), 3000u);
}

TEST(WorldFingerprint, SeedsDifferFromTheStart) {
  EXPECT_NE(sim::World(model(), 1).fingerprint(), sim::World(model(), 2).fingerprint());
  EXPECT_EQ(sim::World(model(), 1).fingerprint(), sim::World(model(), 1).fingerprint());
}

TEST(WorldFingerprint, EveryActionLeavesItsMark) {
  const sim::World before = opened();
  const std::string pid = std::to_string(before.postgres().cohorts[0].firstPid);
  const std::string file = before.spec().database.configFile;
  const std::vector<sim::Action> actions = {
      {Verb::Acknowledge, "WebsiteLatencyHigh", "", {}},
      {Verb::Declare, "sev1", "", {}},
      {Verb::Declare, "sev2", "", {}},
      {Verb::Page, "dba", "", {}},
      {Verb::Ask, "dba", "look", {}},
      {Verb::Status, "investigating", "one", {}},
      {Verb::Status, "investigating", "two", {}},
      {Verb::Status, "identified", "one", {}},
      {Verb::EditFile, file, "shared_buffers = 16GB\n", {}},
      {Verb::EditFile, file, "shared_buffers = 17GB\n", {}},
      {Verb::AlterSystem, "work_mem", "8MB", {}},
      {Verb::Restart, "fast", "", {}},
      {Verb::Restart, "fast", "", {{"options", "-c work_mem=8MB"}}},
      {Verb::Restart, "immediate", "", {}},
      {Verb::Stop, "fast", "", {}},
      {Verb::Stop, "smart", "", {}},
      {Verb::Stop, "immediate", "", {}},
      {Verb::Signal, pid, "TERM", {}},
      {Verb::Signal, pid, "KILL", {}},
      {Verb::Signal, std::to_string(before.postgres().postmasterPid), "KILL", {}},
      {Verb::Admit, "50", "", {}},
      {Verb::Admit, "51", "", {}},
      {Verb::AddSwap, "", "8GB", {}},
      {Verb::AddSwap, "", "9GB", {}},
      {Verb::Sysctl, "vm.swappiness", "1", {}},
      {Verb::Sysctl, "vm.swappiness", "10", {}},
      {Verb::Sysctl, "vm.overcommit_memory", "1", {}},
      {Verb::RequestChange, "shared_buffers", "16GB", {}},
      {Verb::RequestChange, "shared_buffers", "16GB", {{"impact", "x"}}},
      {Verb::RequestChange, "shared_buffers", "16GB", {{"rollback", "x"}}},
      {Verb::RequestChange, "shared_buffers", "16GB", {{"verification", "x"}}},
      {Verb::RequestChange, "shared_buffers", "16GB", {{"emergency", "yes"}}},
      {Verb::Close, "", "", {}},
  };
  std::set<std::uint64_t> seen{before.fingerprint()};
  for (const sim::Action& action : actions) {
    sim::World world = before;
    sim::Telemetry telemetry;
    ASSERT_TRUE(world.apply(action, "trainee", telemetry).accepted) << sim::verbName(action.verb);
    EXPECT_TRUE(seen.insert(world.fingerprint()).second)
        << sim::verbName(action.verb) << " " << action.target << " " << action.text;
    // Who did it is part of the state where it is kept.
    if (action.verb == Verb::Status || action.verb == Verb::EditFile ||
        action.verb == Verb::RequestChange) {
      sim::World another = before;
      ASSERT_TRUE(another.apply(action, "somebody", telemetry).accepted);
      EXPECT_NE(another.fingerprint(), world.fingerprint()) << sim::verbName(action.verb);
    }
  }
}

TEST(WorldFingerprint, ActionsASecondApartDiffer) {
  sim::World early = opened();
  sim::World late = early;
  sim::Telemetry telemetry;
  const sim::Action close{Verb::Declare, "sev1", "", {}};
  ASSERT_TRUE(early.apply(close, "trainee", telemetry).accepted);
  early.tick(telemetry);
  late.tick(telemetry);
  ASSERT_TRUE(late.apply(close, "trainee", telemetry).accepted);
  EXPECT_NE(early.fingerprint(), late.fingerprint());
}

TEST(WorldFingerprint, EqualityIsThatOfTheStateUnderOneModel) {
  const sim::World world = opened();
  sim::World copy = world;
  EXPECT_TRUE(copy == world);
  sim::Telemetry telemetry;
  copy.tick(telemetry);
  EXPECT_FALSE(copy == world);
  EXPECT_FALSE(world == world.under(sim::Model::make(world.spec())));
}
