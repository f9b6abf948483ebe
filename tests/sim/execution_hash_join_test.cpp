// SPDX-License-Identifier: GPL-3.0-or-later
// The expectations are those of a PostgreSQL 15.18 joining a table of md5 texts with itself.
#include <gtest/gtest.h>

#include "sim/execution/hash_join.h"

namespace {

sim::HashJoinCost selfJoin(std::int64_t rows, std::int64_t hashMemoryKb) {
  sim::HashJoinInput input;
  input.size =
      sim::chooseHashTableSize({static_cast<double>(rows), 33, hashMemoryKb * 1024, true, 0});
  input.innerRows = input.outerRows = rows;
  input.innerTupleBytes = input.outerTupleBytes = 49;
  return sim::hashJoinCost(input);
}

}  // namespace

TEST(HashJoin, ChoosesBucketsAndBatchesAsRecorded) {
  struct Case {
    std::int64_t rows, hashMemoryKb, buckets, batches;
  };
  for (const Case& c : {Case{1000000, 64, 1024, 2048},
                        {1000000, 128, 2048, 1024},
                        {1000000, 256, 4096, 512},
                        {1000000, 512, 8192, 256},
                        {1000000, 1024, 16384, 128},
                        {1000000, 4096, 65536, 32},
                        {1000000, 16384, 262144, 8},
                        {1000000, 131072, 1048576, 1},
                        {400000, 128, 2048, 512},
                        {400000, 2048, 32768, 32},
                        {400000, 8192, 131072, 8},
                        {400000, 32768, 524288, 2}}) {
    const sim::HashJoinCost cost = selfJoin(c.rows, c.hashMemoryKb);
    EXPECT_EQ(cost.buckets, c.buckets) << c.hashMemoryKb;
    EXPECT_EQ(cost.batches, c.batches) << c.hashMemoryKb;
  }
}

TEST(HashJoin, WritesAsManyBlocksAsRecorded) {
  struct Case {
    std::int64_t rows, hashMemoryKb, blocks;
  };
  for (const Case& c : {Case{1000000, 64, 15836},
                        {1000000, 128, 14204},
                        {1000000, 256, 13382},
                        {1000000, 4096, 12570},
                        {1000000, 16384, 11322},
                        {400000, 128, 5726},
                        {400000, 2048, 5040},
                        {400000, 32768, 2586}}) {
    EXPECT_NEAR(static_cast<double>(selfJoin(c.rows, c.hashMemoryKb).blocksWritten),
                static_cast<double>(c.blocks), 0.02 * static_cast<double>(c.blocks));
  }
}

TEST(HashJoin, InMemoryPeakIsExact) {
  EXPECT_EQ((selfJoin(1000000, 131072).spacePeak + 1023) / 1024, 71669);
}

TEST(HashJoin, DoublesItsBatchesWhenTheEstimateWasTooLow) {
  sim::HashJoinInput input;
  input.size = sim::chooseHashTableSize({1000, 33, 4 << 20, true, 0});
  ASSERT_EQ(input.size.batches, 1);
  input.innerRows = 1000000;
  input.innerTupleBytes = 49;
  const sim::HashJoinCost cost = sim::hashJoinCost(input);
  EXPECT_EQ(cost.originalBatches, 1);
  EXPECT_EQ(cost.batches, 16);
}

TEST(HashJoin, EveryRowIsInOneBatch) {
  for (const std::int64_t parts : {1, 2, 512}) {
    std::int64_t sum = 0;
    for (const std::int64_t rows : sim::spreadRows(123457, parts, 5)) sum += rows;
    EXPECT_EQ(sum, 123457);
  }
}
