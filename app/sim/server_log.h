// SPDX-License-Identifier: GPL-3.0-or-later
// Short hands for writing log records from the world's parts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/log_shapes.h"
#include "sim/server.h"

namespace sim {

void writeLog(Telemetry& telemetry, base::SimTime at, LogShape shape, std::uint32_t pid = 0,
              std::array<std::int64_t, 4> numbers = {}, const std::string& text = {});
// A line as it stands, from any source.
void writePlain(Telemetry& telemetry, base::SimTime at, LogSource source, Severity severity,
                const std::string& text, std::uint32_t pid = 0, std::string_view sqlstate = {});
// A message of the settings system, with DETAIL and HINT, as the postmaster logs it.
void writeServerMessage(ServerContext& context, const ServerMessage& message);
void writeServerMessage(ServerContext& context, const ServerMessage& message, std::uint32_t pid);
// What a session's process says, if log_min_messages lets it, with the statement it ran.
void writeSessionMessage(const LogSettings& settings, const ServerMessage& message,
                         std::uint32_t pid, const std::string& statement, base::SimTime at,
                         Telemetry& telemetry);
// "LOG:  text" plus detail and hint lines.
[[nodiscard]] std::string serverMessageText(const ServerMessage& message);

}  // namespace sim
