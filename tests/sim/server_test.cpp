// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>

#include "base/text.h"
#include "sim/server_backends.h"
#include "world_log.h"

namespace {

using sim::Life;
using sim::StopMode;
using worldtest::Server;

constexpr std::int64_t kGiB = 1LL << 30;

sim::Outcome start(Server& server, const sim::StartOptions& options = {}) {
  auto c = server.context();
  return sim::startServer(c, options);
}
sim::Outcome stop(Server& server, StopMode mode) {
  auto c = server.context();
  return sim::stopServer(c, mode);
}
sim::Outcome reload(Server& server) {
  auto c = server.context();
  return sim::reloadServer(c);
}
void connect(Server& server, int backends) {
  auto c = server.context();
  (void)sim::connectHosts(c, 1, backends / 100.0);
}

// Without the figures of checkpoints, which are the model's, and without the first lines of a
// start.
std::string lines(Server& server) {
  std::string text;
  for (const std::string& line : base::lines(server.logged())) {
    if (line.find("skipping missing") != std::string::npos) continue;
    text += line.substr(0, line.find(": wrote")) + "\n";
  }
  return text;
}

const std::string kStart =
    "LOG:  starting PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by "
    "gcc "
    "(Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit\n"
    "LOG:  listening on IPv4 address \"0.0.0.0\", port 5432\n"
    "LOG:  listening on Unix socket \"/var/run/postgresql/.s.PGSQL.5432\"\n";
const std::string kLastCheckpoint =
    "LOG:  background worker \"logical replication launcher\" (PID 1005) exited with exit code 1\n"
    "LOG:  shutting down\n"
    "LOG:  checkpoint starting: shutdown immediate\n"
    "LOG:  checkpoint complete\n"
    "LOG:  database system is shut down\n";
const std::string kRecovery =
    "LOG:  database system was not properly shut down; automatic recovery in progress\n"
    "LOG:  invalid record length at 140/2800: wanted 24, got 0\n"
    "LOG:  redo is not required\n"
    "LOG:  checkpoint starting: end-of-recovery immediate wait\n"
    "LOG:  checkpoint complete\n"
    "LOG:  database system is ready to accept connections\n";

}  // namespace

// Seconds 16 GB of shared buffers take to prepare before the first line of a start.
constexpr int kInitializing = 3;

TEST(Server, FastStopTerminatesEveryClientAndThenCheckpoints) {
  Server server;
  connect(server, 2);
  ASSERT_TRUE(stop(server, StopMode::Fast).accepted);
  EXPECT_EQ(server.postgres.life, Life::ShuttingDown);
  EXPECT_EQ(server.postgres.connections(), 0);
  server.wait(2);
  EXPECT_EQ(lines(server),
            "LOG:  received fast shutdown request\n"
            "LOG:  aborting any active transactions\n"
            "FATAL:  terminating connection due to administrator command\n"
            "FATAL:  terminating connection due to administrator command\n" +
                kLastCheckpoint);
  EXPECT_EQ(server.postgres.life, Life::Stopped);
  EXPECT_TRUE(server.postgres.cleanShutdown);
  EXPECT_FALSE(stop(server, StopMode::Fast).accepted);
}

TEST(Server, SmartStopWaitsForClientsAndAFasterOneDoesNot) {
  Server server;
  connect(server, 1);
  ASSERT_TRUE(stop(server, StopMode::Smart).accepted);
  server.wait(600);
  EXPECT_EQ(server.postgres.life, Life::ShuttingDown);
  EXPECT_EQ(server.postgres.connections(), 1);
  EXPECT_EQ(lines(server), "LOG:  received smart shutdown request\n");
  ASSERT_TRUE(stop(server, StopMode::Fast).accepted);
  EXPECT_EQ(stop(server, StopMode::Smart).text, "The server is already shutting down.");
  server.wait(2);
  EXPECT_EQ(lines(server),
            "LOG:  received fast shutdown request\n"
            "LOG:  aborting any active transactions\n"
            "FATAL:  terminating connection due to administrator command\n" +
                kLastCheckpoint);
}

TEST(Server, SmartStopWithoutClientsEndsAsPostgresqlDoes) {
  Server server;
  ASSERT_TRUE(stop(server, StopMode::Smart).accepted);
  server.wait(2);
  EXPECT_EQ(lines(server), "LOG:  received smart shutdown request\n" + kLastCheckpoint);
}

TEST(Server, SmartStopEndsWhenTheLastClientLeaves) {
  Server server;
  connect(server, 1);
  ASSERT_TRUE(stop(server, StopMode::Smart).accepted);
  server.wait(10);
  sim::disconnectAll(server.postgres);
  server.wait(1);
  EXPECT_EQ(lines(server), "LOG:  received smart shutdown request\n" + kLastCheckpoint);
}

TEST(Server, AStartAfterACleanStopNeedsNoRecovery) {
  Server server;
  ASSERT_TRUE(stop(server, StopMode::Fast).accepted);
  server.wait(2);
  (void)lines(server);
  const base::SimTime stopped = server.postgres.shutDownAt;
  ASSERT_TRUE(start(server).accepted);
  EXPECT_EQ(server.postgres.life, Life::Starting);
  EXPECT_EQ(start(server).text, "pg_ctl: another server might be running");
  server.wait(20);
  EXPECT_EQ(
      lines(server),
      kStart + "LOG:  database system was shut down at " +
          base::logTimeText(server.model->spec.timing.startUnixMs + stopped.ms).substr(0, 19) +
          " UTC\nLOG:  database system is ready to accept connections\n");
  EXPECT_EQ(server.postgres.starts, 2);
  EXPECT_EQ(server.postgres.poolPages, 0);
}

TEST(Server, ImmediateStopWritesNoCheckpointAndTheNextStartRecovers) {
  Server server;
  ASSERT_TRUE(stop(server, StopMode::Immediate).accepted);
  server.wait(1);
  EXPECT_EQ(lines(server),
            "LOG:  received immediate shutdown request\nLOG:  database system is shut down\n");
  ASSERT_TRUE(start(server).accepted);
  EXPECT_TRUE(server.postgres.initializing);
  server.wait(kInitializing);
  EXPECT_EQ(server.postgres.life, Life::Recovering);
  server.wait(1);
  EXPECT_EQ(
      lines(server),
      kStart + "LOG:  database system was interrupted; last known up at 2024-05-07 10:00:01 UTC\n" +
          kRecovery);
  EXPECT_EQ(server.postgres.life, Life::Running);
}

TEST(Server, ACrashKillsEverybodyAndRecovers) {
  Server server;
  connect(server, 5);
  server.postgres.poolPages = 1000;
  auto c = server.context();
  sim::crashServer(c, {"server process", 4711, "was terminated by signal 9: Killed", "SELECT 1"});
  EXPECT_EQ(server.postgres.life, Life::Crashed);
  EXPECT_EQ(server.postgres.connections(), 0);
  EXPECT_EQ(server.postgres.poolPages, 0);
  EXPECT_EQ(server.postgres.holePages, 1000);
  server.wait(3);
  EXPECT_EQ(server.postgres.life, Life::Recovering);
  server.wait(1);
  EXPECT_EQ(lines(server),
            "LOG:  server process (PID 4711) was terminated by signal 9: Killed\n"
            "LOG:  terminating any other active server processes\n"
            "LOG:  all server processes terminated; reinitializing\n"
            "LOG:  database system was interrupted; last known up at 2024-05-07 10:00:00 UTC\n" +
                kRecovery);
  EXPECT_EQ(server.postgres.crashes, 1);
}

TEST(Server, RecoveryTakesAsLongAsThereIsWalToReplay) {
  Server server;
  server.postgres.walBytes += 120e6 * 20;  // 20 s at 120 MB/s
  auto c = server.context();
  sim::crashServer(c, {"server process", 1, "was terminated by signal 9: Killed", ""});
  server.wait(3 + 20);
  EXPECT_EQ(server.postgres.life, Life::Recovering);
  server.wait(1);
  EXPECT_EQ(server.postgres.life, Life::Running);
}

TEST(Server, AKilledPostmasterLeavesAFailedUnitThatMayBeStartedAgain) {
  Server server;
  auto c = server.context();
  sim::killPostmaster(c);
  EXPECT_EQ(server.postgres.life, Life::Stopped);
  EXPECT_TRUE(server.postgres.unitFailed);
  server.wait(30);
  EXPECT_EQ(server.postgres.life, Life::Stopped);
  ASSERT_TRUE(start(server).accepted);
  EXPECT_FALSE(server.postgres.unitFailed);
  server.wait(kInitializing);
  EXPECT_EQ(server.postgres.life, Life::Recovering);
}

TEST(Server, TheKernelRefusesToMapMoreThanThereIs) {
  Server server;
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  (void)lines(server);
  const sim::Outcome outcome = start(server, {{"shared_buffers", "80GB"}});
  EXPECT_FALSE(outcome.accepted);
  const std::string refusal =
      "FATAL:  could not map anonymous shared memory: Cannot allocate memory";
  EXPECT_EQ(outcome.text.substr(0, outcome.text.find('\n')), refusal);
  const std::string log = lines(server);
  EXPECT_TRUE(log.starts_with(refusal + "\n")) << log;
  EXPECT_TRUE(log.ends_with("LOG:  database system is shut down\n")) << log;
  EXPECT_EQ(server.postgres.life, Life::Stopped);
  EXPECT_TRUE(server.postgres.unitFailed);
  // As long as the kernel does not count, it grants what would never fit.
  server.host.sysctl["vm.overcommit_memory"] = "1";
  EXPECT_TRUE(start(server, {{"shared_buffers", "80GB"}}).accepted);
}

TEST(Server, StrictOvercommitRefusesWhatHalfTheRamCannotHold) {
  Server server;
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  server.host.sysctl["vm.overcommit_memory"] = "2";
  EXPECT_FALSE(start(server, {{"shared_buffers", "44GB"}}).accepted);
  EXPECT_TRUE(start(server, {{"shared_buffers", "24GB"}}).accepted);
}

TEST(Server, StartOptionsLastUntilTheNextStart) {
  Server server;
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  ASSERT_TRUE(start(server, {{"shared_buffers", "8GB"}}).accepted);
  server.wait(1);
  EXPECT_EQ(server.postgres.values.sharedBuffersBytes, 8 * kGiB);
  EXPECT_EQ(server.postgres.startOptions, (sim::StartOptions{{"shared_buffers", "8GB"}}));
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  ASSERT_TRUE(start(server).accepted);
  EXPECT_EQ(server.postgres.values.sharedBuffersBytes, 16 * kGiB);
  EXPECT_TRUE(server.postgres.startOptions.empty());
}

TEST(Server, AValueThatIsNoneRefusesTheStart) {
  Server server;
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  const sim::Outcome outcome = start(server, {{"shared_buffers", "potato"}});
  EXPECT_FALSE(outcome.accepted);
  EXPECT_EQ(outcome.text, "FATAL:  invalid value for parameter \"shared_buffers\": \"potato\"");
  EXPECT_EQ(server.postgres.failure, outcome.text);
  EXPECT_EQ(server.postgres.life, Life::Stopped);
}

TEST(Server, AReloadTakesWhatItMayAndKeepsSharedMemory) {
  Server server;
  server.postgres.files[0].text =
      "shared_buffers = 8GB\nmax_connections = 300\nwork_mem = 32MB\nmax_wal_size = 8GB\n";
  const sim::RunningValues before = server.postgres.values;
  ASSERT_TRUE(reload(server).accepted);
  EXPECT_EQ(server.postgres.values.sharedBuffersBytes, before.sharedBuffersBytes);
  EXPECT_EQ(server.postgres.values.sharedMemoryBytes, before.sharedMemoryBytes);
  EXPECT_EQ(server.postgres.values.workMemBytes, 32 << 20);
  EXPECT_TRUE(server.postgres.settings.state("shared_buffers")->pendingRestart);
  EXPECT_EQ(lines(server),
            "LOG:  received SIGHUP, reloading configuration files\n"
            "LOG:  parameter \"shared_buffers\" cannot be changed without restarting the server\n"
            "LOG:  parameter \"work_mem\" changed to \"32MB\"\n"
            "LOG:  configuration file \"/etc/postgresql/15/main/postgresql.conf\" contains errors; "
            "unaffected changes were applied\n");
  (void)stop(server, StopMode::Fast);
  server.wait(2);
  EXPECT_FALSE(reload(server).accepted);
}

TEST(Server, ARestartComesUpByItself) {
  Server server;
  (void)stop(server, StopMode::Fast);
  server.postgres.restartPending = true;
  server.postgres.restartOptions = {{"work_mem", "8MB"}};
  server.wait(5);
  EXPECT_EQ(server.postgres.life, Life::Running);
  EXPECT_FALSE(server.postgres.restartPending);
  EXPECT_EQ(server.postgres.values.workMemBytes, 8 << 20);
}

TEST(Server, HugePagesAreUsedWhenEnoughAreReserved) {
  sim::WorldSpec spec = worldtest::spec("16GB");
  spec.host.hugePages = 9000;
  EXPECT_TRUE(Server(spec).postgres.values.hugePages);
  spec.host.hugePages = 8000;
  EXPECT_FALSE(Server(spec).postgres.values.hugePages);
  spec.host.hugePages = 9000;
  spec.database.files[0].text += "huge_pages = off\n";
  EXPECT_FALSE(Server(spec).postgres.values.hugePages);
}

TEST(Server, EveryLifeHasAName) {
  EXPECT_EQ(sim::lifeName(Life::Running), "running");
  EXPECT_EQ(sim::lifeName(Life::Recovering), "in recovery");
  EXPECT_EQ(sim::lifeName(Life::ShuttingDown), "shutting down");
}

// `postgres -C shared_memory_size` of 15.18, which rounds up to whole MB.
TEST(Server, SharedMemoryIsToTheMegabyteThatOfPostgresql) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/fidelity/shared-memory-size.csv");
  std::vector<std::string> names;
  int points = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> cells = base::split(line, ',');
    if (names.empty()) {
      names = cells;
      continue;
    }
    sim::ServerSettings settings(worldtest::catalogue(), "/postgresql.conf", "/data");
    sim::StartOptions options;
    double measured = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (names[i] == "shared_memory_size_MB") {
        measured = std::stod(cells[i]);
      } else if (!cells[i].empty() && names[i] != "huge_pages_2MB") {
        options.emplace_back(names[i], cells[i]);
      }
    }
    ASSERT_TRUE(settings.start({{"/postgresql.conf", ""}}, options).ok) << line;
    const double ours = static_cast<double>(sim::sharedMemoryBytes(settings)) / (1 << 20);
    EXPECT_EQ(std::ceil(ours), measured) << line;
    ++points;
  }
  EXPECT_EQ(points, 92);
}
