// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/host.h"

#include <gtest/gtest.h>

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kGiB = 1024 * kMiB;

}  // namespace

// 4 * sqrt(kB), by hand: sqrt(64 GiB in kB) = 8192, sqrt(16 GiB in kB) = 4096.
TEST(Host, WatermarksAreThoseOfLinux) {
  EXPECT_EQ(sim::minWatermark(64 * kGiB), 32'768 * 1024);
  EXPECT_EQ(sim::lowWatermark(sim::minWatermark(64 * kGiB)), 40'960 * 1024);
  EXPECT_EQ(sim::minWatermark(16 * kGiB), 16'384 * 1024);
  EXPECT_EQ(sim::minWatermark(kMiB), 128 * 1024);              // never less
  EXPECT_EQ(sim::minWatermark(64 * 1024 * kGiB), 256 * kMiB);  // never more
}

TEST(Host, AvailableIsFreeAndCacheAboveTheWatermarks) {
  sim::HostSpec spec;
  spec.ramBytes = 64 * kGiB;
  sim::Host host;
  host.memory.free = 10 * kGiB;
  host.memory.pageCache = 20 * kGiB;
  EXPECT_EQ(host.available(spec), 30 * kGiB - 32 * kMiB - 40 * kMiB);
  host.memory.pageCache = 60 * kMiB;  // half of a small cache counts
  EXPECT_EQ(host.available(spec), 10 * kGiB - 32 * kMiB + 30 * kMiB);
  host.memory.free = 0;
  host.memory.pageCache = 0;
  EXPECT_EQ(host.available(spec), 0);
}

TEST(Host, SumCountsEachPartOnce) {
  const sim::Memory memory{1, 10, 100, 1000, 10'000, 100'000, 1'000'000};
  EXPECT_EQ(memory.sum(), 1'111'111);
}
