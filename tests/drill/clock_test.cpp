// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/clock.h"

#include <gtest/gtest.h>

using drill::Clock;

TEST(Clock, StandsStillUntilStarted) {
  Clock clock(base::minutes(5));
  EXPECT_TRUE(clock.paused());
  EXPECT_EQ(clock.advance(1'000'000), base::minutes(5));
}

TEST(Clock, MovesAtItsSpeedWithoutLosingFractions) {
  Clock clock;
  clock.setPaused(false);
  for (int frame = 0; frame < 3000; ++frame) clock.advance(333);
  EXPECT_EQ(clock.target().ms, 999);
  clock.setSpeed(60);
  EXPECT_EQ(clock.advance(1'000'000).ms, 999 + 60'000);
}

TEST(Clock, ClampsSpeedAndRefusesToRunBackwards) {
  Clock clock;
  clock.setPaused(false);
  clock.setSpeed(0);
  EXPECT_EQ(clock.speed(), 1);
  clock.setSpeed(100'000);
  EXPECT_EQ(clock.speed(), 600);
  EXPECT_EQ(clock.advance(-5'000'000).ms, 0);
}

TEST(Clock, JumpForgetsTheFractionBefore) {
  Clock clock;
  clock.setPaused(false);
  clock.advance(999);
  clock.jumpTo(base::seconds(10));
  EXPECT_EQ(clock.advance(1).ms, 10'000);
}
