// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/quantity.h"

#include <array>
#include <charconv>
#include <string>

#include "base/text.h"

namespace base {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kKiB = 1024.0;
constexpr std::array<Unit, 9> kByteUnits = {{{"B", 1},
                                             {"kB", kKiB},
                                             {"KiB", kKiB},
                                             {"MB", kKiB* kKiB},
                                             {"MiB", kKiB* kKiB},
                                             {"GB", kKiB* kKiB* kKiB},
                                             {"GiB", kKiB* kKiB* kKiB},
                                             {"TB", kKiB* kKiB* kKiB* kKiB},
                                             {"TiB", kKiB* kKiB* kKiB* kKiB}}};
constexpr std::array<Unit, 6> kTimeUnits = {{{"us", 1},
                                             {"ms", 1e3},
                                             {"s", 1e6},
                                             {"min", 60e6},
                                             {"h", 3600e6},
                                             {"d", 86400e6}}};

template <std::size_t N>
Result<double> parseWith(std::string_view text, const std::array<Unit, N>& units,
                         const char* expected) {
  const Error error{"bad-quantity", "",
                    "found \"" + std::string(text.substr(0, 40)) + "\", expected " + expected};
  const std::string_view body = trim(text);
  double number = 0;
  const auto [end, code] = std::from_chars(body.data(), body.data() + body.size(), number,
                                           std::chars_format::fixed);
  if (code != std::errc() || number < 0 || !(number < 1e15)) return error;
  const std::string_view unit =
      trim(body.substr(static_cast<std::size_t>(end - body.data())));
  for (const Unit& candidate : units) {
    if (unit == candidate.name) return number * candidate.factor;
  }
  return error;
}

Result<std::int64_t> whole(const Result<double>& value) {
  if (!value) return value.error();
  if (value.value() > 9e17) return Error{"bad-quantity", "", "the quantity is too large"};
  return static_cast<std::int64_t>(value.value() + 0.5);
}

}  // namespace

Result<std::int64_t> parseBytes(std::string_view text) {
  return whole(parseWith(text, kByteUnits, "a size with a unit (B, kB, MB, GB, TB) such as \"64GB\""));
}

Result<std::int64_t> parseDurationUs(std::string_view text) {
  return whole(parseWith(text, kTimeUnits,
                         "a duration with a unit (us, ms, s, min, h, d) such as \"15s\""));
}

Result<double> parsePercent(std::string_view text) {
  constexpr std::array<Unit, 1> kPercent = {{{"%", 0.01}}};
  const Result<double> share = parseWith(text, kPercent, "a percentage such as \"60%\"");
  if (share && share.value() > 1.0) {
    return Error{"bad-quantity", "", "found \"" + std::string(text.substr(0, 40)) +
                                         "\", expected a percentage from 0% to 100%"};
  }
  return share;
}

}  // namespace base
