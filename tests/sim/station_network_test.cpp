// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/station_network.h"

#include <gtest/gtest.h>

#include <cmath>

TEST(StationNetwork, NormalPartsAgreeWithTheErrorFunction) {
  for (double z = -9.0; z < 6.0; z += 0.137) {
    const double below = 0.5 * std::erfc(-z / std::sqrt(2.0));
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::acos(-1.0));
    const sim::NormalPart part = sim::normalBelow(z);
    EXPECT_NEAR(part.mass / (below / density), 1.0, 2e-3) << z;
    EXPECT_NEAR(part.distance / (z + density / below), 1.0, 2e-3) << z;
  }
  EXPECT_EQ(sim::normalBelow(50.0).distance, 50.0);
}

TEST(StationNetwork, NumberRisesWithTheRateAndSlopesAreDerivatives) {
  const sim::MultiServer cpu(8), disk(16);
  for (const sim::Demand demand : {sim::Demand{0.01, 4, 0.002, 0.001},
                                   {0.01, 4, 0.005, 0.0},
                                   {0.0, 0.0, 0.0, 0.0},
                                   {0.01, 0.0, 0.0, 0.1}}) {
    const sim::StationNetwork network(cpu, disk, demand, 10.0);
    sim::NetworkPoint before = network.at(network.lowest());
    for (double x = network.lowest() * 0.99; x < 12.0; x += 0.0917) {
      const sim::NetworkPoint point = network.at(x);
      EXPECT_GE(point.rate, before.rate) << x;
      EXPECT_GT(point.number, before.number) << x;
      EXPECT_LE(point.rate, network.limit());
      const sim::NetworkPoint next = network.at(x + 1e-7);
      EXPECT_NEAR((next.number - point.number) / 1e-7, point.numberSlope,
                  0.1 * point.numberSlope + 0.01)
          << x;
      before = point;
    }
  }
}

TEST(StationNetwork, LowLoadNeedsOnlyTheServiceTime) {
  const sim::MultiServer cpu(8), disk(16);
  const sim::StationNetwork network(cpu, disk, {0.01, 4, 0.002, 0.001}, 10.0);
  EXPECT_NEAR(network.idleSeconds(), 0.019, 1e-12);
  const sim::NetworkPoint point = network.at(network.guess(100.0, 0));
  EXPECT_NEAR(point.number / point.rate, 0.019, 1e-5);
  EXPECT_GE(network.at(network.above(5000)).number, 5000);
}
