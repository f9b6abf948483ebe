// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_processes.h"

#include <gtest/gtest.h>

#include "world_log.h"

using namespace sim;

TEST(LogProcesses, TheServerIsNotedOnceAndAgainAfterARestart) {
  worldtest::Server server;
  auto c = server.context();
  noteServerProcesses(c);
  const std::uint32_t postmaster = server.postgres.postmasterPid;
  const auto known = server.telemetry.process(postmaster, c.now.ms);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->backendType, "postmaster");
  EXPECT_FALSE(known->servesClient());
  const auto launcher = server.telemetry.process(server.postgres.auxiliaryPid + 3, c.now.ms);
  ASSERT_TRUE(launcher);
  EXPECT_EQ(launcher->backendType, "autovacuum launcher");
  (void)stopServer(c, StopMode::Fast);
  server.wait(10);
  auto again = server.context();
  (void)startServer(again, {});
  noteServerProcesses(again);
  EXPECT_NE(server.postgres.postmasterPid, postmaster);
  EXPECT_TRUE(server.telemetry.process(server.postgres.postmasterPid, again.now.ms));
}

TEST(LogProcesses, BackendsAreNotedWhenTheyComeAndWhenTheirPidComesBack) {
  worldtest::Server server;
  server.postgres.cohorts[1] = {3, 500, 0, 0};
  server.now = server.now + base::minutes(1);
  noteServerProcesses(server.context());
  const auto second = server.telemetry.process(501, server.now.ms);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->host, "10.0.0.22");
  EXPECT_EQ(second->user, "app");
  EXPECT_EQ(second->startedMs, server.now.ms - 20);
  EXPECT_EQ(server.telemetry.backendPool()[1].connections, 3);
  server.postgres.cohorts[1].connections = 1;
  noteServerProcesses(server.context());
  server.now = server.now + base::minutes(1);
  server.postgres.cohorts[1].connections = 2;
  noteServerProcesses(server.context());
  EXPECT_EQ(server.telemetry.process(501, server.now.ms)->startedMs, server.now.ms - 10);
  EXPECT_EQ(server.telemetry.process(501, server.now.ms - 1000)->startedMs, server.now.ms - 60'020);
}

TEST(LogProcesses, ASummaryKeepsNone) {
  worldtest::Server server;
  server.telemetry = Telemetry(Detail::Summary);
  noteServerProcesses(server.context());
  EXPECT_FALSE(server.telemetry.process(server.postgres.postmasterPid, 0));
}
