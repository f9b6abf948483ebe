// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/settings.h"

#include <gtest/gtest.h>

#include "settings_sample.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

TEST(ServerSettings, startTakesDefaultsThenFilesThenCommandLine) {
  ServerSettings server(sampleCatalogue(), kMainFile, "/data");
  const LoadReport report =
      server.start(sampleFiles("work_mem = 8MB\nmax_wal_size = 2GB\n", "work_mem = '16MB'\n"),
                   {{"shared_buffers", "1GB"}});
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(logLines(report.log), Lines{});
  EXPECT_EQ(server.show("WORK_MEM"), "16MB");
  EXPECT_EQ(server.state("work_mem")->sourceFile, kAutoFile);
  EXPECT_EQ(server.number("shared_buffers"), 131072);
  EXPECT_EQ(server.state("shared_buffers")->source, "command line");
  EXPECT_EQ(server.show("max_stack_depth"), "2MB");
  EXPECT_EQ(server.show("wal_buffers"), "16MB");
  EXPECT_EQ(server.state("wal_buffers")->source, "default");
  EXPECT_EQ(server.show("unix_socket_permissions"), "0777");
  EXPECT_EQ(server.number("unix_socket_permissions"), 511);
  EXPECT_EQ(server.show("hba_file"), "/data/pg_hba.conf");
  EXPECT_EQ(server.show("archive_command"), "(disabled)");
  EXPECT_EQ(server.number("huge_pages"), 2);
  EXPECT_EQ(server.number("log_checkpoints"), 1);
}

TEST(ServerSettings, reloadAppliesWhatMayChangeAndNamesTheRest) {
  ServerSettings server = startedServer(sampleFiles("work_mem = 8MB\nmax_connections = 50\n"));
  const LoadReport report = server.reload(
      sampleFiles("shared_buffers = 1GB\nmaintenance_work_mem = 1gb\nmax_wal_size = 3GB\n"));
  EXPECT_EQ(logLines(report.log),
            (Lines{"LOG:  parameter \"max_connections\" cannot be changed without restarting the "
                   "server",
                   "LOG:  parameter \"work_mem\" removed from configuration file, reset to default",
                   "LOG:  parameter \"shared_buffers\" cannot be changed without restarting the "
                   "server",
                   "LOG:  invalid value for parameter \"maintenance_work_mem\": \"1gb\"",
                   "HINT:  Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and "
                   "\"TB\".",
                   "LOG:  parameter \"max_wal_size\" changed to \"3GB\"",
                   "LOG:  configuration file \"/data/postgresql.conf\" contains errors; unaffected "
                   "changes were applied"}));
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.changed, (Lines{"work_mem", "max_wal_size"}));
  EXPECT_TRUE(server.state("max_connections")->pendingRestart);
  EXPECT_TRUE(server.state("shared_buffers")->pendingRestart);
  EXPECT_EQ(server.number("shared_buffers"), 16384);
  EXPECT_EQ(server.show("work_mem"), "4MB");
}

TEST(ServerSettings, syntaxErrorAnywhereKeepsEverything) {
  ServerSettings server = startedServer(sampleFiles(""));
  const ServerSettings before = server;
  const LoadReport report = server.reload(sampleFiles("work_mem = 8MB\n", "max_wal_size = = 3\n"));
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(logLines(report.log),
            (Lines{"LOG:  syntax error in file \"/data/postgresql.auto.conf\" line 1, near token "
                   "\"=\"",
                   "LOG:  configuration file \"postgresql.auto.conf\" contains errors; no changes "
                   "were applied"}));
  EXPECT_EQ(server, before);
}

TEST(ServerSettings, pendingRestartGoesWhenTheValueIsPutBack) {
  ServerSettings server = startedServer(sampleFiles("shared_buffers = 128MB\n"));
  server.reload(sampleFiles("shared_buffers = 1GB\n"));
  EXPECT_TRUE(server.state("shared_buffers")->pendingRestart);
  server.reload(sampleFiles("shared_buffers = 131072kB\n"));
  EXPECT_FALSE(server.state("shared_buffers")->pendingRestart);
}

TEST(ServerSettings, startRefusesImpossibleCombinations) {
  const auto logOf = [](const std::string& text) {
    ServerSettings server(sampleCatalogue(), kMainFile, "/data");
    const LoadReport report = server.start(sampleFiles(text));
    EXPECT_FALSE(report.ok);
    return logLines(report.log);
  };
  EXPECT_EQ(logOf("max_connections = 3\n"),
            (Lines{"postgres: superuser_reserved_connections (3) must be less than "
                   "max_connections (3)"}));
  EXPECT_EQ(logOf("max_wal_size = 31MB\n"),
            (Lines{"FATAL:  \"max_wal_size\" must be at least twice \"wal_segment_size\"",
                   "LOG:  database system is shut down"}));
  EXPECT_EQ(logOf("wal_level = minimal\n"),
            (Lines{"FATAL:  WAL streaming (max_wal_senders > 0) requires wal_level \"replica\" or "
                   "\"logical\""}));
}

TEST(ServerSettings, fileSettingsListsEveryLineInOrder) {
  const auto files = sampleFiles("work_mem = 8MB\nwork_mem = 16MB\nshared_buffers = 1GB\n");
  const ServerSettings server = startedServer(sampleFiles(""));
  const std::vector<FileSetting> rows = server.fileSettings(files);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_FALSE(rows[0].applied);
  EXPECT_EQ(rows[0].error, "");
  EXPECT_TRUE(rows[1].applied);
  EXPECT_EQ(rows[1].setting, "16MB");
  EXPECT_EQ(rows[2].line, 3);
  EXPECT_EQ(rows[2].sequence, 3);
  EXPECT_EQ(rows[2].error, "setting could not be applied");
}

}  // namespace
}  // namespace sim
