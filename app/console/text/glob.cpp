// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/glob.h"

#include <algorithm>
#include <utility>
#include <vector>

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

// What stands for one byte, or "*", one after the other.
std::vector<std::string_view> elementsOf(std::string_view pattern) {
  std::vector<std::string_view> elements;
  while (!pattern.empty()) {
    std::size_t size = 1;
    if (pattern[0] == '\\' && pattern.size() > 1) size = 2;
    const std::size_t close = pattern.find(']', 2);
    if (pattern[0] == '[' && close != std::string_view::npos) size = close + 1;
    elements.push_back(pattern.substr(0, size));
    pattern.remove_prefix(size);
  }
  return elements;
}

// At which elements a pattern can stand after the bytes so far; one past the last: it took them
// all.
class GlobStates {
 public:
  explicit GlobStates(std::vector<std::string_view> elements)
      : m_elements(std::move(elements)), m_at(m_elements.size() + 1, false) {
    m_at[0] = true;
    passStars();
  }
  [[nodiscard]] bool taken() const { return m_at.back(); }
  // False: no piece that goes on like this is taken.
  bool take(char c) {
    std::vector<bool> next(m_at.size(), false);
    for (std::size_t i = 0; i < m_elements.size(); ++i) {
      if (!m_at[i]) continue;
      const bool star = m_elements[i] == "*";
      if (star || takes(m_elements[i], 0, c) > 0) next[star ? i : i + 1] = true;
    }
    m_at = std::move(next);
    passStars();
    return std::find(m_at.begin(), m_at.end(), true) != m_at.end();
  }

 private:
  void passStars() {
    for (std::size_t i = 0; i < m_elements.size(); ++i) {
      if (m_at[i] && m_elements[i] == "*") m_at[i + 1] = true;
    }
  }
  std::vector<std::string_view> m_elements;
  std::vector<bool> m_at;
};

}  // namespace

std::optional<std::size_t> globPiece(std::string_view pattern, std::string_view text, GlobEnd end,
                                     bool longest) {
  std::vector<std::string_view> elements = elementsOf(pattern);
  if (end == GlobEnd::Back) std::reverse(elements.begin(), elements.end());
  GlobStates states(std::move(elements));
  std::optional<std::size_t> found;
  if (states.taken()) found = 0;
  for (std::size_t i = 0; i < text.size() && (longest || !found); ++i) {
    if (!states.take(end == GlobEnd::Front ? text[i] : text[text.size() - 1 - i])) break;
    if (states.taken()) found = i + 1;
  }
  return found;
}

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
