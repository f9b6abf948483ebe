// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's cluster tools: pg_ctlcluster, pg_lsclusters, pg_isready.
#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/service_control.h"
#include "sim/server.h"
#include "sim/session_actions.h"

namespace console {
namespace {

constexpr std::string_view kBinaries = "/usr/lib/postgresql/15/bin/";

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
  const auto extra = sim::readStartOptions(options.value('o'));
  if (!extra) {
    call.complain("Error: Invalid -o option: '" + options.value('o') + "'");
    return 1;
  }
  const std::string& action = words[2];
  if (action == "status") return serverStatus(call);
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

std::string portOf(const sim::World& world) {
  const std::string port = world.postgres().settings.show("port");
  return port.empty() ? "5432" : port;
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

// It connects as a client would, and does not mind being turned away by a server that is up.
int runPgIsready(Call& call) {
  const Options options = parseOptions(call, "U:d:h:p:t:q");
  if (!options.ok) return 3;
  const sim::Postgres& server = call.world().postgres();
  const bool silent = server.life == sim::Life::Stopped || server.initializing;
  const bool accepts = server.accepts();
  const std::string state = accepts  ? "accepting connections"
                            : silent ? "no response"
                                     : "rejecting connections";
  const sim::Login login{options.value('U', environmentValue(call.world(), call.state, "PGUSER")),
                         options.value('d', call.world().spec().database.database),
                         "pg_isready",
                         {},
                         sim::SessionKind::Client};
  const auto refusal = silent ? std::nullopt : sim::turnedAway(call.world().spec(), server, login);
  if (refusal) {
    const std::uint32_t pid = sim::freshSessionPid(server, call.world().seed(), call.world().now());
    call.world().logSession(*refusal, refusal->severity == "LOG" ? server.postmasterPid : pid, {},
                            call.machine.telemetry);
  }
  if (!options.has('q'))
    call.print("/var/run/postgresql:" + portOf(call.world()) + " - " + state + "\n");
  return accepts ? 0 : silent ? 2 : 1;
}

constexpr Command kCommands[] = {
    {"pg_ctlcluster",
     "pg_ctlcluster 15 main start|stop|restart|reload|status [-m MODE] [-o \"-c NAME=VALUE\"]",
     "control a cluster, Debian's way", runPgCtlcluster},
    {"pg_isready", "pg_isready", "whether the server accepts connections", runPgIsready},
    {"pg_lsclusters", "pg_lsclusters", "the clusters of this host", runPgLsclusters}};

}  // namespace

std::span<const Command> clusterCommands() {
  return kCommands;
}

}  // namespace console
