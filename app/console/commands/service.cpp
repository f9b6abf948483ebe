// SPDX-License-Identifier: GPL-3.0-or-later
// systemd's view of the server: systemctl.
#include <algorithm>

#include "base/text.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/service_control.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"

namespace console {
namespace {

constexpr std::string_view kUnit = "postgresql@15-main.service";

enum class Unit { Cluster, Umbrella, Other };

Unit unitFrom(std::string name) {
  if (name.ends_with(".service")) name.resize(name.size() - 8);
  if (name == "postgresql@15-main") return Unit::Cluster;
  return name == "postgresql" ? Unit::Umbrella : Unit::Other;
}

// "Tue 2024-05-07 05:00:03 UTC; 5h 45min ago"
std::string sinceText(const sim::World& world, base::SimTime since) {
  const std::int64_t unixMs = world.spec().timing.startUnixMs + since.ms;
  const std::string ctime = base::ctimeText(unixMs);
  return ctime.substr(0, 3) + " " + base::isoText(unixMs).substr(0, 10) + " " +
         base::clockText(unixMs) + " UTC; " + agoText((world.now().ms - since.ms) / 1000) + " ago";
}

std::string memoryText(std::int64_t bytes) {
  double value = static_cast<double>(bytes);
  for (const char unit : {'B', 'K', 'M', 'G'}) {
    if (value < 1024 || unit == 'G') return base::fixedText(value, 1) + unit;
    value /= 1024;
  }
  return {};
}

void printTail(Call& call, std::size_t most) {
  std::vector<std::string> lines;
  for (const sim::LogRecord& record : call.machine.telemetry.logs()) {
    if (record.source != sim::LogSource::Systemd) continue;
    for (std::string& line :
         base::lines(sim::logText(record, call.machine.telemetry, call.world().spec()))) {
      lines.push_back(std::move(line));
    }
  }
  if (lines.empty()) return;
  call.print("\n");
  for (std::size_t i = lines.size() - std::min(most, lines.size()); i < lines.size(); ++i)
    call.print(lines[i] + "\n");
}

void printGroup(Call& call) {
  std::vector<Process> server;
  for (Process& process : processes(call.world())) {
    if (!process.type.empty()) server.push_back(std::move(process));
  }
  constexpr std::size_t kShown = 30;
  const sim::Memory& memory = call.world().host().memory;
  call.print("      Tasks: " + std::to_string(server.size()) + " (limit: 77081)\n     Memory: " +
             memoryText(memory.anon + memory.shmem + memory.pageTables) + "\n        CPU: " +
             agoText(static_cast<std::int64_t>(call.world().host().cpuUser)) + "\n" +
             "     CGroup: /system.slice/system-postgresql.slice/postgresql@15-main.service\n");
  for (std::size_t i = 0; i < server.size() && i < kShown; ++i) {
    const bool last = i + 1 == server.size() || i + 1 == kShown;
    const std::string command = i == 0 ? server[i].command : "\"" + server[i].command + "\"";
    call.print("             " + std::string(last ? "└─" : "├─") + std::to_string(server[i].pid) +
               " " + command + "\n");
  }
}

int statusOfCluster(Call& call) {
  const sim::Postgres& server = call.world().postgres();
  const bool up = server.life != sim::Life::Stopped;
  const std::string mark = up ? "●" : server.unitFailed ? "×" : "○";
  call.print(mark + " " + std::string(kUnit) + " - PostgreSQL Cluster 15-main\n" +
             "     Loaded: loaded (/lib/systemd/system/postgresql@.service; enabled-runtime; "
             "preset: enabled)\n");
  const std::string start =
      "    Process: " + std::to_string(server.postmasterPid - 5) +
      " ExecStart=/usr/bin/pg_ctlcluster --skip-systemctl-redirect 15-main start "
      "(code=exited, status=0/SUCCESS)\n";
  if (up) {
    const bool stopping = server.life == sim::Life::ShuttingDown;
    const bool starting = server.life == sim::Life::Starting;
    const std::string state = stopping   ? "deactivating (stop-sigterm)"
                              : starting ? "activating (start)"
                                         : "active (running)";
    call.print("     Active: " + state + " since " +
               sinceText(call.world(), server.postmasterStart) + "\n" + start +
               "   Main PID: " + std::to_string(server.postmasterPid) + " (postgres)\n");
    printGroup(call);
  } else {
    const std::string state = server.unitFailed         ? "failed (Result: oom-kill)"
                              : !server.failure.empty() ? "failed (Result: protocol)"
                                                        : "inactive (dead)";
    call.print(
        "     Active: " + state + " since " + sinceText(call.world(), server.lifeSince) +
        "\n   Duration: " + agoText((server.lifeSince.ms - server.postmasterStart.ms) / 1000) +
        "\n" + start + "   Main PID: " + std::to_string(server.postmasterPid) +
        " (code=exited, status=0/SUCCESS)\n        CPU: " +
        agoText(static_cast<std::int64_t>(call.world().host().cpuUser)) + "\n");
  }
  printTail(call, 10);
  return up ? 0 : 3;
}

int statusOfUmbrella(Call& call) {
  const std::string since = sinceText(call.world(), base::SimTime{2000});
  call.print(
      "● postgresql.service - PostgreSQL RDBMS\n     Loaded: loaded "
      "(/lib/systemd/system/postgresql.service; "
      "enabled; preset: enabled)\n     Active: active (exited) since " +
      since +
      "\n    Process: 998 ExecStart=/bin/true (code=exited, status=0/SUCCESS)\n   Main PID: 998 "
      "(code=exited, "
      "status=0/SUCCESS)\n        CPU: 1ms\n");
  return 0;
}

int control(Call& call, const std::string& verb, Unit unit) {
  const ServiceResult result = verb == "start"    ? startServer(call, {})
                               : verb == "stop"   ? stopServer(call, "fast")
                               : verb == "reload" ? reloadServer(call)
                                                  : restartServer(call, "fast", {});
  if (verb != "reload") call.duration = call.duration + base::seconds(1);
  // The umbrella is a oneshot that does nothing itself: it succeeds whatever becomes of the
  // cluster.
  if (result.ok || unit == Unit::Umbrella) return 0;
  if (verb == "reload") {
    call.complain(std::string(kUnit) + " is not active, cannot reload.");
    return 1;
  }
  if (result.already) return 0;
  call.complain("Job for " + std::string(kUnit) +
                " failed because the service did not take the steps required by its "
                "unit configuration.\nSee \"systemctl status " +
                std::string(kUnit) + "\" and \"journalctl -xeu " + std::string(kUnit) +
                "\" for details.");
  return 1;
}

int listUnits(Call& call) {
  const sim::Postgres& server = call.world().postgres();
  const bool up = server.life != sim::Life::Stopped;
  call.print(
      "  UNIT                       LOAD   ACTIVE SUB     DESCRIPTION\n"
      "  postgresql.service         loaded active exited  PostgreSQL RDBMS\n" +
      std::string(
          up ? "  postgresql@15-main.service loaded active running PostgreSQL Cluster 15-main\n"
             : "● postgresql@15-main.service loaded failed failed  PostgreSQL Cluster 15-main\n"));
  return 0;
}

int runSystemctl(Call& call) {
  constexpr LongOption kLongs[] = {{"no-pager", 'N'}, {"full", 'l'},   {"lines", 'n'},
                                   {"all", 'a'},      {"failed", 'f'}, {"now", 'w'}};
  const Options options = parseOptions(call, "Nln:afwq", kLongs);
  if (!options.ok) return 1;
  const std::string verb = options.rest.empty() ? "list-units" : options.rest[0];
  if (verb == "list-units") return listUnits(call);
  if (verb == "daemon-reload") return 0;
  constexpr std::string_view kVerbs[] = {
      "status",      "start",        "stop",      "restart", "reload",  "is-active",
      "is-failed",   "show",         "cat",       "enable",  "disable", "reload-or-restart",
      "try-restart", "reset-failed", "is-enabled"};
  if (std::find(std::begin(kVerbs), std::end(kVerbs), verb) == std::end(kVerbs)) {
    call.complain("Unknown command verb " + verb + ".");
    return 1;
  }
  if (options.rest.size() < 2) {
    call.complain("Too few arguments.");
    return 1;
  }
  const std::string name = options.rest[1];
  const Unit unit = unitFrom(name);
  if (unit == Unit::Other) {
    const std::string full = name.ends_with(".service") ? name : name + ".service";
    if (verb == "status") {
      call.complain("Unit " + full + " could not be found.");
      return 4;
    }
    call.complain("Failed to " + verb + " " + full + ": Unit " + full + " not found.");
    return 5;
  }
  const bool up = call.world().postgres().life != sim::Life::Stopped;
  if (verb == "status")
    return unit == Unit::Umbrella ? statusOfUmbrella(call) : statusOfCluster(call);
  if (verb == "is-active" || verb == "is-failed") {
    const bool active = unit == Unit::Umbrella || up;
    const bool failed = !active && call.world().postgres().unitFailed;
    call.print(active ? "active\n" : failed ? "failed\n" : "inactive\n");
    return verb == "is-active" ? (active ? 0 : 3) : (failed ? 0 : 1);
  }
  if (verb == "is-enabled") {
    call.print(unit == Unit::Umbrella ? "enabled\n" : "enabled-runtime\n");
    return 0;
  }
  if (verb == "cat")
    return call.interpreter.runCommand({"cat", "/lib/systemd/system/postgresql@.service"}, call);
  if (verb == "show" || verb == "enable" || verb == "disable" || verb == "reset-failed") return 0;
  return control(call,
                 verb == "reload-or-restart" ? (up ? "reload" : "start")
                 : verb == "try-restart"     ? "restart"
                                             : verb,
                 unit);
}

constexpr Command kCommands[] = {
    {"systemctl", "systemctl status|start|stop|restart|reload|is-active postgresql@15-main",
     "services; the server's unit is postgresql@15-main", runSystemctl}};

}  // namespace

std::span<const Command> serviceCommands() {
  return kCommands;
}

}  // namespace console
