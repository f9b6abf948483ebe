// SPDX-License-Identifier: GPL-3.0-or-later
// How a starting postmaster comes to listen: TCP addresses, Unix sockets with their lock files, the
// authentication files. Each step may be the last. Texts and their order are those of recorded
// starts of 15.18 (tests/fidelity).
#pragma once

#include <vector>

#include "sim/postgres.h"
#include "sim/settings/settings.h"
#include "sim/world_spec.h"

namespace sim {

// One line for each address and socket; ends with the refusal, if any.
struct Listening {
  std::vector<ServerMessage> log;
  bool ok = true;
};
[[nodiscard]] Listening openSockets(const WorldSpec& spec, const Postgres& server,
                                    const ServerSettings& settings);
// The authentication files and what they may include.
[[nodiscard]] std::vector<ConfigFile> authenticationTexts(const WorldSpec& spec,
                                                          const Postgres& server);
// Reads pg_hba.conf and pg_ident.conf; ends with the refusal, if any. On a reload the server goes
// on with what it has read before.
[[nodiscard]] Listening loadAuthentication(const WorldSpec& spec, Postgres& server,
                                           bool reload = false);
// The rules the server goes by, whatever has become of the files since it read them.
[[nodiscard]] std::vector<HbaRule> hbaInForce(const WorldSpec& spec, const Postgres& server);
[[nodiscard]] std::vector<IdentRule> identInForce(const WorldSpec& spec, const Postgres& server);

}  // namespace sim
