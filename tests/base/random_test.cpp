// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <gtest/gtest.h>

// Published known-answer vectors of Philox4x32-10 (Random123, kat_vectors).
TEST(Random, PhiloxMatchesThePublishedVectors) {
  EXPECT_EQ(base::philox4x32({0, 0, 0, 0}, {0, 0}),
            (base::PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(
      base::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
      (base::PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      base::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (base::PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, UniformStaysInRange) {
  for (int i = 0; i < 1000; ++i) {
    const double u = base::uniform(7, base::Stream::Noise, i);
    EXPECT_GE(u, 0.0);
    EXPECT_LT(u, 1.0);
    EXPECT_LT(base::below(10, 7, base::Stream::Noise, i), 10U);
  }
}

TEST(Random, APairIsBothHalvesOfABlock) {
  const auto block =
      base::philox4x32({5, 0, 3, static_cast<std::uint32_t>(base::Stream::Noise)}, {9, 0});
  const base::DrawPair pair = base::drawPair(9, base::Stream::Noise, 5, 3);
  EXPECT_EQ(pair.first, base::draw64(9, base::Stream::Noise, 5, 3));
  EXPECT_EQ(pair.first, (static_cast<std::uint64_t>(block[0]) << 32) | block[1]);
  EXPECT_EQ(pair.second, (static_cast<std::uint64_t>(block[2]) << 32) | block[3]);
  EXPECT_EQ(base::uniformFrom(pair.first), base::uniform(9, base::Stream::Noise, 5, 3));
}
