// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/client_load.h"

#include <gtest/gtest.h>

#include "sim/session_actions.h"
#include "world_fixture.h"

namespace {

sim::ScriptDemand reading() {
  sim::ScriptDemand demand;
  demand.cpuSeconds = 1e-4;
  demand.hotAccesses = 1;
  sim::PageAccess heap;
  heap.pages = 10'000;
  heap.keys = 610'000;
  heap.perTransaction = 1;
  demand.pages = {heap};
  demand.tables = 1;
  return demand;
}

sim::ScriptDemand writing() {
  sim::ScriptDemand demand = reading();
  demand.pages[0].dirtied = 1;
  demand.walBytes = 500;
  demand.commits = 1;
  return demand;
}

sim::Action start(const sim::ScriptDemand& demand, const char* clients, const char* ms) {
  sim::Action action;
  action.verb = sim::Verb::Load;
  action.text = sim::demandText(demand);
  action.fields = {{"clients", clients}, {"threads", clients},     {"milliseconds", ms},
                   {"user", "postgres"}, {"database", "postgres"}, {"application", "pgbench"}};
  return action;
}

struct Loaded {
  sim::World world = worldtest::quiet();
  sim::Telemetry telemetry;
  Loaded() { world.advanceTo(base::seconds(60), telemetry); }
  sim::Outcome run(const sim::ScriptDemand& demand, const char* clients, const char* ms,
                   const char* rate = nullptr) {
    sim::Action action = start(demand, clients, ms);
    if (rate != nullptr) action.fields["rate"] = rate;
    return world.apply(action, "trainee", telemetry);
  }
  const sim::ClientLoad& load() const { return world.postgres().loads.back(); }
  void wait(int seconds) { world.advanceTo(world.now() + base::seconds(seconds), telemetry); }
};

}  // namespace

TEST(ClientLoad, DemandsAsTextAndBack) {
  const sim::ScriptDemand demand = writing();
  EXPECT_EQ(sim::demandFrom(sim::demandText(demand)), demand);
  for (const char* wrong : {"", "demand", "demand 1 2 3", "pages 0 1 1 1 1 1 1 1",
                            "demand 0 0 0 0 0 0 0 0 0 0 0", "demand -1 0 0 0 0 0 0 0 0 0 0",
                            "demand 1e99 0 0 0 0 0 0 0 0 0 0", "demand nan 0 0 0 0 0 0 0 0 0 0"}) {
    EXPECT_FALSE(sim::demandFrom(wrong)) << wrong;
  }
}

TEST(ClientLoad, RunsForItsTimeAndCountsWhatItDid) {
  Loaded l;
  const double before = l.world.postgres().commits;
  ASSERT_TRUE(l.run(reading(), "8", "20000").accepted);
  EXPECT_EQ(l.load().alive, 8);
  EXPECT_EQ(l.world.postgres().sessions.size(), 8u);
  l.wait(10);
  EXPECT_TRUE(l.load().runs());
  EXPECT_GT(l.load().cpuBusy, 1);
  l.wait(15);
  EXPECT_FALSE(l.load().runs());
  EXPECT_TRUE(l.world.postgres().sessions.empty());
  EXPECT_NEAR(l.load().seconds, 20, 1e-9);
  EXPECT_GT(l.load().transactions, 20'000);
  EXPECT_GE(l.world.postgres().commits - before, l.load().transactions);
  // Little's law: each of the clients has a transaction under way all the time.
  EXPECT_NEAR(l.load().latencySum, 8 * 20, 0.01);
}

TEST(ClientLoad, MoreClientsAddThroughputUntilTheCoresAreBusyThenOnlyLatency) {
  double before = 0, latencyBefore = 0;
  for (const char* clients : {"1", "2", "4", "8"}) {
    Loaded l;
    ASSERT_TRUE(l.run(reading(), clients, "10000").accepted);
    l.wait(12);
    const double latency = l.load().latencySum / l.load().transactions;
    EXPECT_GT(l.load().transactions, before);
    EXPECT_GE(latency, latencyBefore);
    before = l.load().transactions;
    latencyBefore = latency;
  }
}

TEST(ClientLoad, AnOfferedRateIsMetOrLeavesALag) {
  Loaded l;
  ASSERT_TRUE(l.run(reading(), "8", "10000", "1000000").accepted);  // 1000 per second
  l.wait(12);
  EXPECT_NEAR(l.load().transactions, 10'000, 1);
  EXPECT_EQ(l.load().lagSum, 0);
  Loaded flooded;
  ASSERT_TRUE(flooded.run(reading(), "8", "10000", "10000000000").accepted);
  flooded.wait(12);
  EXPECT_GT(flooded.load().lagSum / flooded.load().transactions, 1);
}

TEST(ClientLoad, ThePoolFillsAndHitsFollow) {
  Loaded l;
  ASSERT_TRUE(l.run(reading(), "4", "100000").accepted);
  l.wait(1);
  const double early = l.world.postgres().blocksRead;
  l.wait(60);
  const double late = l.world.postgres().blocksRead;
  l.wait(1);
  EXPECT_GT(early, 100);
  EXPECT_LT(l.world.postgres().blocksRead - late, early / 10);
  EXPECT_GT(l.world.postgres().relationPages, 9'900);
}

TEST(ClientLoad, PageImagesAreWrittenOnceAfterACheckpoint) {
  Loaded l;
  ASSERT_TRUE(l.run(writing(), "4", "200000").accepted);
  l.wait(3);
  const double first = l.world.postgres().walImages;
  EXPECT_GT(first, 1000);
  l.wait(100);
  const double full = l.world.postgres().walImages;
  l.wait(3);
  EXPECT_LT(l.world.postgres().walImages - full, first / 10);
}

TEST(ClientLoad, MemoryOfItsBackendsIsTheHosts) {
  Loaded l;
  const std::int64_t before = l.world.host().memory.anon;
  sim::ScriptDemand demand = reading();
  demand.peakBytes = 50e6;
  ASSERT_TRUE(l.run(demand, "10", "60000").accepted);
  l.wait(5);
  EXPECT_GT(l.world.host().memory.anon - before, std::int64_t{300'000'000});
  EXPECT_EQ(l.world.host().memory.sum(), l.world.spec().host.ramBytes);
  l.wait(60);
  EXPECT_LT(l.world.host().memory.anon - before, std::int64_t{100'000'000});
}

TEST(ClientLoad, AStoppedServerAbortsIt) {
  Loaded l;
  ASSERT_TRUE(l.run(reading(), "4", "60000").accepted);
  l.wait(5);
  sim::Action stop;
  stop.verb = sim::Verb::Stop;
  stop.target = "immediate";
  ASSERT_TRUE(l.world.apply(stop, "trainee", l.telemetry).accepted);
  l.wait(2);
  EXPECT_TRUE(l.load().aborted);
  EXPECT_FALSE(l.run(reading(), "4", "60000").accepted);
}

TEST(ClientLoad, AClientThatIsTerminatedLeavesTheOthersAtWork) {
  Loaded l;
  ASSERT_TRUE(l.run(reading(), "4", "60000").accepted);
  l.wait(5);
  sim::Action signal;
  signal.verb = sim::Verb::Signal;
  signal.target = std::to_string(l.load().firstPid);
  signal.text = "TERM";
  ASSERT_TRUE(l.world.apply(signal, "trainee", l.telemetry).accepted);
  l.wait(2);
  EXPECT_EQ(l.load().alive, 3);
  EXPECT_TRUE(l.load().runs());
}

TEST(ClientLoad, StatementsShowNumbersOfTheirRanges) {
  Loaded l;
  sim::Action action = start(reading(), "1", "60000");
  action.fields["statements"] = "SELECT \u27e65,7\u27e7;\n";
  ASSERT_TRUE(l.world.apply(action, "trainee", l.telemetry).accepted);
  const sim::Postgres& server = l.world.postgres();
  const std::string query =
      sim::sessionQuery(server, server.sessions.at(0), l.world.seed(), l.world.now());
  EXPECT_TRUE(query == "SELECT 5;" || query == "SELECT 6;" || query == "SELECT 7;") << query;
}

TEST(ClientLoad, ThereAreOnlySoManySlots) {
  Loaded l;
  const sim::Outcome outcome = l.run(reading(), "100000", "60000");
  EXPECT_FALSE(outcome.accepted);
  EXPECT_EQ(outcome.text, "FATAL:  sorry, too many clients already");
}

TEST(ClientLoad, BackendsGrowWithTheTablesTheyTouch) {
  // Measured: 1.2, 2.0, 2.3, 3.8 and 9.1 MB after 1, 50, 100, 300 and 1000 tables.
  const std::pair<double, double> kMeasured[] = {{0, 1126},   {1, 1240},   {50, 1959},
                                                 {100, 2316}, {300, 3769}, {1000, 9130}};
  for (const auto& [tables, kb] : kMeasured) {
    EXPECT_NEAR(sim::backendBytes(tables) / 1024, kb, kb * 0.1) << tables;
  }
}
