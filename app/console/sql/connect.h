// SPDX-License-Identifier: GPL-3.0-or-later
// How a client reaches the server, and with which settings its session begins. Host names and
// addresses of the simulated network. Who is let in: authentication.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/shell_state.h"
#include "sim/world.h"

namespace console {

// The folder of the socket, the port and the address a session uses.
[[nodiscard]] std::string socketFolder(const sim::World& world, const PsqlSession& session);
[[nodiscard]] std::string portOf(const sim::World& world, const PsqlSession& session);
// Empty: the name is unknown.
[[nodiscard]] std::string addressOf(const sim::World& world, const std::string& host);

// "on socket \"...\"" or "at \"host\", port 5432".
[[nodiscard]] std::string connectionTarget(const sim::World& world, const PsqlSession& session);
// What keeps the client from reaching a server at all; empty when nothing does.
[[nodiscard]] std::string unreachable(const sim::World& world, const PsqlSession& session);
// Settings stored for the role and the database, then those of PGOPTIONS; or the refusal.
struct SessionStart {
  std::map<std::string, SessionDefault> defaults;
  std::optional<sim::ServerMessage> refusal;
};
[[nodiscard]] SessionStart sessionDefaults(const sim::World& world, const PsqlSession& session,
                                           const std::string& options);

// "host=... dbname=..." or "postgresql://...".
[[nodiscard]] bool isConnectionString(const std::string& text);
void readConnectionString(const std::string& text, PsqlSession& session);

}  // namespace console
