// SPDX-License-Identifier: GPL-3.0-or-later
// The server program: postgres (its control program: pg_ctl.cpp); prlimit, because it is the
// server's start that its limits matter to.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/service_control.h"
#include "sim/data_directory.h"
#include "sim/server.h"
#include "sim/server_log.h"

namespace console {
namespace {

std::string logHead(Call& call) {
  return base::logTimeText(call.unixMs()) + " [" + std::to_string(call.world().postgres().nextPid) +
         "] ";
}

// postgres -D: the server in the foreground, its log on the terminal.
int runForeground(Call& call, const StartOptions& extra) {
  const ServiceResult result = startAnyway(call, extra, true);
  call.print(result.log);
  return result.ok ? 0 : result.exitCode;
}

int refuseRoot(Call& call) {
  call.complain(
      "\"root\" execution of the PostgreSQL server is not permitted.\nThe server must be started "
      "under an unprivileged user ID to prevent\npossible system security compromise.  See the "
      "documentation for\nmore information on how to properly start the server.");
  return 1;
}

// Settings that only a server with its shared memory knows: -C takes the lock to learn them.
bool isComputed(const std::string& name) {
  return name == "shared_memory_size" || name == "shared_memory_size_in_huge_pages" ||
         name == "data_checksums" || name == "wal_segment_size";
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
  if (call.state.user != "postgres" && !options.has('C')) return refuseRoot(call);
  const std::string directory = options.value('D', database.dataDirectory);
  if (!FileView(call.machine, call.state).exists(directory)) {
    call.complain("postgres: could not access directory \"" + directory +
                  "\": No such file or directory\nRun initdb or pg_basebackup to initialize a "
                  "PostgreSQL data directory.");
    return 2;
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
      settings.start(sim::readableFiles(call.world().spec(), call.world().postgres()), extra,
                     limits ? limits->stack : 8 << 20);
  const std::string head = logHead(call);
  for (const sim::ServerMessage& message : report.log) {
    if (report.ok) break;  // -C keeps to itself what a start would log
    call.complain((message.severity.empty() ? "" : head + message.severity + ":  ") + message.text);
    if (!message.detail.empty()) call.complain(head + "DETAIL:  " + message.detail);
    if (!message.hint.empty()) call.complain(head + "HINT:  " + message.hint);
  }
  if (!report.ok) return 1;
  const std::string name = base::lower(options.value('C'));
  const sim::ClusterFiles files(call.world().spec(), call.world().postgres());
  if (isComputed(name)) {
    const sim::StartStep entered =
        sim::enterDataDirectory(files, call.world().spec(), call.world().postgres());
    for (const sim::ServerMessage& message : entered.log) {
      for (const std::string& line : base::lines(sim::serverMessageText(message))) {
        call.complain((message.severity.empty() ? "" : head) + line);
      }
    }
    if (!entered.ok) return entered.exitCode;
  }
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
     "start|stop|restart|reload|status|promote|logrotate|kill",
     "control the server", runPgCtl},
    {"postgres", "postgres -D DIRECTORY [-C NAME]",
     "the server in the foreground; with -C the value a setting would have", runPostgres},
    {"prlimit", "prlimit --as=BYTES|--stack=BYTES|--nproc=N|--nofile=N COMMAND",
     "run a command under resource limits", runPrlimit}};

}  // namespace

std::span<const Command> postgresCommands() {
  return kCommands;
}

}  // namespace console
