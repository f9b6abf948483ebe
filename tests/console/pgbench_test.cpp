// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/text.h"
#include "console/bench/script.h"
#include "terminal.h"

namespace {

double after(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + label.size(), nullptr);
}

}  // namespace

TEST(Pgbench, MakesItsTables) {
  Terminal t(laboratorySpec());
  const console::Reply reply = t.reply("pgbench -i -s 2 postgres");
  EXPECT_EQ(reply.exitCode, 0);
  EXPECT_TRUE(base::contains(reply.text,
                             "dropping old tables...\n"
                             "NOTICE:  table \"pgbench_accounts\" does not exist, skipping\n"
                             "NOTICE:  table \"pgbench_branches\" does not exist, skipping\n"
                             "NOTICE:  table \"pgbench_history\" does not exist, skipping\n"
                             "NOTICE:  table \"pgbench_tellers\" does not exist, skipping\n"
                             "creating tables...\n"
                             "generating data (client-side)...\n"
                             "100000 of 200000 tuples (50%) done (elapsed "))
      << reply.text;
  EXPECT_TRUE(base::contains(reply.text, "\nvacuuming...\ncreating primary keys...\ndone in "));
  EXPECT_EQ(t("psql -Atc 'select count(*) from pgbench_accounts' postgres"), "200000");
  // Measured at scale 50: 81,968 and 13,713 pages.
  t("pgbench -i -q -s 50 postgres");
  for (const sim::Relation& one : t.world.postgres().relations) {
    if (one.name != "pgbench_accounts") continue;
    EXPECT_EQ(one.pages, 81'968);
    EXPECT_NEAR(static_cast<double>(one.indexes.at(0).pages), 13'713, 140);
  }
}

TEST(Pgbench, ReportsAsTheRealOneDoes) {
  Terminal t(laboratorySpec());
  t("pgbench -i -q -s 3 postgres");
  const console::Reply reply = t.reply("pgbench -S -c 4 -j 2 -T 5 postgres");
  EXPECT_TRUE(
      reply.text.starts_with("pgbench (15.18 (Debian 15.18-0+deb12u1))\n"
                             "starting vacuum...end.\n"
                             "transaction type: <builtin: select only>\n"
                             "scaling factor: 3\n"
                             "query mode: simple\n"
                             "number of clients: 4\n"
                             "number of threads: 2\n"
                             "maximum number of tries: 1\n"
                             "duration: 5 s\n"
                             "number of transactions actually processed: "))
      << reply.text;
  const double tps = after(reply.text, "tps = ");
  EXPECT_GT(tps, 3000);
  EXPECT_NEAR(after(reply.text, "latency average = "), 4000 / tps, 4000 / tps * 0.02);
  EXPECT_NEAR(static_cast<double>(reply.duration.ms), 5000, 100);
  const std::string some = t("pgbench -n -c 2 -t 100 postgres");
  EXPECT_TRUE(base::contains(some,
                             "transaction type: <builtin: TPC-B (sort of)>\n"
                             "scaling factor: 3\nquery mode: simple\nnumber of clients: 2\n"
                             "number of threads: 1\nmaximum number of tries: 1\n"
                             "number of transactions per client: 100\n"
                             "number of transactions actually processed: 200/200\n"
                             "number of failed transactions: 0 (0.000%)\nlatency average = "))
      << some;
  EXPECT_EQ(t("psql -Atc 'select count(*) from pgbench_history' postgres"), "200");
}

TEST(Pgbench, ReportsScriptsAndCommandsWhenAskedTo) {
  Terminal t(laboratorySpec());
  t("pgbench -i -q -s 3 postgres");
  const std::string report = t("pgbench -n -r -c 2 -T 5 -b select-only@3 -b tpcb-like postgres");
  EXPECT_TRUE(base::contains(report, "transaction type: multiple scripts\n")) << report;
  EXPECT_TRUE(base::contains(report,
                             "SQL script 1: <builtin: select only>\n"
                             " - weight: 3 (targets 75.0% of total)\n"))
      << report;
  EXPECT_TRUE(base::contains(report,
                             " - statement latencies in milliseconds and failures:\n"
                             "         0.0"))
      << report;
  EXPECT_TRUE(base::contains(report, "           0  \\set aid random(1, 100000 * :scale)\n"));
  EXPECT_TRUE(base::contains(report, "           0  END;"));
  // The commands of a transaction together take as long as it does.
  const std::string alone = t("pgbench -n -r -S -c 2 -T 5 postgres");
  const std::size_t at = alone.find("\nstatement latencies");
  ASSERT_NE(at, std::string::npos) << alone;
  double sum = 0;
  for (const std::string& line : base::lines(alone.substr(at + 1))) {
    if (!line.starts_with("statement")) sum += std::strtod(line.c_str(), nullptr);
  }
  EXPECT_NEAR(sum, after(alone, "latency average = "), 0.01);
}

TEST(Pgbench, ConnectionsForEachTransactionCost) {
  Terminal t(laboratorySpec());
  t("pgbench -i -q -s 3 postgres");
  const std::string kept = t("pgbench -n -S -c 2 -T 5 postgres");
  const std::string anew = t("pgbench -n -S -C -c 2 -T 5 postgres");
  EXPECT_TRUE(base::contains(anew, " (including reconnection times)")) << anew;
  EXPECT_GT(after(anew, "average connection time = "), 0.1);
  EXPECT_GT(after(kept, "tps = "), 3 * after(anew, "tps = "));
}

TEST(Pgbench, RefusesAsTheRealOneDoes) {
  Terminal t(laboratorySpec());
  EXPECT_EQ(t("pgbench -T 1 postgres"),
            "pgbench (15.18 (Debian 15.18-0+deb12u1))\n"
            "pgbench: error: could not count number of branches: ERROR:  relation "
            "\"pgbench_branches\" does not exist\n"
            "LINE 1: select count(*) from pgbench_branches\n"
            "                             ^\n"
            "pgbench: hint: Perhaps you need to do initialization (\"pgbench -i\") in database "
            "\"postgres\".");
  EXPECT_EQ(t("pgbench -c 0 postgres"),
            "pgbench: error: -c/--clients must be in range 1..2147483647");
  EXPECT_EQ(t("pgbench -t 5 -T 5 postgres"),
            "pgbench: error: specify either a number of transactions (-t) or a duration (-T), not "
            "both");
  EXPECT_EQ(t("pgbench -f /tmp/nowhere postgres"),
            "pgbench: error: could not open file \"/tmp/nowhere\": No such file or directory");
  EXPECT_EQ(t("pgbench -b list"),
            "Available builtin scripts:\n"
            "      tpcb-like: <builtin: TPC-B (sort of)>\n"
            "  simple-update: <builtin: simple update>\n"
            "    select-only: <builtin: select only>\n");
  t("echo '\\foo' > /tmp/c.sql");
  EXPECT_EQ(t("pgbench -n -f /tmp/c.sql postgres"),
            "pgbench: error: /tmp/c.sql:1: invalid command in command \"foo\"\n\\foo");
  t("echo 'SELECT * FROM nowhere;' > /tmp/b.sql");
  EXPECT_TRUE(base::contains(t("pgbench -n -f /tmp/b.sql postgres"),
                             "pgbench: error: client 0 script 0 aborted in command 0 query 0: "
                             "ERROR:  relation \"nowhere\" does not exist\n"
                             "LINE 1: SELECT * FROM nowhere;\n"
                             "                      ^\n"
                             "transaction type: /tmp/b.sql\n"));
  t("pgbench -i -q postgres");
  EXPECT_TRUE(base::contains(t("pgbench -S -n -c 300 -T 1 postgres"),
                             "failed: FATAL:  sorry, too many clients already\n"
                             "pgbench: error: could not create connection for client "));
  // Only a laboratory's superuser makes tables.
  Terminal shop;
  EXPECT_TRUE(base::contains(shop("pgbench -i"), "permission denied for schema public"));
}

std::int64_t countOf(const std::string& text, const std::string& part) {
  std::int64_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// The words and tables of a PostgreSQL 15.18 whose statement_timeout ended a pgbench -i.
TEST(Pgbench, WhatAStepLeavesBehindWhenTheNextOneFails) {
  Terminal t(laboratorySpec());
  const auto limit = [&](const std::string& value) {
    t("psql -U postgres -c \"alter system set statement_timeout = '" + value +
      "'\" -c 'select pg_reload_conf()' postgres");
    t.wait(1);
  };
  const auto tables = [&] {
    return t(
        "psql -U postgres -Atc \"select relname, relhasindex from pg_class where relname like "
        "'pgbench%' and relkind = 'r' order by 1\" postgres");
  };
  limit("500ms");
  std::string text = t("pgbench -i -q -s 20 postgres");
  EXPECT_TRUE(base::contains(text,
                             "ERROR:  canceling statement due to statement timeout\n"
                             "CONTEXT:  COPY pgbench_accounts, line 384615: \"384615\t4\t0\t\"\n"
                             "pgbench: error: PQendcopy failed"))
      << text;
  EXPECT_EQ(tables(),
            "pgbench_accounts|f\npgbench_branches|f\npgbench_history|f\npgbench_tellers|f");
  EXPECT_EQ(t("psql -U postgres -Atc 'select count(*) from pgbench_branches' postgres"), "0");
  limit("1500ms");
  text = t("pgbench -i -q -n -s 10 postgres");
  EXPECT_TRUE(base::contains(text, "done in ")) << text;
  EXPECT_EQ(tables(),
            "pgbench_accounts|t\npgbench_branches|t\npgbench_history|f\npgbench_tellers|t");
}

TEST(Pgbench, ClientsTellHowTheServerLeftThem) {
  for (const char* mode : {"fast", "immediate"}) {
    Terminal t(laboratorySpec());
    t("pgbench -i -q -s 10 postgres");
    t("pgbench -n -c 40 -T 60 postgres > /tmp/heard 2>&1 &");
    t.wait(3);
    t("sudo pg_ctlcluster 15 main stop -m " + std::string(mode));
    t.wait(3);
    (void)t("true");  // the shell tells of its job first
    const std::string text = t("cat /tmp/heard");
    const std::int64_t notices = countOf(text, "\nFATAL:  terminating connection due to ") +
                                 countOf(text, "\nWARNING:  terminating connection due to ");
    const std::int64_t results = countOf(text, " query 0: FATAL:  terminating connection due to ");
    EXPECT_EQ(countOf(text, "aborted in command"), 40) << text;
    EXPECT_EQ(countOf(text, "perhaps the backend died while processing"), notices);
    EXPECT_EQ(notices + results, 40);
    // A result is read only of an error; a server that stops at once sends a warning.
    EXPECT_EQ(results > 5, std::string(mode) == "fast") << results;
    for (const char* meta : {"command 0 ", "command 1 ", "command 2 ", "command 3 "}) {
      EXPECT_FALSE(base::contains(text, meta));
    }
  }
}

TEST(Pgbench, ItsClientsAreBackendsWhileItRuns) {
  Terminal t(laboratorySpec());
  t("pgbench -i -q -s 3 postgres");
  t("pgbench -S -n -c 5 -T 30 postgres");  // its time has not passed yet
  t.world.advanceTo(t.world.now() + base::seconds(5), t.telemetry);
  EXPECT_EQ(t("psql -Atc \"select count(*) from pg_stat_activity where application_name = "
              "'pgbench'\" postgres"),
            "5");
  EXPECT_EQ(t("ps aux | grep -c 'postgres: 15/main: .* \\[local\\]'"), "5");
  const std::string pid =
      t("psql -Atc \"select min(pid) from pg_stat_activity where application_name = 'pgbench'\" "
        "postgres");
  EXPECT_GT(after(t("cat /proc/" + pid + "/smaps_rollup"), "Pss_Anon:"), 1000);
}

TEST(BenchScripts, Expressions) {
  const console::BenchVariables variables = {{"scale", {50, 50, sim::KeyLaw::Uniform, 0}}};
  const auto value = [&](const char* text) { return console::evaluateBench(text, variables); };
  EXPECT_EQ(value("random(1, 100000 * :scale)").value().high, 5'000'000);
  EXPECT_EQ(value("random(1, 10) + 5").value().low, 6);
  EXPECT_EQ(value("2 * (3 + 4)").value().high, 14);
  const auto zipf = value("random_zipfian(1, 100, 1.1)");
  ASSERT_TRUE(zipf.ok());
  EXPECT_EQ(zipf.value().law, sim::KeyLaw::Zipfian);
  EXPECT_EQ(zipf.value().parameter, 1.1);
  for (const char* wrong : {"", "random(1)", "nothing(1, 2)", ":nobody", "1 +", "(1", "1 / 0",
                            "random(5, 1)", "random_gaussian(1, 9, 1)"}) {
    EXPECT_FALSE(value(wrong).ok()) << wrong;
  }
  EXPECT_FALSE(value(std::string(5000, '(').c_str()).ok());
}
