// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/session_log.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

struct SessionLog : testing::Test {
  SessionLog() : t(laboratorySpec()) {}
  void set(const std::string& name, const std::string& value) {
    t("psql -X -d postgres -c \"alter system set " + name + " = '" + value + "'\"");
    t("psql -X -d postgres -c 'select pg_reload_conf()'");
    wait(1);
    t("psql -X -d postgres -c 'select 1'");
    mark = log().size();
  }
  void wait(int seconds) { t.wait(seconds); }
  std::string log() { return t("sudo cat /var/log/postgresql/postgresql-15-main.log"); }
  // What was logged since the last call of set(), without the prefix of time and process.
  std::string written() {
    std::string text;
    for (const std::string& line : base::lines(log().substr(mark))) {
      const std::size_t at = line.find("] ");
      text += (at == std::string::npos ? line : line.substr(at + 2)) + "\n";
    }
    return std::string(base::trim(text));
  }
  Terminal t;
  std::size_t mark = 0;
};

}  // namespace

TEST_F(SessionLog, LogStatementWritesWhatItIsAskedFor) {
  set("log_statement", "ddl");
  t("psql -X -d postgres -c 'create table a (x int)'");
  t("psql -X -d postgres -c 'insert into a values (1)'");
  EXPECT_EQ(written(), "LOG:  statement: create table a (x int)");
  set("log_statement", "mod");
  t("psql -X -d postgres -c 'insert into a values (1)'");
  t("psql -X -d postgres -c 'select 1'");
  EXPECT_EQ(written(), "LOG:  statement: insert into a values (1)");
  set("log_statement", "all");
  t("psql -X -d postgres -c 'select 1; select 2'");
  EXPECT_EQ(written(), "LOG:  statement: select 1; select 2");
}

TEST_F(SessionLog, ExplainCountsAsWhatItRuns) {
  t("psql -X -d postgres -c 'create table a (x int)'");
  set("log_statement", "mod");
  t("psql -X -d postgres -c 'explain analyze update a set x = 1' -c 'explain update a set x = 1' "
    "-c "
    "'explain (analyze) delete from a' -c 'explain (analyze off) delete from a' -c 'explain "
    "analyze "
    "select 1' -c 'with d as (select 1) select * from d'");
  std::string statements;
  for (const std::string& line : base::lines(written())) {
    if (line.starts_with("LOG:  statement: ")) statements += line + "\n";
  }
  EXPECT_EQ(statements,
            "LOG:  statement: explain analyze update a set x = 1\n"
            "LOG:  statement: explain (analyze) delete from a\n");
  set("log_statement", "mod");
  t("printf '%s\\n' 'prepare p as update a set x = 1;' 'execute p;' 'prepare r as select 1;' "
    "'execute "
    "r;' > /tmp/p.sql; psql -X -d postgres -f /tmp/p.sql");
  EXPECT_TRUE(base::contains(written(), "LOG:  statement: execute p;")) << written();
  EXPECT_FALSE(base::contains(written(), "execute r")) << written();
}

TEST_F(SessionLog, PreparedLoadsWriteTheirProtocol) {
  t("pgbench -i -q postgres");
  set("log_min_duration_statement", "0");
  t("pgbench -n -M prepared -t 2 postgres");
  wait(5);
  const std::string prepared = written();
  EXPECT_TRUE(base::contains(prepared, " ms  parse P_0: BEGIN;")) << prepared;
  EXPECT_TRUE(base::contains(prepared,
                             " ms  bind P_2: SELECT abalance FROM pgbench_accounts WHERE "
                             "aid = $1;\nDETAIL:  parameters: $1 = '"))
      << prepared;
  EXPECT_TRUE(base::contains(prepared, " ms  execute P_6: END;")) << prepared;
  set("log_min_duration_statement", "-1");
  set("log_statement", "mod");
  t("pgbench -n -M extended -t 1 postgres");
  wait(5);
  const std::string extended = written();
  EXPECT_TRUE(base::contains(extended,
                             "LOG:  execute <unnamed>: UPDATE pgbench_accounts SET abalance "
                             "= abalance + $1 WHERE aid = $2;\nDETAIL:  parameters: $1 = '"))
      << extended;
  EXPECT_FALSE(base::contains(extended, "duration")) << extended;
  EXPECT_FALSE(base::contains(extended, "SELECT")) << extended;
}

TEST_F(SessionLog, DurationsStandAloneWhereTheStatementIsWritten) {
  set("log_duration", "on");
  t("psql -X -d postgres -c 'select 1'");
  EXPECT_TRUE(written().starts_with("LOG:  duration: ")) << written();
  EXPECT_FALSE(base::contains(written(), "statement"));
  set("log_duration", "off");
  set("log_min_duration_statement", "0");
  t("psql -X -d postgres -c 'select 1'");
  EXPECT_TRUE(written().starts_with("LOG:  duration: ")) << written();
  EXPECT_TRUE(written().ends_with(" ms  statement: select 1")) << written();
  set("log_min_duration_statement", "200");
  t("psql -X -d postgres -c 'select 1' -c 'select pg_sleep(0.3)'");
  EXPECT_TRUE(written().starts_with("LOG:  duration: 30")) << written();
  EXPECT_TRUE(written().ends_with("statement: select pg_sleep(0.3)")) << written();
}

TEST_F(SessionLog, ASessionMaySetItForItself) {
  set("log_connections", "off");
  t("psql -X -d postgres -c \"set log_statement = 'all'\" -c 'select 7'");
  EXPECT_EQ(written(), "LOG:  statement: select 7");
  set("log_connections", "off");
  t("psql -X -d postgres -c \"set log_min_error_statement = 'fatal'\" -c 'select nothing'");
  EXPECT_EQ(written(), "ERROR:  column \"nothing\" does not exist at character 8");
}

TEST_F(SessionLog, ConnectionsComeAndGo) {
  t("echo 'local all all peer map=crew' | sudo tee /etc/postgresql/15/main/pg_hba.conf");
  t("echo 'crew oncall postgres' | sudo tee /etc/postgresql/15/main/pg_ident.conf");
  t("psql -X -d postgres -c 'alter system set log_disconnections = on'");
  set("log_connections", "on");
  t("psql -X -U postgres -d postgres -c 'select pg_sleep(2)'");
  const std::string text = written();
  EXPECT_TRUE(
      text.starts_with("LOG:  connection received: host=[local]\n"
                       "LOG:  connection authenticated: identity=\"oncall\" method=peer "
                       "(/etc/postgresql/15/main/pg_hba.conf:"))
      << text;
  EXPECT_TRUE(base::contains(text,
                             "LOG:  connection authorized: user=postgres database=postgres "
                             "application_name=psql\n"
                             "LOG:  disconnection: session time: 0:00:02.0"))
      << text;
  EXPECT_TRUE(text.ends_with(" user=postgres database=postgres host=[local]")) << text;
}

TEST_F(SessionLog, AWaitForALockIsToldOfOnce) {
  set("log_lock_waits", "on");
  t("psql -X -d postgres -c 'create table big as select g a from generate_series(1,1000) g'");
  t("psql -X -d postgres -c 'begin; lock table big; select pg_sleep(30); commit' &");
  t("psql -X -d postgres -c 'select count(*) from big' &");
  wait(3);
  t("echo");
  wait(3);
  t("echo");
  const std::string waits = written();
  EXPECT_TRUE(base::contains(waits, " still waiting for AccessShareLock on relation ")) << waits;
  EXPECT_EQ(waits.find("still waiting"), waits.rfind("still waiting")) << waits;
  EXPECT_FALSE(base::contains(waits, "acquired"));
  wait(30);
  t("echo");
  EXPECT_TRUE(base::contains(written(), " acquired AccessShareLock on relation ")) << written();
}

TEST_F(SessionLog, PrefixesNameTheClient) {
  set("log_statement", "all");
  t("psql -X -d postgres -c \"alter system set log_line_prefix = '%q%u@%d/%a '\"");
  t("sudo pg_ctlcluster 15 main reload");
  wait(1);
  t("psql -X -U postgres -d postgres -c 'select 5'");
  EXPECT_TRUE(base::contains(log(), "postgres@postgres/psql LOG:  statement: select 5")) << log();
}
