// SPDX-License-Identifier: GPL-3.0-or-later
// The queueing kernel's network, person by person and event by event: exponential thinking, service
// and pauses, a first-come pool with time-outs, and retries. The reference for changing loads; test
// only.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/queueing.h"

namespace event_simulation {

struct Setup {
  int cpuServers = 1, diskChannels = 1;
  sim::FlowInput input;               // serving, one-second ticks; users is whole
  std::vector<double> arrivalFactor;  // of each second
};

// Per second, summed over the runs.
struct Sums {
  std::vector<double> inSystem, served, failed, arrived;
};

void run(const Setup& setup, std::uint64_t seed, Sums& sums);

}  // namespace event_simulation
