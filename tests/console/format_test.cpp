// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/format.h"

#include <gtest/gtest.h>

namespace {

using namespace console;

std::string formatted(std::string_view format, std::vector<std::string> values) {
  FormatArguments arguments;
  arguments.count = values.size();
  arguments.text = [&](std::size_t i) { return values[i]; };
  arguments.number = [&](std::size_t i) { return leadingDouble(values[i]); };
  std::size_t next = 0;
  return formatText(format, arguments, next);
}

TEST(Format, AsPrintf) {
  EXPECT_EQ(formatted("%d|%5d|%-5d|%05d|%+d", {"1", "2", "3", "4", "5"}), "1|    2|3    |00004|+5");
  EXPECT_EQ(formatted("%s|%5s|%-3s|%.2s", {"a", "b", "c", "defg"}), "a|    b|c  |de");
  EXPECT_EQ(formatted("%.2f %e %g %x %X %o", {"3.14159", "1500", "0.0001", "255", "255", "8"}),
            "3.14 1.500000e+03 0.0001 ff FF 10");
  EXPECT_EQ(formatted("%*d%%", {"4", "7"}), "   7%");
  EXPECT_EQ(formatted("%z %", {}), "%z %");
}

TEST(Format, Escapes) {
  EXPECT_EQ(unescapedText("a\\tb\\n\\\\c\\q\\101"), "a\tb\n\\c\\qA");
}

TEST(Format, LeadingNumbers) {
  std::size_t used = 9;
  EXPECT_EQ(leadingDouble(" -12.5kB", &used), -12.5);
  EXPECT_EQ(used, 6u);
  EXPECT_EQ(leadingDouble("abc", &used), 0);
  EXPECT_EQ(used, 0u);
  EXPECT_EQ(generalText(1.0 / 3, 6), "0.333333");
}

}  // namespace
