// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sim/execution/logical_tapes.h"

TEST(LogicalTapes, ATapeAloneReservesBlocksAheadButWritesOnlyItsOwn) {
  sim::LogicalTapes tapes;
  sim::LogicalTapes::Tape tape;
  for (int i = 0; i < 8176; ++i) tapes.write(tape, 10);
  tapes.rewind(tape);
  EXPECT_EQ(tapes.blocksWritten(), 10);
  EXPECT_EQ(tapes.fileBlocks(), 10);
  tapes.read(tape);
  EXPECT_EQ(tapes.blocksRead(), 10);
}

TEST(LogicalTapes, TapesSideBySideFillTheGapsBetweenThemWithZeros) {
  sim::LogicalTapes tapes;
  sim::LogicalTapes::Tape first, second;
  tapes.write(first, 100);
  tapes.write(second, 100);  // its first block is the ninth: eight are reserved
  tapes.rewind(second);
  EXPECT_EQ(tapes.fileBlocks(), 9);
  EXPECT_EQ(tapes.blocksWritten(), 9);
  tapes.rewind(first);
  EXPECT_EQ(tapes.blocksWritten(), 10);
}

TEST(LogicalTapes, FreedBlocksAreUsedAgain) {
  sim::LogicalTapes tapes;
  for (int round = 0; round < 5; ++round) {
    sim::LogicalTapes::Tape tape;
    tapes.write(tape, 8176 * 4);
    tapes.rewind(tape);
    tapes.read(tape);
  }
  EXPECT_EQ(tapes.fileBlocks(), 4);
  EXPECT_EQ(tapes.blocksWritten(), 20);
}
