// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions as grep, sed and PostgreSQL's ~ operator need them, matched in time linear in
// the text whatever the pattern (a set of threads, no backtracking), so that nothing typed can
// hang.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace console {

enum class PatternSyntax : std::uint8_t { Basic, Extended, Fixed };

constexpr std::size_t kPatternGroups = 10;
// Where groups 0 to 9 matched: begin and end, npos when the group took no part.
struct PatternMatch {
  std::array<std::size_t, 2 * kPatternGroups> at{};
  [[nodiscard]] std::size_t begin() const { return at[0]; }
  [[nodiscard]] std::size_t end() const { return at[1]; }
};

class Pattern {
 public:
  // Error "bad-pattern" with the message GNU grep would print.
  static base::Result<Pattern> make(std::string_view text, PatternSyntax syntax, bool ignoreCase);
  // The leftmost match at or after from.
  [[nodiscard]] std::optional<PatternMatch> find(std::string_view text, std::size_t from = 0) const;
  [[nodiscard]] bool matches(std::string_view text) const { return find(text).has_value(); }

 private:
  friend class PatternParser;
  friend class PatternThreads;
  enum class Op : std::uint8_t { Byte, Any, Class, Split, Jump, Save, Begin, End, WordEdge, Match };
  struct Step {
    Op op = Op::Match;
    std::uint32_t first = 0, second = 0;  // targets of Split and Jump, slot of Save, class, byte
  };
  using ByteSet = std::array<bool, 256>;
  std::vector<Step> m_program;
  std::vector<ByteSet> m_sets;
  bool m_ignoreCase = false;
};

}  // namespace console
