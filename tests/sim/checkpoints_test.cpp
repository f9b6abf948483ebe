// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/checkpoints.h"

#include <gtest/gtest.h>

#include "world_log.h"

namespace {

struct Ticking : worldtest::Server {
  Ticking() : Server("16GB") { postgres.poolPages = 2e6; }
  double tick(double walBytes, double dirtied) {
    now = now + base::seconds(1);
    auto c = context();
    return sim::stepCheckpoints(c, walBytes, dirtied, 1);
  }
};

}  // namespace

TEST(Checkpoints, OneStartsWhenItsTimeHasCome) {
  Ticking server;
  for (int i = 0; i < 299; ++i) (void)server.tick(1e5, 10);
  EXPECT_EQ(server.logged(), "");
  (void)server.tick(1e5, 10);
  EXPECT_EQ(server.logged(), "LOG:  checkpoint starting: time\n");
  EXPECT_EQ(server.postgres.checkpointsTimed, 1);
  EXPECT_EQ(server.postgres.checkpointsRequested, 0);
  EXPECT_EQ(server.postgres.redoFrom, server.postgres.walBytes);
}

TEST(Checkpoints, MuchWalRequestsOneEarlier) {
  Ticking server;
  // 8 GB / 1.9: in the 43rd second at 100 MB a second.
  int seconds = 0;
  while (server.postgres.checkpointsRequested == 0 && seconds < 300) {
    (void)server.tick(100 * 1024 * 1024, 10);
    ++seconds;
  }
  EXPECT_EQ(seconds, 44);
  EXPECT_EQ(server.logged(), "LOG:  checkpoint starting: wal\n");
}

TEST(Checkpoints, AnIdleServerSkipsIt) {
  Ticking server;
  for (int i = 0; i < 1000; ++i) (void)server.tick(0, 0);
  EXPECT_EQ(server.logged(), "");
}

TEST(Checkpoints, WritingIsSpreadOverMostOfTheInterval) {
  Ticking server;
  for (int i = 0; i < 300; ++i) (void)server.tick(1e5, 100);
  const double dirty = server.postgres.checkpointBuffers;
  EXPECT_NEAR(dirty, 30'000, 300);
  double written = 0;
  double most = 0;
  for (int i = 0; i < 270; ++i) {
    const double now = server.tick(0, 0);
    written += now;
    most = std::max(most, now);
  }
  EXPECT_NEAR(written / 8192 / dirty, 1, 0.01);
  EXPECT_LT(most / 8192, 2 * dirty / 270);
  EXPECT_NEAR(server.postgres.buffersCheckpoint, dirty, 0.01 * dirty);
  const std::string log = server.logged();
  EXPECT_NE(log.find("LOG:  checkpoint complete: wrote 29"), std::string::npos) << log;
  EXPECT_EQ(server.postgres.checkpointEnds.ms, -1);
}

TEST(Checkpoints, APageDirtiedTwiceIsWrittenOnce) {
  Ticking server;
  server.postgres.poolPages = 1000;
  for (int i = 0; i < 200; ++i) (void)server.tick(0, 100);
  EXPECT_LE(server.postgres.dirtyPages, 1000);
  EXPECT_GT(server.postgres.dirtyPages, 990);
}

// One second to start, 600 MB at 120 MB/s, 24415 pages of 8 kB at 200 MB/s.
TEST(Checkpoints, RecoveryIsReplayAndItsCheckpoint) {
  Ticking server;
  server.postgres.walBytes += 600e6;
  server.postgres.dirtyPages = 200e6 / 8192;
  EXPECT_DOUBLE_EQ(sim::recoverySeconds(server.model->spec.database, server.postgres), 1 + 5 + 1);
}

TEST(Checkpoints, AnImmediateOneLeavesNothingToReplay) {
  Ticking server;
  server.postgres.walBytes += 600e6;
  server.postgres.dirtyPages = 1000;
  auto c = server.context();
  sim::finishCheckpointNow(c, false, 2);
  EXPECT_EQ(server.postgres.dirtyPages, 0);
  EXPECT_EQ(server.postgres.redoFrom, server.postgres.walBytes);
  EXPECT_TRUE(server.postgres.cleanShutdown);
  EXPECT_EQ(sim::recoverySeconds(server.model->spec.database, server.postgres), 1);
  EXPECT_TRUE(server.logged().starts_with("LOG:  checkpoint complete: wrote 1000 buffers (0.0%)"));
}

TEST(Checkpoints, AServerThatIsDownWritesNothing) {
  Ticking server;
  server.postgres.life = sim::Life::Recovering;
  EXPECT_EQ(server.tick(1e9, 1e6), 0);
}

// CheckPointDistanceEstimate: up at once, down by a tenth.
TEST(Checkpoints, TheEstimateFallsSlowly) {
  Ticking server;
  const auto write = [&](double bytes) {
    server.postgres.walBytes += bytes;
    auto c = server.context();
    ASSERT_TRUE(sim::checkpointNow(c).accepted);
  };
  write(18863 * 1024.0);
  EXPECT_NEAR(server.postgres.checkpointEstimate / 1024, 18863, 1);
  write(18198 * 1024.0);
  EXPECT_NEAR(server.postgres.checkpointEstimate / 1024, 18797, 1);  // as recorded
  EXPECT_NE(server.logged().find("LOG:  checkpoint starting: immediate force wait"),
            std::string::npos);
}

TEST(Checkpoints, ABulkLoadCausesThemWhileItRuns) {
  Ticking server;
  server.postgres.values.maxWalBytes = 32LL << 20;
  auto c = server.context();
  sim::writeDuringStatement(c, 0, 100e6, 5000, 4000);
  EXPECT_EQ(server.postgres.checkpointsRequested, 5);  // one for each 17.7 MB
  EXPECT_NE(server.logged().find("checkpoints are occurring too frequently"), std::string::npos);
  EXPECT_NEAR(server.postgres.walBytes - 0x1'40000028LL * 256.0, 100e6, 1e3);
}
