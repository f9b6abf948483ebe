// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql_prompt.h"

#include "base/text.h"
#include "console/sql/session.h"
#include "console/sql/tokens.h"

namespace console {

int feedPsql(Machine& machine, PsqlSession& session, std::vector<sim::Action>& changed,
             base::SimTime& duration, std::string_view line, std::string& output, bool& quit,
             const ShellEscape& escape) {
  constexpr std::size_t kStatementLimit = 1u << 20;
  const std::string_view trimmed = base::trim(line);
  SqlSession sql(machine, session, changed, duration);
  const bool fresh = base::trim(session.statement).empty();
  if (fresh && (trimmed == "exit" || trimmed == "quit")) {
    quit = true;
    return 0;
  }
  if (fresh && trimmed == "help") {
    output +=
        "You are using psql, the command-line interface to PostgreSQL.\nType:  \\copyright for "
        "distribution terms\n"
        "       \\h for help with SQL commands\n       \\? for help with psql commands\n"
        "       \\g or terminate with semicolon to execute query\n       \\q to quit\n";
    return 0;
  }
  const char mark = splitStatements(session.statement).mark;
  if (trimmed.starts_with("\\") && (mark == '=' || mark == '-' || mark == '(')) {
    if (trimmed == "\\g") {
      std::string statement;
      statement.swap(session.statement);
      return sql.runStatements(statement, false, output, output) ? 0 : 1;
    }
    if (trimmed.starts_with("\\!")) {
      escape(base::trim(trimmed.substr(2)), output);
      return 0;
    }
    return sql.runMeta(trimmed, output, output, quit) ? 0 : 1;
  }
  std::string text = session.statement + (fresh ? "" : "\n") + std::string(line);
  if (fresh) text = std::string(line);
  SplitSql split = splitStatements(text);
  session.statement =
      base::trim(split.rest).empty() || split.rest.size() > kStatementLimit ? "" : split.rest;
  int code = 0;
  for (const std::string& statement : split.statements) {
    if (!sql.runStatements(statement, false, output, output)) code = 1;
    if (session.broken) break;
  }
  if (!session.broken) return code;
  constexpr int kBadConnection = 2;  // EXIT_BADCONN
  quit = true;
  return kBadConnection;
}

std::string psqlPrompt(const PsqlSession& session) {
  if (!session.connected) return "!?> ";
  const char mark = splitStatements(session.statement).mark;
  const std::string transaction = session.failed ? "!" : session.inTransaction ? "*" : "";
  return session.database + mark + transaction + (session.user == "postgres" ? "# " : "> ");
}

}  // namespace console
