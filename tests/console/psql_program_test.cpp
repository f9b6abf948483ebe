// SPDX-License-Identifier: GPL-3.0-or-later
// The psql client: options, variables, where output goes, backslash commands, exit codes.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

TEST(PsqlProgram, OutputOptions) {
  Terminal t;
  EXPECT_EQ(t("psql --csv -c \"select 1 as a, 'x,y' as b\""), "a,b\n1,\"x,y\"");
  EXPECT_EQ(t("psql -At -F ';' -c \"select 1, 2\""), "1;2");
  EXPECT_EQ(t("psql -At -R ' ' -c \"values (1), (2)\""), "1 2");
  EXPECT_EQ(t("psql -q -P null=NIL -P border=2 -c 'select null as x'"),
            "+-----+\n|  x  |\n+-----+\n| NIL |\n+-----+\n(1 row)\n");
  EXPECT_EQ(t("psql -q -c 'set work_mem = 8192' -c 'show work_mem' -At"), "8MB");
  EXPECT_EQ(t("psql -P nonsense=1 -c 'select 1'"),
            "psql: error: \\pset: unknown option: nonsense\npsql: error: could not set printing "
            "parameter \"nonsense\"");
  EXPECT_EQ(t("psql -o /tmp/out -c 'select 7'; cat /tmp/out"),
            " ?column? \n----------\n        7\n(1 row)\n");
}

TEST(PsqlProgram, Connections) {
  Terminal t;
  EXPECT_EQ(t("psql -h db9 -c 'select 1'"),
            "psql: error: could not translate host name \"db9\" to address: Name or service not "
            "known");
  EXPECT_EQ(t("psql -p 5433 -c 'select 1'"),
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5433\" "
            "failed: No such file or directory\n\tIs the server running locally and accepting "
            "connections on that socket?");
  EXPECT_EQ(t("psql -U app -c 'select 1'"),
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" "
            "failed: FATAL:  Peer authentication failed for user \"app\"");
  EXPECT_EQ(t("psql -d nope -c 'select 1'"),
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" "
            "failed: FATAL:  database \"nope\" does not exist");
  EXPECT_EQ(t("psql -h localhost -w -c 'select 1'"),
            "psql: error: connection to server at \"localhost\" (127.0.0.1), port 5432 failed: "
            "fe_sendauth: no password supplied");
  EXPECT_EQ(t.reply("psql -U app -c 'select 1'").exitCode, 2);
}

TEST(PsqlProgram, VariablesAndExitCodes) {
  Terminal t;
  EXPECT_EQ(t("psql -At -v n=work_mem -v p=\"it's\" <<< \"select :'n', :'p', length(:'p');\""),
            "work_mem|it's|4");
  EXPECT_EQ(t("echo 'select 1 as a, 2 as b \\gset v_\n\\echo :v_a :v_b' | psql"), "1 2");
  t("printf 'selec;\\nselect 2;\\n' > /tmp/s.sql");
  const console::Reply on = t.reply("psql -At -f /tmp/s.sql");
  EXPECT_EQ(on.text,
            "psql:/tmp/s.sql:1: ERROR:  syntax error at or near \"selec\"\nLINE 1: selec;\n"
            "        ^\n2");
  EXPECT_EQ(on.exitCode, 0);
  EXPECT_EQ(t.reply("psql -v ON_ERROR_STOP=1 -f /tmp/s.sql").exitCode, 3);
  EXPECT_EQ(t.reply("psql -c 'selec'").exitCode, 1);
  EXPECT_EQ(t.reply("psql -f /tmp/none").text, "psql: error: /tmp/none: No such file or directory");
  EXPECT_EQ(t.reply("psql -f /tmp/none").exitCode, 1);
}

TEST(PsqlProgram, BackslashCommands) {
  Terminal t;
  t("psql");
  EXPECT_EQ(t("select 1 as one \\gx"), "-[ RECORD 1 ]\none | 1\n");
  EXPECT_EQ(t("\\set x 5"), "");
  EXPECT_EQ(t("select :x + 1 as y;"), " y \n---\n 6\n(1 row)\n");
  EXPECT_EQ(t("\\echo :x :\"x\" ':x'"), "5 \"5\" :x");
  EXPECT_EQ(t("\\if false"), "");
  EXPECT_EQ(t("select 1;"), "");
  EXPECT_EQ(t("\\endif"), "");
  EXPECT_EQ(t("\\! echo hello"), "hello");
  EXPECT_EQ(t("\\pset null -"), "Null display is \"-\".");
  EXPECT_EQ(
      t("\\du"),
      "                                   List of roles\n Role name |                         "
      "Attributes                         | Member of \n-----------+-------------------------"
      "-----------------------------------+-----------\n app       |                         "
      "                                   | {}\n postgres  | Superuser, Create role, Create "
      "DB, Replication, Bypass RLS | {}\n(2 rows)\n");
  EXPECT_EQ(t("\\errverbose"), "There is no previous error.");
  t("selec;");
  EXPECT_EQ(t("\\errverbose"),
            "ERROR:  42601: syntax error at or near \"selec\"\nLINE 1: selec;\n        ^");
  EXPECT_EQ(t("\\copy (select 1, 'a') to /tmp/c csv"), "COPY 1");
  EXPECT_EQ(t("\\! cat /tmp/c"), "1,a");
  EXPECT_TRUE(base::contains(t("\\d pg_stat_wal"), "wal_bytes        | numeric "));
  EXPECT_TRUE(base::contains(t("\\dt"), "public | products | table | app"));
  EXPECT_EQ(t("\\e"),
            "sh: 1: sensible-editor: not found\ncould not start editor "
            "\"sensible-editor\"");
  // Everything that \? lists is there.
  for (const std::string& line : base::lines(t("\\?"))) {
    if (!line.starts_with("  \\")) continue;
    const std::string word = line.substr(2, line.find_first_of(" [", 3) - 2);
    if (word == "\\q" || word == "\\c" || word == "\\!") continue;
    EXPECT_FALSE(base::contains(t(word), "invalid command")) << word;
    t("\\endif");
  }
}

}  // namespace
