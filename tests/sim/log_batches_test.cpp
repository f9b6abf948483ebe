// SPDX-License-Identifier: GPL-3.0-or-later
// What statements, files and connections write, counted against the server's own counters.
#include "sim/log_batches.h"

#include <gtest/gtest.h>

#include <charconv>
#include <map>

#include "base/text.h"
#include "log_fixture.h"

using namespace sim;
using worldtest::LoggedWorld;

namespace {

std::int64_t count(const std::vector<LogEntry>& entries, std::string_view part) {
  std::int64_t n = 0;
  for (const LogEntry& e : entries) n += base::contains(e.message, part) ? 1 : 0;
  return n;
}

double milliseconds(const LogEntry& e) {
  double value = -1;
  std::from_chars(e.message.data() + 10, e.message.data() + e.message.size(), value);
  return value;
}

}  // namespace

TEST(LogBatches, NothingIsWrittenUnlessAskedFor) {
  LoggedWorld w("");
  w.run(12);
  for (const LogEntry& e : w.entries())
    EXPECT_TRUE(e.message.starts_with("checkpoint")) << e.message;
  EXPECT_EQ(w.telemetry.logs().size(), w.telemetry.logCount(LogSource::Postgres));
}

TEST(LogBatches, OneDurationLineForEachTransaction) {
  LoggedWorld w("log_min_duration_statement = 0");
  w.run(12);
  const auto entries = w.entries();
  const Postgres& server = w.world.postgres();
  EXPECT_GT(server.commits, 5000);
  EXPECT_EQ(count(entries, " ms  execute <unnamed>: SELECT"),
            static_cast<std::int64_t>(server.commits));
  EXPECT_EQ(count(entries, "ROLLBACK"), static_cast<std::int64_t>(server.rollbacks));
  std::int64_t before = 0;
  for (const LogEntry& e : entries) {
    EXPECT_GE(e.ms, before);
    before = e.ms;
    if (!e.message.starts_with("duration")) continue;
    ASSERT_EQ(e.process.user, "app");
    EXPECT_TRUE(e.detail.starts_with("parameters: $1 = '")) << e.detail;
    EXPECT_EQ(e.commandTag, "SELECT");
  }
}

TEST(LogBatches, TheSlowOnesAreSlowAndAsManyAsTheirShare) {
  LoggedWorld all("log_min_duration_statement = 0"), slow("log_min_duration_statement = 20");
  all.run(14);
  slow.run(14);
  double longer = 0;
  for (const LogEntry& e : all.entries()) longer += milliseconds(e) >= 20 ? 1 : 0;
  const auto entries = slow.entries();
  double found = 0;
  for (const LogEntry& e : entries) {
    if (!e.message.starts_with("duration")) continue;
    ++found;
    EXPECT_GE(milliseconds(e), 20);
  }
  ASSERT_GT(longer, 100);
  EXPECT_NEAR(found / longer, 1, 0.2);
}

TEST(LogBatches, TheSameEntriesEachTime) {
  LoggedWorld w("log_min_duration_statement = 0");
  w.run(3);
  EXPECT_EQ(w.entries(), w.entries());
}

TEST(LogBatches, LogStatementWritesTextBeforeAndDurationAlone) {
  LoggedWorld w("log_statement = all\nlog_duration = on");
  w.run(11);
  const auto entries = w.entries();
  const auto commits = static_cast<std::int64_t>(w.world.postgres().commits);
  EXPECT_EQ(count(entries, "execute <unnamed>: SELECT"), commits);
  EXPECT_EQ(count(entries, " ms  execute"), 0);
  EXPECT_EQ(count(entries, "duration: "),
            commits + static_cast<std::int64_t>(w.world.postgres().rollbacks));
}

TEST(LogBatches, ASampleIsASample) {
  LoggedWorld w("log_min_duration_sample = 0\nlog_statement_sample_rate = 0.25");
  w.run(12);
  const auto lines = static_cast<double>(count(w.entries(), "duration: "));
  EXPECT_NEAR(lines / w.world.postgres().commits, 0.25, 0.03);
}

TEST(LogBatches, EveryTemporaryFileHasItsLineAndTheBytesAddUp) {
  LoggedWorld w("work_mem = 4MB\nlog_temp_files = 0");
  w.run(12);
  std::int64_t files = 0, bytes = 0;
  std::map<std::string, int> paths;
  for (const LogEntry& e : w.entries()) {
    if (!e.message.starts_with("temporary file: ")) continue;
    ++files;
    const std::size_t at = e.message.find(", size ") + 7;
    bytes += std::stoll(e.message.substr(at));
    EXPECT_EQ(std::stoll(e.message.substr(at)) % 8192, 0);
    EXPECT_EQ(++paths[e.message.substr(0, at)], 1) << e.message;
    EXPECT_TRUE(base::contains(e.message, "pgsql_tmp" + std::to_string(e.process.pid) + "."));
    EXPECT_TRUE(e.statement.starts_with("SELECT"));
  }
  EXPECT_GT(files, 1000);
  EXPECT_EQ(static_cast<double>(files), w.world.postgres().tempFiles);
  EXPECT_EQ(static_cast<double>(bytes), w.world.postgres().tempBytes);
}

TEST(LogBatches, OnlyLargeFilesWhenASizeIsGiven) {
  LoggedWorld w("work_mem = 4MB\nlog_temp_files = 8192");
  w.run(12);
  const auto lines = static_cast<double>(count(w.entries(), "temporary file"));
  EXPECT_GT(lines, 0);
  EXPECT_LT(lines, w.world.postgres().tempFiles);
}

TEST(LogBatches, EveryConnectionIsReceivedAuthenticatedAuthorized) {
  LoggedWorld w("log_connections = on\nlog_disconnections = on");
  w.run(12);
  auto entries = w.entries();
  const std::int64_t connections = w.world.postgres().connections();
  EXPECT_GT(connections, 0);
  EXPECT_EQ(count(entries, "connection received: host=10.0.0.21 port="), connections);
  EXPECT_EQ(count(entries, "connection authenticated: identity=\"app\" method=scram-sha-256"),
            connections);
  EXPECT_EQ(count(entries, "connection authorized: user=app database=shop"), connections);
  EXPECT_EQ(entries[0].process.backendType, "not initialized");
  EXPECT_EQ(entries[0].process.user, "");
  Action stop;
  stop.verb = Verb::Stop;
  stop.text = "fast";
  ASSERT_TRUE(w.world.apply(stop, "you", w.telemetry).accepted);
  entries = w.entries();
  EXPECT_EQ(count(entries, "disconnection: session time: 0:1"), connections);
  EXPECT_EQ(entries.back().message, "checkpoint starting: shutdown immediate");
}
