// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the telemetry which processes the server has, so that the log's entries can name user,
// database and session of whoever writes: the postmaster and its helpers, and the backends of the
// application hosts.
#pragma once

#include "sim/server.h"

namespace sim {

// Cheap when nothing has changed since the last call on this telemetry.
void noteServerProcesses(const ServerContext& context);

}  // namespace sim
