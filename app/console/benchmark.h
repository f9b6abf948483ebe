// SPDX-License-Identifier: GPL-3.0-or-later
// What pgbench's clients do and how it reports: connected one after the other, busy until the end
// or until the server drops them.
#pragma once

#include <string>

#include "console/shell_state.h"

namespace console {

struct Machine;

// Opens the sessions and sets them to work. Empty: they run. Otherwise what pgbench says.
[[nodiscard]] std::string startBenchmark(Machine& machine, BenchmarkRun& run, std::int64_t nowMs);
// Looks after clients that were dropped, adds what pgbench prints about them.
void watchBenchmark(Machine& machine, BenchmarkRun& run, std::string& output);
[[nodiscard]] bool benchmarkOver(const BenchmarkRun& run, std::int64_t nowMs);
// The figures at its end; exit code 2 when a client was lost.
[[nodiscard]] std::string benchmarkReport(const BenchmarkRun& run, std::int64_t nowMs);
// Its clients hang up; killed: without a word to the server.
void stopBenchmark(Machine& machine, BenchmarkRun& run, bool killed);

}  // namespace console
