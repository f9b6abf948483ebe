// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_policy.h"

#include <gtest/gtest.h>

#include "sim/log_shapes.h"
#include "sim/settings/settings.h"

using namespace sim;

TEST(LogPolicy, LogStandsAboveErrorAndBelowFatal) {
  EXPECT_GT(logLevel("log"), logLevel("ERROR"));
  EXPECT_LT(logLevel("log"), logLevel("fatal"));
  EXPECT_EQ(logLevel("nonsense"), LogLevel::Warning);
  EXPECT_EQ(logLevel("debug"), LogLevel::Debug2);
}

// check_log_duration(): each row is a case of its two conditions.
TEST(LogPolicy, DurationsFollowTheThreeSettings) {
  LogPolicy p;
  EXPECT_EQ(durationLine(p, 5'000'000, 0, false), DurationLine::None);
  p.minDurationMs = 250;
  EXPECT_EQ(durationLine(p, 249'999, 0, false), DurationLine::None);
  EXPECT_EQ(durationLine(p, 250'000, 0, false), DurationLine::WithStatement);
  EXPECT_EQ(durationLine(p, 250'000, 0, true), DurationLine::DurationOnly);
  p.minDurationMs = 0;
  EXPECT_EQ(durationLine(p, 0, 0, false), DurationLine::WithStatement);
  p.minDurationMs = -1;
  p.duration = true;
  EXPECT_EQ(durationLine(p, 1, 0, false), DurationLine::DurationOnly);
  p.duration = false;
  p.minSampleMs = 100;
  p.sampleRate = 0.25;
  EXPECT_EQ(durationLine(p, 100'000, 0.2, false), DurationLine::WithStatement);
  EXPECT_EQ(durationLine(p, 100'000, 0.3, false), DurationLine::None);
  EXPECT_EQ(durationLine(p, 99'000, 0.2, false), DurationLine::None);
  p.transactionSampleRate = 1;
  EXPECT_EQ(durationLine(p, 1, 0.99, false), DurationLine::WithStatement);
}

TEST(LogPolicy, StatementsAreLoggedByKind) {
  LogPolicy p;
  const auto kinds = [&p] {
    std::string text;
    for (const char* sql :
         {"SELECT 1", "  update t set a = 1", "CREATE TABLE t ()", "copy t from stdin"}) {
      text += logsStatement(p, sql) ? 'y' : 'n';
    }
    return text;
  };
  EXPECT_EQ(kinds(), "nnnn");
  p.statement = LoggedStatements::Ddl;
  EXPECT_EQ(kinds(), "nnyn");
  p.statement = LoggedStatements::Mod;
  EXPECT_EQ(kinds(), "nyyy");
  p.statement = LoggedStatements::All;
  EXPECT_EQ(kinds(), "yyyy");
}

TEST(LogPolicy, KindsFollowWhatAStatementDoes) {
  LogPolicy p;
  p.statement = LoggedStatements::Mod;
  for (const char* changes :
       {"-- first\ninsert into t values (1)", "with x as (select 1) delete from t",
        "prepare p (int) as update t set a = $1", "explain analyze delete from t",
        "copy t from '/tmp/from'", "select 1 into t", "alter system set work_mem = '1MB'"}) {
    EXPECT_TRUE(logsStatement(p, changes)) << changes;
  }
  for (const char* reads : {"select 'delete from t'", "with x as (insert into t select 1) select 1",
                            "explain delete from t", "copy t to '/tmp/into'", "reindex table t",
                            "vacuum t", "begin", "execute p", "/* drop */ select 1", ""}) {
    EXPECT_FALSE(logsStatement(p, reads)) << reads;
  }
}

TEST(LogPolicy, TemporaryFilesByWholeKilobytes) {
  LogPolicy p;
  EXPECT_FALSE(logsTemporaryFile(p, 1 << 30));
  p.tempFilesKb = 0;
  EXPECT_TRUE(logsTemporaryFile(p, 0));
  p.tempFilesKb = 64;
  EXPECT_TRUE(logsTemporaryFile(p, 65'536));
  EXPECT_FALSE(logsTemporaryFile(p, 65'535));
}

TEST(LogPolicy, MinMessagesAndLogCheckpointsKeepRecordsOut) {
  LogPolicy p;
  const LogRecord ready = logRecord(LogShape::PgReady, {});
  const LogRecord checkpoint = logRecord(LogShape::PgCheckpointTime, {});
  const LogRecord fatal = logRecord(LogShape::PgStartingUp, {});
  EXPECT_TRUE(lets(p, ready) && lets(p, checkpoint) && lets(p, fatal));
  p.checkpoints = false;
  EXPECT_TRUE(lets(p, ready) && !lets(p, checkpoint));
  p.minMessages = LogLevel::Fatal;
  EXPECT_FALSE(lets(p, ready));
  EXPECT_TRUE(lets(p, fatal));
  p.minMessages = LogLevel::Panic;
  EXPECT_FALSE(lets(p, fatal));
  EXPECT_TRUE(lets(p, logRecord(LogShape::PgBareLine, {})));
  EXPECT_TRUE(lets(p, logRecord(LogShape::SystemdStarted, {})));
}

TEST(LogPolicy, ACatalogueWithoutTheSettingsGivesTheDefaults) {
  auto catalogue = std::make_shared<const SettingCatalogue>(std::vector<SettingDefinition>());
  const LogSettings s = logSettings(ServerSettings(catalogue, "/postgresql.conf", "/data"));
  EXPECT_EQ(s.policy, LogPolicy());
  EXPECT_EQ(s.layout, LogLayout());
  EXPECT_EQ(s.destination, LogDestination());
}
