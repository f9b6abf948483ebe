// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/glob.h"

#include <gtest/gtest.h>

namespace {

using console::globMatches;

TEST(Glob, StarsMarksAndSets) {
  EXPECT_TRUE(globMatches("*.conf", "a.conf"));
  EXPECT_FALSE(globMatches("*.conf", "a.config"));
  EXPECT_TRUE(globMatches("pg_?*", "pg_hba"));
  EXPECT_TRUE(globMatches("[a-c]x", "bx"));
  EXPECT_FALSE(globMatches("[!a-c]x", "bx"));
  EXPECT_TRUE(globMatches("a[b", "a[b"));
  EXPECT_TRUE(globMatches("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(globMatches("", "x"));
}

}  // namespace
