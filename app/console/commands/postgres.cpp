// SPDX-License-Identifier: GPL-3.0-or-later
// The server program and its control program: postgres, pg_ctl; prlimit, because it is the server's
// start that its limits matter to.
#include <algorithm>

#include "base/text.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/service_control.h"
#include "sim/server.h"

namespace console {
namespace {

constexpr int kStartTimeout = 60;  // pg_ctl's, seconds

// pg_ctl prints three dots, then one at once and one for each further second it waits.
std::string waiting(std::string_view what, double seconds) {
  return "waiting for server to " + std::string(what) + "..." +
         std::string(1 + static_cast<std::size_t>(std::max(0.0, seconds)), '.');
}

void spend(Call& call, double seconds) {
  call.duration = call.duration + base::SimTime{static_cast<std::int64_t>(seconds * 1000)};
}

bool asPostgres(Call& call) {
  if (call.state.user == "postgres") return true;
  if (call.state.user == "root") {
    call.complain(
        "pg_ctl: cannot be run as root\nPlease log in (using, e.g., \"su\") as the "
        "(unprivileged) user that will\nown the server process.");
  } else {
    call.complain("pg_ctl: could not open PID file \"" +
                  call.world().spec().database.dataDirectory +
                  "/postmaster.pid\": Permission denied");
  }
  return false;
}

int reportStart(Call& call, const ServiceResult& result, const Options& options) {
  const sim::ServerSettings& settings = call.world().postgres().settings;
  // Without -l the server writes to the terminal.
  const std::string log = options.has('l') ? "" : result.log;
  const double limit = static_cast<double>(numberOr(options.value('t'), kStartTimeout, 1, 86'400));
  const bool quiet = options.has('s');
  if (!result.ok) {
    spend(call, 1);
    if (!quiet) call.print(waiting("start", 0) + log + " stopped waiting\n");
    call.complain("pg_ctl: could not start server\nExamine the log output.");
    return 1;
  }
  const bool recovers = call.world().postgres().life == sim::Life::Recovering;
  const double seconds =
      recovers
          ? static_cast<double>((call.world().postgres().lifeUntil - call.world().now()).ms) / 1000
          : sim::startSeconds(settings);
  spend(call, std::min(seconds, limit));
  if (seconds > limit) {
    if (!quiet) call.print(waiting("start", limit) + log + " stopped waiting\n");
    call.complain("pg_ctl: server did not start in time");
    return 1;
  }
  if (!quiet) call.print(waiting("start", seconds) + log + " done\nserver started\n");
  return 0;
}

int reportStop(Call& call, const Options& options) {
  const sim::Postgres& server = call.world().postgres();
  const double limit = static_cast<double>(numberOr(options.value('t'), kStartTimeout, 1, 86'400));
  const double seconds = static_cast<double>((server.lifeUntil - call.world().now()).ms) / 1000;
  if (seconds > limit) {
    spend(call, limit);
    call.print(waiting("shut down", limit - 1) + " failed\n");
    call.complain("pg_ctl: server does not shut down");
    if (server.stopMode == sim::StopMode::Smart) {
      call.complain(
          "HINT: The \"-m fast\" option immediately disconnects sessions rather than\n"
          "waiting for session-initiated disconnection.");
    }
    return 1;
  }
  spend(call, seconds + 1);
  call.print(waiting("shut down", seconds) + " done\nserver stopped\n");
  return 0;
}

int notRunning(Call& call) {
  call.complain("pg_ctl: PID file \"" + call.world().spec().database.dataDirectory +
                "/postmaster.pid\" does not exist\nIs server running?");
  return 1;
}

int runPgCtl(Call& call) {
  const Options options = parseOptions(call, "D:m:o:l:swWt:p:c");
  if (!options.ok) return 1;
  if (options.rest.empty()) {
    call.complain("pg_ctl: no operation specified\nTry \"pg_ctl --help\" for more information.");
    return 1;
  }
  const std::string& action = options.rest[0];
  if (action == "status") return serverStatus(call);
  if (action != "start" && action != "stop" && action != "restart" && action != "reload") {
    call.complain("pg_ctl: unrecognized operation mode \"" + action +
                  "\"\nTry \"pg_ctl --help\" for more information.");
    return 1;
  }
  if (!asPostgres(call)) return 1;
  std::string mode = options.value('m', "fast");
  if (mode.size() == 1) mode = mode == "s" ? "smart" : mode == "i" ? "immediate" : "fast";
  if (mode != "smart" && mode != "fast" && mode != "immediate") {
    call.complain("pg_ctl: unrecognized shutdown mode \"" + mode +
                  "\"\nTry \"pg_ctl --help\" for more information.");
    return 1;
  }
  const auto extra = sim::readStartOptions(options.value('o'));
  if (!extra) return call.fail("invalid options: \"" + options.value('o') + "\"");
  if (action == "start") {
    // The lock file of a postmaster that was killed is still there.
    if (call.world().postgres().abandoned) {
      call.complain("pg_ctl: another server might be running; trying to start server anyway");
    }
    const ServiceResult result = startServer(call, *extra);
    if (!result.already) return reportStart(call, result, options);
    call.complain("pg_ctl: another server might be running; trying to start server anyway");
    call.print(waiting("start", 0) + " stopped waiting\n");
    call.complain("pg_ctl: could not start server\nExamine the log output.");
    return 1;
  }
  if (action == "stop") {
    return stopServer(call, mode).already ? notRunning(call) : reportStop(call, options);
  }
  if (action == "reload") {
    if (reloadServer(call).already) return notRunning(call);
    call.print("server signaled\n");
    return 0;
  }
  const bool wasUp = call.world().postgres().life != sim::Life::Stopped;
  ServiceResult result = restartServer(call, mode, *extra);
  if (result.ok) result.log.clear();  // the old server does not write to this terminal
  if (wasUp) call.print(waiting("shut down", 0) + " done\nserver stopped\n");
  return reportStart(call, result, options);
}

std::string logHead(Call& call) {
  return base::logTimeText(call.unixMs()) + " [" + std::to_string(call.world().postgres().nextPid) +
         "] ";
}

// postgres -D: the server in the foreground, its log on the terminal.
int runForeground(Call& call, const StartOptions& extra) {
  if (call.state.user != "postgres") {
    call.complain(
        "\"root\" execution of the PostgreSQL server is not permitted.\nThe server must be started "
        "under an unprivileged user ID to prevent\npossible system security compromise.  See the "
        "documentation for\nmore information on how to properly start the server.");
    return 1;
  }
  const sim::Postgres& server = call.world().postgres();
  if (server.life != sim::Life::Stopped) {
    const std::string head = logHead(call);
    call.complain(head + "FATAL:  lock file \"postmaster.pid\" already exists\n" + head +
                  "HINT:  Is another postmaster (PID " + std::to_string(server.postmasterPid) +
                  ") running in data directory \"" + call.world().spec().database.dataDirectory +
                  "\"?");
    return 1;
  }
  const ServiceResult result = startServer(call, extra);
  call.print(result.log);
  return result.ok ? 0 : 1;
}

// What the files ask for, read afresh, as `postgres -C` does.
int runPostgres(Call& call) {
  const Options options = parseOptions(call, "D:C:c:Vp:k:h:");
  if (!options.ok) return 1;
  const sim::DatabaseSpec& database = call.world().spec().database;
  if (options.has('V')) {
    call.print("postgres (PostgreSQL) " + database.version + "\n");
    return 0;
  }
  StartOptions extra;
  for (const auto& [key, value] : options.given) {
    const std::size_t equals = value.find('=');
    if (key == 'c' && equals != std::string::npos)
      extra.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    if (key == 'p') extra.emplace_back("port", value);
    if (key == 'k') extra.emplace_back("unix_socket_directories", value);
    if (key == 'h') extra.emplace_back("listen_addresses", value);
  }
  if (!options.has('C')) return runForeground(call, extra);
  sim::ServerSettings settings(database.catalogue, database.configFile, database.dataDirectory);
  const auto limits = sim::readProcessLimits(call.state.limits);
  const sim::LoadReport report =
      settings.start(call.world().postgres().files, extra, limits ? limits->stack : 8 << 20);
  const std::string head = logHead(call);
  for (const sim::ServerMessage& message : report.log) {
    if (report.ok) break;  // -C keeps to itself what a start would log
    call.complain((message.severity.empty() ? "" : head + message.severity + ":  ") + message.text);
    if (!message.detail.empty()) call.complain(head + "DETAIL:  " + message.detail);
    if (!message.hint.empty()) call.complain(head + "HINT:  " + message.hint);
  }
  if (!report.ok) return 1;
  const std::string name = base::lower(options.value('C'));
  const std::int64_t bytes = sim::sharedMemoryBytes(settings);
  if (name == "shared_memory_size" || name == "shared_memory_size_in_huge_pages") {
    const std::int64_t kiloBytes = settings.number("huge_page_size");
    const std::int64_t page = kiloBytes > 0 ? kiloBytes * 1024 : 2 << 20;
    constexpr std::int64_t kMiB = 1 << 20;
    // Huge pages are counted as ipci.c counts them: one more than fit.
    const bool plain = name == "shared_memory_size";
    call.print(std::to_string(plain ? (bytes + kMiB - 1) / kMiB : bytes / page + 1) + "\n");
    return 0;
  }
  if (settings.state(name) == nullptr) {
    call.complain(head + "FATAL:  unrecognized configuration parameter \"" + name + "\"");
    return 1;
  }
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  const std::string value = settings.state(name)->value;
  call.print((definition != nullptr ? sim::showValue(*definition, value) : value) + "\n");
  return 0;
}

// prlimit --as=N --stack=N ... COMMAND
int runPrlimit(Call& call) {
  std::string limits;
  std::size_t i = 1;
  for (; i < call.args.size() && call.args[i].starts_with("--"); ++i) {
    const std::string& option = call.args[i];
    const std::size_t equals = option.find('=');
    const std::string name = option.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (equals == std::string::npos || (name != "as" && name != "stack" && name != "nproc" &&
                                        name != "nofile" && name != "data")) {
      call.complain("prlimit: unrecognized option '" + option +
                    "'\nTry 'prlimit --help' for more information.");
      return 1;
    }
    std::string value = option.substr(equals + 1);
    value = value.substr(0, value.find(':'));
    if (value != "unlimited" && !isNumber(value)) {
      call.complain("prlimit: failed to parse " + name + " limit");
      return 1;
    }
    limits += (limits.empty() ? "" : " ") + name + "=" + value;
  }
  if (i >= call.args.size()) {
    call.complain("prlimit: no command specified");
    return 1;
  }
  const std::vector<std::string> args(call.args.begin() + static_cast<std::ptrdiff_t>(i),
                                      call.args.end());
  const std::string before = call.state.limits;
  call.state.limits = limits;
  const int code = call.interpreter.runCommand(args, call);
  call.state.limits = before;
  return code;
}

constexpr Command kCommands[] = {
    {"pg_ctl",
     "pg_ctl [-D DIRECTORY] [-m MODE] [-t SECONDS] [-l FILE] [-o OPTIONS] "
     "start|stop|restart|reload|status",
     "control the server", runPgCtl},
    {"postgres", "postgres -D DIRECTORY [-C NAME]",
     "the server in the foreground; with -C the value a setting would have", runPostgres},
    {"prlimit", "prlimit --as=BYTES|--stack=BYTES|--nproc=N|--nofile=N COMMAND",
     "run a command under resource limits", runPrlimit}};

}  // namespace

int serverStatus(Call& call) {
  const sim::Postgres& server = call.world().postgres();
  const sim::DatabaseSpec& database = call.world().spec().database;
  if (server.life == sim::Life::Stopped) {
    call.print("pg_ctl: no server running\n");
    return 3;
  }
  std::string line = "/usr/lib/postgresql/15/bin/postgres \"-D\" \"" + database.dataDirectory +
                     "\" \"-c\" \"config_file=" + database.configFile + "\"";
  for (const auto& [name, value] : server.startOptions)
    line += " \"-c\" \"" + name + "=" + value + "\"";
  call.print("pg_ctl: server is running (PID: " + std::to_string(server.postmasterPid) + ")\n" +
             line + "\n");
  return 0;
}

std::span<const Command> postgresCommands() {
  return kCommands;
}

}  // namespace console
