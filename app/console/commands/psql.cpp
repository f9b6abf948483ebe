// SPDX-License-Identifier: GPL-3.0-or-later
// The psql program: options, -c and -f, reading statements from a pipe, going interactive.
#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/jobs.h"
#include "console/options.h"
#include "console/psql/program.h"
#include "console/psql/settings.h"
#include "console/sql/connect.h"
#include "console/sql/session.h"

namespace console {
namespace {

constexpr LongOption kLongs[] = {{"command", 'c'},
                                 {"dbname", 'd'},
                                 {"file", 'f'},
                                 {"host", 'h'},
                                 {"username", 'U'},
                                 {"port", 'p'},
                                 {"no-align", 'A'},
                                 {"tuples-only", 't'},
                                 {"expanded", 'x'},
                                 {"field-separator", 'F'},
                                 {"record-separator", 'R'},
                                 {"field-separator-zero", 'z'},
                                 {"record-separator-zero", '0'},
                                 {"list", 'l'},
                                 {"no-psqlrc", 'X'},
                                 {"quiet", 'q'},
                                 {"version", 'V'},
                                 {"no-password", 'w'},
                                 {"password", 'W'},
                                 {"csv", 'C'},
                                 {"pset", 'P'},
                                 {"variable", 'v'},
                                 {"set", 'v'},
                                 {"output", 'o'},
                                 {"single-transaction", '1'},
                                 {"echo-all", 'a'},
                                 {"echo-errors", 'b'},
                                 {"echo-queries", 'e'},
                                 {"echo-hidden", 'E'},
                                 {"no-readline", 'n'},
                                 {"single-line", 'S'},
                                 {"single-step", 's'},
                                 {"help", '?'}};

constexpr std::string_view kUsage =
    "psql is the PostgreSQL interactive terminal.\n\nUsage:\n  psql [OPTION]... [DBNAME "
    "[USERNAME]]\n\nGeneral options:\n"
    "  -c, --command=COMMAND    run only single command (SQL or internal) and exit\n"
    "  -d, --dbname=DBNAME      database name to connect to\n"
    "  -f, --file=FILENAME      execute commands from file, then exit\n"
    "  -l, --list               list available databases, then exit\n"
    "  -v, --set=, --variable=NAME=VALUE\n"
    "                           set psql variable NAME to VALUE\n"
    "                           (e.g., -v ON_ERROR_STOP=1)\n"
    "  -V, --version            output version information, then exit\n"
    "  -X, --no-psqlrc          do not read startup file (~/.psqlrc)\n"
    "  -1 (\"one\"), --single-transaction\n"
    "                           execute as a single transaction (if non-interactive)\n"
    "  -?, --help               show this help, then exit\n\nInput and output options:\n"
    "  -a, --echo-all           echo all input from script\n"
    "  -b, --echo-errors        echo failed commands\n"
    "  -e, --echo-queries       echo commands sent to server\n"
    "  -o, --output=FILENAME    send query results to file (or |pipe)\n"
    "  -q, --quiet              run quietly (no messages, only query output)\n\n"
    "Output format options:\n"
    "  -A, --no-align           unaligned table output mode\n"
    "      --csv                CSV (Comma-Separated Values) table output mode\n"
    "  -F, --field-separator=STRING\n"
    "                           field separator for unaligned output (default: \"|\")\n"
    "  -P, --pset=VAR[=ARG]     set printing option VAR to ARG (see \\pset command)\n"
    "  -R, --record-separator=STRING\n"
    "                           record separator for unaligned output (default: newline)\n"
    "  -t, --tuples-only        print rows only\n"
    "  -x, --expanded           turn on expanded table output\n"
    "  -z, --field-separator-zero\n"
    "                           set field separator for unaligned output to zero byte\n"
    "  -0, --record-separator-zero\n"
    "                           set record separator for unaligned output to zero byte\n\n"
    "Connection options:\n"
    "  -h, --host=HOSTNAME      database server host or socket directory\n"
    "  -p, --port=PORT          database server port\n"
    "  -U, --username=USERNAME  database user name\n"
    "  -w, --no-password        never prompt for password\n"
    "  -W, --password           force password prompt (should happen automatically)\n\n"
    "For more information, type \"\\?\" (for internal commands) or \"\\help\" (for SQL\n"
    "commands) from within psql.\n";

PsqlSession sessionFrom(const Call& call, const Options& options) {
  const auto environment = [&](std::string_view name) {
    return environmentValue(call.world(), call.state, name);
  };
  PsqlSession session;
  session.systemUser = call.state.user;
  session.database = environment("PGDATABASE");
  session.user = environment("PGUSER");
  session.host = environment("PGHOST");
  session.port = environment("PGPORT");
  session.password = environment("PGPASSWORD");
  std::size_t next = 0;
  std::string name = options.value('d');
  if (!options.has('d') && !options.rest.empty()) name = options.rest[next++];
  if (isConnectionString(name)) {
    readConnectionString(name, session);
  } else if (!name.empty()) {
    session.database = name;
  }
  if (options.has('U')) {
    session.user = options.value('U');
  } else if (next < options.rest.size()) {
    session.user = options.rest[next++];
  }
  if (options.has('h')) session.host = options.value('h');
  if (options.has('p')) session.port = options.value('p');
  return session;
}

// Output options in the order given; false: one of them was refused.
bool setOutput(Call& call, const Options& options, PsqlSession& session) {
  for (const auto& [key, value] : options.given) {
    std::string option, text = value;
    if (key == 'A') option = "format", text = "unaligned";
    if (key == 'C') option = "format", text = "csv";
    if (key == 't') option = "tuples_only", text = "on";
    if (key == 'x') option = "expanded", text = "on";
    if (key == 'F') option = "fieldsep";
    if (key == 'R') option = "recordsep";
    if (key == 'z') option = "fieldsep_zero";
    if (key == '0') option = "recordsep_zero";
    bool has = true;
    if (key == 'P') {
      const std::size_t equals = value.find('=');
      option = value.substr(0, equals);
      has = equals != std::string::npos;
      text = has ? value.substr(equals + 1) : "";
    }
    if (key == 'q') session.format.quiet = true;
    if (key == 'a') session.variables["ECHO"] = "all";
    if (key == 'b') session.variables["ECHO"] = "errors";
    if (key == 'e') session.variables["ECHO"] = "queries";
    if (key == 'o') session.outputTarget = value;
    if (!option.empty()) {
      const PsetOutcome outcome = setPsqlFormat(session.format, option, text, has);
      if (!outcome.ok) {
        call.complain("psql: error: " + outcome.text);
        call.complain("psql: error: could not set printing parameter \"" + option + "\"");
        return false;
      }
    }
    if (key == 'v') {
      const std::size_t equals = value.find('=');
      const std::string name = value.substr(0, equals);
      if (equals == std::string::npos) {
        session.variables.erase(name);
        continue;
      }
      const std::string wrong = setPsqlVariable(session, name, value.substr(equals + 1));
      if (!wrong.empty()) {
        call.complain("psql: error: " + wrong);
        return false;
      }
    }
  }
  return true;
}

constexpr int kBadConnection = 2;  // EXIT_BADCONN

// What a psql in the background is to do; nothing: a file cannot be read.
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

// -c, -f and -l in the order given.
int runActions(Call& call, PsqlProgram& psql, const Options& options, bool& worked) {
  const bool one = options.has('1') && (options.has('c') || options.has('f'));
  if (one) psql.runQuietly("BEGIN");
  int code = 0;
  for (const auto& [key, value] : options.given) {
    if (key == 'l') {
      worked = true;
      return psql.runCommand("\\l") ? 0 : 1;
    }
    if (key != 'c' && key != 'f') continue;
    worked = true;
    if (key == 'c') {
      code = psql.runCommand(value) ? 0 : 1;
    } else if (value == "-") {
      code = psql.runInput(call.input);
    } else {
      code = psql.runFile(value);
    }
    if (psql.session().broken) return kBadConnection;
    if (code != 0 && psql.stopsAtErrors()) break;
  }
  if (one) psql.runQuietly(code != 0 && psql.stopsAtErrors() ? "ROLLBACK" : "COMMIT");
  return code;
}

int runPsql(Call& call) {
  const Options options = parseOptions(call, "c:d:f:h:U:p:AtxF:R:z0lXqVwWv:P:1abeEno:Ss?", kLongs);
  if (!options.ok) {
    call.complain("psql: hint: Try \"psql --help\" for more information.");
    return 1;
  }
  if (options.has('?')) {
    call.print(kUsage);
    return 0;
  }
  if (options.has('V')) {
    call.print("psql (PostgreSQL) " + call.world().spec().database.version + "\n");
    return 0;
  }
  PsqlSession session = sessionFrom(call, options);
  if (options.has('l') && !options.has('d') && options.rest.empty()) session.database = "postgres";
  if (!setOutput(call, options, session)) return 1;
  if (options.has('1') && !options.has('c') && !options.has('f')) {
    call.complain("psql: error: -1 can only be used in non-interactive mode");
    return 1;
  }
  const PsqlSurroundings around{
      call.machine, call.state, call.changed, call.duration,
      [&call](const std::string& line, const std::string& input, std::string& out,
              std::string& error) {
        Call inner{call.machine, call.state, call.interpreter, {"sh"},       input, true,
                   out,          error,      call.changed,     call.duration};
        const int code = call.interpreter.runScript({line, "sh", {}}, inner);
        call.state.psql = {};  // a psql in a psql ends with its input
        return code;
      }};
  PsqlProgram psql(around, session, call.out, call.error);
  const std::string reason = psql.connect(environmentValue(call.world(), call.state, "PGOPTIONS"));
  if (!reason.empty()) {
    call.complain("psql: error: " + reason);
    return 2;
  }
  if (!session.outputTarget.empty() && !session.outputTarget.starts_with("|") &&
      !psql.writeTo(session.outputTarget, "", false)) {
    return 1;
  }
  if (Job* job = call.interpreter.job()) {
    if (const auto feeds = feedsOf(call, options)) {
      session.background = true;
      job->feeds.assign(feeds->rbegin(), feeds->rend());
      job->session = std::move(session);
      job->clockMs = call.world().now().ms + call.duration.ms;
      return 0;
    }
    psql.server().disconnect();
    return 1;
  }
  bool worked = false;
  int code = runActions(call, psql, options, worked);
  if (!worked && call.hasInput) {
    code = psql.runInput(call.input);
    worked = true;
  }
  if (worked) {
    psql.server().disconnect();
    return code;
  }
  session.open = true;
  call.state.psql = session;
  if (!session.format.quiet) {
    call.print("psql (" + call.world().spec().database.version + ")\nType \"help\" for help.\n\n");
  }
  return 0;
}

constexpr Command kCommands[] = {
    {"psql", "psql [-c SQL] [-f FILE] [-A] [-t] [-x] [-U USER] [-d DATABASE] [-h HOST] [-p PORT]",
     "ask the database server; \\? inside for help", runPsql}};

}  // namespace

std::span<const Command> psqlCommands() {
  return kCommands;
}

}  // namespace console
