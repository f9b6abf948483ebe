// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench's log of transactions (-l): a line for each, in a file for each thread. Times of single
// transactions are drawn about the mean the run had, as its latencies spread (bench/run.cpp).
#pragma once

#include <string>
#include <vector>

#include "console/shell_state.h"
#include "sim/client_load.h"
#include "sim/world.h"

namespace console {

// Bytes that the log of one run may hold; what comes later is left out. MODEL.
constexpr std::size_t kMostLogged = 1u << 20;

// "pgbench_log.4711" of the first thread, "pgbench_log.4711.1" of the next.
[[nodiscard]] std::string transactionLogPath(const BenchmarkRun& run, std::size_t thread);
// Lines of the transactions done since the last call, by thread; the run remembers.
[[nodiscard]] std::vector<std::string> transactionLines(const sim::World& world, BenchmarkRun& run);

}  // namespace console
