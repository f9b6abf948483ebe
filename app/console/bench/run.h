// SPDX-License-Identifier: GPL-3.0-or-later
// A benchmark's run: its load works on the simulated server as time passes; in the foreground what
// will come of it is read off a copy of the world that goes on alone.
#pragma once

#include <string>
#include <vector>

#include "console/bench/demand.h"
#include "console/bench/script.h"
#include "console/command.h"
#include "sim/client_load.h"

namespace console {

// Starts the load. Empty: it runs. Otherwise what pgbench says.
[[nodiscard]] std::string startBenchmark(Call& call, BenchmarkRun& run, const DemandReader& demand);
// Adds what pgbench has printed up to now: reports of progress, clients that were dropped.
void watchBenchmark(Machine machine, BenchmarkRun& run, std::string& output);
[[nodiscard]] bool benchmarkOver(const sim::World& world, const BenchmarkRun& run);
// What it prints at its end.
[[nodiscard]] std::string benchmarkReport(const sim::World& world, const BenchmarkRun& run);
// Rows that so many transactions have added, and dead ones that they leave behind.
void growTables(Machine& machine, const BenchmarkRun& run, double transactions);
// Its clients die without a word to the server.
void killBenchmark(Machine& machine, BenchmarkRun& run);
// From here to its end on a copy of the world: what it prints, and the milliseconds it takes.
struct BenchmarkEnd {
  std::string output;
  std::vector<std::string> logs;  // of transactions, by thread
  double transactions = 0;
  std::int64_t milliseconds = 0;
  int exitCode = 0;
};
// Adds lines to the logs of transactions.
void writeLogs(ShellState& state, const BenchmarkRun& run, const std::vector<std::string>& lines);
[[nodiscard]] BenchmarkEnd benchmarkAhead(const Machine& machine, BenchmarkRun& run);

// pgbench -i: the tables, their rows and keys. The exit code.
struct InitOptions {
  std::int64_t scale = 1, fillfactor = 100;
  bool quiet = false, vacuum = true;
};
int initializeBench(Call& call, PsqlSession& session, const InitOptions& options);

}  // namespace console
