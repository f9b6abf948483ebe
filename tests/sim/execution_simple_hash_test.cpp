// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sim/execution/simple_hash.h"

// hashint4(1) and hashint8(-5) of a PostgreSQL 15.18, then murmurhash32.
TEST(SimpleHash, WholeNumbersHashAsTheServers) {
  const auto murmur = [](std::uint32_t hash) {
    hash ^= hash >> 16;
    hash *= 0x85ebca6bU;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35U;
    return hash ^ (hash >> 16);
  };
  EXPECT_EQ(sim::wholeKeyHash(1), murmur(static_cast<std::uint32_t>(-1905060026)));
  EXPECT_EQ(sim::wholeKeyHash(-5), murmur(static_cast<std::uint32_t>(1412886042)));
  EXPECT_EQ(sim::wholeKeyHash(10'000'000'000), murmur(static_cast<std::uint32_t>(-1011884460)));
}

// What a PostgreSQL 15.18 reported: 100000 keys doubled a table of 131072 slots, 400000 one of
// 524288 did not.
TEST(SimpleHash, TablesOfWholeNumbersDoubleWhenTheServersDo) {
  const sim::WholeKeys keys{1, 1};
  EXPECT_LT(sim::simpleHashGrowth(131'072, 100'000, keys), 100'000);
  EXPECT_EQ(sim::simpleHashGrowth(524'288, 400'000, keys), 400'000);
  EXPECT_EQ(sim::simpleHashGrowth(1024, 1024, keys), 921);
}

TEST(SimpleHash, OtherKeysDoubleLargeTablesEarlier) {
  const auto fill = [](std::int64_t slots) {
    return static_cast<double>(sim::simpleHashGrowth(slots, slots, std::nullopt)) /
           static_cast<double>(slots);
  };
  EXPECT_NEAR(fill(256), 0.898, 0.01);
  EXPECT_NEAR(fill(1 << 14), 0.823, 0.01);
  EXPECT_NEAR(fill(1 << 20), 0.732, 0.001);
  EXPECT_EQ(sim::simpleHashGrowth(1 << 14, 9'000, std::nullopt), 9'000);
}
