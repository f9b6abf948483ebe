// SPDX-License-Identifier: GPL-3.0-or-later
#include "sql_lines.h"

#include "console/sql/virtual_tables.h"

namespace fuzz {
namespace {

constexpr std::string_view kFunctions[] = {"abs",
                                           "age",
                                           "avg",
                                           "bool_and",
                                           "bool_or",
                                           "coalesce",
                                           "concat",
                                           "count",
                                           "current_setting",
                                           "date_part",
                                           "date_trunc",
                                           "floor",
                                           "ceil",
                                           "greatest",
                                           "least",
                                           "left",
                                           "length",
                                           "lower",
                                           "ltrim",
                                           "max",
                                           "min",
                                           "mod",
                                           "now",
                                           "nullif",
                                           "pg_backend_pid",
                                           "pg_blocking_pids",
                                           "pg_cancel_backend",
                                           "pg_database_size",
                                           "pg_is_in_recovery",
                                           "pg_reload_conf",
                                           "pg_relation_size",
                                           "pg_size_bytes",
                                           "pg_size_pretty",
                                           "pg_sleep",
                                           "pg_terminate_backend",
                                           "pg_total_relation_size",
                                           "pg_log_backend_memory_contexts",
                                           "pg_wal_lsn_diff",
                                           "repeat",
                                           "replace",
                                           "right",
                                           "round",
                                           "row_number",
                                           "set_config",
                                           "split_part",
                                           "string_agg",
                                           "substr",
                                           "substring",
                                           "sum",
                                           "to_char",
                                           "trim",
                                           "trunc",
                                           "upper",
                                           "version",
                                           "generate_series",
                                           "lpad",
                                           "md5",
                                           "format",
                                           "extract",
                                           "regexp_replace",
                                           "unnest",
                                           "array_agg",
                                           "json_agg",
                                           "power",
                                           "no_such_function",
                                           "sqlite_version",
                                           "load_extension",
                                           "randomblob",
                                           "zeroblob",
                                           "printf"};

constexpr std::string_view kOperators[] = {"+",
                                           "-",
                                           "*",
                                           "/",
                                           "%",
                                           "||",
                                           "=",
                                           "<>",
                                           "!=",
                                           "<",
                                           ">",
                                           "<=",
                                           ">=",
                                           " like ",
                                           " ilike ",
                                           " not like ",
                                           " and ",
                                           " or ",
                                           " is distinct from ",
                                           " is not ",
                                           "~",
                                           "~*",
                                           "!~",
                                           " between ",
                                           " in ",
                                           "<<",
                                           ">>",
                                           "&",
                                           "|",
                                           "^",
                                           "@>",
                                           "->",
                                           "->>",
                                           " similar to "};

constexpr std::string_view kTypes[] = {
    "int",      "integer",     "bigint", "text",     "numeric", "float8",     "boolean",
    "interval", "timestamptz", "date",   "regclass", "int[]",   "varchar(3)", "numeric(10,2)",
    "json",     "oid",         "pg_lsn", "nothing",  "real",    "smallint",   "char"};

constexpr std::string_view kLiterals[] = {"null",
                                          "true",
                                          "false",
                                          "'on'",
                                          "'16GB'",
                                          "'5 min'",
                                          "''",
                                          "'it''s'",
                                          "e'\\n'",
                                          "$$x$$",
                                          "$a$ $b$ $a$",
                                          "interval '5 minutes'",
                                          "interval '1 day 02:03:04.5'",
                                          "interval '1 fortnight'",
                                          "interval '-9223372036854775808 years'",
                                          "'2024-05-07 10:45'::timestamptz",
                                          "now()",
                                          "current_timestamp",
                                          "current_user",
                                          "session_user",
                                          "'idle'",
                                          "'active'",
                                          "array[1,2,3]",
                                          "'{1,2}'",
                                          "x'ff'",
                                          "b'101'",
                                          "'\xc3\xa9'",
                                          "'\xff'",
                                          "row(1,2)",
                                          "'%'",
                                          "'%a%'",
                                          "'[a'",
                                          "'(a|b)*c'",
                                          "'(a*)*b'",
                                          "$1",
                                          ":x",
                                          ":'x'",
                                          "*"};

constexpr std::string_view kMeta[] = {"\\x",
                                      "\\x on",
                                      "\\x auto",
                                      "\\d",
                                      "\\d+",
                                      "\\dt",
                                      "\\dt+",
                                      "\\di",
                                      "\\du",
                                      "\\dn",
                                      "\\df",
                                      "\\dx",
                                      "\\l",
                                      "\\l+",
                                      "\\conninfo",
                                      "\\timing",
                                      "\\timing on",
                                      "\\watch",
                                      "\\watch 1",
                                      "\\watch 0.1",
                                      "\\watch -5",
                                      "\\watch c=3",
                                      "\\?",
                                      "\\h",
                                      "\\h alter system",
                                      "\\q",
                                      "\\g",
                                      "\\gx",
                                      "\\g /tmp/x",
                                      "\\r",
                                      "\\p",
                                      "\\e",
                                      "\\i /tmp/x",
                                      "\\i",
                                      "\\o /tmp/x",
                                      "\\o",
                                      "\\echo",
                                      "\\echo a b",
                                      "\\set",
                                      "\\set x 1",
                                      "\\set AUTOCOMMIT off",
                                      "\\unset x",
                                      "\\pset",
                                      "\\pset format",
                                      "\\pset null NULL",
                                      "\\pset border 9",
                                      "\\a",
                                      "\\t",
                                      "\\f ;",
                                      "\\c",
                                      "\\c postgres",
                                      "\\c shop app",
                                      "\\c nobody nobody",
                                      "\\c - - nowhere",
                                      "\\! ls",
                                      "\\!",
                                      "\\cd /tmp",
                                      "\\copy x to y",
                                      "\\password",
                                      "\\s",
                                      "\\w /tmp/x",
                                      "\\if true",
                                      "\\endif",
                                      "\\gexec",
                                      "\\gset",
                                      "\\errverbose",
                                      "\\crosstabview",
                                      "\\sf f",
                                      "\\z",
                                      "\\dp",
                                      "\\db",
                                      "\\dconfig",
                                      "\\dconfig work*",
                                      "\\drds",
                                      "\\dconfig+ *",
                                      "\\",
                                      "\\\\",
                                      "\\xyz",
                                      "\\d pg_locks",
                                      "\\d *.*",
                                      "\\d [a",
                                      "\\dt (x"};

constexpr std::string_view kValues[] = {"default",    "'16GB'",
                                        "16GB",       "'64 MB'",
                                        "on",         "off",
                                        "'a', 'b'",   "a, b, c",
                                        "''",         "'-1'",
                                        "1.5",        "'1.5GB'",
                                        "'5min'",     "'4 fortnights'",
                                        "'\\'",       "'\"'",
                                        "'x\ny'",     "replica, logical",
                                        "warning",    "'0x1F'",
                                        "'%m [%p] '", "'Europe/London'",
                                        "none",       "null",
                                        "'*'",        "to to"};

std::string quotedOften(std::string text, Dice& dice) {
  return dice.oneIn(4) ? "'" + text + "'" : text;
}

}  // namespace

std::string SqlLines::setting(Dice& dice) const {
  if (dice.oneIn(30)) return "no_such_setting";
  if (dice.oneIn(30)) return "my.own_setting";
  if (dice.oneIn(40)) return "\"work_mem\"";
  return dice.oneOf(m_settings);
}

std::string SqlLines::value(Dice& dice) const {
  if (dice.oneIn(2)) return std::string(dice.oneOf(kValues));
  return quotedOften(dice.number(), dice);
}

std::string SqlLines::literal(Dice& dice) const {
  return dice.oneIn(2) ? dice.number() : std::string(dice.oneOf(kLiterals));
}

std::string SqlLines::column(Dice& dice) const {
  if (dice.oneIn(20)) return "nothing";
  const auto& table = console::virtualTables()[dice.below(console::virtualTables().size())];
  const std::string name(table.columns[dice.below(table.columns.size())].name);
  return dice.oneIn(6) ? "a." + name : name;
}

std::string SqlLines::call(Dice& dice, int depth) const {
  std::string text = std::string(dice.oneOf(kFunctions)) + "(";
  if (dice.oneIn(12)) text += "distinct ";
  const std::size_t arguments = dice.below(4);
  for (std::size_t i = 0; i < arguments; ++i) {
    text += (i > 0 ? ", " : "") + expression(dice, depth - 1);
  }
  text += ")";
  if (dice.oneIn(12)) text += " over (order by " + expression(dice, depth - 1) + ")";
  if (dice.oneIn(12)) text += " filter (where " + expression(dice, depth - 1) + ")";
  return text;
}

std::string SqlLines::expression(Dice& dice, int depth) const {
  if (depth <= 0) return dice.oneIn(2) ? column(dice) : literal(dice);
  const auto inner = [&] { return expression(dice, depth - 1); };
  switch (dice.below(10)) {
    case 0:
    case 1:
      return column(dice);
    case 2:
      return literal(dice);
    case 3:
      return call(dice, depth);
    case 4:
      return inner() + std::string(dice.oneOf(kOperators)) + inner();
    case 5:
      return inner() + "::" + std::string(dice.oneOf(kTypes));
    case 6:
      return "(" + inner() + ")";
    case 7:
      return "case when " + inner() + " then " + inner() + " else " + inner() + " end";
    case 8:
      return inner() + (dice.oneIn(2) ? " in (" + inner() + ", " + inner() + ")"
                                      : " is" + std::string(dice.oneIn(2) ? " not" : "") + " null");
    default:
      return dice.oneIn(3) ? "(" + select(dice, depth - 1) + ")"
                           : "cast(" + inner() + " as " + std::string(dice.oneOf(kTypes)) + ")";
  }
}

std::string SqlLines::source(Dice& dice, int depth) const {
  if (dice.oneIn(12)) return "generate_series(1, " + dice.number() + ") a";
  if (dice.oneIn(25)) return "no_such_table";
  if (depth > 0 && dice.oneIn(10)) return "(" + query(dice, depth - 1) + ") a";
  const auto& table = console::virtualTables()[dice.below(console::virtualTables().size())];
  std::string name(table.name);
  if (dice.oneIn(8)) name = "pg_catalog." + name;
  return dice.oneIn(3) ? name + " a" : name;
}

std::string SqlLines::select(Dice& dice, int depth) const {
  std::string text = dice.oneIn(12) ? "select distinct " : "select ";
  const std::size_t columns = 1 + dice.below(4);
  for (std::size_t i = 0; i < columns; ++i) {
    text += (i > 0 ? ", " : "") + (dice.oneIn(6) ? std::string("*") : expression(dice, depth));
    if (dice.oneIn(6)) text += " as x";
  }
  if (dice.oneIn(8)) return text;
  text += " from " + source(dice, depth);
  while (dice.oneIn(5)) {
    text += dice.oneIn(2) ? ", " : dice.oneIn(2) ? " join " : " left join ";
    text +=
        source(dice, depth - 1) + (dice.oneIn(2) ? " on " + expression(dice, 1) : " using (pid)");
  }
  if (dice.oneIn(2)) text += " where " + expression(dice, depth);
  if (dice.oneIn(4)) text += " group by " + (dice.oneIn(2) ? dice.number() : expression(dice, 1));
  if (dice.oneIn(8)) text += " having " + expression(dice, 1);
  if (dice.oneIn(3)) text += " order by " + (dice.oneIn(2) ? dice.number() : expression(dice, 1));
  if (dice.oneIn(5)) text += dice.oneIn(2) ? " desc" : " nulls last";
  if (dice.oneIn(4)) text += " limit " + dice.number();
  if (dice.oneIn(10)) text += " offset " + dice.number();
  return text;
}

std::string SqlLines::query(Dice& dice, int depth) const {
  std::string text;
  if (dice.oneIn(10)) {
    text = dice.oneIn(2)
               ? "with r as (" + select(dice, depth - 1) + ") "
               : "with recursive r(n) as (select 1 union all select n + 1 from r" +
                     std::string(dice.oneIn(2) ? " where n < " + dice.number() : "") + ") ";
  }
  text += select(dice, depth);
  if (dice.oneIn(10))
    text += (dice.oneIn(2) ? " union " : " except all ") + select(dice, depth - 1);
  if (dice.oneIn(30)) text += " for update";
  return text;
}

std::string SqlLines::change(Dice& dice) const {
  const std::string name = setting(dice);
  switch (dice.below(12)) {
    case 0:
      return "alter system set " + name + (dice.oneIn(2) ? " = " : " to ") + value(dice);
    case 1:
      return "alter system reset " + (dice.oneIn(4) ? "all" : name);
    case 2:
      return "set " +
             std::string(dice.oneIn(3)   ? "local "
                         : dice.oneIn(3) ? "session "
                                         : "") +
             name + " to " + value(dice);
    case 3:
      return "reset " + (dice.oneIn(4) ? "all" : name);
    case 4:
      return "alter role " + std::string(dice.oneIn(2) ? "app" : "all") + " in database shop set " +
             name + " = " + value(dice);
    case 5:
      return "alter database shop " +
             (dice.oneIn(3) ? "reset " + name : "set " + name + " to " + value(dice));
    case 6:
      return "create role r" + dice.number() + " login superuser connection limit " + dice.number();
    case 7:
      return "drop role if exists r" + dice.number();
    case 8:
      return "grant set on parameter " + name + " to app";
    case 9:
      return "create temp table t as " + select(dice, 1);
    case 10:
      return "insert into t " +
             (dice.oneIn(2) ? select(dice, 1) : "values (" + literal(dice) + ")");
    default:
      return "create temp table t (a int, b text" + std::string(dice.oneIn(4) ? ", " : ")");
  }
}

std::string SqlLines::statement(Dice& dice) const {
  constexpr std::string_view kOthers[] = {"begin",
                                          "commit",
                                          "rollback",
                                          "start transaction",
                                          "savepoint a",
                                          "rollback to a",
                                          "end",
                                          "abort",
                                          "vacuum",
                                          "vacuum full analyze orders",
                                          "analyze",
                                          "checkpoint",
                                          "discard all",
                                          "lock table orders",
                                          "prepare p as select 1",
                                          "execute p",
                                          "deallocate all",
                                          "listen x",
                                          "declare c cursor for select 1",
                                          "fetch all from c",
                                          "copy orders to stdout",
                                          "do $$begin end$$",
                                          "create table t(a int)",
                                          "drop table orders",
                                          "delete from orders",
                                          "update orders set x = 1",
                                          "truncate orders",
                                          "create extension pg_stat_statements",
                                          "table pg_settings",
                                          "values (1), (2)",
                                          "create index on orders (x)",
                                          "reindex table orders",
                                          "explain",
                                          "explain analyze",
                                          ";",
                                          ""};
  switch (dice.below(8)) {
    case 0:
    case 1:
    case 2:
      return query(dice, 3);
    case 3:
      return "show " + (dice.oneIn(12) ? "all" : setting(dice));
    case 4:
    case 5:
      return change(dice);
    case 6:
      return std::string(dice.oneIn(2) ? "explain " : "explain (analyze, buffers) ") +
             query(dice, 2);
    default:
      return std::string(dice.oneOf(kOthers));
  }
}

std::string SqlLines::meta(Dice& dice) const {
  std::string text(dice.oneOf(kMeta));
  if (dice.oneIn(5)) text += " " + column(dice);
  if (dice.oneIn(10)) text += " " + dice.number();
  return text;
}

std::string SqlLines::line(Dice& dice) const {
  if (dice.oneIn(4)) return meta(dice);
  std::string text = statement(dice);
  if (dice.oneIn(8)) text += "; " + statement(dice);
  if (dice.oneIn(8)) text = text.substr(0, dice.below(text.size() + 1));
  if (dice.oneIn(12)) text += dice.oneIn(2) ? " -- words" : " /* words";
  if (dice.oneIn(12)) return text + " \\g";
  return dice.oneIn(5) ? text : text + ";";
}

}  // namespace fuzz
