// SPDX-License-Identifier: GPL-3.0-or-later
// Queries that are typed in an outage.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

std::string query(Terminal& t, const std::string& text) {
  return t("psql -X -At -d postgres -c \"" + text + "\"");
}

TEST(Diagnosis, WhoBlocksWhom) {
  Terminal t(laboratorySpec(), 1);
  query(t, "create table big(a int)");
  t("psql -X -d postgres -c 'begin; lock table big; select pg_sleep(300)' &");
  t("psql -X -d postgres -c 'select count(*) from big' &");
  t.wait(5);
  EXPECT_EQ(query(t, "select count(*) from pg_locks where not granted"), "1");
  const std::string blocked =
      query(t, "select pid from pg_locks where not granted and waitstart is not null");
  const std::string holder =
      query(t, "select pid from pg_locks where granted and mode = 'AccessExclusiveLock'");
  EXPECT_NE(blocked, "");
  EXPECT_EQ(query(t, "select pg_blocking_pids(" + blocked + ")"), "{" + holder + "}");
  EXPECT_EQ(query(t, "select pg_blocking_pids(" + holder + ")"), "{}");
  EXPECT_EQ(
      query(t, "select pid from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0"),
      blocked);
}

TEST(Diagnosis, FilesOfTheServer) {
  Terminal t(laboratorySpec(), 1);
  EXPECT_EQ(query(t, "select count(*) > 0, sum(size) % 16777216 from pg_ls_waldir()"), "t|0");
  EXPECT_EQ(query(t, "select f.name ~ '^[0-9A-F]{24}$' from pg_ls_waldir() f limit 1"), "t");
  EXPECT_EQ(query(t, "select pg_read_file('PG_VERSION')"), "15\n");
  EXPECT_EQ(query(t, "select pg_read_file('nope')"),
            "ERROR:  could not open file \"nope\" for reading: No such file or directory");
  EXPECT_EQ(t("psql -X -At -d postgres -U app -c 'select * from pg_ls_waldir()'"),
            "ERROR:  permission denied for function pg_ls_waldir");
}

TEST(Diagnosis, AgesRolesAndWhatThereIsNoneOf) {
  Terminal t(laboratorySpec(), 1);
  EXPECT_EQ(query(t, "select age(datfrozenxid) from pg_database where datname = 'postgres'"),
            query(t, "select txid_current() - 717"));
  query(t, "create role grp");
  query(t, "grant grp to app");
  EXPECT_EQ(query(t,
                  "select r.rolname, m.rolname from pg_auth_members a join pg_roles r on r.oid "
                  "= a.roleid join pg_roles m on m.oid = a.member"),
            "grp|app");
  EXPECT_EQ(query(t, "select count(*) from pg_stat_subscription"), "0");
  EXPECT_EQ(query(t, "select pg_promote()"),
            "ERROR:  recovery is not in progress\nHINT:  Recovery control functions can only be "
            "executed during recovery.");
  EXPECT_EQ(query(t, "select * from pg_stat_io"),
            "ERROR:  relation \"pg_stat_io\" does not exist\nLINE 1: select * from pg_stat_io\n"
            "                      ^");
}

}  // namespace
