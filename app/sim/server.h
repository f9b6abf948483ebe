// SPDX-License-Identifier: GPL-3.0-or-later
// The life of the PostgreSQL server: start, stop, crash, recovery, reload, and what each of them
// logs. The order of lines is that of recorded runs of 15.18.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/host.h"
#include "sim/model.h"
#include "sim/postgres.h"
#include "sim/telemetry.h"

namespace sim {

// What the server's functions work on; lives for one call.
struct ServerContext {
  const Model& model;
  Postgres& server;
  Host& host;
  base::SimTime now;
  std::uint64_t seed;
  Telemetry& telemetry;
};

using StartOptions = std::vector<std::pair<std::string, std::string>>;
// "-c a=b --c=d" in pairs; nothing when it has another form.
[[nodiscard]] std::optional<StartOptions> readStartOptions(std::string_view text);
// "as=400000000 stack=unlimited nproc=12 nofile=70"; nothing when it has another form.
[[nodiscard]] std::optional<ProcessLimits> readProcessLimits(std::string_view text);

// MODEL: sequential write rate of checkpoints, bytes per second.
constexpr double kCheckpointBytesPerSecond = 200e6;

// The server as it is at the scenario's start: just started, its pool empty. No log lines.
void bootServer(ServerContext& context);
// Begins a start. The outcome's text is what pg_ctl would show.
Outcome startServer(ServerContext& context, const StartOptions& options,
                    const ProcessLimits& limits = {});
// Seconds from the fork of the postmaster until it accepts connections, after a clean stop.
[[nodiscard]] double startSeconds(const ServerSettings& settings);
// Begins a stop; a second, faster request while stopping is honoured.
Outcome stopServer(ServerContext& context, StopMode mode);
// SIGHUP.
Outcome reloadServer(ServerContext& context);
// A server process that ended abnormally, in the postmaster's words.
struct Crash {
  std::string process = "server process";
  std::uint32_t pid = 0;
  std::string how = "was terminated by signal 9: Killed";
  std::string statement;  // running, or run last; empty: none
};
// A server process ended abnormally: every other one is killed, then recovery, unless
// restart_after_crash is off.
void crashServer(ServerContext& context, const Crash& crash);
// The postmaster itself was killed: nothing is left running.
void killPostmaster(ServerContext& context);
// Ends passing states whose time has come.
void stepServerLife(ServerContext& context);

[[nodiscard]] RunningValues runningValues(const ServerSettings& settings, const HostSpec& host);

}  // namespace sim
