// SPDX-License-Identifier: GPL-3.0-or-later
// What a starting server makes of the settings as a whole, once every one of them is accepted:
// combinations it refuses to start with, and values it derives.
#pragma once

#include <vector>

#include "sim/settings/settings.h"
#include "sim/settings/value_checks.h"

namespace sim::settings {

// False if the server gives up; its last words are appended to log.
[[nodiscard]] bool checkStart(const States& states, std::vector<ServerMessage>& log);
// wal_buffers = -1 becomes a share of shared_buffers.
void settleWalBuffers(States& states);

}  // namespace sim::settings
