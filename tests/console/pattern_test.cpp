// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/pattern.h"

#include <gtest/gtest.h>

namespace {

using console::Pattern;
using console::PatternSyntax;

// The part of text that matches, "-" for none, or the complaint.
std::string found(std::string_view pattern, std::string_view text,
                  PatternSyntax syntax = PatternSyntax::Extended, bool ignoreCase = false) {
  const auto made = Pattern::make(pattern, syntax, ignoreCase);
  if (!made) return made.error().message;
  const auto match = made.value().find(text);
  return match ? std::string(text.substr(match->begin(), match->end() - match->begin())) : "-";
}

TEST(Pattern, Extended) {
  EXPECT_EQ(found("oom|killed process", "x killed process 4"), "killed process");
  EXPECT_EQ(found("a|b|cd", "xcd"), "cd");
  EXPECT_EQ(found("x*(a|b)+y?", "xxabay"), "xxabay");
  EXPECT_EQ(found("^(ab)*$", "ababab"), "ababab");
  EXPECT_EQ(found("^(ab)*$", "ababa"), "-");
  EXPECT_EQ(found("[0-9]{2,3}", "1 12345"), "123");
  EXPECT_EQ(found("[^a-c]+", "abcxyz"), "xyz");
  EXPECT_EQ(found("[[:space:]]\\d+\\b", "a 42."), " 42");
  EXPECT_EQ(found("\\bmem\\b", "members mem"), "mem");
  EXPECT_EQ(found("KILLED", "killed", PatternSyntax::Extended, true), "killed");
  EXPECT_EQ(found("", "abc"), "");
}

TEST(Pattern, BasicAndFixed) {
  EXPECT_EQ(found("a+(b)", "a+(b)", PatternSyntax::Basic), "a+(b)");
  EXPECT_EQ(found("oom\\|kill", "a kill", PatternSyntax::Basic), "kill");
  EXPECT_EQ(found("\\(a\\)\\{2\\}", "caa", PatternSyntax::Basic), "aa");
  EXPECT_EQ(found("a.c", "abc a.c", PatternSyntax::Fixed), "a.c");
}

TEST(Pattern, Groups) {
  const auto made = Pattern::make("(\\w+) = (\\w+)", PatternSyntax::Extended, false);
  ASSERT_TRUE(made.ok());
  const std::string text = "work_mem = 16MB";
  const auto match = made.value().find(text);
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(text.substr(match->at[4], match->at[5] - match->at[4]), "16MB");
}

TEST(Pattern, RefusesAndStaysBounded) {
  EXPECT_EQ(found("(a", "a"), "Unmatched ( or \\(");
  EXPECT_EQ(found("[a", "a"), "Unmatched [, [^, [:, [., or [=");
  EXPECT_EQ(found("a\\", "a"), "Trailing backslash");
  EXPECT_EQ(found("((a{200}){200}){200}", "a"), "Regular expression too big");
  // Exponential for a backtracking matcher.
  EXPECT_EQ(found("(a*)*b", std::string(5000, 'a')), "-");
  EXPECT_EQ(found("(a|aa)+$", std::string(5000, 'a') + "b"), "-");
}

}  // namespace
