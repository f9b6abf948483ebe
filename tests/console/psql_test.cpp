// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

std::string sql(Terminal& t, const std::string& statement) {
  return t("psql -c \"" + statement + "\"");
}

TEST(Psql, TablesAsPsqlDrawsThem) {
  Terminal t;
  EXPECT_EQ(sql(t, "SHOW work_mem"), " work_mem \n----------\n 16MB\n(1 row)\n");
  EXPECT_EQ(sql(t,
                "SELECT name, setting, unit, context, source FROM pg_settings WHERE name IN "
                "('shared_buffers', "
                "'work_mem', 'hash_mem_multiplier') ORDER BY name"),
            "        name         | setting | unit |  context   |       source       \n"
            "---------------------+---------+------+------------+--------------------\n"
            " hash_mem_multiplier | 2       |      | user       | default\n"
            " shared_buffers      | 131072  | 8kB  | postmaster | configuration file\n"
            " work_mem            | 16384   | kB   | user       | configuration file\n"
            "(3 rows)\n");
  EXPECT_EQ(t("psql -Atc \"select 1, null, 'x'\""), "1||x");
  EXPECT_EQ(t("psql -xc \"select 1 as one, 'y' as two\""), "-[ RECORD 1 ]\none | 1\ntwo | y\n");
  EXPECT_EQ(t("psql -tc 'select 7'"), "        7\n");
}

TEST(Psql, Expressions) {
  Terminal t;
  const auto one = [&](const std::string& text) { return t("psql -Atc \"" + text + "\""); };
  EXPECT_EQ(one("select pg_size_pretty(setting::bigint * 8192) from pg_settings where name = "
                "'shared_buffers'"),
            "1024 MB");
  EXPECT_EQ(one("select count(*) filter (where state = 'idle') + 0 > 3 from pg_stat_activity"),
            "t");
  EXPECT_EQ(one("select now()"), "2024-05-07 05:02:00+00");
  EXPECT_EQ(one("select now() - pg_postmaster_start_time()"), "00:02:00");
  EXPECT_EQ(one("select extract(epoch from now() - pg_postmaster_start_time())"), "120.000000");
  EXPECT_EQ(one("select now() - interval '90 seconds' < now()"), "t");
  EXPECT_EQ(one("select name from pg_settings where name ilike 'WORK%' or name ~ '^work_m'"),
            "work_mem");
  EXPECT_EQ(one("select round(2::numeric / 3, 2), left('abcdef', 2), 'a' || 'b'"), "0.67|ab|ab");
  EXPECT_EQ(one("select current_setting('work_mem'), pg_size_bytes('8gb')"), "16MB|8589934592");
  EXPECT_EQ(one("select pending_restart from pg_catalog.pg_settings where name = 'work_mem'"), "f");
  EXPECT_EQ(one("with x as (select 1 as a union select 2) select sum(a) from x"), "3");
  EXPECT_EQ(one("select state, count(*) from pg_stat_activity where pid <> pg_backend_pid() group "
                "by 1 order by 1"),
            "idle|20\n|5");
  EXPECT_EQ(one("select sourceline from pg_file_settings where name = 'work_mem'"), "3");
}

TEST(Psql, ErrorsWithTheirPlace) {
  Terminal t;
  EXPECT_EQ(sql(t, "select * from nope;"),
            "ERROR:  relation \"nope\" does not exist\nLINE 1: select * from nope;\n               "
            "       ^");
  EXPECT_EQ(sql(t, "selec 1"),
            "ERROR:  syntax error at or near \"selec\"\nLINE 1: selec 1\n        ^");
  EXPECT_EQ(sql(t, "select nope from pg_settings"),
            "ERROR:  column \"nope\" does not exist\nLINE 1: select nope from pg_settings\n        "
            "       ^\nHINT:  Perhaps you meant to reference the column \"pg_settings.name\".");
  EXPECT_EQ(
      sql(t, "select frob(1)"),
      "ERROR:  function frob(integer) does not exist\nLINE 1: select frob(1)\n               ^\n"
      "HINT:  No function matches the given name and argument types. You might need to add "
      "explicit type casts.");
  EXPECT_EQ(sql(t, "select 1 from"),
            "ERROR:  syntax error at end of input\nLINE 1: select 1 from\n                     ^");
  EXPECT_EQ(sql(t, "select 1/0"), "ERROR:  division by zero");
  EXPECT_EQ(sql(t, "select 'x'::int"),
            "ERROR:  invalid input syntax for type integer: \"x\"\nLINE 1: select 'x'::int\n"
            "               ^");
  EXPECT_EQ(sql(t, "SHOW shared_buffers, work_mem;"),
            "ERROR:  syntax error at or near \",\"\nLINE 1: SHOW shared_buffers, work_mem;\n       "
            "                    ^");
  EXPECT_EQ(sql(t, "ALTER SYSTEM SET work_mem TO;"),
            "ERROR:  syntax error at or near \";\"\nLINE 1: ALTER SYSTEM SET work_mem TO;\n"
            "                                    ^");
  EXPECT_EQ(sql(t, "ALTER SYSTEM SET work_mem 8MB;"),
            "ERROR:  trailing junk after numeric literal at or near \"8MB\"\nLINE 1: ALTER SYSTEM "
            "SET work_mem 8MB;\n"
            "                                  ^");
  EXPECT_EQ(sql(t, "select state, count(*) from pg_stat_activity"),
            "ERROR:  column \"pg_stat_activity.state\" must appear in the GROUP BY clause or be "
            "used in an aggregate "
            "function\nLINE 1: select state, count(*) from pg_stat_activity\n               ^");
  EXPECT_EQ(sql(t, "delete from products"),
            "ERROR:  cannot execute DELETE in a read-only transaction");
  EXPECT_EQ(sql(t, "SET shared_buffers = '2GB'"),
            "ERROR:  parameter \"shared_buffers\" cannot be changed without restarting the server");
  EXPECT_EQ(t.reply("psql -U nobody -c 'select 1'").exitCode, 2);
}

TEST(Psql, AlterSystemAndReload) {
  Terminal t;
  const console::Reply set = t.reply("psql -c \"ALTER SYSTEM SET work_mem = '32MB'\"");
  EXPECT_EQ(set.text, "ALTER SYSTEM");
  ASSERT_EQ(set.changed.size(), 1u);
  EXPECT_EQ(set.changed[0].verb, sim::Verb::AlterSystem);
  EXPECT_EQ(t("psql -Atc 'show work_mem'"), "16MB");
  EXPECT_EQ(t.reply("psql -c 'select pg_reload_conf()'").changed.size(), 1u);
  EXPECT_EQ(t("psql -Atc 'show work_mem'"), "32MB");
  EXPECT_EQ(t("tail -1 /var/log/postgresql/postgresql-15-main.log | cut -d' ' -f5-"),
            "LOG:  parameter \"work_mem\" changed to \"32MB\"");
  const console::Reply refused = t.reply("psql -c \"ALTER SYSTEM SET shared_buffers = '2GBs'\"");
  EXPECT_EQ(refused.text,
            "ERROR:  invalid value for parameter \"shared_buffers\": \"2GBs\"\n"
            "HINT:  Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".");
  EXPECT_EQ(refused.exitCode, 1);
  EXPECT_TRUE(refused.changed.empty());
  EXPECT_EQ(sql(t, "ALTER SYSTEM SET work_mem = '1MB'; SELECT pg_reload_conf()"),
            "ERROR:  ALTER SYSTEM cannot run inside a transaction block");
  EXPECT_EQ(sql(t, "ALTER SYSTEM SET work_mem='8MB','16MB';"),
            "ERROR:  SET work_mem takes only one argument");
  t("psql -c \"alter system set shared_buffers = '512MB'\"; psql -c 'select pg_reload_conf()'");
  EXPECT_EQ(t("psql -Atc \"select setting, pending_restart from pg_settings where name = "
              "'shared_buffers'\""),
            "131072|t");
}

TEST(Psql, Interactive) {
  Terminal t;
  EXPECT_EQ(t("psql"), "psql (15.18 (Debian 15.18-0+deb12u1))\nType \"help\" for help.\n");
  EXPECT_EQ(t.shell.prompt(t.world), "shop=# ");
  EXPECT_EQ(t("select 1"), "");
  EXPECT_EQ(t.shell.prompt(t.world), "shop-# ");
  EXPECT_EQ(t("as a;"), " a \n---\n 1\n(1 row)\n");
  EXPECT_EQ(t("set work_mem = '2GB';"), "SET");
  EXPECT_EQ(t("show work_mem;"), " work_mem \n----------\n 2GB\n(1 row)\n");
  EXPECT_EQ(t("\\x"), "Expanded display is on.");
  EXPECT_EQ(t("\\conninfo"),
            "You are connected to database \"shop\" as user \"postgres\" via socket in "
            "\"/var/run/postgresql\" at port \"5432\".");
  EXPECT_EQ(t("\\foo"), "invalid command \\foo\nTry \\? for help.");
  EXPECT_EQ(t("begin;"), "BEGIN");
  EXPECT_EQ(t.shell.prompt(t.world), "shop=*# ");
  EXPECT_EQ(t("selec;"), "ERROR:  syntax error at or near \"selec\"\nLINE 1: selec;\n        ^");
  EXPECT_EQ(
      t("select 1;"),
      "ERROR:  current transaction is aborted, commands ignored until end of transaction block");
  EXPECT_EQ(t("commit;"), "ROLLBACK");
  t("\\q");
  EXPECT_FALSE(t.shell.inPsql());
}

TEST(Psql, NoticesThatTheServerWentAway) {
  Terminal t;
  t("psql");
  sim::Action kill{
      sim::Verb::Signal, std::to_string(t.world.postgres().cohorts[0].firstPid), "KILL", {}};
  ASSERT_TRUE(t.world.apply(kill, "trainee", t.telemetry).accepted);
  EXPECT_EQ(t("select 1;"),
            "WARNING:  terminating connection because of crash of another server process\n"
            "DETAIL:  The postmaster has commanded this server process to roll back the current "
            "transaction and exit, because another server process exited abnormally and possibly "
            "corrupted shared memory.\n"
            "HINT:  In a moment you should be able to reconnect to the database and repeat your "
            "command.\n"
            "server closed the connection unexpectedly\n\tThis probably means the server "
            "terminated abnormally\n"
            "\tbefore or while processing the request.\nThe connection to the server was lost. "
            "Attempting reset: Failed.");
  EXPECT_EQ(t.shell.prompt(t.world), "!?> ");
  EXPECT_EQ(t("select 1;"), "You are currently not connected to a database.");
}

TEST(Psql, CountersAgreeWithTheExporter) {
  Terminal t;
  EXPECT_EQ(t("psql -Atc \"select blks_read from pg_stat_database where datname = 'shop'\""),
            std::to_string(static_cast<std::int64_t>(t.world.postgres().blocksRead)));
  EXPECT_EQ(
      t("psql -Atc \"select count(*) from pg_stat_activity where application_name = 'shop-web'\""),
      std::to_string(t.world.postgres().connections()));
}

TEST(Psql, WorkIsBounded) {
  Terminal t;
  EXPECT_EQ(
      sql(t,
          "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r"),
      "ERROR:  canceling statement due to statement timeout");
  EXPECT_EQ(
      sql(t, "select count(*) from pg_settings a, pg_settings b, pg_settings c, pg_settings d"),
      "ERROR:  canceling statement due to statement timeout");
}

// What a PostgreSQL 15.18 answered.
TEST(Psql, SavepointsTakeBackWhatCameAfterThem) {
  Terminal t;
  const auto sql = [&](const std::string& lines) {
    t("printf '%s\\n' \"" + lines + "\" > /tmp/s.sql");
    return t("psql -U postgres -qAt -f /tmp/s.sql");
  };
  EXPECT_EQ(sql("begin;\nset work_mem = '1MB';\nsavepoint a;\nset work_mem = '2MB';\nset local "
                "temp_buffers = '9MB';\nselect 1/0;\nrollback to a;\nshow work_mem;\nshow "
                "temp_buffers;\nrelease a;\nrollback to a;\ncommit;\nshow work_mem;"),
            "psql:/tmp/s.sql:6: ERROR:  division by zero\n1MB\n8MB\n"
            "psql:/tmp/s.sql:11: ERROR:  savepoint \"a\" does not exist\n16MB");
  EXPECT_EQ(
      sql("savepoint a;\nrelease a;\nrollback to a;\ncommit and chain;"),
      "psql:/tmp/s.sql:1: ERROR:  SAVEPOINT can only be used in transaction blocks\n"
      "psql:/tmp/s.sql:2: ERROR:  RELEASE SAVEPOINT can only be used in transaction blocks\n"
      "psql:/tmp/s.sql:3: ERROR:  ROLLBACK TO SAVEPOINT can only be used in transaction blocks\n"
      "psql:/tmp/s.sql:4: ERROR:  COMMIT AND CHAIN can only be used in transaction blocks");
  EXPECT_EQ(sql("set work_mem = '1MB';\ndiscard all;\nshow work_mem;\nbegin;\ndiscard all;\n"
                "rollback;"),
            "16MB\npsql:/tmp/s.sql:5: ERROR:  DISCARD ALL cannot run inside a transaction block");
}

TEST(Psql, WarningsStandInTheServersLog) {
  Terminal t;
  t("psql -U postgres -c 'set local work_mem = 64' -c commit");
  const std::string log = t("sudo tail -n 2 /var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(base::contains(log, "WARNING:  SET LOCAL can only be used in transaction blocks\n"));
  EXPECT_TRUE(base::contains(log, "WARNING:  there is no transaction in progress"));
}

TEST(Psql, EveryProcessMissesAFileToBeIncluded) {
  Terminal t;
  t("echo \"include_if_exists 'nowhere.conf'\" | sudo tee -a "
    "/etc/postgresql/15/main/postgresql.conf");
  t("psql -U postgres -c 'select pg_reload_conf()'");
  t.wait(1);
  // The postmaster and its five processes, and perhaps the session that asked.
  const std::string count =
      t("sudo grep -c 'skipping missing configuration file .*nowhere.conf' "
        "/var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(count == "6" || count == "7") << count;
}

TEST(Psql, ValuesAreShownAsTheirSettingHasThem) {
  Terminal t;
  const auto shown = [&](const std::string& set, const std::string& name) {
    return t("psql -U postgres -qAt -c \"" + set + "\" -c 'show " + name + "'");
  };
  EXPECT_EQ(shown("set wal_sender_timeout = 010", "wal_sender_timeout"), "10ms");
  EXPECT_EQ(shown("set enable_sort = -0", "enable_sort"), "off");
  EXPECT_EQ(shown("set tcp_keepalives_idle = 30", "tcp_keepalives_idle"), "0");
  EXPECT_EQ(shown("set default_text_search_config = 'simple'", "default_text_search_config"),
            "pg_catalog.simple");
  EXPECT_EQ(
      t("psql -U postgres -qAt -c \"select set_config('vacuum_cost_delay', '300 us', true)\""),
      "300us");
  EXPECT_EQ(shown("set local timezone = '-2.5'", "timezone"),
            "WARNING:  SET LOCAL can only be used in transaction blocks\nGMT");
  EXPECT_EQ(shown("set timezone = -2.5", "timezone"), "<-02:30>+02:30");
  EXPECT_EQ(shown("set timezone = 'europe/berlin'", "timezone"), "Europe/Berlin");
  EXPECT_TRUE(base::contains(shown("set timezone = 'Mars/Base'", "timezone"), "invalid value for"));
  EXPECT_EQ(shown("set transaction_read_only = on", "transaction_read_only"), "off");
  EXPECT_EQ(shown("begin; set transaction_read_only = on", "transaction_read_only"), "on");
  EXPECT_EQ(shown("begin; set transaction_read_only = on; commit", "transaction_read_only"), "off");
  EXPECT_EQ(shown("set default_transaction_read_only = on", "transaction_read_only"), "on");
  EXPECT_EQ(shown("set my.x = 5", "my.x"), "5");
  EXPECT_EQ(shown("set my.x = 5; reset all", "my.x"), "");
  EXPECT_TRUE(base::contains(shown("set work_mem = table", "work_mem"), "syntax error at or near"));
  EXPECT_TRUE(base::contains(t("psql -U postgres -c \"set timezone_abbreviations = 'banana'\""),
                             "invalid value for parameter"));
}

}  // namespace
