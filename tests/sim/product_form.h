// SPDX-License-Identifier: GPL-3.0-or-later
// Exact steady states to check the queueing kernel against: Erlang's formulas summed term by term,
// and the closed network of stations by Buzen's convolution (the same numbers as exact MVA, without
// its cancellation), seen by the pool as one server whose rate depends on its load. Test only.
#pragma once

#include <vector>

#include "sim/queueing.h"

namespace product_form {

struct OpenStation {
  double waitProbability = 0, meanNumber = 0;
};
OpenStation multiServer(int servers, double offered);

// Throughput with 0, 1, ... population requests in the network of stations.
std::vector<double> closedThroughputs(int cpuServers, int diskChannels, const sim::Demand& demand,
                                      int population);

struct Steady {
  double throughput = 0, inSystem = 0, responseSeconds = 0;
};
Steady closedSystem(int cpuServers, int diskChannels, const sim::FlowInput& input);

}  // namespace product_form
