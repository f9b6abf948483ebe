// SPDX-License-Identifier: GPL-3.0-or-later
// How long whole runs take, how long a seek is felt, and what a run holds in memory.
#pragma once

#include <memory>

#include "drill/run.h"

namespace bench {

using ScenarioPointer = std::shared_ptr<const scenario::Scenario>;
using ModelPointer = std::shared_ptr<const sim::Model>;

struct Options {
  bool smoke = false;  // tiny sizes: only whether it works
  int rounds = 9;
};

// Null after printing the problems.
[[nodiscard]] ScenarioPointer seedScenario();
// The historical run, watched to its end.
[[nodiscard]] drill::Run historicalRun(const ScenarioPointer& scenario, const ModelPointer& model);
// Milliseconds from a world on until a time, with series, logs and alerts; rows: room for them.
[[nodiscard]] double advanceMilliseconds(sim::World world, base::SimTime until);

// Each prints its table; false when something does not work.
[[nodiscard]] bool engine(const ScenarioPointer& scenario, const ModelPointer& model,
                          const sim::World& opened, const Options& options);
[[nodiscard]] bool seeking(const drill::Run& history, const Options& options);

}  // namespace bench
