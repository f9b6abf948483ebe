// SPDX-License-Identifier: GPL-3.0-or-later
// The stations behind the pool when a fixed number of requests is always there (the pool is full):
// approximate mean value analysis for multi-server stations. Schweitzer's estimate of what an
// arrival finds, improved twice by how much each queue would shrink without one request. Within 1.5
// % of the exact product form (tests/sim), mostly within 0.5 %.
#pragma once

#include "sim/multi_server.h"
#include "sim/station_network.h"

namespace sim {

struct ClosedNetwork {
  double rate = 0;  // requests per second
  double disk = 0;  // mean number at the disk, waiting or in service
  // Shares of the queues that are there when one request is not: what the improvement found.
  double cpuOthers = 0, diskOthers = 0;
  bool operator==(const ClosedNetwork&) const = default;
};

[[nodiscard]] ClosedNetwork closedNetwork(const MultiServer& cpu, const MultiServer& disk,
                                          const Demand& demand, double population);
// The same, going on from what it was for a slightly different demand or population: one
// improvement instead of two from scratch. A tick later it is as good.
[[nodiscard]] ClosedNetwork closedNetworkFrom(const ClosedNetwork& before, const MultiServer& cpu,
                                              const MultiServer& disk, const Demand& demand,
                                              double population);

}  // namespace sim
