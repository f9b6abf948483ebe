// SPDX-License-Identifier: GPL-3.0-or-later
// WAL and checkpoints: when one starts, how long it writes, what a crash would have to replay.
#pragma once

#include "sim/log_shapes.h"
#include "sim/server.h"

namespace sim {

// Adds a tick's writes and starts or ends checkpoints. Returns bytes written to disk in the tick.
// writer: the session that writes the WAL, 0: any; it panics when there is no room for more.
double stepCheckpoints(ServerContext& context, double walBytes, double dirtiedPages, double seconds,
                       std::uint32_t writer = 0);
// The same for what one statement of a session writes in so many milliseconds from now on:
// checkpoints begin and end while it runs.
void writeDuringStatement(ServerContext& context, std::uint32_t pid, double walBytes,
                          double dirtiedPages, std::int64_t milliseconds);
// "checkpoint starting: ...", if log_checkpoints lets it.
void announceCheckpoint(ServerContext& context, LogShape shape);
// What is left of a spread checkpoint is written at once: another one waits.
void finishSpreadCheckpoint(ServerContext& context);
// Seconds that replaying the WAL since the last checkpoint takes.
[[nodiscard]] double redoSeconds(const DatabaseSpec& spec, const Postgres& server);
// Seconds that crash recovery takes from now: replay, then the end-of-recovery checkpoint.
[[nodiscard]] double recoverySeconds(const DatabaseSpec& spec, const Postgres& server);
// A checkpoint that is done at once (shutdown, end of recovery).
void finishCheckpointNow(ServerContext& context, bool endOfRecovery, double seconds);

// CHECKPOINT: written at once, and logged as such.
Outcome checkpointNow(ServerContext& context);

}  // namespace sim
