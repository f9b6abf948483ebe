// SPDX-License-Identifier: GPL-3.0-or-later
// The beginning of a vector as a vector of its own.
#pragma once

#include <cstddef>
#include <vector>

namespace base {

// count must not be larger than the vector.
template <typename Value>
[[nodiscard]] std::vector<Value> firstOf(const std::vector<Value>& all, std::size_t count) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace base
