// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sim/settings/units.h"

namespace sim::settings {
namespace {

double factor(std::string_view setting, std::string_view unit) {
  const UnitTable table = unitsFor(setting);
  for (std::size_t i = 0; i < table.count; ++i) {
    if (table.units[i].name == unit) return table.units[i].factor;
  }
  return -1;
}

TEST(Units, memoryCountsInPowersOf1024) {
  EXPECT_EQ(factor("kB", "GB"), 1048576);
  EXPECT_EQ(factor("8kB", "MB"), 128);
  EXPECT_EQ(factor("8kB", "kB"), 0.125);
  EXPECT_EQ(factor("MB", "kB"), 1.0 / 1024);
  EXPECT_EQ(factor("B", "TB"), 1099511627776.0);
  EXPECT_EQ(factor("kB", "ms"), -1);
}

TEST(Units, timeReachesFromMicrosecondsToDays) {
  EXPECT_EQ(factor("ms", "d"), 86400000);
  EXPECT_EQ(factor("ms", "us"), 0.001);
  EXPECT_EQ(factor("s", "ms"), 0.001);
  EXPECT_EQ(factor("min", "s"), 1.0 / 60);
  EXPECT_EQ(factor("min", "h"), 60);
}

TEST(Units, largestFirstAndNoneForOtherSettings) {
  for (const char* setting : {"B", "kB", "8kB", "MB", "ms", "s", "min"}) {
    const UnitTable table = unitsFor(setting);
    for (std::size_t i = 1; i < table.count; ++i) {
      EXPECT_LT(table.units[i].factor, table.units[i - 1].factor) << setting;
    }
  }
  EXPECT_EQ(unitsFor("").count, 0U);
}

}  // namespace
}  // namespace sim::settings
