// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that stand in arithmetic progression, and whole numbers that follow from a row's place in
// closed form: their ends, sums and equal parts, without going through the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"

namespace console {

__extension__ using WideSum = __int128;

// Rows first, first + step, ..., so many of them; step > 0.
struct Progression {
  std::int64_t first = 0, step = 1, count = 0;
  // Its rows number from, from + every, ..., so many of them.
  [[nodiscard]] Progression part(std::int64_t from, std::int64_t every, std::int64_t many) const {
    return {first + step * from, step * every, many};
  }
};

// factor * (slope * t + start) / divisor + shift at the t-th row, or the same with % for /;
// division as C has it, which asks that the dividend is nowhere below zero unless the divisor is 1.
struct PlaceForm {
  std::int64_t slope = 0, start = 0, divisor = 1;
  std::int64_t factor = 1, shift = 0;
  bool remainder = false;

  [[nodiscard]] std::int64_t at(std::int64_t t) const;
  [[nodiscard]] bool constant() const { return slope == 0 || factor == 0; }
  [[nodiscard]] bool linear() const { return !remainder && divisor == 1; }
  [[nodiscard]] bool rises() const { return (slope > 0) == (factor > 0); }
  // Rows after which a remainder comes again.
  [[nodiscard]] std::int64_t period() const;
  // Over so many rows; at least one.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> range(std::int64_t count) const;
  [[nodiscard]] WideSum sum(std::int64_t count) const;
  // Of no remainder: how many rows come before the value passes bound on its way up or down:
  // rows with at() < bound when it rises, with at() >= bound when it falls.
  [[nodiscard]] std::int64_t crossing(std::int64_t bound, std::int64_t count) const;
};

// The sum of (a t + b) / m over t from 0 to n - 1, rounded down; a, b >= 0, m > 0.
[[nodiscard]] WideSum floorSum(std::int64_t n, std::int64_t m, std::int64_t a, std::int64_t b);

// Forms of results, over so many rows; nothing: outside of 62 bits, or not of this form.
[[nodiscard]] std::optional<PlaceForm> plusConstant(PlaceForm form, std::int64_t value,
                                                    std::int64_t count);
[[nodiscard]] std::optional<PlaceForm> timesConstant(PlaceForm form, std::int64_t value,
                                                     std::int64_t count);
[[nodiscard]] std::optional<PlaceForm> plusForm(const PlaceForm& a, const PlaceForm& b,
                                                std::int64_t count);
[[nodiscard]] std::optional<PlaceForm> quotient(PlaceForm form, std::int64_t divisor,
                                                std::int64_t count);
[[nodiscard]] std::optional<PlaceForm> remainder(PlaceForm form, std::int64_t divisor,
                                                 std::int64_t count);

}  // namespace console
