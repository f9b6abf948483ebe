// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server lets a client in, and with which settings of its own the session begins.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "console/shell_state.h"
#include "sim/world.h"

namespace console {

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

}  // namespace console
