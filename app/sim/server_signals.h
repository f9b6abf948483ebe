// SPDX-License-Identifier: GPL-3.0-or-later
// What a signal does to a process of the server: postmaster, auxiliary processes, backends. A
// process that dies abnormally takes all others with it. Texts and order: recorded crashes of 15.18
// (tests/fidelity, family crash_recovery).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/action.h"
#include "sim/server.h"

namespace sim {

// The auxiliary processes in the order of their pids from Postgres::auxiliaryPid on.
enum class Auxiliary : std::uint8_t {
  Checkpointer,
  BackgroundWriter,
  WalWriter,
  AutovacuumLauncher,
  LogicalReplicationLauncher
};
constexpr std::uint32_t kAuxiliaries = 5;
// "WAL writer process", "background worker \"logical replication launcher\"" ...: as the
// postmaster's log names it.
[[nodiscard]] std::string_view auxiliaryName(Auxiliary process);
[[nodiscard]] std::optional<Auxiliary> auxiliaryOf(const Postgres& server, std::uint32_t pid);

// How a process ended, as the postmaster saw it.
[[nodiscard]] Crash crashBySignal(std::string process, std::uint32_t pid, std::string_view signal,
                                  std::string statement);

// kill -SIGNAL PID; signal: TERM, KILL, 9, SIGKILL ... Refused when it is no process of the
// server's.
Outcome signalProcess(ServerContext& context, std::uint32_t pid, std::string signal);

}  // namespace sim
