// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql/sql_help.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace console {
namespace {

struct Topic {
  std::string_view name, page, summary, syntax;
};
constexpr Topic kTopics[] = {
    {"ABORT", "abort", "abort the current transaction",
     "ABORT [ WORK | TRANSACTION ] [ AND [ NO ] CHAIN ]"},
    {"ALTER DATABASE", "alterdatabase", "change a database",
     "ALTER DATABASE name SET configuration_parameter { TO | = } { value | DEFAULT }\n"
     "ALTER DATABASE name SET configuration_parameter FROM CURRENT\n"
     "ALTER DATABASE name RESET configuration_parameter\nALTER DATABASE name RESET ALL"},
    {"ALTER ROLE", "alterrole", "change a database role",
     "ALTER ROLE role_specification [ WITH ] option [ ... ]\n\nALTER ROLE { role_specification | "
     "ALL } [ IN DATABASE database_name ] SET configuration_parameter { TO | = } { value | DEFAULT "
     "}\nALTER ROLE { role_specification | ALL } [ IN DATABASE database_name ] RESET "
     "configuration_parameter\nALTER ROLE { role_specification | ALL } [ IN DATABASE database_name "
     "] RESET ALL"},
    {"ALTER SYSTEM", "altersystem", "change a server configuration parameter",
     "ALTER SYSTEM SET configuration_parameter { TO | = } { value [, ...] | DEFAULT }\n\n"
     "ALTER SYSTEM RESET configuration_parameter\nALTER SYSTEM RESET ALL"},
    {"ANALYZE", "analyze", "collect statistics about a database",
     "ANALYZE [ ( option [, ...] ) ] [ table_and_columns [, ...] ]\n"
     "ANALYZE [ VERBOSE ] [ table_and_columns [, ...] ]"},
    {"BEGIN", "begin", "start a transaction block",
     "BEGIN [ WORK | TRANSACTION ] [ transaction_mode [, ...] ]"},
    {"COMMIT", "commit", "commit the current transaction",
     "COMMIT [ WORK | TRANSACTION ] [ AND [ NO ] CHAIN ]"},
    {"EXPLAIN", "explain", "show the execution plan of a statement",
     "EXPLAIN [ ( option [, ...] ) ] statement\nEXPLAIN [ ANALYZE ] [ VERBOSE ] statement\n\n"
     "where option can be one of:\n\n    ANALYZE [ boolean ]\n    VERBOSE [ boolean ]\n    COSTS [ "
     "boolean ]\n    SETTINGS [ boolean ]\n    BUFFERS [ boolean ]\n    WAL [ boolean ]\n    "
     "TIMING [ boolean ]\n    SUMMARY [ boolean ]\n    FORMAT { TEXT | XML | JSON | YAML }"},
    {"RESET", "reset", "restore the value of a run-time parameter to the default value",
     "RESET configuration_parameter\nRESET ALL"},
    {"ROLLBACK", "rollback", "abort the current transaction",
     "ROLLBACK [ WORK | TRANSACTION ] [ AND [ NO ] CHAIN ]"},
    {"SELECT", "select", "retrieve rows from a table or view",
     "[ WITH [ RECURSIVE ] with_query [, ...] ]\nSELECT [ ALL | DISTINCT [ ON ( expression [, ...] "
     ") ] ]\n    [ * | expression [ [ AS ] output_name ] [, ...] ]\n    [ FROM from_item [, ...] "
     "]\n    [ WHERE condition ]\n    [ GROUP BY [ ALL | DISTINCT ] grouping_element [, ...] ]\n   "
     " [ HAVING condition ]\n    [ WINDOW window_name AS ( window_definition ) [, ...] ]\n    [ { "
     "UNION | INTERSECT | EXCEPT } [ ALL | DISTINCT ] select ]\n    [ ORDER BY expression [ ASC | "
     "DESC | USING operator ] [ NULLS { FIRST | LAST } ] [, ...] ]\n    [ LIMIT { count | ALL } "
     "]\n    [ OFFSET start [ ROW | ROWS ] ]\n    [ FETCH { FIRST | NEXT } [ count ] { ROW | ROWS "
     "} { ONLY | WITH TIES } ]"},
    {"SET", "set", "change a run-time parameter",
     "SET [ SESSION | LOCAL ] configuration_parameter { TO | = } { value | 'value' | DEFAULT }\n"
     "SET [ SESSION | LOCAL ] TIME ZONE { value | 'value' | LOCAL | DEFAULT }"},
    {"SHOW", "show", "show the value of a run-time parameter", "SHOW name\nSHOW ALL"},
    {"VACUUM", "vacuum", "garbage-collect and optionally analyze a database",
     "VACUUM [ ( option [, ...] ) ] [ table_and_columns [, ...] ]\n"
     "VACUUM [ FULL ] [ FREEZE ] [ VERBOSE ] [ ANALYZE ] [ table_and_columns [, ...] ]"},
    {"VALUES", "values", "compute a set of rows",
     "VALUES ( expression [, ...] ) [, ...]\n    [ ORDER BY sort_expression [ ASC | DESC | USING "
     "operator ] [, ...] ]\n    [ LIMIT { count | ALL } ]\n    [ OFFSET start [ ROW | ROWS ] ]"}};

std::string page(const Topic& topic) {
  return "Command:     " + std::string(topic.name) +
         "\nDescription: " + std::string(topic.summary) + "\nSyntax:\n" +
         std::string(topic.syntax) + "\n\nURL: https://www.postgresql.org/docs/15/sql-" +
         std::string(topic.page) + ".html\n\n";
}

}  // namespace

std::string sqlHelp(std::string_view topic) {
  std::string text;
  if (base::trim(topic).empty()) {
    text = "Available help:\n";
    for (const Topic& one : kTopics) text += "  " + std::string(one.name) + "\n";
    return text + "\n";
  }
  const std::string wanted = base::lower(base::trim(topic));
  for (const Topic& one : kTopics) {
    const std::string name = base::lower(one.name);
    if (wanted == name) return page(one);
    if (wanted == "*" || name.starts_with(wanted)) text += page(one);
  }
  if (!text.empty()) return text;
  return "No help available for \"" + std::string(base::trim(topic)) +
         "\".\nTry \\h with no arguments to see available help.\n";
}

}  // namespace console
