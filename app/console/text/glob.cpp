// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/glob.h"

#include <cstddef>

namespace console {
namespace {

// Length of the pattern's element at p that takes the byte c; 0 when it does not.
std::size_t takes(std::string_view pattern, std::size_t p, char c) {
  if (p >= pattern.size()) return 0;
  if (pattern[p] == '?') return 1;
  if (pattern[p] == '\\' && p + 1 < pattern.size()) return pattern[p + 1] == c ? 2 : 0;
  const std::size_t close = pattern.find(']', p + 2);
  if (pattern[p] != '[' || close == std::string_view::npos) return pattern[p] == c ? 1 : 0;
  std::size_t i = p + 1;
  const bool inverted = pattern[i] == '!' || pattern[i] == '^';
  if (inverted) ++i;
  bool found = false;
  for (; i < close; ++i) {
    if (i + 2 < close && pattern[i + 1] == '-') {
      found = found || (pattern[i] <= c && c <= pattern[i + 2]);
      i += 2;
    } else {
      found = found || pattern[i] == c;
    }
  }
  return found != inverted ? close + 1 - p : 0;
}

}  // namespace

bool globMatches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (const std::size_t length = takes(pattern, p, name[n]); length > 0) {
      p += length;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace console
