// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/progression.h"

#include <algorithm>
#include <numeric>

namespace console {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 62;

bool fits(WideSum value) {
  return value > -static_cast<WideSum>(kMost) && value < static_cast<WideSum>(kMost);
}

WideSum inner(const PlaceForm& form, std::int64_t t) {
  return static_cast<WideSum>(form.slope) * t + form.start;
}

// Every value the form passes through on so many rows fits.
bool sound(const PlaceForm& form, std::int64_t count) {
  if (!fits(inner(form, 0)) || !fits(inner(form, count - 1))) return false;
  for (const std::int64_t t : {std::int64_t{0}, count - 1}) {
    const WideSum base =
        form.remainder ? static_cast<WideSum>(form.divisor) : inner(form, t) / form.divisor;
    if (!fits(base * form.factor) || !fits(base * form.factor + form.shift)) return false;
  }
  return true;
}

std::optional<PlaceForm> ifSound(const PlaceForm& form, std::int64_t count) {
  if (!sound(form, count)) return std::nullopt;
  return form;
}

// The least remainder over t from 0 to count - 1: the least x such that some row's is at most x.
std::int64_t leastRemainder(std::int64_t slope, std::int64_t start, std::int64_t divisor,
                            std::int64_t count) {
  const std::int64_t a = slope % divisor, b = start % divisor;
  // Rows with (a t + b) % m <= x: those where adding m - 1 - x does not reach the next multiple.
  const auto some = [&](std::int64_t x) {
    return floorSum(count, divisor, a, b + divisor - 1 - x) - floorSum(count, divisor, a, b) <
           static_cast<WideSum>(count);
  };
  std::int64_t low = 0, high = divisor - 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (some(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

WideSum floorSum(std::int64_t n, std::int64_t m, std::int64_t a, std::int64_t b) {
  WideSum sum = 0;
  WideSum rows = n, divisor = m, slope = a, start = b;
  while (rows > 0) {
    sum += (rows - 1) * rows / 2 * (slope / divisor) + rows * (start / divisor);
    slope %= divisor;
    start %= divisor;
    const WideSum top = slope * rows + start;
    if (top < divisor) break;
    rows = top / divisor;
    start = top % divisor;
    std::swap(divisor, slope);
  }
  return sum;
}

std::int64_t PlaceForm::at(std::int64_t t) const {
  const std::int64_t dividend = slope * t + start;
  return factor * (remainder ? dividend % divisor : dividend / divisor) + shift;
}

std::int64_t PlaceForm::period() const {
  return divisor / std::gcd(slope, divisor);
}

std::pair<std::int64_t, std::int64_t> PlaceForm::range(std::int64_t count) const {
  std::int64_t a = at(0), b = at(count - 1);
  if (remainder && !constant()) {
    // Counted from the last row when the dividend falls; the greatest is the least of what is
    // missing to the divisor.
    const std::int64_t up = slope < 0 ? -slope : slope;
    const std::int64_t from = slope < 0 ? slope * (count - 1) + start : start;
    const std::int64_t least = leastRemainder(up, from, divisor, count);
    const std::int64_t down = (divisor - up % divisor) % divisor;
    const std::int64_t most =
        divisor - 1 - leastRemainder(down, divisor - 1 - from % divisor, divisor, count);
    a = factor * least + shift;
    b = factor * most + shift;
  }
  return {std::min(a, b), std::max(a, b)};
}

WideSum PlaceForm::sum(std::int64_t count) const {
  const WideSum rows = count;
  const WideSum linearly = rows * (rows - 1) / 2 * slope + rows * start;
  WideSum base = linearly;
  if (divisor != 1) {
    const std::int64_t up = slope < 0 ? -slope : slope;
    const std::int64_t from = slope < 0 ? slope * (count - 1) + start : start;
    const WideSum quotients = floorSum(count, divisor, up, from);
    base = remainder ? linearly - quotients * divisor : quotients;
  } else if (remainder) {
    base = 0;
  }
  return base * factor + rows * shift;
}

std::int64_t PlaceForm::crossing(std::int64_t bound, std::int64_t count) const {
  std::int64_t low = 0, high = count;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if ((at(middle) < bound) == rises()) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<PlaceForm> plusConstant(PlaceForm form, std::int64_t value, std::int64_t count) {
  if (!fits(value) || !fits(static_cast<WideSum>(form.shift) + value)) return std::nullopt;
  form.shift += value;
  return ifSound(form, count);
}

std::optional<PlaceForm> timesConstant(PlaceForm form, std::int64_t value, std::int64_t count) {
  if (!fits(value) || !fits(static_cast<WideSum>(form.shift) * value) ||
      !fits(static_cast<WideSum>(form.factor) * value)) {
    return std::nullopt;
  }
  form.shift *= value;
  form.factor *= value;
  return ifSound(form, count);
}

namespace {

// The same with factor 1 and shift 0; nothing: it is not linear.
std::optional<PlaceForm> straight(const PlaceForm& form, std::int64_t count) {
  if (form.constant()) {
    return ifSound({0, form.at(0), 1, 1, 0, false}, count);
  }
  if (!form.linear()) return std::nullopt;
  const WideSum slope = static_cast<WideSum>(form.slope) * form.factor;
  const WideSum start = static_cast<WideSum>(form.start) * form.factor + form.shift;
  if (!fits(slope) || !fits(start)) return std::nullopt;
  return ifSound(
      {static_cast<std::int64_t>(slope), static_cast<std::int64_t>(start), 1, 1, 0, false}, count);
}

bool positive(const PlaceForm& form, std::int64_t count) {
  return inner(form, 0) >= 0 && inner(form, count - 1) >= 0;
}

}  // namespace

std::optional<PlaceForm> plusForm(const PlaceForm& a, const PlaceForm& b, std::int64_t count) {
  if (b.constant()) return plusConstant(a, b.at(0), count);
  if (a.constant()) return plusConstant(b, a.at(0), count);
  const std::optional<PlaceForm> x = straight(a, count), y = straight(b, count);
  if (!x || !y) return std::nullopt;
  const WideSum slope = static_cast<WideSum>(x->slope) + y->slope;
  const WideSum start = static_cast<WideSum>(x->start) + y->start;
  if (!fits(slope) || !fits(start)) return std::nullopt;
  return ifSound(
      {static_cast<std::int64_t>(slope), static_cast<std::int64_t>(start), 1, 1, 0, false}, count);
}

std::optional<PlaceForm> quotient(PlaceForm form, std::int64_t divisor, std::int64_t count) {
  if (divisor <= 0 || divisor >= kMost) return std::nullopt;
  if (const std::optional<PlaceForm> line = straight(form, count)) {
    if (!positive(*line, count)) return std::nullopt;
    form = *line;
  } else if (form.remainder || form.factor != 1 || form.shift < 0) {
    return std::nullopt;
  }
  // (x / d + s) / e = (x + s d) / (d e)
  const WideSum start = static_cast<WideSum>(form.shift) * form.divisor + form.start;
  const WideSum whole = static_cast<WideSum>(form.divisor) * divisor;
  if (!fits(start) || !fits(whole)) return std::nullopt;
  form.start = static_cast<std::int64_t>(start);
  form.divisor = static_cast<std::int64_t>(whole);
  form.shift = 0;
  return ifSound(form, count);
}

std::optional<PlaceForm> remainder(PlaceForm form, std::int64_t divisor, std::int64_t count) {
  const std::optional<PlaceForm> line = straight(form, count);
  if (divisor <= 0 || divisor >= kMost || !line || !positive(*line, count)) return std::nullopt;
  form = *line;
  form.divisor = divisor;
  form.remainder = true;
  return ifSound(form, count);
}

}  // namespace console
