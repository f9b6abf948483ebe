// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/uncleared_allocator.h"

#include <gtest/gtest.h>

#include <vector>

TEST(UnclearedAllocator, WhatIsGivenIsKept) {
  std::vector<int, base::UnclearedAllocator<int>> values(3, 7);
  values.push_back(8);
  values.resize(1000, 9);
  EXPECT_EQ(values[2], 7);
  EXPECT_EQ(values[3], 8);
  EXPECT_EQ(values[999], 9);
  const auto copy = values;
  EXPECT_EQ(copy, values);
}
