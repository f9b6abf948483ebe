// SPDX-License-Identifier: GPL-3.0-or-later
// The psql program: options, -c and -f, reading statements from a pipe, going interactive.
#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/psql_prompt.h"
#include "console/sql/session.h"
#include "console/sql/tokens.h"

namespace console {
namespace {

constexpr LongOption kLongs[] = {{"command", 'c'},     {"dbname", 'd'},
                                 {"file", 'f'},        {"host", 'h'},
                                 {"username", 'U'},    {"port", 'p'},
                                 {"no-align", 'A'},    {"tuples-only", 't'},
                                 {"expanded", 'x'},    {"field-separator", 'F'},
                                 {"list", 'l'},        {"no-psqlrc", 'X'},
                                 {"quiet", 'q'},       {"version", 'V'},
                                 {"no-password", 'w'}, {"password", 'W'}};

PsqlSession sessionFrom(const Call& call, const Options& options) {
  PsqlSession session;
  session.database = options.value('d', call.world().spec().database.database);
  session.user = options.value('U', environmentValue(call.world(), call.state, "PGUSER"));
  if (!options.rest.empty() && !options.has('d')) session.database = options.rest[0];
  if (options.rest.size() > (options.has('d') ? 0u : 1u) && !options.has('U'))
    session.user = options.rest.back();
  const std::string host = options.value('h');
  if (!host.starts_with("/")) session.host = host == "localhost" ? "127.0.0.1" : host;
  session.format.unaligned = options.has('A');
  session.format.tuplesOnly = options.has('t');
  session.format.expanded = options.has('x');
  session.format.separator = options.value('F', "|");
  return session;
}

// Statements and backslash commands of a file or a pipe, line by line.
int runScript(Call& call, PsqlSession& session, const std::string& text) {
  int code = 0;
  for (const std::string& line : base::lines(text)) {
    std::string output;
    bool quit = false;
    code = feedPsql(call.machine, session, call.changed, call.duration, line, output, quit);
    call.print(output);
    if (quit) return 0;
  }
  if (base::trim(session.statement).empty()) return code;
  std::string rest;
  rest.swap(session.statement);
  std::string out, error;
  SqlSession sql(call.machine, session, call.changed, call.duration);
  code = sql.runStatements(rest, false, out, error) ? 0 : code;
  call.print(out);
  if (!error.empty()) call.complain(error.substr(0, error.size() - 1));
  return code;
}

int runPsql(Call& call) {
  const Options options = parseOptions(call, "c:d:f:h:U:p:AtxF:lXqVwWv:P:1e", kLongs);
  if (!options.ok) return 1;
  if (options.has('V')) {
    call.print("psql (PostgreSQL) " + call.world().spec().database.version + "\n");
    return 0;
  }
  PsqlSession session = sessionFrom(call, options);
  SqlSession sql(call.machine, session, call.changed, call.duration);
  const std::string reason = sql.connect(environmentValue(call.world(), call.state, "PGOPTIONS"));
  if (!reason.empty()) {
    call.complain("psql: error: " + reason);
    return 2;
  }
  int code = 0;
  bool worked = false;
  for (const auto& [key, value] : options.given) {
    if (key != 'c' && key != 'f' && key != 'l') continue;
    worked = true;
    std::string out, error;
    bool quit = false, ok = true;
    if (key == 'f') {
      const auto text = FileView(call.machine, call.state).read(value);
      if (!text) return call.fail("error: " + value + ": " + text.error().message);
      code = runScript(call, session, text.value());
      continue;
    }
    const std::string command = key == 'l' ? "\\l" : std::string(base::trim(value));
    ok = command.starts_with("\\") ? sql.runMeta(command, out, error, quit)
                                   : sql.runStatements(command, true, out, error);
    call.print(out);
    if (!error.empty()) call.complain(error.substr(0, error.size() - 1));
    if (!ok) return 1;
  }
  if (worked) return code;
  if (call.hasInput) return runScript(call, session, call.input);
  session.open = true;
  call.state.psql = session;
  call.print("psql (" + call.world().spec().database.version + ")\nType \"help\" for help.\n\n");
  return 0;
}

constexpr Command kCommands[] = {
    {"psql", "psql [-c SQL] [-f FILE] [-A] [-t] [-x] [-U USER] [-d DATABASE] [-h HOST]",
     "ask the database server; \\? inside for help", runPsql}};

}  // namespace

std::span<const Command> psqlCommands() {
  return kCommands;
}

}  // namespace console
