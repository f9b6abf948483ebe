// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_signals.h"

#include <algorithm>
#include <array>

#include "sim/log_batches.h"
#include "sim/log_shapes.h"
#include "sim/server_backends.h"
#include "sim/server_log.h"
#include "sim/session_actions.h"

namespace sim {
namespace {

// One name for each way to write a signal.
std::string plainSignal(std::string signal) {
  if (signal.starts_with("SIG")) signal = signal.substr(3);
  struct Number {
    std::string_view number, name;
  };
  constexpr std::array<Number, 8> kNumbers = {{{"1", "HUP"},
                                               {"2", "INT"},
                                               {"3", "QUIT"},
                                               {"6", "ABRT"},
                                               {"9", "KILL"},
                                               {"11", "SEGV"},
                                               {"10", "USR1"},
                                               {"15", "TERM"}}};
  for (const Number& one : kNumbers) {
    if (one.number == signal) return std::string(one.name);
  }
  return signal;
}

bool kills(std::string_view signal) {
  return signal == "KILL" || signal == "ABRT" || signal == "SEGV" || signal == "QUIT";
}

Outcome signalPostmaster(ServerContext& c, const std::string& signal) {
  if (signal == "HUP") return reloadServer(c);
  if (signal == "INT") return stopServer(c, StopMode::Fast);
  if (signal == "QUIT") return stopServer(c, StopMode::Immediate);
  if (signal == "KILL" || signal == "ABRT" || signal == "SEGV") {
    killPostmaster(c);
    return {};
  }
  if (signal == "0" || signal == "USR1") return {};
  return stopServer(c, StopMode::Smart);
}

Outcome signalAuxiliary(ServerContext& c, Auxiliary process, std::uint32_t pid,
                        const std::string& signal) {
  if (kills(signal)) {
    crashServer(c, crashBySignal(std::string(auxiliaryName(process)), pid, signal, {}));
  } else if (signal == "TERM" && process == Auxiliary::LogicalReplicationLauncher) {
    // It leaves, and the postmaster starts another. The checkpointer ignores SIGTERM; the others go
    // and come back without a word.
    writeLog(c.telemetry, c.now, LogShape::PgLauncherExited, c.server.postmasterPid, {pid});
  }
  return {};
}

void signalPooled(ServerContext& c, Cohort& cohort, std::uint32_t pid, const std::string& signal) {
  if (kills(signal)) {
    crashServer(c, crashBySignal("server process", pid, signal,
                                 statementOf(c.model.spec, c.seed, c.now.seconds(), pid)));
  } else if (signal != "INT" && signal != "HUP" && signal != "0") {
    // The pool opens another connection at once; the new backend has touched nothing yet.
    cohort.references *= static_cast<double>(cohort.connections - 1) / cohort.connections;
    writeLog(c.telemetry, c.now, LogShape::PgTerminatedByAdministrator, pid);
    logConnectionsClosed(c, pid, 1, cohort.startedMs);
    logConnectionsOpened(c, pid, 1);
    c.server.sessionsKilled += 1;
    c.server.sessionsOpened += 1;
  }
}

}  // namespace

std::string_view auxiliaryName(Auxiliary process) {
  constexpr std::array<std::string_view, kAuxiliaries> kNames = {
      "checkpointer process", "background writer process", "WAL writer process",
      "autovacuum launcher process", "background worker \"logical replication launcher\""};
  return kNames[static_cast<std::size_t>(process)];
}

std::optional<Auxiliary> auxiliaryOf(const Postgres& server, std::uint32_t pid) {
  if (server.life != Life::Running || pid < server.auxiliaryPid ||
      pid >= server.auxiliaryPid + kAuxiliaries) {
    return std::nullopt;
  }
  return static_cast<Auxiliary>(pid - server.auxiliaryPid);
}

Crash crashBySignal(std::string process, std::uint32_t pid, std::string_view signal,
                    std::string statement) {
  Crash crash{std::move(process), pid, "was terminated by signal 9: Killed", std::move(statement)};
  if (signal == "ABRT") crash.how = "was terminated by signal 6: Aborted";
  if (signal == "SEGV") crash.how = "was terminated by signal 11: Segmentation fault";
  if (signal == "QUIT") crash.how = "exited with exit code 2";
  return crash;
}

Outcome signalProcess(ServerContext& c, std::uint32_t pid, std::string signal) {
  Postgres& server = c.server;
  signal = plainSignal(std::move(signal));
  if (server.life != Life::Stopped && pid == server.postmasterPid) {
    return signalPostmaster(c, signal);
  }
  for (Cohort& cohort : server.cohorts) {
    if (pid < cohort.firstPid ||
        pid >= cohort.firstPid + static_cast<std::uint32_t>(cohort.connections)) {
      continue;
    }
    signalPooled(c, cohort, pid, signal);
    return {};
  }
  if (const auto outcome = signalSession(c, pid, signal)) return *outcome;
  if (const auto process = auxiliaryOf(server, pid)) {
    return signalAuxiliary(c, *process, pid, signal);
  }
  return {false, "kill: (" + std::to_string(pid) + ") - No such process", 1};
}

}  // namespace sim
