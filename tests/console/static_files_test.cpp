// SPDX-License-Identifier: GPL-3.0-or-later
// What the terminal shows of the server's log files.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

constexpr const char* kLog = "/var/log/postgresql/postgresql-15-main.log";

sim::WorldSpec specWith(const std::string& lines) {
  sim::WorldSpec spec = smallSpec();
  spec.database.files[0].text += lines;
  return spec;
}

TEST(LogFiles, DebiansFileHasThePrefixTheSettingsAskFor) {
  Terminal t(
      specWith("log_line_prefix = '%t [%p] %q%u@%d '\nlog_connections = on\n"
               "log_timezone = 'Europe/Berlin'\n"));
  EXPECT_EQ(t("ls /var/log/postgresql"), "postgresql-15-main.log");
  const std::string first = t(std::string("head -n 1 ") + kLog);
  EXPECT_TRUE(first.starts_with("2024-05-07 07:00:")) << first;
  EXPECT_TRUE(base::contains(first, " CEST ["));
  EXPECT_TRUE(
      base::contains(first, "] [unknown]@[unknown] LOG:  connection received: host=10.0.0.21"));
  EXPECT_EQ(t(std::string("grep -c 'app@shop LOG:  connection authorized' ") + kLog), "20");
  EXPECT_TRUE(t(std::string("tail -n 1 ") + kLog).starts_with("2024-05-07 07:0"));
}

TEST(LogFiles, TheCollectorsFilesAreInTheDataDirectory) {
  Terminal t(
      specWith("logging_collector = on\nlog_destination = 'stderr,csvlog,jsonlog'\n"
               "log_connections = on\n"));
  EXPECT_EQ(t(std::string("cat ") + kLog), "");
  const std::string folder = "/var/lib/postgresql/15/main/log";
  EXPECT_EQ(t("sudo ls -1 " + folder),
            "postgresql-2024-05-07_050000.csv\n"
            "postgresql-2024-05-07_050000.json\n"
            "postgresql-2024-05-07_050000.log");
  EXPECT_EQ(t("sudo cat " + folder + "/*.csv | grep -c '\"connection authorized: user=app'"), "20");
  EXPECT_EQ(t("sudo cat " + folder + "/*.json | grep -c '\"message\":\"connection received'"),
            "20");
  EXPECT_EQ(t("sudo cat /var/lib/postgresql/15/main/current_logfiles"),
            "stderr log/postgresql-2024-05-07_050000.log\n"
            "csvlog log/postgresql-2024-05-07_050000.csv\n"
            "jsonlog log/postgresql-2024-05-07_050000.json");
}

TEST(LogFiles, AnErrorOfPsqlHasItsStateInCsv) {
  Terminal t(
      specWith("logging_collector = on\nlog_destination = csvlog\nlog_filename = 'pg.log'\n"));
  (void)t("psql -c 'selec 1'");
  const std::string csv = t("sudo cat /var/lib/postgresql/15/main/log/pg.csv");
  EXPECT_TRUE(base::contains(csv, ",ERROR,42601,\"syntax error at or near \"\"selec\"\"\","))
      << csv;
  EXPECT_TRUE(base::contains(csv, ",\"selec 1\",1,,"));
}

}  // namespace
