// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sim/execution/allocation.h"

TEST(Allocation, ChunksOfAnAllocSetArePowersOfTwoWithAHeader) {
  EXPECT_EQ(sim::allocSetChunk(1), 24);
  EXPECT_EQ(sim::allocSetChunk(49), 80);
  EXPECT_EQ(sim::allocSetChunk(64), 80);
  EXPECT_EQ(sim::allocSetChunk(9001), 9024);
  EXPECT_EQ(sim::generationChunk(49), 80);
}

TEST(Allocation, FourHundredThousandGroupsTakeWhatARealContextTook) {
  // "ExprContext: 33554432 total in 14 blocks", 80 bytes for each group, work_mem 256 MB.
  sim::GrowingBlocks blocks(sim::workContextLargestBlock(256 << 20));
  for (int i = 0; i < 400000; ++i) blocks.add(80);
  EXPECT_EQ(blocks.allocated(), 33554432);
  EXPECT_EQ(blocks.blocks(), 14);
}

TEST(Allocation, TheLargestBlockIsASixteenthOfWorkMem) {
  EXPECT_EQ(sim::workContextLargestBlock(64 << 10), 8192);
  EXPECT_EQ(sim::workContextLargestBlock(64 << 20), 4 << 20);
  EXPECT_EQ(sim::workContextLargestBlock(std::int64_t{1} << 40), 8 << 20);
}
