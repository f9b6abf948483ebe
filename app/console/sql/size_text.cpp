// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/size_text.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/query/numeric.h"

namespace console {

std::string prettySize(std::int64_t bytes) {
  const bool negative = bytes < 0;
  std::int64_t size = negative ? (bytes == INT64_MIN ? INT64_MAX : -bytes) : bytes;
  std::string unit = "bytes";
  if (size >= 10 * 1024) {
    std::int64_t half = size / 512;  // keeps one more bit for rounding
    unit = "kB";
    for (const char* next : {"MB", "GB", "TB", "PB"}) {
      if (half < 2 * 10 * 1024 - 1) break;
      half /= 1024;
      unit = next;
    }
    size = (half + 1) / 2;
  }
  return (negative ? "-" : "") + std::to_string(size) + " " + unit;
}

std::optional<std::int64_t> sizeBytes(std::string_view text) {
  text = base::trim(text);
  const std::size_t end = std::min(text.find_first_not_of("+0123456789.-"), text.size());
  if (end == 0 || end > 18) return std::nullopt;
  const std::optional<Numeric> amount = Numeric::parse(text.substr(0, end));
  if (!amount) return std::nullopt;
  const std::string unit = base::lower(base::trim(text.substr(end)));
  Numeric factor(1);
  bool first = true;
  for (const char* name : {"bytes", "kb", "mb", "gb", "tb", "pb"}) {
    if (unit == name || (first && (unit.empty() || unit == "b"))) {
      return amount->times(factor).toInteger();
    }
    factor = factor.times(Numeric(1024));
    first = false;
  }
  return std::nullopt;
}

}  // namespace console
