// SPDX-License-Identifier: GPL-3.0-or-later
// The psql program: options, -c and -f, reading statements from a pipe, going interactive.
#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/jobs.h"
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

// "dbname=shop user=app replication=database" in place of a database's name.
void readConnectionString(PsqlSession& session) {
  if (session.database.find('=') == std::string::npos) return;
  const std::string text = std::move(session.database);
  session.database = "postgres";
  for (const std::string& pair : base::split(text, ' ')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    std::string name = pair.substr(0, equals), value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
      value = value.substr(1, value.size() - 2);
    }
    if (name == "dbname") session.database = value;
    if (name == "user") session.user = value;
    if (name == "host" && !value.starts_with("/")) session.host = value;
    if (name == "application_name") session.application = value;
    if (name == "replication") {
      session.replication =
          value == "database" || value == "true" || value == "on" || value == "yes" || value == "1";
    }
  }
}

PsqlSession sessionFrom(const Call& call, const Options& options) {
  PsqlSession session;
  session.database = options.value('d', call.world().spec().database.database);
  session.user = options.value('U', environmentValue(call.world(), call.state, "PGUSER"));
  if (!options.rest.empty() && !options.has('d')) session.database = options.rest[0];
  readConnectionString(session);
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
    const ShellEscape escape = [&](std::string_view command, std::string& shown) {
      Call inner{call.machine, call.state, call.interpreter, {},           call.input, false,
                 shown,        shown,      call.changed,     call.duration};
      call.interpreter.runText(command, inner);
    };
    code = feedPsql(call.machine, session, call.changed, call.duration, line, output, quit, escape);
    call.print(output);
    if (quit) return session.broken ? code : 0;
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

// What -c, -f and -l ask for, in their order; nothing: there are none.
std::optional<int> runGiven(Call& call, PsqlSession& session, const Options& options) {
  constexpr int kBadConnection = 2;  // EXIT_BADCONN
  std::optional<int> code;
  SqlSession sql(call.machine, session, call.changed, call.duration);
  for (const auto& [key, value] : options.given) {
    if (key != 'c' && key != 'f' && key != 'l') continue;
    if (!code) code = 0;
    std::string out, error;
    bool quit = false, ok = true;
    if (key == 'f') {
      const auto text = FileView(call.machine, call.state).read(value);
      if (!text) return call.fail("error: " + value + ": " + text.error().message);
      code = runScript(call, session, text.value());
      if (session.broken) return code;
      continue;
    }
    const std::string command = key == 'l' ? "\\l" : std::string(base::trim(value));
    if (command.starts_with("\\!")) {
      call.interpreter.runText(command.substr(2), call);
      continue;
    }
    ok = command.starts_with("\\") ? sql.runMeta(command, out, error, quit)
                                   : sql.runStatements(command, true, out, error);
    call.print(out);
    if (!error.empty()) call.complain(error.substr(0, error.size() - 1));
    if (session.broken) return kBadConnection;
    if (!ok) return 1;
  }
  return code;
}

// The same as a list of what a psql in the background is to do; nothing: a file cannot be read.
std::optional<Feeds> feedsOf(Call& call, const Options& options) {
  Feeds feeds;
  bool given = false;
  for (const auto& [key, value] : options.given) {
    if (key != 'c' && key != 'f' && key != 'l') continue;
    given = true;
    if (key != 'f') {
      feeds.push_back("c" + (key == 'l' ? std::string("\\l") : value));
      continue;
    }
    const auto text = FileView(call.machine, call.state).read(value);
    if (!text) {
      call.fail("error: " + value + ": " + text.error().message);
      return std::nullopt;
    }
    for (const std::string& line : base::lines(text.value())) feeds.push_back("l" + line);
  }
  if (given) return feeds;
  for (const std::string& line : base::lines(call.input)) feeds.push_back("l" + line);
  return feeds;
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
  if (Job* job = call.interpreter.job()) {
    if (const auto feeds = feedsOf(call, options)) {
      session.background = true;
      job->feeds = *feeds;
      job->session = std::move(session);
      job->clockMs = call.world().now().ms + call.duration.ms;
      return 0;
    }
    sql.disconnect();
    return 1;
  }
  if (const auto done = runGiven(call, session, options)) {
    code = *done;
  } else if (call.hasInput) {
    code = runScript(call, session, call.input);
  } else {
    session.open = true;
    call.state.psql = session;
    call.print("psql (" + call.world().spec().database.version + ")\nType \"help\" for help.\n\n");
    return 0;
  }
  sql.disconnect();
  return code;
}

constexpr Command kCommands[] = {
    {"psql", "psql [-c SQL] [-f FILE] [-A] [-t] [-x] [-U USER] [-d DATABASE] [-h HOST]",
     "ask the database server; \\? inside for help", runPsql}};

}  // namespace

std::span<const Command> psqlCommands() {
  return kCommands;
}

}  // namespace console
