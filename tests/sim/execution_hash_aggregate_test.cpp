// SPDX-License-Identifier: GPL-3.0-or-later
// The expectations are counters of a PostgreSQL 15.18: GROUP BY of a million different md5 texts.
#include <gtest/gtest.h>

#include "sim/execution/hash_aggregate.h"

namespace {

sim::HashAggregateCost grouped(std::int64_t workMemKb, int multiplier) {
  sim::HashAggregateInput input;
  input.rows = input.groups = 1'000'000;
  input.plannedGroups = 1'000'000;
  input.tupleWidth = 33;
  input.groupTupleBytes = input.inputTupleBytes = 49;
  input.transitions = 1;
  input.workMemBytes = workMemKb * 1024;
  input.hashMemoryBytes = workMemKb * 1024 * multiplier;
  return sim::hashAggregateCost(input);
}

}  // namespace

TEST(HashAggregate, SpillsAsRecorded) {
  struct Case {
    std::int64_t workMemKb;
    int multiplier;
    std::int64_t batches, bytes, read, written;
  };
  for (const Case& c : {Case{64, 2, 5457, 57204736, 36236, 41355},
                        {64, 4, 2657, 57532416, 22805, 28978},
                        {256, 2, 1297, 65224704, 15762, 23264},
                        {4096, 1, 161, 64585728, 8559, 16180},
                        {4096, 2, 81, 65052672, 7697, 15199},
                        {16384, 1, 41, 49537024, 7319, 12599},
                        {65536, 2, 5, 15581184, 1566, 3068}}) {
    const sim::HashAggregateCost cost = grouped(c.workMemKb, c.multiplier);
    EXPECT_NEAR(static_cast<double>(cost.batches), static_cast<double>(c.batches),
                0.03 * static_cast<double>(c.batches));
    EXPECT_NEAR(static_cast<double>(cost.fileBlocks * 8192), static_cast<double>(c.bytes),
                0.06 * static_cast<double>(c.bytes));
    EXPECT_NEAR(static_cast<double>(cost.blocksRead), static_cast<double>(c.read),
                0.2 * static_cast<double>(c.read));
    EXPECT_NEAR(static_cast<double>(cost.blocksWritten), static_cast<double>(c.written),
                0.1 * static_cast<double>(c.written));
  }
}

// count(*) of whole numbers from 1 on: what the server reported in kB, whether integer or bigint.
TEST(HashAggregate, WholeNumbersTakeWhatTheyTookOnTheServer) {
  struct Case {
    std::int64_t groups, kilobytes;
  };
  for (const Case& c : {Case{1'000, 193},
                        {10'000, 1'425},
                        {60'000, 11'281},
                        {100'000, 14'353},
                        {400'000, 45'073},
                        {1'000'000, 131'089}}) {
    sim::HashAggregateInput input;
    input.rows = input.groups = c.groups;
    input.plannedGroups = static_cast<double>(c.groups);
    input.tupleWidth = 4;
    input.groupTupleBytes = input.inputTupleBytes = 20;
    input.transitions = 1;
    input.workMemBytes = input.hashMemoryBytes = 1000LL << 20;
    input.keys = sim::WholeKeys{1, 1};
    EXPECT_EQ((sim::hashAggregateCost(input).memoryPeak + 1023) / 1024, c.kilobytes) << c.groups;
  }
}

TEST(HashAggregate, InMemoryPeaksAreExact) {
  EXPECT_EQ((grouped(65536, 4).memoryPeak + 1023) / 1024, 159761);
  EXPECT_EQ((grouped(262144, 1).memoryPeak + 1023) / 1024, 163857);
}

TEST(HashAggregate, PeakMemoryFollowsTheLimitWhenItSpills) {
  for (const std::int64_t kilobytes : {256, 1024, 4096, 16384, 65536}) {
    const std::int64_t peak = grouped(kilobytes, 1).memoryPeak / 1024;
    EXPECT_GT(peak, kilobytes * 3 / 4);
    EXPECT_LT(peak, kilobytes * 7 / 5);
  }
}

TEST(HashAggregate, FewGroupsNeedNoFile) {
  sim::HashAggregateInput input;
  input.rows = 1'000'000;
  input.groups = 1000;
  input.plannedGroups = 1'000'000;
  input.tupleWidth = 12;
  input.groupTupleBytes = 24;
  input.inputTupleBytes = 28;
  input.transitions = 2;
  input.workMemBytes = 16 << 20;
  input.hashMemoryBytes = 32 << 20;
  const sim::HashAggregateCost cost = sim::hashAggregateCost(input);
  EXPECT_EQ(cost.batches, 1);
  EXPECT_EQ((cost.memoryPeak + 1023) / 1024, 12433);
  input.workMemBytes = 64 << 10;
  input.hashMemoryBytes = 128 << 10;
  EXPECT_EQ(sim::hashAggregateCost(input).batches, 5);
  EXPECT_EQ((sim::hashAggregateCost(input).memoryPeak + 1023) / 1024, 129);
}

TEST(HashAggregate, AHundredMillionGroupsAreCountedInTime) {
  sim::HashAggregateInput input;
  input.rows = input.groups = 100'000'000;
  input.plannedGroups = 1e8;
  input.tupleWidth = 33;
  input.groupTupleBytes = input.inputTupleBytes = 49;
  input.workMemBytes = 4 << 20;
  input.hashMemoryBytes = 8 << 20;
  EXPECT_GT(sim::hashAggregateCost(input).fileBlocks * 8192, 5'000'000'000);
}
