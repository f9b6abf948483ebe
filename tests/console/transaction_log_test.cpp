// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/bench/transaction_log.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/text.h"
#include "terminal.h"

namespace {

struct TransactionLog : testing::Test {
  TransactionLog() : t(laboratorySpec()) {
    t("pgbench -i -q postgres");
    t("cd /tmp");
  }
  void wait(int seconds) { t.wait(seconds); }
  Terminal t;
};

}  // namespace

TEST_F(TransactionLog, HasALineForEachTransaction) {
  const console::Reply reply = t.reply("pgbench -n -l -c 4 -j 2 -t 50 postgres");
  EXPECT_EQ(reply.exitCode, 0) << reply.text;
  EXPECT_EQ(t("ls pgbench_log.* | wc -l"), "2") << t("ls");
  EXPECT_EQ(t("cat pgbench_log.* | wc -l"), "200");
  // client, number, latency, script, seconds and microseconds of the clock
  EXPECT_EQ(t("cat pgbench_log.* | grep -cE '^[0-3] [0-9]+ [0-9]+ 0 17150[0-9]+ [0-9]+$'"), "200");
  EXPECT_EQ(t("awk '{print $1}' pgbench_log.*.1 | sort -u | tr '\\n' ' '"), "2 3 ");
  const double mean = std::strtod(
      t("cat pgbench_log.* | awk '{s += $3} END {print s / NR / 1000}'").c_str(), nullptr);
  const std::size_t at = reply.text.find("latency average = ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_NEAR(mean, std::strtod(reply.text.c_str() + at + 18, nullptr), 0.25 * mean);
}

TEST_F(TransactionLog, MayBeSampled) {
  const console::Reply run =
      t.reply("pgbench -n -S -l --sampling-rate=0.1 --log-prefix=some -t 5000 postgres");
  EXPECT_EQ(run.exitCode, 0) << run.text;
  const int lines = std::atoi(t("cat some.* | wc -l").c_str());
  EXPECT_NEAR(lines, 500, 80);
  EXPECT_TRUE(base::contains(t("pgbench -n --sampling-rate=0.1 postgres"),
                             "pgbench: error: log sampling (--sampling-rate) is allowed only when "
                             "logging transactions (-l)"));
  EXPECT_TRUE(base::contains(t("pgbench -n -l --sampling-rate=2 postgres"),
                             "pgbench: error: invalid sampling rate: \"2\""));
}

TEST_F(TransactionLog, NeedsADirectoryToLieIn) {
  t("cd /var/lib/postgresql/15/main");
  const console::Reply reply = t.reply("pgbench -n -l -t 5 postgres");
  EXPECT_EQ(reply.exitCode, 1);
  EXPECT_TRUE(base::contains(reply.text, "pgbench: error: could not open logfile \"pgbench_log."))
      << reply.text;
  EXPECT_TRUE(base::contains(reply.text, "Permission denied")) << reply.text;
}

TEST_F(TransactionLog, GrowsWhileAJobRuns) {
  t("pgbench -n -S -l --sampling-rate=0.001 -T 60 -P 10 postgres &");
  EXPECT_EQ(t("jobs").substr(0, 4), "[1]+") << t("jobs");
  wait(25);
  const std::string told = t("echo here");
  EXPECT_TRUE(base::contains(told, "progress: 10.0 s, ")) << told;
  EXPECT_TRUE(base::contains(told, "progress: 2")) << told;
  EXPECT_TRUE(base::contains(t("ps aux"), "pgbench -n -S -l"));
  EXPECT_GT(std::atoi(t("cat pgbench_log.* | wc -l").c_str()), 5);
  wait(40);
  t("echo");
  EXPECT_FALSE(base::contains(t("ps aux | grep -v grep"), "pgbench -n"));
}

TEST_F(TransactionLog, VariablesAreDefinedOnTheCommandLine) {
  t("echo 'select * from pgbench_accounts where aid = :key' > one.sql");
  const console::Reply reply = t.reply("pgbench -n -D key=17 -f one.sql -t 10 postgres");
  EXPECT_EQ(reply.exitCode, 0) << reply.text;
  EXPECT_TRUE(base::contains(t("pgbench -n -D key -f one.sql postgres"),
                             "pgbench: error: invalid variable definition: \"key\""));
}
