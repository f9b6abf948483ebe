// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/difference.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/text.h"

namespace console {
namespace {

// A run of lines that differ: [from, to) of each side.
struct Change {
  std::size_t beforeFrom, beforeTo, afterFrom, afterTo;
};

constexpr std::size_t kTableLimit = 4'000'000;

using Lines = std::vector<std::string>;

// Longest common subsequence of the middles; beyond the limit the whole middle counts as changed.
std::vector<Change> changes(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t n = a.size() - head - tail, m = b.size() - head - tail;
  if (n == 0 && m == 0) return {};
  if (n * m > kTableLimit || n == 0 || m == 0) return {{head, head + n, head, head + m}};
  std::vector<std::uint32_t> table((n + 1) * (m + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return table[i * (m + 1) + j];
  };
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      at(i, j) =
          a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::vector<Change> result;
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[head + i] == b[head + j]) {
      ++i;
      ++j;
      continue;
    }
    Change change{head + i, head + i, head + j, head + j};
    while ((i < n || j < m) && !(i < n && j < m && a[head + i] == b[head + j])) {
      if (j >= m || (i < n && at(i + 1, j) >= at(i, j + 1))) {
        ++i;
      } else {
        ++j;
      }
    }
    change.beforeTo = head + i;
    change.afterTo = head + j;
    result.push_back(change);
  }
  return result;
}

std::string range(std::size_t from, std::size_t to) {
  if (to <= from + 1) return std::to_string(to > from ? from + 1 : from);
  return std::to_string(from + 1) + "," + std::to_string(to);
}

std::string unifiedRange(std::size_t from, std::size_t to) {
  const std::size_t count = to - from;
  const std::string start = std::to_string(count == 0 ? from : from + 1);
  return count == 1 ? start : start + "," + std::to_string(count);
}

}  // namespace

std::string normalDifference(std::string_view before, std::string_view after) {
  const Lines a = base::lines(before), b = base::lines(after);
  std::string text;
  for (const Change& change : changes(a, b)) {
    const bool removed = change.beforeTo > change.beforeFrom,
               added = change.afterTo > change.afterFrom;
    text += range(change.beforeFrom, change.beforeTo) +
            (removed && added ? "c"
             : removed        ? "d"
                              : "a") +
            range(change.afterFrom, change.afterTo) + "\n";
    for (std::size_t i = change.beforeFrom; i < change.beforeTo; ++i) text += "< " + a[i] + "\n";
    if (removed && added) text += "---\n";
    for (std::size_t j = change.afterFrom; j < change.afterTo; ++j) text += "> " + b[j] + "\n";
  }
  return text;
}

std::string unifiedDifference(std::string_view before, std::string_view after) {
  constexpr std::size_t kContext = 3;
  const Lines a = base::lines(before), b = base::lines(after);
  const auto all = changes(a, b);
  std::string text;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last + 1 < all.size() && all[last + 1].beforeFrom - all[last].beforeTo <= 2 * kContext)
      ++last;
    const std::size_t lead = std::min(kContext, all[first].beforeFrom);
    const std::size_t trail = std::min(kContext, a.size() - all[last].beforeTo);
    text += "@@ -" + unifiedRange(all[first].beforeFrom - lead, all[last].beforeTo + trail) + " +" +
            unifiedRange(all[first].afterFrom - lead, all[last].afterTo + trail) + " @@\n";
    std::size_t i = all[first].beforeFrom - lead;
    for (std::size_t c = first; c <= last; ++c) {
      for (; i < all[c].beforeFrom; ++i) text += " " + a[i] + "\n";
      for (; i < all[c].beforeTo; ++i) text += "-" + a[i] + "\n";
      for (std::size_t j = all[c].afterFrom; j < all[c].afterTo; ++j) text += "+" + b[j] + "\n";
    }
    for (const std::size_t end = i + trail; i < end; ++i) text += " " + a[i] + "\n";
    first = last + 1;
  }
  return text;
}

}  // namespace console
