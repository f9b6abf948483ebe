// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wal_space.h"

#include <gtest/gtest.h>

#include "sim/checkpoints.h"
#include "sim/cluster_files.h"
#include "world_log.h"

namespace {

constexpr double kSegment = 16.0 * 1024 * 1024;

// A server whose pg_wal lies on a file system of its own.
struct Small : worldtest::Server {
  explicit Small(std::int64_t megabytes) {
    resize(megabytes);
    postgres.walBytes = postgres.redoFrom = 1000 * kSegment + 8192;
  }
  void resize(std::int64_t megabytes) {
    host.tmpfs[model->spec.database.dataDirectory + "/pg_wal"] = megabytes << 20;
  }
  void write(double bytes) {
    now = now + base::seconds(1);
    auto c = context();
    (void)sim::stepCheckpoints(c, bytes, 1, 1);
  }
};

TEST(WalSpace, OnADiskWalIsWrittenAsFarAsAnybodyWants) {
  worldtest::Server server;
  EXPECT_FALSE(sim::walEnd(server.context()).has_value());
}

TEST(WalSpace, SegmentsFromTheRedoPointOnMustFit) {
  Small server(80);
  EXPECT_EQ(sim::walEnd(server.context()), 1005 * kSegment);
  server.resize(95);  // not a whole one more
  EXPECT_EQ(sim::walEnd(server.context()), 1005 * kSegment);
  server.postgres.redoFrom += kSegment;  // a checkpoint was done
  EXPECT_EQ(sim::walEnd(server.context()), 1006 * kSegment);
  server.postgres.checkpointDistance = kSegment;
  server.postgres.checkpointEnds = server.now;  // it is under way: the older segment is still there
  EXPECT_EQ(sim::walEnd(server.context()), 1005 * kSegment);
}

TEST(WalSpace, WhoeverNeedsAnotherSegmentPanics) {
  Small server(80);
  server.write(70 * 1024.0 * 1024);
  EXPECT_EQ(server.logged(), "");
  server.write(20 * 1024.0 * 1024);
  const std::string log = server.logged();
  EXPECT_TRUE(log.starts_with("PANIC:  could not write to file \"pg_wal/xlogtemp.")) << log;
  EXPECT_TRUE(base::contains(log, "was terminated by signal 6: Aborted")) << log;
  EXPECT_EQ(server.postgres.life, sim::Life::Crashed);
  EXPECT_EQ(server.postgres.walBytes, 1005 * kSegment);
}

TEST(WalSpace, RecoveryFailsUntilThereIsRoom) {
  Small server(80);
  server.write(90 * 1024.0 * 1024);
  server.wait(60);
  std::string log = server.logged();
  EXPECT_TRUE(base::contains(log, "redo done")) << log;
  EXPECT_FALSE(base::contains(log, "invalid record length")) << log;  // no next segment to look at
  EXPECT_TRUE(base::contains(log, "FATAL:  could not write to file \"pg_wal/xlogtemp.")) << log;
  EXPECT_TRUE(
      log.ends_with("LOG:  shutting down due to startup process failure\n"
                    "LOG:  database system is shut down\n"))
      << log;
  const auto start = [&] {
    auto c = server.context();
    EXPECT_TRUE(sim::startServer(c, {}).accepted);
    server.wait(60);
  };
  start();
  log = server.logged();
  EXPECT_TRUE(base::contains(log, "interrupted while in recovery at ")) << log;
  EXPECT_EQ(server.postgres.life, sim::Life::Stopped);
  server.resize(200);
  start();
  EXPECT_TRUE(server.postgres.accepts()) << server.logged();
  EXPECT_FALSE(server.postgres.inRecovery);
}

TEST(WalSpace, ACheckpointerThatCannotMakeASegmentGoesOn) {
  Small server(16);
  server.postgres.walBytes = server.postgres.redoFrom = 1000 * kSegment + 0.8 * kSegment;
  auto c = server.context();
  EXPECT_TRUE(sim::checkpointNow(c).accepted);
  const std::string log = server.logged();
  EXPECT_TRUE(base::contains(log, "ERROR:  could not write to file \"pg_wal/xlogtemp.")) << log;
  EXPECT_FALSE(base::contains(log, "checkpoint complete")) << log;
  EXPECT_TRUE(server.postgres.accepts());
}

}  // namespace
