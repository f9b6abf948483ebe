// SPDX-License-Identifier: GPL-3.0-or-later
// SET ROLE and SET SESSION AUTHORIZATION. What is expected is what a PostgreSQL 15.18 said.
#include "console/sql/session_role.h"

#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Psql {
  Terminal t{laboratorySpec(), 1};
  explicit Psql(const std::string& user = "postgres") {
    t("psql -X -d postgres -c 'create role app2 login' -c 'create role bob login' -c 'create role "
      "grp' -c 'grant grp to bob'");
    t("psql -X -At -d postgres -U " + user);
  }
  std::string operator()(const std::string& line) { return t(line); }
  std::string who() { return t("select current_user, session_user;"); }
};

TEST(SessionRole, ActsAsAnotherUntilItIsReset) {
  Psql sql;
  EXPECT_EQ(sql("show role;"), "none");
  EXPECT_EQ(sql("set role app2;"), "SET");
  EXPECT_EQ(sql("show role;"), "app2");
  EXPECT_EQ(sql.who(), "app2|postgres");
  EXPECT_EQ(sql("show is_superuser;"), "off");
  EXPECT_EQ(sql("show session authorization;"), "postgres");
  EXPECT_EQ(sql.t.shell.prompt(sql.t.world), "postgres=> ");
  EXPECT_EQ(sql("create database x;"), "ERROR:  permission denied to create database");
  EXPECT_EQ(sql("set role bob;"), "SET");  // the one that connected may
  EXPECT_EQ(sql("set role none;"), "SET");
  EXPECT_EQ(sql.who(), "postgres|postgres");
  EXPECT_EQ(sql("set role = 'app2';"), "SET");
  EXPECT_EQ(sql("reset all;"), "RESET");
  EXPECT_EQ(sql.who(), "app2|postgres");
  EXPECT_EQ(sql("reset role;"), "RESET");
  EXPECT_EQ(sql.who(), "postgres|postgres");
  EXPECT_EQ(sql("set role nope;"), "ERROR:  role \"nope\" does not exist");
  EXPECT_EQ(sql("set role app2 x;"),
            "ERROR:  syntax error at or near \"x\"\nLINE 1: set role app2 x;\n"
            "                      ^");
}

TEST(SessionRole, TransactionsTakeItBack) {
  Psql sql;
  sql("begin;");
  EXPECT_EQ(sql("set local role app2;"), "SET");
  EXPECT_EQ(sql.who(), "app2|postgres");
  sql("commit;");
  EXPECT_EQ(sql.who(), "postgres|postgres");
  sql("begin;");
  sql("set role app2;");
  sql("rollback;");
  EXPECT_EQ(sql.who(), "postgres|postgres");
}

TEST(SessionRole, AuthorizationIsTheSuperusers) {
  Psql sql;
  EXPECT_EQ(sql("set session authorization bob;"), "SET");
  EXPECT_EQ(sql("set role grp;"), "SET");
  EXPECT_EQ(sql.who(), "grp|bob");
  EXPECT_EQ(sql("set role app2;"), "ERROR:  permission denied to set role \"app2\"");
  EXPECT_EQ(sql("set session authorization app2;"), "SET");  // a superuser connected
  EXPECT_EQ(sql.who(), "app2|app2");
  EXPECT_EQ(sql("set session authorization default;"), "SET");
  EXPECT_EQ(sql.who(), "postgres|postgres");
}

TEST(SessionRole, OthersMayBeWhatTheyAreMembersOf) {
  Psql sql("bob");
  EXPECT_EQ(sql("set session authorization app2;"),
            "ERROR:  permission denied to set session authorization \"app2\"");
  EXPECT_EQ(sql("set session authorization bob;"), "SET");
  EXPECT_EQ(sql("set role grp;"), "SET");
  EXPECT_EQ(sql.who(), "grp|bob");
  EXPECT_EQ(sql("set role app2;"), "ERROR:  permission denied to set role \"app2\"");
}

TEST(SessionRole, OwnersOfTablesChange) {
  Psql sql;
  sql("create table t(a int);");
  EXPECT_EQ(sql("grant select on t to bob;"), "GRANT");
  EXPECT_EQ(sql("alter table t owner to app2;"), "ALTER TABLE");
  EXPECT_EQ(sql("select tableowner from pg_tables where tablename = 't';"), "app2");
  EXPECT_EQ(sql("select relacl from pg_class where relname = 't';"),
            "{app2=arwdDxt/app2,bob=r/app2}");
  EXPECT_EQ(sql("alter table t owner to nope;"), "ERROR:  role \"nope\" does not exist");
  EXPECT_EQ(sql("alter table nope owner to bob;"), "ERROR:  relation \"nope\" does not exist");
  sql("set role bob;");
  EXPECT_EQ(sql("alter table t owner to bob;"), "ERROR:  must be owner of table t");
  sql("set role app2;");
  EXPECT_EQ(sql("alter table t owner to bob;"), "ERROR:  must be member of role \"bob\"");
  EXPECT_EQ(sql("insert into t values (1);"), "INSERT 0 1");
}

TEST(SessionRole, DiscardMakesASessionNew) {
  Psql sql;
  sql("set role app2;");
  sql("set work_mem = '64MB';");
  sql("prepare p as select 1;");
  EXPECT_EQ(sql("discard all;"), "DISCARD ALL");
  EXPECT_EQ(sql.who(), "postgres|postgres");
  EXPECT_EQ(sql("show work_mem;"), sql("select reset_val::int / 1024 || 'MB' from pg_settings "
                                       "where name = 'work_mem';"));
  EXPECT_EQ(sql("execute p;"), "ERROR:  prepared statement \"p\" does not exist");
  sql("begin;");
  EXPECT_EQ(sql("discard all;"), "ERROR:  DISCARD ALL cannot run inside a transaction block");
}

TEST(Transactions, ReadOnlyOnesRefuseWhatWrites) {
  Psql sql;
  sql("create table ro(a int);");
  const auto refused = [&](const std::string& statement) {
    sql("begin read only;");
    const std::string text = sql(statement);
    sql("rollback;");
    return text;
  };
  for (const auto& [statement, tag] : {std::pair{"insert into ro values (1);", "INSERT"},
                                       {"update ro set a = 1;", "UPDATE"},
                                       {"delete from ro;", "DELETE"},
                                       {"truncate ro;", "TRUNCATE TABLE"},
                                       {"create table z(a int);", "CREATE TABLE"},
                                       {"create index on ro(a);", "CREATE INDEX"},
                                       {"drop table ro;", "DROP TABLE"},
                                       {"alter table ro owner to bob;", "ALTER TABLE"},
                                       {"grant select on ro to bob;", "GRANT"},
                                       {"grant grp to app2;", "GRANT ROLE"},
                                       {"create user q;", "CREATE ROLE"}}) {
    EXPECT_EQ(refused(statement),
              std::string("ERROR:  cannot execute ") + tag + " in a read-only transaction");
  }
  EXPECT_EQ(sql("set default_transaction_read_only = on;"), "SET");
  EXPECT_EQ(sql("show transaction_read_only;"), "on");
  EXPECT_EQ(sql("insert into ro values (1);"),
            "ERROR:  cannot execute INSERT in a read-only transaction");
  EXPECT_EQ(sql("begin read write; insert into ro values (1); commit;"),
            "BEGIN\nINSERT 0 1\nCOMMIT");
  EXPECT_EQ(sql("set transaction read write;"),
            "WARNING:  SET TRANSACTION can only be used in transaction blocks\nSET");
}

TEST(Transactions, HaveTheirIsolation) {
  Psql sql;
  EXPECT_EQ(sql("start transaction isolation level repeatable read read write; show "
                "transaction_isolation; commit; show transaction_isolation;"),
            "START TRANSACTION\nrepeatable read\nCOMMIT\nread committed");
  EXPECT_EQ(sql("begin; set transaction isolation level serializable, read only; show "
                "transaction_isolation; rollback;"),
            "BEGIN\nSET\nserializable\nROLLBACK");
  EXPECT_EQ(sql("set session characteristics as transaction read only;"), "SET");
  EXPECT_EQ(sql("show default_transaction_read_only;"), "on");
  EXPECT_EQ(sql("begin foo;"),
            "ERROR:  syntax error at or near \"foo\"\nLINE 1: begin foo;\n"
            "              ^");
}

}  // namespace
