// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_files.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "log_fixture.h"

using namespace sim;
using worldtest::LoggedWorld;

namespace {

std::vector<LogFile> filesOf(const std::string& lines, std::int64_t minutes = 20) {
  LoggedWorld w(lines);
  w.run(minutes);
  return postgresLogFiles(w.telemetry, w.spec);
}

const std::string kData = "/var/lib/postgresql/15/main/";

}  // namespace

TEST(LogFiles, WithoutACollectorThereIsDebiansFile) {
  const auto files = filesOf("");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "/var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(base::contains(files[0].text, " LOG:  checkpoint starting: time\n"));
}

TEST(LogFiles, CsvlogWithoutACollectorFallsBackToStandardError) {
  const auto files = filesOf("log_destination = 'csvlog'");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_TRUE(base::contains(files[0].text, " LOG:  checkpoint starting: time\n"));
}

TEST(LogFiles, EachDestinationOfTheCollectorHasItsFile) {
  const auto files = filesOf("logging_collector = on\nlog_destination = 'stderr, csvlog,jsonlog'");
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].text, "");
  EXPECT_EQ(files[1].path, kData + "log/postgresql-2024-05-07_050000.log");
  EXPECT_TRUE(files[2].path.ends_with(".csv"));
  EXPECT_TRUE(files[3].path.ends_with(".json"));
  EXPECT_TRUE(base::contains(files[2].text, ",LOG,00000,\"checkpoint starting: time\","));
  EXPECT_TRUE(files[3].text.starts_with("{\"timestamp\":\"2024-05-07 "));
  const auto rows = base::lines(files[1].text).size();
  EXPECT_EQ(base::lines(files[2].text).size(), rows);
  EXPECT_EQ(base::lines(files[3].text).size(), rows);
}

TEST(LogFiles, DirectoryAndNameAreObeyed) {
  const auto files = filesOf(
      "logging_collector = on\nlog_directory = '/var/log/pg'\nlog_filename = 'pg-%a-%j.txt'\n"
      "log_destination = 'csvlog'");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1].path, "/var/log/pg/pg-Tue-128.txt.csv");
}

TEST(LogFiles, AFullFileIsFollowedByAnother) {
  const auto files = filesOf(
      "logging_collector = on\nlog_min_duration_statement = 0\nlog_rotation_size = 100", 12);
  ASSERT_GT(files.size(), 3U);
  for (std::size_t i = 1; i + 1 < files.size(); ++i) {
    EXPECT_GE(files[i].text.size(), 102'400U);
    EXPECT_LT(files[i].text.size(), 120'000U * 10);
  }
}

TEST(LogFiles, AgeCountsFromMidnight) {
  const auto files = filesOf(
      "logging_collector = on\nlog_min_duration_statement = 20\nlog_rotation_size = 0\n"
      "log_rotation_age = 5\nlog_filename = 'pg-%M.log'",
      12);
  std::set<std::string> names;
  for (std::size_t i = 1; i < files.size(); ++i) names.insert(files[i].path.substr(kData.size()));
  EXPECT_EQ(names, (std::set<std::string>{"log/pg-00.log", "log/pg-05.log", "log/pg-10.log"}));
}

TEST(LogFiles, CurrentLogFilesNamesThem) {
  LoggedWorld w(
      "logging_collector = on\nlog_destination = 'stderr,jsonlog'\nlog_filename = 'pg.log'");
  w.run(20);
  EXPECT_EQ(currentLogFiles(w.telemetry, w.spec), "stderr log/pg.log\njsonlog log/pg.json\n");
  LoggedWorld plain("");
  plain.run(3);
  EXPECT_EQ(currentLogFiles(plain.telemetry, plain.spec), "");
}

TEST(LogFiles, LinesAreCountedWithinEachProcess) {
  LoggedWorld w("log_connections = on\nlog_line_prefix = '%l %p: '");
  w.run(2);
  const std::string text = postgresLogFiles(w.telemetry, w.spec)[0].text;
  const auto lines = base::lines(text);
  ASSERT_GT(lines.size(), 6U);
  EXPECT_TRUE(lines[0].starts_with("1 ") && base::contains(lines[0], "received")) << lines[0];
  std::int64_t third = 0;
  for (const std::string& line : lines) third += line.starts_with("3 ") ? 1 : 0;
  EXPECT_EQ(third, w.world.postgres().connections());
}

TEST(LogFiles, AReloadChangesTheFormFromThereOn) {
  LoggedWorld w("");
  w.run(20);
  const std::size_t before = base::lines(postgresLogFiles(w.telemetry, w.spec)[0].text).size();
  Action edit;
  edit.verb = Verb::EditFile;
  edit.target = w.spec.database.configFile;
  edit.text = w.spec.database.files[0].text + "log_line_prefix = '<%b> '\nlog_checkpoints = off\n";
  Action reload;
  reload.verb = Verb::Reload;
  ASSERT_TRUE(w.world.apply(edit, "you", w.telemetry).accepted);
  ASSERT_TRUE(w.world.apply(reload, "you", w.telemetry).accepted);
  Action stop;
  stop.verb = Verb::Stop;
  stop.text = "fast";
  (void)w.world.apply(stop, "you", w.telemetry);
  const auto lines = base::lines(postgresLogFiles(w.telemetry, w.spec)[0].text);
  ASSERT_GT(lines.size(), before + 3);
  EXPECT_TRUE(lines[before].ends_with("LOG:  received SIGHUP, reloading configuration files"));
  EXPECT_TRUE(lines[before].starts_with("2024-05-07 "));
  EXPECT_EQ(lines.back(), "<checkpointer> LOG:  shutting down");
  EXPECT_TRUE(base::contains(lines[lines.size() - 4], "<client backend> FATAL:"))
      << lines[lines.size() - 4];
}

TEST(LogFiles, NamesFollowStrftime) {
  const std::int64_t when = base::toUnixMs({2024, 5, 7, 13, 4, 9, 0});
  EXPECT_EQ(logFileName("%Y-%m-%d_%H%M%S %y %I%p %j %a %A %b %B %u %w %F %T %Z %% %Q", when, {}),
            "2024-05-07_130409 24 01PM 128 Tue Tuesday May May 2 2 2024-05-07 13:04:09 UTC % %Q");
}

TEST(LogFiles, OnlyTheEndOfALongLogIsShown) {
  LoggedWorld w("log_min_duration_statement = 0");
  w.run(30);
  ASSERT_GT(w.world.postgres().commits, 60'000);
  const auto lines = base::lines(postgresLogFiles(w.telemetry, w.spec)[0].text);
  EXPECT_LT(lines.size(), 110'000U);
  EXPECT_GT(lines.size(), 40'000U);
}
