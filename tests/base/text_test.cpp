// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>

using Texts = std::vector<std::string>;

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_EQ(base::split("a,b,,c", ','), (Texts{"a", "b", "", "c"}));
  EXPECT_EQ(base::split("", ','), (Texts{""}));
  EXPECT_EQ(base::split(",", ','), (Texts{"", ""}));
}

TEST(Text, LinesNeedNoLastNewline) {
  EXPECT_EQ(base::lines("a\nb\n"), (Texts{"a", "b"}));
  EXPECT_EQ(base::lines("a\nb"), (Texts{"a", "b"}));
  EXPECT_EQ(base::lines(""), Texts{});
  EXPECT_EQ(base::lines("\n\n"), (Texts{"", ""}));
}

TEST(Text, Trim) {
  EXPECT_EQ(base::trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(base::trim(" \t "), "");
  EXPECT_EQ(base::trim("a"), "a");
}

TEST(Text, CaseIsAsciiOnly) {
  EXPECT_EQ(base::lower("Work_MEM Ä"), "work_mem Ä");
  EXPECT_TRUE(base::equalsIgnoreCase("Shared_Buffers", "shared_buffers"));
  EXPECT_FALSE(base::equalsIgnoreCase("on", "one"));
}

TEST(Text, ContainsAndReplaceAll) {
  EXPECT_TRUE(base::contains("abcd", "bc"));
  EXPECT_TRUE(base::contains("abcd", ""));
  EXPECT_FALSE(base::contains("abcd", "db"));
  EXPECT_EQ(base::replaceAll("a''b'", "'", "''"), "a''''b''");
  EXPECT_EQ(base::replaceAll("aaa", "aa", "b"), "ba");
  EXPECT_EQ(base::replaceAll("abc", "", "x"), "abc");
}

TEST(Text, FixedPoint) {
  EXPECT_EQ(base::fixedText(3.14159, 2), "3.14");
  EXPECT_EQ(base::fixedText(-0.5, 0), "-0");
  EXPECT_EQ(base::fixedText(2.0, 3), "2.000");
  EXPECT_EQ(base::fixedText(1e300, 0).size(), 301U);
  EXPECT_EQ(base::fixedText(-std::numeric_limits<double>::max(), 2).size(), 313U);
}

TEST(Text, Grouped) {
  EXPECT_EQ(base::groupedText(12'345'678), "12,345,678");
  EXPECT_EQ(base::groupedText(-123), "-123");
  EXPECT_EQ(base::groupedText(-1'234, ' '), "-1 234");
  EXPECT_EQ(base::groupedText(0), "0");
  EXPECT_EQ(base::groupedText(std::numeric_limits<std::int64_t>::min()),
            "-9,223,372,036,854,775,808");
}

TEST(Text, Padding) {
  EXPECT_EQ(base::padLeft("7", 3), "  7");
  EXPECT_EQ(base::padRight("7", 3), "7  ");
  EXPECT_EQ(base::padLeft("1234", 3), "1234");
}

TEST(Text, NearestSuggestsOnlyWhatIsClose) {
  const Texts names = {"shared_buffers", "work_mem", "max_connections"};
  EXPECT_EQ(base::nearest("share_buffers", names), "shared_buffers");
  EXPECT_EQ(base::nearest("WORK_MEN", names), "work_mem");
  EXPECT_EQ(base::nearest("port", names), "");
  EXPECT_EQ(base::nearest("", {}), "");
}

TEST(Text, ValidUtf8) {
  for (const char* good :
       {"", "plain", "Grüße", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(base::validUtf8(good)) << good;
  }
  // A lone continuation, overlong forms, a surrogate, above U+10FFFF, cut short.
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFF"}) {
    EXPECT_FALSE(base::validUtf8(bad));
  }
}

TEST(Text, AsUtf8) {
  EXPECT_EQ(base::asUtf8("Grüße"), "Grüße");
  EXPECT_EQ(base::asUtf8("a\xFF\xC3\xA9z\n"), "a???z\n");
}
