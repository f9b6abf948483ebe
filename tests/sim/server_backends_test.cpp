// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_backends.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "world_log.h"

namespace {

using worldtest::Server;

constexpr double kGiB = 1024.0 * 1024 * 1024;

std::int32_t connect(Server& server, std::int32_t hosts, double seconds = 1) {
  auto c = server.context();
  return sim::connectHosts(c, hosts, seconds);
}

}  // namespace

// 44 GiB are 22528 regions of 2 MiB, each of which costs one page of 4 kB in every process: 88 MiB,
// times 200 backends.
TEST(ServerBackends, PageTablesOfTwoHundredBackendsThatTouchedEverything) {
  EXPECT_NEAR(200 * sim::pageTableBytes(1e9, 44 * kGiB) / kGiB, 17.1875, 1e-9);
}

TEST(ServerBackends, PageTablesGrowWithTheRegionsTouched) {
  EXPECT_EQ(sim::pageTableBytes(0, 44 * kGiB), 0);
  // Throwing n pages at random into r regions touches r (1 - exp(-n / r)) of them.
  EXPECT_NEAR(sim::pageTableBytes(22528, 44 * kGiB), 4096 * 22528 * (1 - std::exp(-1.0)), 1);
  EXPECT_EQ(sim::pageTableBytes(1e6, 1024), 4096);  // less than one region
}

TEST(ServerBackends, PoolsConnectAtTheirPaceAndLeaveWithTheirHost) {
  Server server;
  EXPECT_EQ(connect(server, 2), 0);
  EXPECT_EQ(server.postgres.connections(), 100);  // 2 x 50 in one second
  EXPECT_EQ(connect(server, 4, 0.3), 0);
  EXPECT_EQ(server.postgres.connections(), 130);
  EXPECT_EQ(connect(server, 4), 0);
  EXPECT_EQ(server.postgres.connections(), 200);
  EXPECT_EQ(connect(server, 1), 0);
  EXPECT_EQ(server.postgres.connections(), 50);
  EXPECT_EQ(server.postgres.cohorts[1].connections, 0);
}

TEST(ServerBackends, SlotsForSuperusersStayFree) {
  sim::WorldSpec spec = worldtest::spec("16GB");
  spec.database.files[0].text = "shared_buffers = 16GB\nmax_connections = 100\n";
  Server server(spec);
  EXPECT_GT(connect(server, 4, 60), 0);
  EXPECT_EQ(server.postgres.connections(), 97);
  EXPECT_GT(connect(server, 4), 0);
  EXPECT_EQ(connect(server, 1), 0);
}

TEST(ServerBackends, NobodyConnectsToAServerThatIsDown) {
  Server server;
  (void)connect(server, 2);
  auto c = server.context();
  sim::crashServer(c, {"server process", 1, "was terminated by signal 9: Killed", ""});
  EXPECT_EQ(connect(server, 2), 0);
  EXPECT_EQ(server.postgres.connections(), 0);
}

TEST(ServerBackends, EveryBackendHasAPidOfItsOwn) {
  Server server;
  (void)connect(server, 4, 2);
  std::set<std::uint32_t> pids;
  for (std::int32_t i = 0; i < 200; ++i) pids.insert(sim::backendPid(server.postgres, i));
  EXPECT_EQ(pids.size(), 200u);
  EXPECT_EQ(pids.count(0), 0u);
  EXPECT_EQ(pids.count(server.postgres.postmasterPid), 0u);
  EXPECT_EQ(sim::backendPid(server.postgres, 200), 0u);
}

TEST(ServerBackends, NewBackendsHaveTouchedNothing) {
  Server server;
  (void)connect(server, 1, 0.2);
  sim::addReferences(server.postgres, 2000);
  EXPECT_DOUBLE_EQ(server.postgres.cohorts[0].references, 100);  // 20 backends
  (void)connect(server, 1, 0.2);
  EXPECT_DOUBLE_EQ(server.postgres.cohorts[0].references, 50);
  sim::disconnectAll(server.postgres);
  sim::addReferences(server.postgres, 2000);
  EXPECT_EQ(server.postgres.cohorts[0].references, 0);
}

TEST(ServerBackends, TheClaimIsProcessesSortsSegmentAndPageTables) {
  Server server("44GB");
  (void)connect(server, 4, 2);
  server.postgres.poolPages = 44 * kGiB / 8192;
  for (sim::Cohort& cohort : server.postgres.cohorts) cohort.references = 1e12;
  const sim::MemoryClaim claim = sim::serverClaim(*server.model, server.postgres, 10);
  const double segment = static_cast<double>(server.postgres.values.sharedMemoryBytes);
  EXPECT_EQ(claim.shmem, server.postgres.values.sharedMemoryBytes);
  EXPECT_NEAR(static_cast<double>(claim.pageTables),
              200 * (segment / 512 + 200 * 1024) + 8 * 200 * 1024, 200);
  // 10 executing, 0.2 nodes each of 8 MiB.
  EXPECT_EQ(claim.anon, (60LL + 200 * 8 + 16) << 20);
  server.postgres.life = sim::Life::Stopped;
  EXPECT_EQ(sim::serverClaim(*server.model, server.postgres, 10).shmem, 0);
}

TEST(ServerBackends, HugePagesNeedNoPageTables) {
  sim::WorldSpec spec = worldtest::spec("16GB");
  spec.host.hugePages = 9000;
  Server server(spec);
  (void)connect(server, 4, 2);
  server.postgres.poolPages = 16 * kGiB / 8192;
  for (sim::Cohort& cohort : server.postgres.cohorts) cohort.references = 1e12;
  const sim::MemoryClaim claim = sim::serverClaim(*server.model, server.postgres, 0);
  EXPECT_EQ(claim.shmem, 0);
  EXPECT_EQ(claim.pageTables, 208 * 200 * 1024);
  EXPECT_EQ(claim.hugePagesUsed, server.postgres.values.sharedMemoryBytes / (2 << 20) + 1);
}

TEST(ServerBackends, TheVictimIsOneOfThoseWhoTouchedMost) {
  Server server("44GB");
  (void)connect(server, 4, 2);
  server.postgres.poolPages = 4e6;
  for (std::size_t i = 0; i < 4; ++i) server.postgres.cohorts[i].references = 1e6;
  server.postgres.cohorts[2].references = 5e7;
  const sim::Cohort& worst = server.postgres.cohorts[2];
  std::set<std::uint32_t> victims;
  for (int second = 0; second < 40; ++second) {
    server.now = base::seconds(second);
    const sim::OomVictim victim = sim::chooseVictim(server.context());
    EXPECT_GE(victim.pid, worst.firstPid);
    EXPECT_LT(victim.pid, worst.firstPid + 50);
    EXPECT_GT(victim.shmemKb, 1024 * 1024);
    EXPECT_GT(victim.pageTableKb, 20 * 1024);
    EXPECT_EQ(victim.statement, "SELECT * FROM product WHERE id = $1");
    victims.insert(victim.pid);
  }
  EXPECT_GT(victims.size(), 10u);
  sim::disconnectAll(server.postgres);
  EXPECT_EQ(sim::chooseVictim(server.context()).pid, 0u);
}
