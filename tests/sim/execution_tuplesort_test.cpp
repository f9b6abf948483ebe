// SPDX-License-Identifier: GPL-3.0-or-later
// The expectations are counters of a PostgreSQL 15.18: EXPLAIN (ANALYZE, BUFFERS) and temp_bytes.
#include <gtest/gtest.h>

#include "sim/execution/tuplesort.h"

namespace {

sim::SortCost sorted(std::int64_t rows, std::int64_t tuple, std::int64_t kilobytes,
                     bool index = false, std::int64_t bound = -1) {
  return sim::sortCost({rows, tuple, kilobytes * 1024, bound, index});
}

}  // namespace

TEST(Tuplesort, ReadsAndWritesTheBlocksARealServerDid) {
  struct Case {
    std::int64_t rows, tuple, kilobytes, read, written;
  };
  for (const Case& c : {Case{400000, 49, 64, 8425, 9205},
                        {400000, 49, 1024, 6316, 6358},
                        {1000000, 53, 64, 28755, 30707},
                        {1000000, 53, 1024, 17252, 17357},
                        {1000000, 53, 4096, 11511, 11536}}) {
    const sim::SortCost cost = sorted(c.rows, c.tuple, c.kilobytes);
    EXPECT_EQ(cost.method, sim::SortMethod::ExternalMerge);
    EXPECT_NEAR(static_cast<double>(cost.blocksRead), static_cast<double>(c.read), 2);
    EXPECT_NEAR(static_cast<double>(cost.blocksWritten), static_cast<double>(c.written), 2);
  }
}

TEST(Tuplesort, SizesOfFilesAreRecorded) {
  EXPECT_EQ(sorted(400000, 49, 1024).fileBlocks * 8192, 17252352);
  EXPECT_EQ(sorted(400000, 49, 16384).fileBlocks * 8192, 17252352);
  EXPECT_EQ(sorted(1000000, 53, 4096).fileBlocks * 8192, 47202304);
  EXPECT_EQ(sorted(1000000, 48, 4096, true).fileBlocks * 8192, 52207616);
  EXPECT_EQ(sorted(1000000, 16, 1024, true).fileBlocks * 8192, 20054016);
}

TEST(Tuplesort, InMemorySortsCountTuplesAndTheirArray) {
  const sim::SortCost cost = sorted(1000000, 53, 262144);
  EXPECT_EQ(cost.method, sim::SortMethod::Quicksort);
  EXPECT_EQ(cost.spaceKb, 102702);
  EXPECT_EQ(cost.fileBlocks, 0);
}

TEST(Tuplesort, ALimitKeepsAHeap) {
  const sim::SortCost cost = sorted(1000000, 53, 4096, false, 10);
  EXPECT_EQ(cost.method, sim::SortMethod::TopNHeapsort);
  EXPECT_EQ(cost.fileBlocks, 0);
  EXPECT_LT(cost.spaceKb, 64);
  // A bound beyond what memory holds is an ordinary sort.
  EXPECT_EQ(sorted(1000000, 53, 1024, false, 900000).method, sim::SortMethod::ExternalMerge);
}

TEST(Tuplesort, TheArrayOfAHugeSortGrowsByDoubling) {
  // The allocation that failed under an address space limit of 700 MB.
  const sim::SortArray array = sim::fillSortArray(6000000, 4LL << 30, 48 + 24);
  ASSERT_FALSE(array.grown.empty());
  EXPECT_EQ(array.grown.back(), 201326592);
}

TEST(Tuplesort, MoreMemoryNeverWritesMore) {
  std::int64_t before = sorted(2000000, 60, 64).blocksWritten;
  for (std::int64_t kilobytes = 128; kilobytes <= 1 << 20; kilobytes *= 2) {
    const std::int64_t now = sorted(2000000, 60, kilobytes).blocksWritten;
    EXPECT_LE(now, before + 20) << kilobytes;
    before = now;
  }
  EXPECT_EQ(before, 0);
}

TEST(Tuplesort, BillionsOfRowsAreCountedQuickly) {
  const sim::SortCost cost = sorted(5'000'000'000, 60, 64);
  EXPECT_GT(cost.passes, 5);
  EXPECT_GT(cost.fileBlocks, 30'000'000);
}
