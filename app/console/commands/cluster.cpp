// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's cluster tools and the server program: pg_ctlcluster, pg_lsclusters, pg_isready, postgres
// -C.
#include "base/text.h"
#include "console/options.h"
#include "console/service_control.h"

namespace console {
namespace {

constexpr std::string_view kBinaries = "/usr/lib/postgresql/15/bin/";

// "-c a=b -c c=d" as the value of -o; nothing when it has another form.
std::optional<StartOptions> startOptions(const std::string& text) {
  StartOptions options;
  const auto words = base::split(text, ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string pair;
    if (words[i].empty()) continue;
    if (words[i] == "-c" && i + 1 < words.size()) {
      pair = words[++i];
    } else if (words[i].starts_with("-c") || words[i].starts_with("--")) {
      pair = words[i].substr(2);
    }
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return std::nullopt;
    options.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return options;
}

std::string serverCommand(const sim::WorldSpec& spec) {
  return std::string(kBinaries) + "postgres \"-D\" \"" + spec.database.dataDirectory +
         "\" \"-c\" \"config_file=" + spec.database.configFile + "\"";
}

int status(Call& call) {
  const sim::Postgres& server = call.world().postgres();
  if (server.life == sim::Life::Stopped) {
    call.print("pg_ctl: no server running\n");
    return 3;
  }
  std::string line = serverCommand(call.world().spec());
  for (const auto& [name, value] : server.startOptions)
    line += " \"-c\" \"" + name + "=" + value + "\"";
  call.print("pg_ctl: server is running (PID: " + std::to_string(server.postmasterPid) + ")\n" +
             line + "\n");
  return 0;
}

int refusedStart(Call& call, const ServiceResult& result) {
  const sim::DatabaseSpec& database = call.world().spec().database;
  const std::string control = std::string(kBinaries) + "pg_ctl";
  call.complain("Error: " + control + " " + control + " start -D " + database.dataDirectory +
                " -l " + database.logFile + " -s -o  -c config_file=\"" + database.configFile +
                "\"  exited with status 1: ");
  call.print(result.log + "pg_ctl: could not start server\nExamine the log output.\n");
  return 1;
}

int runPgCtlcluster(Call& call) {
  constexpr LongOption kLongs[] = {{"mode", 'm'},
                                   {"options", 'o'},
                                   {"foreground", 'g'},
                                   {"force", 'f'},
                                   {"skip-systemctl-redirect", 'k'}};
  const Options options = parseOptions(call, "m:o:gfk", kLongs);
  if (!options.ok) return 1;
  std::vector<std::string> words = options.rest;
  if (!words.empty() && words[0].find('-') != std::string::npos) {  // 15-main
    const std::string both = words[0];
    words[0] = both.substr(0, both.find('-'));
    words.insert(words.begin() + 1, both.substr(both.find('-') + 1));
  }
  if (words.size() < 3) {
    call.complain("Usage: pg_ctlcluster <version> <cluster> <action> [-- <pg_ctl options>]");
    return 1;
  }
  if (words[0] != "15" || words[1] != "main") {
    call.complain("Error: specified cluster '" + words[0] + " " + words[1] + "' does not exist");
    return 1;
  }
  const std::string mode = options.has('f') ? "fast" : options.value('m', "fast");
  if (mode != "smart" && mode != "fast" && mode != "immediate") {
    call.complain("Error: Invalid shutdown mode '" + mode +
                  "', must be one of: smart, fast, immediate");
    return 1;
  }
  const auto extra = startOptions(options.value('o'));
  if (!extra) {
    call.complain("Error: Invalid -o option: '" + options.value('o') + "'");
    return 1;
  }
  const std::string& action = words[2];
  if (action == "status") return status(call);
  ServiceResult result;
  if (action == "start") {
    result = startServer(call, *extra);
    if (result.already) return 2;
  } else if (action == "stop") {
    result = stopServer(call, mode);
  } else if (action == "restart") {
    result = restartServer(call, mode, *extra);
  } else if (action == "reload") {
    result = reloadServer(call);
  } else {
    call.complain("Error: Invalid action '" + action +
                  "', must be one of: start, stop, restart, reload, status, promote");
    return 1;
  }
  if (action != "reload") call.duration = call.duration + base::seconds(1);
  if (result.ok) return 0;
  if (result.already) {
    call.complain("Cluster is not running.");
    return 2;
  }
  return refusedStart(call, result);
}

// pg_ctl status|stop|... is the same without the wrapper.
int runPgCtl(Call& call) {
  const Options options = parseOptions(call, "D:m:o:l:swWt:");
  if (!options.ok) return 1;
  if (options.rest.empty()) {
    call.complain("pg_ctl: no operation specified\nTry \"pg_ctl --help\" for more information.");
    return 1;
  }
  const std::string& action = options.rest[0];
  if (action == "status") return status(call);
  const auto extra = startOptions(options.value('o'));
  if (!extra) return call.fail("invalid options: \"" + options.value('o') + "\"");
  const ServiceResult result = action == "start"  ? startServer(call, *extra)
                               : action == "stop" ? stopServer(call, options.value('m', "fast"))
                               : action == "restart"
                                   ? restartServer(call, options.value('m', "fast"), *extra)
                               : action == "reload" ? reloadServer(call)
                                                    : ServiceResult{false, false, ""};
  if (result.ok) {
    call.print(action == "start" || action == "restart"
                   ? "waiting for server to start.... done\nserver started\n"
               : action == "stop" ? "waiting for server to shut down.... done\nserver stopped\n"
                                  : "server signaled\n");
    return 0;
  }
  if (result.already && action != "start") {
    call.complain("pg_ctl: PID file \"" + call.world().spec().database.dataDirectory +
                  "/postmaster.pid\" does not exist\nIs server running?");
  } else if (result.already) {
    call.complain("pg_ctl: another server might be running; trying to start server anyway");
  } else if (action != "start" && action != "restart" && action != "stop" && action != "reload") {
    call.complain("pg_ctl: unrecognized operation mode \"" + action +
                  "\"\nTry \"pg_ctl --help\" for more information.");
  } else {
    call.print("waiting for server to start...." + result.log + " stopped waiting\n");
    call.complain("pg_ctl: could not start server\nExamine the log output.");
  }
  return 1;
}

int runPgLsclusters(Call& call) {
  const sim::DatabaseSpec& database = call.world().spec().database;
  const bool up = call.world().postgres().life != sim::Life::Stopped;
  const std::size_t width = std::max<std::size_t>(database.dataDirectory.size(), 14);
  call.print("Ver Cluster Port Status Owner    " + base::padRight("Data directory", width) +
             " Log file\n" + "15  main    5432 " + (up ? "online" : "down  ") + " postgres " +
             base::padRight(database.dataDirectory, width) + " " + database.logFile + "\n");
  return 0;
}

int runPgIsready(Call& call) {
  const sim::Life life = call.world().postgres().life;
  const bool accepts = call.world().postgres().accepts();
  const std::string state = accepts                      ? "accepting connections"
                            : life == sim::Life::Stopped ? "no response"
                                                         : "rejecting connections";
  call.print("/var/run/postgresql:5432 - " + state + "\n");
  return accepts ? 0 : life == sim::Life::Stopped ? 2 : 1;
}

// What the files ask for, read afresh, as `postgres -C` does.
int runPostgres(Call& call) {
  const Options options = parseOptions(call, "D:C:c:V");
  if (!options.ok) return 1;
  const sim::DatabaseSpec& database = call.world().spec().database;
  if (options.has('V')) {
    call.print("postgres (PostgreSQL) " + database.version + "\n");
    return 0;
  }
  if (!options.has('C')) {
    call.complain("\"root\" execution of the PostgreSQL server is not permitted.");
    return 1;
  }
  sim::ServerSettings settings(database.catalogue, database.configFile, database.dataDirectory);
  StartOptions extra;
  for (const auto& [key, value] : options.given) {
    const std::size_t equals = value.find('=');
    if (key == 'c' && equals != std::string::npos)
      extra.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  }
  const sim::LoadReport report = settings.start(call.world().postgres().files, extra);
  if (!report.ok) {
    for (const sim::ServerMessage& message : report.log) {
      call.complain(base::logTimeText(call.unixMs()) + " [4388] " + message.severity + ":  " +
                    message.text);
      if (!message.detail.empty()) call.complain("DETAIL:  " + message.detail);
      if (!message.hint.empty()) call.complain("HINT:  " + message.hint);
    }
    return 1;
  }
  const std::string name = base::lower(options.value('C'));
  const std::int64_t bytes = sim::sharedMemoryBytes(settings);
  if (name == "shared_memory_size" || name == "shared_memory_size_in_huge_pages") {
    const std::int64_t unit = name == "shared_memory_size" ? 1 << 20 : 2 << 20;
    call.print(std::to_string((bytes + unit - 1) / unit) + "\n");
    return 0;
  }
  if (settings.state(name) == nullptr) {
    call.complain(base::logTimeText(call.unixMs()) +
                  " [4388] FATAL:  unrecognized configuration parameter \"" + name + "\"");
    return 1;
  }
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  const std::string value = settings.state(name)->value;
  call.print((definition != nullptr ? sim::showValue(*definition, value) : value) + "\n");
  return 0;
}

constexpr Command kCommands[] = {
    {"pg_ctl", "pg_ctl [-D DIRECTORY] [-m MODE] start|stop|restart|reload|status",
     "control the server", runPgCtl},
    {"pg_ctlcluster",
     "pg_ctlcluster 15 main start|stop|restart|reload|status [-m MODE] [-o \"-c NAME=VALUE\"]",
     "control a cluster, Debian's way", runPgCtlcluster},
    {"pg_isready", "pg_isready", "whether the server accepts connections", runPgIsready},
    {"pg_lsclusters", "pg_lsclusters", "the clusters of this host", runPgLsclusters},
    {"postgres", "postgres -D DIRECTORY -C NAME", "the value a setting would have after a start",
     runPostgres}};

}  // namespace

std::span<const Command> clusterCommands() {
  return kCommands;
}

}  // namespace console
