// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/jobs.h"

#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Jobs : testing::Test {
  Jobs() : t(laboratorySpec()) {}
  void wait(int seconds) { t.wait(seconds); }
  bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  Terminal t;
};

}  // namespace

TEST_F(Jobs, RunBesideTheShellAndAreToldOf) {
  EXPECT_EQ(t("sleep 5 &").substr(0, 4), "[1] ");
  EXPECT_TRUE(says(t("jobs"), "[1]+  Running"));
  wait(6);
  EXPECT_TRUE(says(t("echo here"), "[1]+  Done"));
  EXPECT_EQ(t("jobs"), "");
  EXPECT_TRUE(says(t("wait %7"), "no such job"));
}

TEST_F(Jobs, ASessionInTheBackgroundHoldsItsLock) {
  t("psql -d postgres -c 'create table big as select g a from generate_series(1,1000) g'");
  t("psql -d postgres -c 'begin; lock table big; select pg_sleep(30); commit' &");
  const std::string waits =
      t("psql -d postgres -c \"set lock_timeout = '200ms'\" -c 'select count(*) from big'");
  EXPECT_TRUE(says(waits, "canceling statement due to lock timeout")) << waits;
  EXPECT_TRUE(says(t("psql -d postgres -Atc \"select query from pg_stat_activity where state = "
                     "'active'\""),
                   "select"));
  wait(31);
  const std::string after = t("psql -d postgres -Atc 'select count(*) from big'");
  EXPECT_TRUE(says(after, "1000")) << after;
  EXPECT_TRUE(t.world.postgres().sessions.empty());
}

TEST_F(Jobs, AJobWaitsForALock) {
  t("psql -d postgres -c 'create table big as select g a from generate_series(1,1000) g'");
  Terminal& terminal = t;
  console::Shell other;
  other.run({terminal.world, terminal.telemetry, "trainee"}, "psql -d postgres");
  other.run({terminal.world, terminal.telemetry, "trainee"}, "begin;");
  other.run({terminal.world, terminal.telemetry, "trainee"}, "lock table big;");
  t("psql -d postgres -Atc 'select count(*) from big' &");
  wait(3);
  EXPECT_TRUE(says(t("psql -d postgres -Atc \"select wait_event_type from pg_stat_activity where "
                     "pid <> pg_backend_pid() and wait_event_type = 'Lock'\""),
                   "Lock"));
  other.run({terminal.world, terminal.telemetry, "trainee"}, "commit;");
  wait(1);
  EXPECT_TRUE(says(t("echo"), "1000"));
}

TEST_F(Jobs, KillEndsASession) {
  t("psql -d postgres -c 'select pg_sleep(600)' &");
  EXPECT_EQ(t.world.postgres().sessions.size(), 1u);
  EXPECT_TRUE(says(t("kill %1"), "Terminated"));
  EXPECT_TRUE(t.world.postgres().sessions.empty());
}

TEST_F(Jobs, ATerminatedBackendIsNoticed) {
  t("psql -d postgres -c 'select pg_sleep(600)' &");
  const std::string answer = t(
      "psql -d postgres -Atc \"select pg_terminate_backend(pid) from pg_stat_activity where query "
      "like '%sleep(6%' and pid <> pg_backend_pid()\"");
  EXPECT_TRUE(says(answer, "FATAL:  terminating connection due to administrator command"))
      << answer;
  EXPECT_TRUE(says(answer, "Exit 2"));
}

TEST_F(Jobs, ABenchmarkWritesWalAndReports) {
  t("pgbench -i -q -s 10 postgres");
  const double before = t.world.postgres().walBytes;
  t("pgbench -n -c 4 -T 20 postgres &");
  EXPECT_EQ(t.world.postgres().sessions.size(), 4u);
  wait(10);
  EXPECT_GT(t.world.postgres().walBytes - before, 10e6);
  wait(12);
  const std::string report = t("echo");
  EXPECT_TRUE(says(report, "number of transactions actually processed")) << report;
  EXPECT_TRUE(t.world.postgres().sessions.empty());
}

// Each line takes the time of a line, however many there are.
TEST_F(Jobs, AHundredThousandLinesAreFed) {
  const std::string answer =
      t("(seq 100000; echo 'x;'; echo 'select 7;') | psql -X -At -d postgres &") + "\n" + t("wait");
  EXPECT_TRUE(says(answer, "syntax error at or near \"1\"")) << answer.substr(0, 300);
  EXPECT_TRUE(says(answer, "\n7\n")) << answer.substr(0, 300);
}
