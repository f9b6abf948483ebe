// SPDX-License-Identifier: GPL-3.0-or-later
// What a startup process after a crash says of its progress: syncing the data directory, then
// replaying WAL, a line every log_startup_progress_interval (xlog.c, fd.c, startup.c of 15).
#pragma once

#include "sim/server.h"

namespace sim {

// Seconds a new postmaster takes to sync the data directory before it replays; 0: not noticed.
[[nodiscard]] double syncSeconds(const Postgres& server);
// Whether the startup process is at that now.
[[nodiscard]] bool isSyncing(const Postgres& server);
// Lines due in the tick that ends now.
void logRecoveryProgress(ServerContext& context);

}  // namespace sim
