// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/closed_network.h"

#include <gtest/gtest.h>

#include <utility>

#include "product_form.h"

namespace {

constexpr sim::Demand kDemands[] = {{0.04, 2, 0.002, 0.001},   // CPU-bound
                                    {0.01, 8, 0.006, 0.0},     // disk-bound
                                    {0.02, 3, 0.006, 0.002},   // mixed
                                    {0.04, 5, 0.008, 0.0},     // balanced
                                    {0.002, 1, 0.001, 0.06}};  // mostly delay
constexpr std::pair<int, int> kServers[] = {{4, 4}, {8, 2}, {1, 1}, {16, 32}};

}  // namespace

TEST(ClosedNetwork, ThroughputIsThatOfTheExactProductForm) {
  for (const sim::Demand& demand : kDemands) {
    for (const auto& [cpus, disks] : kServers) {
      const sim::MultiServer cpu(cpus), disk(disks);
      for (const int population : {1, 2, 4, 8, 12, 20, 40, 100}) {
        const double exact =
            product_form::closedThroughputs(cpus, disks, demand, population).back();
        const double ours = sim::closedNetwork(cpu, disk, demand, population).rate;
        EXPECT_NEAR(ours / exact, 1.0, 0.015)
            << cpus << "/" << disks << " population " << population << " cpu " << demand.cpuSeconds;
      }
    }
  }
}

TEST(ClosedNetwork, NobodyOrNothingToDoIsNoTrouble) {
  const sim::MultiServer cpu(2), disk(2);
  EXPECT_EQ(sim::closedNetwork(cpu, disk, {0.01, 1, 0.01, 0}, 0).rate, 0.0);
  EXPECT_GT(sim::closedNetwork(cpu, disk, {}, 10).rate, 1e5);
}
