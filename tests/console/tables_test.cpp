// SPDX-License-Identifier: GPL-3.0-or-later
// User tables of a laboratory: made, asked, changed, and what they cost. Figures are those of a
// PostgreSQL 15.18 where they have one.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

sim::WorldSpec laboratory() {
  sim::WorldSpec spec = smallSpec();
  spec.database.laboratory = true;
  spec.workload.users.clear();
  return spec;
}

struct Tables {
  Terminal t{laboratory()};

  std::string sql(const std::string& lines) {
    t("printf '%s\\n' '" + base::replaceAll(lines, "'", "'\\''") + "' > /tmp/s.sql");
    return t("psql -U postgres -At -f /tmp/s.sql");
  }
  void makeBig() {
    sql("create table big as select g a, md5(g::text) b, (g::bigint*7919)%100003 c from "
        "generate_series(1,400000) g;\nanalyze big;");
  }
};

TEST(Tables, AreMadeFromSeriesWithTheSizeOfRealOnes) {
  Tables db;
  EXPECT_EQ(db.sql("create table big as select g a, md5(g::text) b from "
                   "generate_series(1,1000) g;"),
            "SELECT 1000");
  EXPECT_EQ(db.sql("select count(*) from big;"), "1000");
  EXPECT_EQ(db.sql("select b from big where a = 1;"), "c4ca4238a0b923820dcc509a6f75849b");
  EXPECT_EQ(db.sql("select max(a), min(a), sum(a) from big;"), "1000|1|500500");
  EXPECT_EQ(db.sql("select a from big order by a desc limit 2 offset 1;"), "999\n998");
  EXPECT_EQ(db.sql("select a % 3 k, count(*) from big group by 1 order by 1;"),
            "0|333\n1|334\n2|333");
  EXPECT_EQ(db.sql("drop table big;"), "DROP TABLE");
  EXPECT_TRUE(db.sql("select * from big;").starts_with("psql") ||
              base::contains(db.sql("select * from big;"), "relation \"big\" does not exist"));
}

TEST(Tables, OverflowsAreRefusedAsAServerWould) {
  Tables db;
  EXPECT_TRUE(base::contains(db.sql("create table big as select (g*7919)%100003 c from "
                                    "generate_series(1,400000) g;"),
                             "ERROR:  integer out of range"));
}

// What a 15.18 answers: the rows are rounded, and a number that no bigint holds is refused already
// by EXPLAIN.
TEST(Tables, LimitsAreWholeNumbers) {
  Tables db;
  const std::string from = "select * from generate_series(1,10)";
  EXPECT_EQ(db.sql("explain " + from + " limit 1e30;"),
            "psql:/tmp/s.sql:1: ERROR:  bigint out of range");
  EXPECT_EQ(db.sql("explain " + from + " limit 2.5;"),
            "Limit  (cost=0.00..0.03 rows=3 width=4)\n"
            "  ->  Function Scan on generate_series  (cost=0.00..0.10 rows=10 width=4)");
  EXPECT_EQ(db.sql("explain " + from + " offset 2.5;"),
            "Limit  (cost=0.03..0.10 rows=7 width=4)\n"
            "  ->  Function Scan on generate_series  (cost=0.00..0.10 rows=10 width=4)");
  EXPECT_EQ(db.sql("explain " + from + " limit -1;"),
            "Limit  (cost=0.00..0.01 rows=1 width=4)\n"
            "  ->  Function Scan on generate_series  (cost=0.00..0.10 rows=10 width=4)");
}

TEST(Tables, BelongToSuperusersOfALaboratory) {
  Terminal shop;
  EXPECT_TRUE(base::contains(shop("psql -c 'create table t(a int)'"), "read-only transaction"));
}

TEST(Tables, TypedRowsAreKept) {
  Tables db;
  EXPECT_EQ(db.sql("create temp table t(a int, b text);\ninsert into t values (1,'x'),(2,null);\n"
                   "select * from t where a > 1;\nselect count(*) from t;"),
            "CREATE TABLE\nINSERT 0 2\n2|\n2");
}

TEST(Tables, ChangesLeaveDeadRowsAndVacuumTakesThem) {
  Tables db;
  db.sql(
      "create table v as select g a, g % 1000 b from generate_series(1,1500000) g;\n"
      "create index on v(a);\ncreate index on v(b);");
  EXPECT_EQ(db.sql("delete from v where a % 4 <> 0;"), "DELETE 1125000");
  const std::string text = db.sql("set maintenance_work_mem='1MB';\nvacuum verbose v;");
  EXPECT_TRUE(base::contains(text, "index scans: 7")) << text;
  EXPECT_TRUE(base::contains(text, "pages: 0 removed, 6638 remain"));
  EXPECT_TRUE(base::contains(text, "tuples: 1125000 removed, 375000 remain"));
}

TEST(Tables, ASortSpillsByWorkMem) {
  Tables db;
  db.makeBig();
  const std::string query =
      "explain (analyze,buffers,costs off,timing off) select count(*) from (select * from big "
      "order by b offset 0) x;";
  const std::string small =
      db.sql("set max_parallel_workers_per_gather=0;\nset work_mem='1MB';\n" + query);
  EXPECT_TRUE(base::contains(small, "Sort Method: external merge  Disk: 16848kB")) << small;
  EXPECT_TRUE(base::contains(small, "Sort Key: big.b"));
  const std::string large =
      db.sql("set max_parallel_workers_per_gather=0;\nset work_mem='128MB';\n" + query);
  EXPECT_TRUE(base::contains(large, "Sort Method: quicksort  Memory:")) << large;
}

TEST(Tables, TemporaryFilesAreCountedAndLimited) {
  Tables db;
  db.makeBig();
  const double before = db.t.world.postgres().tempBytes;
  db.sql(
      "set max_parallel_workers_per_gather=0;\nset work_mem='1MB';\nselect count(*) from (select "
      "* from big order by b offset 0) x;");
  EXPECT_EQ(db.t.world.postgres().tempBytes - before, 17252352);
  const std::string over = db.sql(
      "set temp_file_limit='1MB';\nset work_mem='1MB';\nset "
      "max_parallel_workers_per_gather=0;\nselect count(*) from (select * from big order "
      "by b offset 0) x;");
  EXPECT_TRUE(base::contains(over, "temporary file size exceeds temp_file_limit (1024kB)"));
}

TEST(Tables, PlansFollowCostAndSettings) {
  Tables db;
  db.makeBig();
  db.sql("create index on big(a);");
  EXPECT_TRUE(base::contains(db.sql("explain select * from big where a = 5;"),
                             "Index Scan using big_a_idx on big"));
  EXPECT_TRUE(base::contains(
      db.sql("set enable_indexscan=off;\nset max_parallel_workers_per_gather=0;\nexplain select * "
             "from big where a = 5;"),
      "Seq Scan on big"));
  EXPECT_TRUE(base::contains(db.sql("explain select count(*) from big;"), "Workers Planned: 2"));
  EXPECT_TRUE(
      base::contains(db.sql("explain select count(*) from big x join big y using (b);"), "Join"));
  EXPECT_TRUE(base::contains(db.sql("explain (format json) select * from big limit 1;"),
                             "\"Node Type\": \"Limit\""));
}

TEST(Tables, ExplainShowsHowRowsToChangeAreFound) {
  Tables db;
  db.makeBig();
  db.sql("create index on big(a);");
  const std::string text = db.sql("explain (costs off) update big set c = 0 where a = 7;");
  EXPECT_EQ(text,
            "Update on big\n  ->  Index Scan using big_a_idx on big\n        Index Cond: (a = 7)");
}

TEST(Tables, CountersStandInTheSessionsDatabase) {
  Tables db;
  db.makeBig();
  db.sql(
      "set max_parallel_workers_per_gather=0;\nset work_mem='1MB';\nselect count(*) from (select "
      "* from big order by b offset 0) x;");
  EXPECT_EQ(db.sql("select temp_files, temp_bytes from pg_stat_database where datname = "
                   "current_database();"),
            "1|17252352");
}

TEST(Tables, AreListedAndDescribed) {
  Tables db;
  db.makeBig();
  db.sql("create index on big(a);");
  EXPECT_TRUE(base::contains(db.t("psql -U postgres -c '\\dt'"), "| big "));
  const std::string text = db.t("psql -U postgres -c '\\d big'");
  EXPECT_TRUE(base::contains(text, "Table \"public.big\"")) << text;
  EXPECT_TRUE(base::contains(text, "\"big_a_idx\" btree (a)")) << text;
  EXPECT_EQ(db.sql("select a from big where a between 399999 and 500000;"), "399999\n400000");
  EXPECT_EQ(
      db.sql("explain (costs off) select c % 10, count(*) from big group by 1 order by 2 desc;")
          .substr(0, 22),
      "Sort\n  Sort Key: (coun");
}

TEST(Tables, SubqueriesAreJoinedOrComputed) {
  Tables db;
  db.makeBig();
  EXPECT_TRUE(base::contains(
      db.sql("explain select * from big where b in (select b from big where c = 5);"),
      "Semi Join"));
  EXPECT_EQ(db.sql("select count(*) from big where a in (select a from big where a < 10);"), "9");
  EXPECT_EQ(db.sql("select (select count(*) from big) + 1;"), "400001");
  EXPECT_EQ(db.sql("select exists (select 1 from big where a = 3);"), "t");
}

TEST(Tables, NoCountRestsOnAnEstimate) {
  Tables db;
  db.makeBig();
  EXPECT_TRUE(base::contains(
      db.sql("with x as (select a, c from big where a < 1000) select count(*) from x where c > 5;"),
      "ERROR:"));
  EXPECT_EQ(db.sql("select count(*) from big where b like 'a%';"), "24870");
  EXPECT_EQ(db.sql("select count(*) from big where a > 399990;"), "10");
}

// Answers of a PostgreSQL 15.18 to the same statements.
TEST(Tables, AggregatesOfManyRowsAreRight) {
  Tables db;
  db.makeBig();
  EXPECT_EQ(db.sql("select count(*), sum(a), avg(a), max(c), min(c), sum(c), avg(c) from big;"),
            "400000|80000200000|200000.500000000000|100002|0|20000422633|50001.056582500000");
  EXPECT_EQ(db.sql("select a/100000, count(*), min(a), max(a), avg(a) from big group by 1 order by "
                   "1 limit 2;"),
            "0|99999|1|99999|50000.000000000000\n1|100000|100000|199999|149999.500000000000");
  EXPECT_EQ(
      db.sql("select count(distinct a % 7), count(distinct a / 1000) from big where a > 5 and "
             "a <= 399990 and a % 3 = 1;"),
      "7|400");
  EXPECT_EQ(db.sql("select a, c from big order by c desc, a limit 2;"),
            "52685|100002\n152688|100002");
  EXPECT_EQ(db.sql("select a % 2 = 0, count(*) from big where not (a between 5 and 100) or a in "
                   "(7, 8) group by 1;"),
            "f|199953\nt|199953");
  EXPECT_EQ(db.sql("select min(b) from big;"), "00003e3b9e5336685200ae85d21b4f5e");
  EXPECT_TRUE(base::contains(db.sql("select string_agg(b, ',') from big;"),
                             "aggregate function string_agg is not computed by this server"));
}

// Figures of a PostgreSQL 15.18 for the same table.
TEST(Tables, WhatSortsAndGroupsHoldFollowsTheirTypes) {
  Tables db;
  db.sql(
      "create table a as select g a, (g::bigint*7919)%100003 c, md5(g::text) m from "
      "generate_series(1,300000) g;\nanalyze a;");
  const auto plan = [&](const std::string& workMem, const std::string& query) {
    return db.sql("set max_parallel_workers_per_gather=0;\nset jit=off;\nset work_mem='" + workMem +
                  "';\nexplain (analyze, costs off, timing off, summary off) " + query);
  };
  EXPECT_EQ(plan("24MB", "select c from a order by c;"),
            "SET\nSET\nSET\nSort (actual rows=300000 loops=1)\n  Sort Key: c\n"
            "  Sort Method: quicksort  Memory: 12289kB\n"
            "  ->  Seq Scan on a (actual rows=300000 loops=1)");
  EXPECT_TRUE(base::contains(plan("8MB", "select c from a order by c;"), "Memory: 8192kB"));
  EXPECT_TRUE(base::contains(plan("512kB", "select c from a order by c;"), "Disk: 35"));
  EXPECT_TRUE(base::contains(plan("24MB", "select c, min(m) from a group by c;"),
                             "Batches: 1  Memory Usage: 19473kB"));
  // Each group's values are sorted.
  EXPECT_TRUE(base::contains(plan("24MB", "select c % 10, count(distinct m) from a group by 1;"),
                             "GroupAggregate"));
}

TEST(Tables, UpdatedColumnsAreStillKnown) {
  Tables db;
  db.makeBig();
  db.sql("update big set c = 0;\nupdate big set c = 9 where a between 100 and 200;");
  EXPECT_EQ(db.sql("select c, count(*), sum(a) from big group by c order by c;"),
            "0|399899|80000184850\n9|101|15150");
  EXPECT_EQ(db.sql("select count(*) from big where c = 9 and a > 150;"), "50");
  EXPECT_TRUE(base::contains(db.sql("update big set nix = 9;"),
                             "column \"nix\" of relation \"big\" does not exist"));
}

TEST(Tables, RowsOfABenchmarkAreThoseItMakes) {
  Tables db;
  db.t("pgbench -U postgres -i -q -s 10 shop");
  EXPECT_EQ(db.sql("select bid, count(*), sum(abalance), avg(aid) from pgbench_accounts group by "
                   "bid order by bid limit 2;"),
            "1|100000|0|50000.500000000000\n2|100000|0|150000.500000000000");
  EXPECT_EQ(db.sql("select tid, bid from pgbench_tellers order by tid desc limit 1;"), "100|10");
  db.t("pgbench -U postgres -t 100 shop");
  EXPECT_EQ(db.sql("select count(*), sum(aid) from pgbench_accounts where bid = 10;"),
            "100000|95000050000");
  EXPECT_TRUE(base::contains(db.sql("select sum(abalance) from pgbench_accounts;"),
                             "values of column \"abalance\" of \"pgbench_accounts\" are not kept"));
}

TEST(Tables, RollbackTakesTablesBack) {
  Tables db;
  db.sql("create table kept as select g a from generate_series(1,10) g;");
  EXPECT_EQ(
      db.sql("begin;\ncreate table gone(a int);\ndelete from kept;\nrollback;\nselect count(*) "
             "from kept;"),
      "BEGIN\nCREATE TABLE\nDELETE 10\nROLLBACK\n10");
  EXPECT_TRUE(base::contains(db.sql("select * from gone;"), "does not exist"));
  db.sql("do $$ begin execute 'create table half(a int)'; execute 'drop table nothing'; end $$;");
  EXPECT_TRUE(base::contains(db.sql("select * from half;"), "does not exist"));
}

TEST(Tables, ExplainOptionsThatThereAreNotAreNamed) {
  Tables db;
  EXPECT_TRUE(base::contains(db.sql("explain (nonsense) select 1;"),
                             "unrecognized EXPLAIN option \"nonsense\""));
  EXPECT_TRUE(
      base::contains(db.sql("explain select 1;"), "Result  (cost=0.00..0.01 rows=1 width=4)"));
}

TEST(Tables, AWorkloadStatementHasAPlan) {
  Terminal shop;
  const std::string text =
      shop("psql -U postgres -At -c \"explain (analyze, buffers) select * from products limit 5\"");
  EXPECT_TRUE(base::contains(text, "Limit  (cost=")) << text;
  EXPECT_TRUE(base::contains(text, "Seq Scan on products")) << text;
}

TEST(Tables, MemoryContextsCanBeAsked) {
  Tables db;
  EXPECT_EQ(db.sql("select count(*) > 50 from pg_backend_memory_contexts;"), "t");
  EXPECT_EQ(db.sql("select total_bytes from pg_backend_memory_contexts where name = "
                   "'TopMemoryContext';"),
            "97680");
}

// Its plan under the other session's work_mem: 400000 tuples in memory.
TEST(Tables, ARunningQueryShowsWhatItHasAskedFor) {
  Tables db;
  db.makeBig();
  db.t(
      "psql -X -U postgres -c \"set work_mem = '64MB'\" -c 'set max_parallel_workers_per_gather = "
      "0' "
      "-c 'select count(*) from generate_series(1, 1000) g, (select b from big order by b offset "
      "0) "
      "x' &");
  db.t.wait(1);
  const std::string pid = db.sql(
      "select pid from pg_stat_activity where query like 'select count%' and state = 'active';");
  EXPECT_EQ(db.sql("select pg_log_backend_memory_contexts(" + pid + ");"), "t");
  const std::string log = db.t("sudo tail -n 250 /var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(base::contains(log, "level: 3; ExecutorState: ")) << log;
  EXPECT_TRUE(base::contains(log, "level: 4; TupleSort main: 125911"));
  EXPECT_TRUE(base::contains(log, "level: 4; Table function arguments: 8192"));
}

// What processes of a PostgreSQL 15.18 logged.
TEST(Tables, TheServersOwnProcessesHaveMemoryContextsOfTheirOwn) {
  Tables db;
  const auto total = [&](const std::string& process) {
    const std::string pid =
        db.sql("select pid from pg_stat_activity where backend_type = '" + process + "';");
    EXPECT_EQ(db.sql("select pg_log_backend_memory_contexts(" + pid + ");"), "t");
    const std::string line = db.t("sudo tail -n 1 /var/log/postgresql/postgresql-15-main.log");
    return line.substr(line.find("Grand"));
  };
  EXPECT_EQ(total("walwriter"),
            "Grand total: 244528 bytes in 11 blocks; 41520 free (4 chunks); 203008 used");
  EXPECT_EQ(total("background writer"),
            "Grand total: 244528 bytes in 11 blocks; 41376 free (5 chunks); 203152 used");
  EXPECT_EQ(total("autovacuum launcher"),
            "Grand total: 672928 bytes in 39 blocks; 255064 free (38 chunks); 417864 used");
  EXPECT_EQ(total("logical replication launcher"),
            "Grand total: 629920 bytes in 30 blocks; 222080 free (19 chunks); 407840 used");
  EXPECT_EQ(total("checkpointer"),
            "Grand total: 260912 bytes in 13 blocks; 52064 free (4 chunks); 208848 used");
  db.sql("create table t as select g a from generate_series(1, 1000) g;\ncheckpoint;");
  EXPECT_EQ(total("checkpointer"),
            "Grand total: 277296 bytes in 15 blocks; 54448 free (32 chunks); 222848 used");
}

TEST(Tables, OnlyTheServersProcessesHaveMemoryContexts) {
  Tables db;
  EXPECT_EQ(db.sql("select pg_log_backend_memory_contexts(1);"),
            "psql:/tmp/s.sql:1: WARNING:  PID 1 is not a PostgreSQL server process\nf");
}

}  // namespace
