// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/glob.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/random.h"

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

// The pieces at one end, tried one by one.
std::optional<std::size_t> triedOneByOne(const std::string& pattern, const std::string& text,
                                         console::GlobEnd end, bool longest) {
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::size_t length = longest ? text.size() - i : i;
    const bool front = end == console::GlobEnd::Front;
    if (globMatches(pattern,
                    std::string_view(text).substr(front ? 0 : text.size() - length, length)))
      return length;
  }
  return std::nullopt;
}

TEST(Glob, PiecesAreThoseFoundByTryingAll) {
  constexpr std::string_view kBytes = "ab*?[a-b]\\!";
  for (std::int64_t i = 0; i < 20'000; ++i) {
    std::uint32_t draw = 0;
    const auto bytes = [&](std::size_t most, std::string_view from) {
      std::string text(base::below(most, 3, base::Stream::Noise, i, draw++), ' ');
      for (char& c : text) c = from[base::below(from.size(), 3, base::Stream::Noise, i, draw++)];
      return text;
    };
    const std::string pattern = bytes(8, kBytes);
    const std::string text = bytes(10, "abb*[");
    for (const auto end : {console::GlobEnd::Front, console::GlobEnd::Back}) {
      for (const bool longest : {false, true}) {
        ASSERT_EQ(console::globPiece(pattern, text, end, longest),
                  triedOneByOne(pattern, text, end, longest))
            << pattern << " on " << text << (longest ? ", longest" : ", shortest");
      }
    }
  }
}

}  // namespace
