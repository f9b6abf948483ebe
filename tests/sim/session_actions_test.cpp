// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/session_actions.h"

#include <gtest/gtest.h>

#include "world_fixture.h"
#include "world_log.h"

namespace {

sim::Action session(std::uint32_t pid, const std::string& what,
                    std::map<std::string, std::string> fields = {}) {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(pid);
  action.text = what;
  action.fields = std::move(fields);
  return action;
}

// A world whose server has no visitors, so that slots are free.
struct SessionActions : testing::Test {
  SessionActions() : world(worldtest::quiet()) {}

  bool open(std::uint32_t pid, const std::string& role = "postgres") {
    return does(session(pid, "open", {{"role", role}, {"database", "postgres"}}));
  }
  bool does(const sim::Action& action) { return world.apply(action, "test", telemetry).accepted; }
  [[nodiscard]] const sim::Postgres& server() const { return world.postgres(); }

  sim::World world;
  sim::Telemetry telemetry;
};

}  // namespace

TEST_F(SessionActions, ComeAndGo) {
  EXPECT_TRUE(open(5000));
  EXPECT_FALSE(open(5000)) << "the pid is taken";
  EXPECT_FALSE(open(5001, "nobody"));
  ASSERT_NE(sim::findSession(server(), 5000), nullptr);
  EXPECT_EQ(sim::findSession(server(), 5000)->state, sim::SessionState::Idle);
  EXPECT_TRUE(does(session(5000, "close")));
  EXPECT_EQ(sim::findSession(server(), 5000), nullptr);
  EXPECT_FALSE(does(session(5000, "active", {{"query", "select 1"}})));
}

TEST_F(SessionActions, SlotsRunOutForOrdinaryRolesFirst) {
  const std::int32_t most = server().values.maxConnections;
  const std::int32_t free = most - server().values.reservedConnections - sim::slotsInUse(server());
  const std::string role = world.spec().database.user;
  std::uint32_t pid = 9000;
  for (std::int32_t i = 0; i < free; ++i) ASSERT_TRUE(open(pid++, role));
  const auto refusal =
      sim::turnedAway(world.spec(), server(), {role, "postgres", {}, {}, sim::SessionKind::Client});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->text,
            "remaining connection slots are reserved for non-replication superuser connections");
  for (std::int32_t i = 0; i < server().values.reservedConnections; ++i) ASSERT_TRUE(open(pid++));
  EXPECT_FALSE(open(pid));
  EXPECT_EQ(sim::turnedAway(world.spec(), server(),
                            {"postgres", "postgres", {}, {}, sim::SessionKind::Client})
                ->text,
            "sorry, too many clients already");
}

TEST_F(SessionActions, RolesHaveLimitsOfTheirOwn) {
  sim::Action role;
  role.verb = sim::Verb::Role;
  role.target = "lim";
  role.fields = {{"limit", "1"}};
  ASSERT_TRUE(does(role));
  EXPECT_TRUE(open(5000, "lim"));
  EXPECT_EQ(
      sim::turnedAway(world.spec(), server(), {"lim", "postgres", {}, {}, sim::SessionKind::Client})
          ->text,
      "too many connections for role \"lim\"");
  role.fields = {{"login", "no"}};
  ASSERT_TRUE(does(role));
  EXPECT_EQ(
      sim::turnedAway(world.spec(), server(), {"lim", "postgres", {}, {}, sim::SessionKind::Client})
          ->text,
      "role \"lim\" is not permitted to log in");
}

TEST_F(SessionActions, IdleTransactionsAreEndedInTime) {
  ASSERT_TRUE(open(5000));
  ASSERT_TRUE(does(session(5000, "active", {{"query", "begin"}})));
  ASSERT_TRUE(
      does(session(5000, "idle", {{"transaction", "open"}, {"transaction-timeout", "2500"}})));
  EXPECT_EQ(sim::findSession(server(), 5000)->stateAt(world.now().ms),
            sim::SessionState::IdleInTransaction);
  world.advanceTo(world.now() + base::seconds(2), telemetry);
  EXPECT_NE(sim::findSession(server(), 5000), nullptr);
  world.advanceTo(world.now() + base::seconds(1), telemetry);
  EXPECT_EQ(sim::findSession(server(), 5000), nullptr);
  ASSERT_NE(sim::findFarewell(server(), 5000), nullptr);
  EXPECT_EQ(sim::findFarewell(server(), 5000)->words,
            "FATAL:  terminating connection due to idle-in-transaction timeout");
}

TEST_F(SessionActions, LocksExcludeEachOtherUntilTheTransactionEnds) {
  ASSERT_TRUE(open(5000));
  ASSERT_TRUE(open(5001));
  const std::string strongest = "7", weakest = "0";
  ASSERT_TRUE(does(session(5000, "active", {{"query", "lock table t"}})));
  ASSERT_TRUE(does(session(5000, "lock", {{"relation", "16400"}, {"mode", strongest}})));
  EXPECT_FALSE(does(session(5001, "lock", {{"relation", "16400"}, {"mode", weakest}})));
  EXPECT_TRUE(does(session(5001, "lock", {{"relation", "16401"}, {"mode", weakest}})));
  ASSERT_TRUE(does(session(5000, "idle", {{"transaction", "open"}})));
  EXPECT_FALSE(does(session(5001, "lock", {{"relation", "16400"}, {"mode", weakest}})));
  ASSERT_TRUE(does(session(5000, "idle", {{"transaction", "none"}})));
  EXPECT_TRUE(does(session(5001, "lock", {{"relation", "16400"}, {"mode", weakest}})));
}

TEST(LockModes, ConflictAsInTheManual) {
  using enum sim::LockMode;
  EXPECT_FALSE(sim::locksConflict(AccessShare, Exclusive));
  EXPECT_TRUE(sim::locksConflict(AccessShare, AccessExclusive));
  EXPECT_FALSE(sim::locksConflict(RowExclusive, RowExclusive));
  EXPECT_TRUE(sim::locksConflict(RowExclusive, Share));
  EXPECT_FALSE(sim::locksConflict(Share, Share));
  EXPECT_TRUE(sim::locksConflict(ShareUpdateExclusive, ShareUpdateExclusive));
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      EXPECT_EQ(sim::locksConflict(static_cast<sim::LockMode>(a), static_cast<sim::LockMode>(b)),
                sim::locksConflict(static_cast<sim::LockMode>(b), static_cast<sim::LockMode>(a)));
    }
  }
}

TEST_F(SessionActions, AKilledSessionTakesTheOthersAlong) {
  ASSERT_TRUE(open(5000));
  ASSERT_TRUE(open(5001));
  sim::Action kill;
  kill.verb = sim::Verb::Signal;
  kill.target = "5000";
  kill.text = "KILL";
  ASSERT_TRUE(does(kill));
  EXPECT_TRUE(server().sessions.empty());
  EXPECT_EQ(server().life, sim::Life::Crashed);
  EXPECT_TRUE(sim::findFarewell(server(), 5000)->words.empty());
  EXPECT_TRUE(
      sim::findFarewell(server(), 5001)
          ->words.starts_with(
              "WARNING:  terminating connection because of crash of another server process"));
}
