// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/config_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

struct Step {
  char kind;         // ' ', '-', '+'
  std::size_t line;  // in before for ' ' and '-', in after for '+'
};

// Longest common subsequence after cutting equal ends; configuration files are small, but what a
// person pastes may not be, so very large middles become one block of removals and additions.
std::vector<Step> compare(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t n = a.size() - head - tail;
  const std::size_t m = b.size() - head - tail;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', i});
  std::size_t i = 0;
  std::size_t j = 0;
  if (n * m <= 4'000'000) {
    std::vector<std::uint32_t> table((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t x, std::size_t y) -> std::uint32_t& {
      return table[x * (m + 1) + y];
    };
    for (std::size_t x = n; x-- > 0;) {
      for (std::size_t y = m; y-- > 0;) {
        at(x, y) = a[head + x] == b[head + y] ? at(x + 1, y + 1) + 1
                                              : std::max(at(x + 1, y), at(x, y + 1));
      }
    }
    while (i < n && j < m) {
      if (a[head + i] == b[head + j]) {
        steps.push_back({' ', head + i});
        ++i;
        ++j;
      } else if (at(i + 1, j) >= at(i, j + 1)) {
        steps.push_back({'-', head + i++});
      } else {
        steps.push_back({'+', head + j++});
      }
    }
  }
  while (i < n) steps.push_back({'-', head + i++});
  while (j < m) steps.push_back({'+', head + j++});
  for (std::size_t k = 0; k < tail; ++k) steps.push_back({' ', a.size() - tail + k});
  return steps;
}

constexpr std::size_t kContext = 3;

}  // namespace

std::string unifiedDiff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines a = base::lines(before);
  const Lines b = base::lines(after);
  const std::vector<Step> steps = compare(a, b);
  const std::string name(path.starts_with('/') ? path.substr(1) : path);
  std::string text =
      "diff --git a/" + name + " b/" + name + "\n--- a/" + name + "\n+++ b/" + name + "\n";
  std::size_t lineA = 0;
  std::size_t lineB = 0;
  for (std::size_t at = 0; at < steps.size();) {
    if (steps[at].kind == ' ') {
      ++at, ++lineA, ++lineB;
      continue;
    }
    // A hunk: from three lines before this change to three after the last one close to it.
    const std::size_t from = at - std::min(at, kContext);
    std::size_t to = at;
    std::size_t calm = 0;
    while (to < steps.size() && calm <= 2 * kContext) calm = steps[to++].kind == ' ' ? calm + 1 : 0;
    to -= calm > kContext ? calm - kContext : 0;
    const std::size_t startA = lineA - (at - from);
    const std::size_t startB = lineB - (at - from);
    std::string body;
    std::size_t countA = 0;
    std::size_t countB = 0;
    for (std::size_t s = from; s < to; ++s) {
      body += steps[s].kind;
      body += (steps[s].kind == '+' ? b : a)[steps[s].line] + "\n";
      countA += steps[s].kind != '+' ? 1 : 0;
      countB += steps[s].kind != '-' ? 1 : 0;
    }
    text += "@@ -" + std::to_string(startA + (countA > 0 ? 1 : 0)) + "," + std::to_string(countA) +
            " +" + std::to_string(startB + (countB > 0 ? 1 : 0)) + "," + std::to_string(countB) +
            " @@\n" + body;
    lineA = startA + countA;
    lineB = startB + countB;
    at = to;
  }
  return text;
}

}  // namespace sim
