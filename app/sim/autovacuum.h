// SPDX-License-Identifier: GPL-3.0-or-later
// The autovacuum launcher and its workers: which tables are due, how long a worker takes under the
// cost limits, what it logs, and how it gives way. Formulas: autovacuum.c and vacuumlazy.c of 15;
// times and rates fit to recorded runs of 15.18 (tests/fidelity, family autovacuum).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/server.h"

namespace sim {

// Starts workers whose time has come, ends those that are done; each tick.
void stepAutovacuum(ServerContext& context);
// A worker ends before it is done: cancelled (by a lock request or pg_cancel_backend), or
// terminated. Logs it. Nothing when the session is no worker.
void stopWorker(ServerContext& context, std::uint32_t pid, bool terminated);
// The worker on a relation; 0: none.
[[nodiscard]] std::uint32_t workerOn(const Postgres& server, std::uint32_t relation);
// Milliseconds a vacuum of so many pages sleeps and works under a cost limit.
[[nodiscard]] double vacuumMilliseconds(double pages, double dirtied, double costDelayMs,
                                        double costLimit);

}  // namespace sim
