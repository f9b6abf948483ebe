// SPDX-License-Identifier: GPL-3.0-or-later
// GRANT and REVOKE, and what roles that are no superusers may do. What is expected is what a
// PostgreSQL 15.18 said.
#include "console/sql/privileges.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

struct Cluster {
  Terminal t{laboratorySpec(), 1};

  std::string as(const std::string& user, const std::string& lines) {
    t("cat > /tmp/s.sql <<'END'\n" + lines + "\nEND");
    std::string text = t("psql -X -U " + user + " -d postgres -At -f /tmp/s.sql");
    // "psql:/tmp/s.sql:1: ERROR" -> "ERROR"
    std::string plain;
    for (const std::string& line : base::lines(text)) {
      const std::size_t place = line.starts_with("psql:/tmp/s.sql:") ? line.find(": ") + 2 : 0;
      plain += (plain.empty() ? "" : "\n") + line.substr(place);
    }
    return plain;
  }
  std::string sql(const std::string& lines) { return as("postgres", lines); }
  std::string meta(const std::string& command) {
    return t("psql -X -U postgres -d postgres -c '" + command + "'");
  }
  void make() {
    sql("CREATE ROLE app2 LOGIN;\nCREATE ROLE ro;\nCREATE ROLE \"Odd name\" LOGIN CREATEDB;\n"
        "CREATE TABLE t(a int);\nCREATE TABLE u(b int);");
  }
};

TEST(Privileges, TheListsOfTables) {
  Cluster c;
  c.make();
  EXPECT_EQ(
      c.sql("GRANT SELECT ON t TO app2;\nGRANT INSERT, UPDATE ON TABLE t TO app2 WITH GRANT "
            "OPTION;\nGRANT ALL ON u TO PUBLIC;\nGRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA "
            "public TO \"Odd name\";"),
      "GRANT\nGRANT\nGRANT\nGRANT");
  EXPECT_EQ(c.meta("\\z"),
            "                                 Access privileges\n"
            " Schema | Name | Type  |      Access privileges      | Column privileges | Policies \n"
            "--------+------+-------+-----------------------------+-------------------+----------\n"
            " public | t    | table | postgres=arwdDxt/postgres  +|                   | \n"
            "        |      |       | app2=a*rw*/postgres        +|                   | \n"
            "        |      |       | \"Odd name\"=arwdDxt/postgres |                   | \n"
            " public | u    | table | postgres=arwdDxt/postgres  +|                   | \n"
            "        |      |       | =arwdDxt/postgres          +|                   | \n"
            "        |      |       | \"Odd name\"=arwdDxt/postgres |                   | \n"
            "(2 rows)\n");
  c.sql(
      "REVOKE UPDATE ON t FROM app2;\nREVOKE GRANT OPTION FOR INSERT ON t FROM app2;\nREVOKE ALL "
      "ON "
      "u FROM PUBLIC, \"Odd name\";\nREVOKE ALL ON u FROM postgres;");
  EXPECT_EQ(c.sql("select relname, relacl from pg_class where relname in ('t','u') order by 1;"),
            "t|{postgres=arwdDxt/postgres,app2=ar/postgres,\"\\\"Odd name\\\"=arwdDxt/postgres\"}\n"
            "u|{}");
}

TEST(Privileges, WhatGrantRefuses) {
  Cluster c;
  c.make();
  EXPECT_EQ(
      c.sql("GRANT USAGE ON t TO app2;\nGRANT FLY ON t TO app2;\nGRANT SELECT ON nope TO app2;\n"
            "GRANT SELECT ON t TO nope;\nGRANT CONNECT ON DATABASE nope TO app2;\nGRANT CONNECT "
            "ON SCHEMA public TO app2;\nGRANT CREATE ON SCHEMA nope TO ro;\nGRANT nope TO app2;"),
      "ERROR:  invalid privilege type USAGE for table\n"
      "ERROR:  unrecognized privilege type \"fly\"\n"
      "ERROR:  relation \"nope\" does not exist\n"
      "ERROR:  role \"nope\" does not exist\n"
      "ERROR:  database \"nope\" does not exist\n"
      "ERROR:  invalid privilege type CONNECT for schema\n"
      "ERROR:  schema \"nope\" does not exist\n"
      "ERROR:  role \"nope\" does not exist");
}

TEST(Privileges, RolesAndTheirMembers) {
  Cluster c;
  c.make();
  EXPECT_EQ(
      c.sql("GRANT ro TO app2;\nGRANT pg_monitor TO app2;\nGRANT ro TO app2;\nGRANT app2 TO ro;\n"
            "REVOKE ro FROM \"Odd name\";"),
      "GRANT ROLE\nGRANT ROLE\n"
      "NOTICE:  role \"app2\" is already a member of role \"ro\"\nGRANT ROLE\n"
      "ERROR:  role \"app2\" is a member of role \"ro\"\n"
      "WARNING:  role \"Odd name\" is not a member of role \"ro\"\nREVOKE ROLE");
  const std::string roles = c.meta("\\du");
  EXPECT_NE(roles.find(" Odd name  | Create DB "), std::string::npos) << roles;
  EXPECT_NE(roles.find("| {pg_monitor,ro}\n"), std::string::npos) << roles;
  EXPECT_NE(roles.find(" ro        | Cannot login "), std::string::npos) << roles;
  EXPECT_EQ(c.sql("GRANT SELECT ON t TO ro;"), "GRANT");
  EXPECT_EQ(c.as("app2", "SELECT count(*) FROM t;\nSELECT count(*) FROM u;"),
            "0\nERROR:  permission denied for table u");
  EXPECT_EQ(c.sql("DROP ROLE ro;"),
            "ERROR:  role \"ro\" cannot be dropped because some objects depend on it\nDETAIL:  "
            "privileges for table t");
}

TEST(Privileges, RolesObeyThem) {
  Cluster c;
  c.make();
  c.sql("GRANT INSERT ON t TO app2;");
  EXPECT_EQ(
      c.as("app2",
           "SELECT a FROM t;\nINSERT INTO t VALUES (1);\nUPDATE t SET a = 1;\nDELETE FROM t WHERE "
           "a = "
           "1;\nTRUNCATE t;\nDROP TABLE t;\nCREATE INDEX ON t(a);\nVACUUM t;\nANALYZE t;\nEXPLAIN "
           "SELECT * FROM u;\nEXPLAIN DELETE FROM t;\nGRANT INSERT ON t TO ro;\nGRANT INSERT ON u "
           "TO "
           "ro;\nSELECT * FROM pg_authid;\nSELECT * FROM pg_file_settings;\nCREATE ROLE x;\nCREATE "
           "DATABASE x;\nALTER ROLE ro SUPERUSER;\nGRANT ro TO app2;\nCREATE TABLE x AS SELECT 1;\n"
           "CREATE TEMP TABLE tt(a int);"),
      "ERROR:  permission denied for table t\nINSERT 0 1\nERROR:  permission denied for table t\n"
      "ERROR:  permission denied for table t\nERROR:  permission denied for table t\n"
      "ERROR:  must be owner of table t\nERROR:  must be owner of table t\n"
      "WARNING:  skipping \"t\" --- only table or database owner can vacuum it\nVACUUM\n"
      "WARNING:  skipping \"t\" --- only table or database owner can analyze it\nANALYZE\n"
      "ERROR:  permission denied for table u\nERROR:  permission denied for table t\n"
      "WARNING:  no privileges were granted for \"t\"\nGRANT\n"
      "ERROR:  permission denied for table u\nERROR:  permission denied for table pg_authid\n"
      "ERROR:  permission denied for view pg_file_settings\nERROR:  permission denied to create "
      "role\n"
      "ERROR:  permission denied to create database\n"
      "ERROR:  must be superuser to alter superuser roles or change superuser attribute\n"
      "ERROR:  must have admin option on role \"ro\"\nERROR:  permission denied for schema public\n"
      "CREATE TABLE");
  c.sql("GRANT CREATE ON SCHEMA public TO app2;");
  EXPECT_EQ(c.as("app2", "CREATE TABLE mine(a int);\nSELECT count(*) FROM mine;\nDROP TABLE mine;"),
            "CREATE TABLE\n0\nDROP TABLE");
}

TEST(Privileges, OfDatabases) {
  Cluster c;
  c.make();
  c.sql(
      "GRANT CONNECT, CREATE ON DATABASE postgres TO ro;\nREVOKE CONNECT ON DATABASE postgres FROM "
      "PUBLIC;");
  const std::string list = c.meta("\\l postgres");
  EXPECT_NE(list.find("| =T/postgres          +\n"), std::string::npos) << list;
  EXPECT_NE(list.find("| postgres=CTc/postgres+\n"), std::string::npos) << list;
  EXPECT_NE(list.find("| ro=Cc/postgres\n"), std::string::npos) << list;
  const std::string refused = c.as("app2", "SELECT 1;");
  EXPECT_NE(
      refused.find("FATAL:  permission denied for database \"postgres\"\nDETAIL:  User does not "
                   "have CONNECT privilege."),
      std::string::npos)
      << refused;
}

TEST(Privileges, AskedByFunction) {
  Cluster c;
  c.make();
  c.sql("GRANT SELECT ON t TO app2;\nGRANT ro TO app2;");
  EXPECT_EQ(c.sql("select has_table_privilege('app2','t','select'), "
                  "has_table_privilege('app2','t','update'), has_table_privilege('t','delete'), "
                  "has_table_privilege('app2','t','update, select'), "
                  "has_schema_privilege('app2','public','create'), "
                  "has_database_privilege('ro','postgres','connect'), "
                  "pg_has_role('app2','ro','member');"),
            "t|f|t|t|f|t|t");
  EXPECT_EQ(
      c.sql("select has_table_privilege('app2','nope','select');\nselect "
            "has_table_privilege('nope','t','select');\nselect "
            "has_table_privilege('app2','t','fly');"),
      "ERROR:  relation \"nope\" does not exist\nERROR:  role \"nope\" does not exist\nERROR:  "
      "unrecognized privilege type: \"fly\"");
}

TEST(Privileges, MonitoringRolesSeeOtherSessions) {
  Cluster c;
  c.make();
  c.t("psql -U postgres -d postgres -c 'select pg_sleep(600)' &");
  c.t.wait(1);
  const std::string hidden =
      "select count(*) from pg_stat_activity where query = '<insufficient privilege>';";
  EXPECT_NE(c.as("app2", hidden), "0");
  c.sql("GRANT pg_monitor TO app2;");
  EXPECT_EQ(c.as("app2", hidden), "0");
  EXPECT_EQ(c.as("app2", "show config_file;"), "/etc/postgresql/15/main/postgresql.conf");
}

TEST(Privileges, OptionsAreTakenBackWithWhatDependsOnThem) {
  Cluster c;
  c.make();
  c.sql("GRANT SELECT ON t TO app2 WITH GRANT OPTION;");
  EXPECT_EQ(c.as("app2", "GRANT SELECT ON t TO ro;"), "GRANT");
  EXPECT_EQ(c.sql("REVOKE SELECT ON t FROM app2;"),
            "ERROR:  dependent privileges exist\nHINT:  Use CASCADE to revoke them too.");
  EXPECT_EQ(
      c.sql("REVOKE SELECT ON t FROM app2 CASCADE;\nselect relacl from pg_class where relname = "
            "'t';"),
      "REVOKE\n{postgres=arwdDxt/postgres}");
}

}  // namespace
