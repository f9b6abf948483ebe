// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/memory_settlement.h"

#include <gtest/gtest.h>

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kGiB = 1024 * kMiB;

sim::HostSpec spec() {
  sim::HostSpec s;
  s.ramBytes = 64 * kGiB;
  s.kernelBytes = kGiB;
  s.fileWorkingSetBytes = 3 * kGiB;
  return s;
}

sim::Host freshHost(std::int64_t swap = 0) {
  sim::Host host;
  host.memory.free = spec().ramBytes;
  host.swapTotal = swap;
  return host;
}

// The largest claim of private memory that is still met: RAM less kernel, watermark and file pages
// that cannot go.
std::int64_t roomForAnon() {
  return 63 * kGiB - sim::minWatermark(64 * kGiB) - 96 * kMiB;
}

}  // namespace

TEST(MemorySettlement, EveryPartGetsWhatItClaimsAndTheRestIsCacheAndFree) {
  sim::Host host = freshHost();
  const sim::Settlement settled =
      sim::settleMemory(host, spec(), {4 * kGiB, 16 * kGiB, 2 * kGiB, 0, 20 * kGiB});
  EXPECT_FALSE(settled.outOfMemory);
  EXPECT_EQ(host.memory.kernel, kGiB);
  EXPECT_EQ(host.memory.anon, 4 * kGiB);
  EXPECT_EQ(host.memory.shmem, 16 * kGiB);
  EXPECT_EQ(host.memory.pageTables, 2 * kGiB);
  EXPECT_EQ(host.memory.pageCache, 20 * kGiB);
  EXPECT_EQ(host.memory.free, 21 * kGiB);
  EXPECT_EQ(host.memory.sum(), spec().ramBytes);
}

TEST(MemorySettlement, ProcessesTakeFromThePageCache) {
  sim::Host host = freshHost();
  (void)sim::settleMemory(host, spec(), {4 * kGiB, 0, 0, 0, 100 * kGiB});
  const std::int64_t before = host.memory.pageCache;
  EXPECT_EQ(host.memory.free, sim::lowWatermark(sim::minWatermark(spec().ramBytes)));
  const sim::Settlement settled =
      sim::settleMemory(host, spec(), {4 * kGiB, 10 * kGiB, 0, 0, 100 * kGiB});
  EXPECT_EQ(before - host.memory.pageCache, 10 * kGiB);
  EXPECT_EQ(settled.reclaimed, 10 * kGiB);
  EXPECT_EQ(host.memory.sum(), spec().ramBytes);
}

TEST(MemorySettlement, OnePageTooManyIsOutOfMemoryAndChangesNothing) {
  sim::Host host = freshHost();
  EXPECT_FALSE(sim::settleMemory(host, spec(), {roomForAnon(), 0, 0, 0, 0}).outOfMemory);
  const sim::Host before = host;
  EXPECT_TRUE(sim::settleMemory(host, spec(), {roomForAnon() + 4096, 0, 0, 0, 0}).outOfMemory);
  EXPECT_EQ(host, before);
}

TEST(MemorySettlement, SwapTakesWhatDoesNotFitPrivateMemoryFirst) {
  sim::Host host = freshHost(8 * kGiB);
  const sim::Settlement settled =
      sim::settleMemory(host, spec(), {2 * kGiB, roomForAnon() + kGiB, 0, 0, 0});
  EXPECT_FALSE(settled.outOfMemory);
  EXPECT_EQ(host.swapUsed, 3 * kGiB);
  EXPECT_EQ(settled.swappedOut, 3 * kGiB);
  EXPECT_EQ(host.memory.anon, 0);
  EXPECT_EQ(host.memory.shmem, roomForAnon());
  EXPECT_EQ(host.memory.sum(), spec().ramBytes);
  EXPECT_TRUE(
      sim::settleMemory(host, spec(), {roomForAnon() + 8 * kGiB + 4096, 0, 0, 0, 0}).outOfMemory);
}

TEST(MemorySettlement, ReservedHugePagesAreGoneWhetherUsedOrNot) {
  sim::HostSpec with = spec();
  with.hugePages = 8192;  // 16 GiB
  sim::Host host = freshHost();
  (void)sim::settleMemory(host, with, {0, 0, 0, 4096, 0});
  EXPECT_EQ(host.memory.hugePages, 16 * kGiB);
  EXPECT_EQ(host.hugePagesUsed, 4096);
  EXPECT_EQ(host.memory.free, 47 * kGiB);
  EXPECT_EQ(host.memory.sum(), with.ramBytes);
}

TEST(MemorySettlement, PressureIsTheShareOfTheFileWorkingSetThatIsGone) {
  sim::Host host = freshHost();
  host.memory.pageCache = 3 * kGiB;
  EXPECT_EQ(sim::filePressure(host, spec()), 0.0);
  host.memory.pageCache = 30 * kGiB;
  EXPECT_EQ(sim::filePressure(host, spec()), 0.0);
  host.memory.pageCache = 3 * kGiB / 4;
  EXPECT_EQ(sim::filePressure(host, spec()), 0.75);
  host.memory.pageCache = 0;
  EXPECT_EQ(sim::filePressure(host, spec()), 1.0);
  sim::HostSpec none = spec();
  none.fileWorkingSetBytes = 0;
  EXPECT_EQ(sim::filePressure(host, none), 0.0);
}
