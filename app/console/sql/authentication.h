// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server lets a client in: the lines of pg_hba.conf in their order, the first that fits
// decides (hba.c, auth.c of 15). Passwords are not modelled: nobody has the right one.
#pragma once

#include <optional>
#include <string>

#include "console/shell_state.h"
#include "sim/world.h"

namespace console {

// What pg_hba.conf turns the client away with. systemUser: of the operating system.
[[nodiscard]] std::optional<sim::ServerMessage> unauthenticated(const sim::World& world,
                                                                const PsqlSession& session,
                                                                const std::string& systemUser);
// The method pg_hba.conf asks for: "peer", "trust", "scram-sha-256"; empty: no line fits.
[[nodiscard]] std::string authenticationMethod(const sim::World& world, const PsqlSession& session);

// "identity=\"oncall\" method=peer (/etc/.../pg_hba.conf:9)", as log_connections writes of a client
// that was let in; empty where nobody was asked who he is.
[[nodiscard]] std::string authenticatedAs(const sim::World& world, const PsqlSession& session);

}  // namespace console
