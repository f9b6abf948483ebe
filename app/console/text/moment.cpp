// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/moment.h"

#include "base/sim_time.h"
#include "base/text.h"
#include "console/options.h"

namespace console {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace

std::optional<std::int64_t> momentFrom(const std::string& text, std::int64_t nowMs) {
  const std::int64_t midnight = nowMs / kDayMs * kDayMs;
  if (text == "now") return nowMs;
  if (text.starts_with('@')) {
    const std::int64_t seconds = numberOr(text.substr(1), -1, 0, 253'402'300'799);
    return seconds < 0 ? std::nullopt : std::optional(seconds * 1000);
  }
  if (text == "today") return midnight;
  if (text == "yesterday") return midnight - kDayMs;
  if (const auto clock = base::parseClock(text)) return midnight + clock.value();
  if (text.size() > 11 && text[4] == '-') {
    const auto day = base::parseIso(text.substr(0, 10) + "T00:00:00Z");
    const auto clock = base::parseClock(text.substr(11));
    if (day && clock) return day.value() + clock.value();
  }
  if (text.size() == 10) {
    if (const auto day = base::parseIso(text + "T00:00:00Z")) return day.value();
  }
  const std::string rest = text.starts_with("-") ? text.substr(1) : text;
  const std::size_t end = rest.find_first_not_of("0123456789");
  if (end == 0 || end == std::string::npos) return std::nullopt;
  const std::int64_t amount = numberOr(rest.substr(0, end), 0, 0, 10'000'000);
  std::string unit(base::trim(rest.substr(end)));
  if (unit.ends_with(" ago")) unit = unit.substr(0, unit.size() - 4);
  const std::int64_t factor = unit.starts_with("h")   ? 3600
                              : unit.starts_with("m") ? 60
                              : unit.starts_with("s") ? 1
                              : unit.starts_with("d") ? 86'400
                              : unit.starts_with("w") ? 7 * 86'400
                                                      : 0;
  if (factor == 0) return std::nullopt;
  return nowMs - amount * factor * 1000;
}

}  // namespace console
