// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/config_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string numbered(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

const std::string kHead =
    "diff --git a/etc/x.conf b/etc/x.conf\n--- a/etc/x.conf\n+++ b/etc/x.conf\n";

}  // namespace

TEST(ConfigDiff, EqualFilesHaveNone) {
  EXPECT_EQ(sim::unifiedDiff("/etc/x.conf", "a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(sim::unifiedDiff("/etc/x.conf", "", ""), "");
}

TEST(ConfigDiff, OneChangedLineHasThreeLinesAround) {
  EXPECT_EQ(
      sim::unifiedDiff("/etc/x.conf", numbered(1, 5) + "shared_buffers = 16GB\n" + numbered(6, 9),
                       numbered(1, 5) + "shared_buffers = 44GB\n" + numbered(6, 9)),
      kHead +
          "@@ -3,7 +3,7 @@\n line 3\n line 4\n line 5\n-shared_buffers = 16GB\n"
          "+shared_buffers = 44GB\n line 6\n line 7\n line 8\n");
}

TEST(ConfigDiff, AtBothEnds) {
  EXPECT_EQ(sim::unifiedDiff("/etc/x.conf", "", "a\nb\n"), kHead + "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(sim::unifiedDiff("/etc/x.conf", "a\nb\n", ""), kHead + "@@ -1,2 +0,0 @@\n-a\n-b\n");
  EXPECT_EQ(sim::unifiedDiff("/etc/x.conf", "a\n", "a\nb\n"), kHead + "@@ -1,1 +1,2 @@\n a\n+b\n");
}

TEST(ConfigDiff, DistantChangesAreHunksOfTheirOwnAndNearOnesAreNot) {
  const std::string near = sim::unifiedDiff("/etc/x.conf", "a\n" + numbered(1, 6) + "b\n",
                                            "A\n" + numbered(1, 6) + "B\n");
  EXPECT_EQ(near, kHead +
                      "@@ -1,8 +1,8 @@\n-a\n+A\n line 1\n line 2\n line 3\n line 4\n line 5\n"
                      " line 6\n-b\n+B\n");
  const std::string far = sim::unifiedDiff("/etc/x.conf", "a\n" + numbered(1, 7) + "b\n",
                                           "A\n" + numbered(1, 7) + "B\n");
  EXPECT_EQ(far, kHead +
                     "@@ -1,4 +1,4 @@\n-a\n+A\n line 1\n line 2\n line 3\n"
                     "@@ -6,4 +6,4 @@\n line 5\n line 6\n line 7\n-b\n+B\n");
}

TEST(ConfigDiff, LineNumbersFollowEarlierInsertions) {
  const std::string text =
      sim::unifiedDiff("/etc/x.conf", numbered(1, 20), "new\n" + numbered(1, 19) + "last\n");
  EXPECT_EQ(text, kHead +
                      "@@ -1,3 +1,4 @@\n+new\n line 1\n line 2\n line 3\n"
                      "@@ -17,4 +18,4 @@\n line 17\n line 18\n line 19\n-line 20\n+last\n");
}

TEST(ConfigDiff, HugeFilesBecomeOneBlock) {
  const std::string text = sim::unifiedDiff("/etc/x.conf", numbered(1, 3000), numbered(5001, 8000));
  EXPECT_TRUE(text.starts_with(kHead + "@@ -1,3000 +1,3000 @@\n-line 1\n"));
}
