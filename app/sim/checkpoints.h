// SPDX-License-Identifier: GPL-3.0-or-later
// WAL and checkpoints: when one starts, how long it writes, what a crash would have to replay.
#pragma once

#include "sim/server.h"

namespace sim {

// Adds a tick's writes and starts or ends checkpoints. Returns bytes written to disk in the tick.
double stepCheckpoints(ServerContext& context, double walBytes, double dirtiedPages,
                       double seconds);
// Seconds that crash recovery takes from now: replay, then the end-of-recovery checkpoint.
[[nodiscard]] double recoverySeconds(const DatabaseSpec& spec, const Postgres& server);
// A checkpoint that is done at once (shutdown, end of recovery).
void finishCheckpointNow(ServerContext& context, bool endOfRecovery, double seconds);

}  // namespace sim
