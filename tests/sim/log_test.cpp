// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/log_shapes.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

using namespace sim;

namespace {

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    spec.timing.startUnixMs = base::toUnixMs({2026, 11, 22, 20, 49, 36, 991});
    spec.host.name = "db1";
  }
  std::string shown(LogRecord record, const std::string& text = "") {
    record.textIndex = text.empty() ? 0 : telemetry.addText(text);
    telemetry.addLog(record);
    return logText(telemetry.logs().back(), telemetry, spec);
  }
  // A record `ms` after the start.
  std::string shown(LogShape shape, std::int64_t ms, std::uint32_t pid,
                    std::array<std::int64_t, 4> numbers = {}, const std::string& text = "") {
    return shown(logRecord(shape, {ms}, pid, numbers), text);
  }
  std::string message(LogShape shape, std::array<std::int64_t, 4> numbers = {},
                      const std::string& text = "") {
    LogRecord record = logRecord(shape, {}, 4711, numbers);
    record.textIndex = text.empty() ? 0 : telemetry.addText(text);
    return logMessage(record, telemetry, spec);
  }

  WorldSpec spec;
  Telemetry telemetry;
};

}  // namespace

// The log of a real PostgreSQL 15.18 whose backend was killed with signal 9 under load.
TEST_F(LogTest, CrashAndRecoveryAsRecordedFromARealServer) {
  EXPECT_EQ(
      shown(LogShape::PgServerProcessKilled, 0, 14149, {14169},
            "SELECT abalance FROM pgbench_accounts WHERE aid = 574251;"),
      "2026-11-22 20:49:36.991 UTC [14149] LOG:  server process (PID 14169) was terminated by "
      "signal 9: Killed\n"
      "2026-11-22 20:49:36.991 UTC [14149] DETAIL:  Failed process was running: SELECT abalance "
      "FROM pgbench_accounts WHERE aid = 574251;");
  EXPECT_EQ(
      shown(LogShape::PgTerminatingOthers, 0, 14149),
      "2026-11-22 20:49:36.991 UTC [14149] LOG:  terminating any other active server processes");
  EXPECT_EQ(shown(LogShape::PgReinitializing, 23, 14149),
            "2026-11-22 20:49:37.014 UTC [14149] LOG:  all server processes terminated; "
            "reinitializing");
  EXPECT_EQ(
      shown(LogShape::PgInterrupted, 253, 14191, {-3991}),
      "2026-11-22 20:49:37.244 UTC [14191] LOG:  database system was interrupted; last known up "
      "at 2026-11-22 20:49:33 UTC");
  EXPECT_EQ(shown(LogShape::PgInRecovery, 306, 14194),
            "2026-11-22 20:49:37.297 UTC [14194] FATAL:  the database system is in recovery mode");
  EXPECT_EQ(shown(LogShape::PgNotProperlyShutDown, 3477, 14191),
            "2026-11-22 20:49:40.468 UTC [14191] LOG:  database system was not properly shut down; "
            "automatic recovery in progress");
  EXPECT_EQ(shown(LogShape::PgRedoStarts, 3492, 14191, {0xA031F58}),
            "2026-11-22 20:49:40.483 UTC [14191] LOG:  redo starts at 0/A031F58");
  EXPECT_EQ(
      shown(LogShape::PgNotYetAccepting, 3792, 14288),
      "2026-11-22 20:49:40.783 UTC [14288] FATAL:  the database system is not yet accepting "
      "connections\n2026-11-22 20:49:40.783 UTC [14288] DETAIL:  Consistent recovery state has "
      "not been yet reached.");
  EXPECT_EQ(
      shown(LogShape::PgInvalidRecordLength, 3959, 14191, {0xB168CD8}),
      "2026-11-22 20:49:40.950 UTC [14191] LOG:  invalid record length at 0/B168CD8: wanted 24, "
      "got 0");
  EXPECT_EQ(
      shown(LogShape::PgRedoDone, 3959, 14191, {0xB168CB0, 60, 70, 460}),
      "2026-11-22 20:49:40.950 UTC [14191] LOG:  redo done at 0/B168CB0 system usage: CPU: user: "
      "0.06 s, system: 0.07 s, elapsed: 0.46 s");
  EXPECT_EQ(
      shown(LogShape::PgCheckpointRecovery, 4001, 14192),
      "2026-11-22 20:49:40.992 UTC [14192] LOG:  checkpoint starting: end-of-recovery immediate "
      "wait");
  CheckpointNumbers numbers;
  numbers.buffers = 2266, numbers.poolBuffers = 16384, numbers.removed = 1;
  numbers.writeMs = 181, numbers.syncMs = 82, numbers.totalMs = 318;
  numbers.files = 12, numbers.longestMs = 18, numbers.averageMs = 7;
  numbers.distanceKb = 17627, numbers.estimateKb = 17627;
  EXPECT_EQ(shown(LogShape::PgCheckpointComplete, 4314, 14192, {}, checkpointText(numbers)),
            "2026-11-22 20:49:41.305 UTC [14192] LOG:  checkpoint complete: wrote 2266 buffers "
            "(13.8%); 0 WAL file(s) added, 1 removed, 0 recycled; write=0.181 s, sync=0.082 s, "
            "total=0.318 s; sync files=12, longest=0.018 s, average=0.007 s; distance=17627 kB, "
            "estimate=17627 kB");
  EXPECT_EQ(
      shown(LogShape::PgReady, 4508, 14149),
      "2026-11-22 20:49:41.499 UTC [14149] LOG:  database system is ready to accept connections");
}

TEST_F(LogTest, StartAndStopAsRecordedFromARealServer) {
  EXPECT_EQ(
      message(LogShape::PgStarting),
      "LOG:  starting PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled "
      "by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit");
  EXPECT_EQ(message(LogShape::PgListeningIPv4, {5432}, "127.0.0.1"),
            "LOG:  listening on IPv4 address \"127.0.0.1\", port 5432");
  EXPECT_EQ(message(LogShape::PgListeningSocket, {5432}),
            "LOG:  listening on Unix socket \"/var/run/postgresql/.s.PGSQL.5432\"");
  EXPECT_EQ(message(LogShape::PgWasShutDown, {9}),
            "LOG:  database system was shut down at 2026-11-22 20:49:37 UTC");
  EXPECT_EQ(message(LogShape::PgFastShutdown), "LOG:  received fast shutdown request");
  EXPECT_EQ(message(LogShape::PgTerminatedByAdministrator),
            "FATAL:  terminating connection due to administrator command");
  EXPECT_EQ(
      message(LogShape::PgLauncherExited, {19505}),
      "LOG:  background worker \"logical replication launcher\" (PID 19505) exited with exit code "
      "1");
  EXPECT_EQ(message(LogShape::PgRedoInProgress, {45890, 0x3F6E59C8}),
            "LOG:  redo in progress, elapsed time: 45.89 s, current LSN: 0/3F6E59C8");
  EXPECT_EQ(message(LogShape::PgCheckpointsTooFrequent, {1}),
            "LOG:  checkpoints are occurring too frequently (1 second apart)\nHINT:  Consider "
            "increasing the configuration parameter \"max_wal_size\".");
  EXPECT_EQ(message(LogShape::PgCheckpointsTooFrequent, {0}).substr(0, 66),
            "LOG:  checkpoints are occurring too frequently (0 seconds apart)\nH");
  EXPECT_EQ(
      message(LogShape::PgCouldNotMapSharedMemory, {26347528192}),
      "FATAL:  could not map anonymous shared memory: Cannot allocate memory\nHINT:  This error "
      "usually means that PostgreSQL's request for a shared memory segment exceeded available "
      "memory, swap space, or huge pages. To reduce the request size (currently 26347528192 "
      "bytes), reduce PostgreSQL's shared memory usage, perhaps by reducing shared_buffers or "
      "max_connections.");
}

TEST_F(LogTest, StatementsAndFiles) {
  EXPECT_EQ(message(LogShape::PgDuration, {241006}, "insert into orders"),
            "LOG:  duration: 241.006 ms  statement: insert into orders");
  EXPECT_EQ(message(LogShape::PgTemporaryFile, {1, 6660000}, "select 1"),
            "LOG:  temporary file: path \"base/pgsql_tmp/pgsql_tmp4711.1\", size 6660000\n"
            "STATEMENT:  select 1");
  EXPECT_EQ(message(LogShape::PgTemporaryFile, {0, 1}),
            "LOG:  temporary file: path \"base/pgsql_tmp/pgsql_tmp4711.0\", size 1");
  EXPECT_EQ(message(LogShape::PgServerProcessKilled, {7}),
            "LOG:  server process (PID 7) was terminated by signal 9: Killed");
  // A statement of several lines continues after tabs, without the prefix.
  EXPECT_EQ(shown(LogShape::PgStatementTimeout, 0, 9, {}, "select\n1"),
            "2026-11-22 20:49:36.991 UTC [9] ERROR:  canceling statement due to statement timeout\n"
            "2026-11-22 20:49:36.991 UTC [9] STATEMENT:  select\n\t1");
}

TEST_F(LogTest, PlainLinesOfEachSource) {
  const auto plain = [this](LogSource source, Severity severity, std::uint32_t pid,
                            const std::string& text) {
    return shown(plainRecord(source, severity, {0}, pid, 0), text);
  };
  EXPECT_EQ(plain(LogSource::Postgres, Severity::Info, 5,
                  "LOG:  parameter \"work_mem\" changed to \"8MB\"\nDETAIL:  x\n\ty"),
            "2026-11-22 20:49:36.991 UTC [5] LOG:  parameter \"work_mem\" changed to \"8MB\"\n"
            "2026-11-22 20:49:36.991 UTC [5] DETAIL:  x\n\ty");
  EXPECT_EQ(plain(LogSource::Postgres, Severity::Warning, 5, "odd: but true"),
            "2026-11-22 20:49:36.991 UTC [5] WARNING:  odd: but true");
  EXPECT_EQ(plain(LogSource::Kernel, Severity::Info, 0, "hello"),
            "[Sun Nov 22 20:49:36 2026] hello");
  EXPECT_EQ(plain(LogSource::Systemd, Severity::Info, 1, "hello"),
            "Nov 22 20:49:36 db1 systemd[1]: hello");
  EXPECT_EQ(plain(LogSource::Website, Severity::Info, 812, "hello"),
            "Nov 22 20:49:36 app1 shop[812]: hello");
  EXPECT_EQ(plain(LogSource::Network, Severity::Info, 0, "hello"),
            "Nov 22 20:49:36 sw2 portd: hello");
  EXPECT_EQ(plain(LogSource::Network, Severity::Info, 0, ""), "Nov 22 20:49:36 sw2 portd: ");
}

TEST_F(LogTest, SystemdWebsiteNetwork) {
  EXPECT_EQ(
      shown(LogShape::SystemdOomKill, 0, 1),
      "Nov 22 20:49:36 db1 systemd[1]: postgresql@15-main.service: A process of this unit has "
      "been killed by the OOM killer.");
  EXPECT_EQ(message(LogShape::SystemdConsumed, {729877}),
            "postgresql@15-main.service: Consumed 12min 9.877s CPU time.");
  EXPECT_EQ(
      shown(LogShape::WebConnectionRefused, 0, 812, {37, 0, 0, 2}),
      "Nov 22 20:49:36 app2 shop[812]: ERROR connection to server at \"db1\", port 5432 failed: "
      "Connection refused (is the server running on that host and accepting TCP/IP "
      "connections?), 37 attempts");
  EXPECT_EQ(message(LogShape::NetInputErrors, {132, 60}, "xe-0/0/7"),
            "xe-0/0/7: 132 input errors (CRC/alignment) in the last 60 s, link is up");
  EXPECT_EQ(message(LogShape::NetLoss, {15}), "probe db1: packet loss 1.5 %");
}

TEST_F(LogTest, EveryShapeRendersWithoutPlacesLeft) {
  std::set<std::string> messages;
  std::size_t shapes = 0;
  for (int number = 1; number < 0x10000; ++number) {
    const LogShapeInfo* info = logShapeInfo(static_cast<std::uint16_t>(number));
    if (info == nullptr || isBatch(info->shape)) continue;
    ++shapes;
    const std::string text = message(info->shape, {1, 2, 3, 4}, "a=1");
    EXPECT_FALSE(text.empty()) << number;
    EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
    EXPECT_FALSE(info->takes.empty()) << number;
    messages.insert(text);
    if (info->source == LogSource::Postgres) {
      const std::string tag = text.substr(0, text.find(':'));
      EXPECT_EQ(severityOfTag(tag), info->severity) << text;
    }
  }
  EXPECT_GT(shapes, 70U);
  EXPECT_EQ(messages.size(), shapes);
  EXPECT_EQ(logShapeInfo(0), nullptr);
  EXPECT_EQ(logShapeInfo(999), nullptr);
}

TEST(LogNames, AreStable) {
  EXPECT_EQ(logSourceName(LogSource::Postgres), "postgresql");
  EXPECT_EQ(logSourceName(LogSource::Network), "network");
  EXPECT_EQ(severityName(Severity::Critical), "critical");
  EXPECT_EQ(lsnText(0x1F'9C000028), "1F/9C000028");
  EXPECT_EQ(lsnText(0), "0/0");
  EXPECT_EQ(compactValue("a=1 bc=two", "bc"), "two");
  EXPECT_EQ(compactNumber("a=-12 bc=two", "a"), -12);
  EXPECT_EQ(compactNumber("a=-12 bc=two", "c"), 0);
}
