// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/interval.h"

#include <cstdlib>

#include "base/sim_time.h"
#include "base/text.h"

namespace console {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

std::optional<std::int64_t> unitMs(std::string_view unit) {
  const std::string name = base::lower(unit);
  if (name.starts_with("ms") || name.starts_with("millis")) return 1;
  if (name == "mon" || name.starts_with("month")) return 30 * kDayMs;
  if (name.starts_with("m")) return 60'000;
  if (name.starts_with("s")) return 1000;
  if (name.starts_with("h")) return 3'600'000;
  if (name.starts_with("d")) return kDayMs;
  if (name.starts_with("w")) return 7 * kDayMs;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> intervalMs(std::string_view text) {
  std::int64_t total = 0;
  bool any = false;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ') {
      ++i;
      continue;
    }
    const std::size_t end = std::min(text.find(' ', i), text.size());
    const std::string_view word = text.substr(i, end - i);
    if (word.find(':') != std::string_view::npos) {
      const auto clock = base::parseClock(word);
      if (!clock) return std::nullopt;
      total += clock.value();
      i = end;
    } else {
      const std::size_t digits = word.find_first_not_of("-0123456789.");
      if (digits == 0 || word.size() > 12) return std::nullopt;
      const double amount = std::strtod(std::string(word.substr(0, digits)).c_str(), nullptr);
      i = end;
      std::string_view unit =
          digits == std::string_view::npos ? std::string_view() : word.substr(digits);
      if (unit.empty()) {
        while (i < text.size() && text[i] == ' ') ++i;
        const std::size_t stop = std::min(text.find(' ', i), text.size());
        unit = i < text.size() ? text.substr(i, stop - i) : "s";
        i = stop;
      }
      const auto factor = unitMs(unit);
      if (!factor) return std::nullopt;
      total += static_cast<std::int64_t>(amount * static_cast<double>(*factor));
    }
    any = true;
  }
  return any ? std::optional(total) : std::nullopt;
}

std::string intervalText(std::int64_t ms) {
  std::string text;
  const bool negative = ms < 0;
  if (negative) ms = -ms;
  if (ms >= kDayMs)
    text = (negative ? "-" : "") + std::to_string(ms / kDayMs) +
           (ms / kDayMs == 1 ? " day " : " days ");
  if (negative) text += "-";
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::int64_t rest = ms % kDayMs;
  text += two(rest / 3'600'000) + ":" + two(rest / 60'000 % 60) + ":" + two(rest / 1000 % 60);
  if (rest % 1000 != 0) {
    std::string part = std::to_string(1000 + rest % 1000).substr(1);
    while (part.ends_with('0')) part.pop_back();
    text += "." + part;
  }
  return text;
}

std::optional<std::string> canonicalInterval(std::string_view text) {
  const auto ms = intervalMs(text);
  return ms ? std::optional(intervalText(*ms)) : std::nullopt;
}

std::optional<std::int64_t> timestampMs(std::string_view text) {
  if (text.size() < 19 || text[4] != '-') return std::nullopt;
  const auto day = base::parseIso(std::string(text.substr(0, 10)) + "T00:00:00Z");
  const std::size_t zone = text.find('+', 19);
  const auto clock =
      base::parseClock(text.substr(11, (zone == std::string_view::npos ? text.size() : zone) - 11));
  if (!day || !clock) return std::nullopt;
  return day.value() + clock.value();
}

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
  const std::size_t end = std::min(text.find_first_not_of("0123456789.-"), text.size());
  if (end == 0 || end > 18) return std::nullopt;
  const double amount = std::strtod(std::string(text.substr(0, end)).c_str(), nullptr);
  const std::string unit = base::lower(base::trim(text.substr(end)));
  double factor = 1;
  for (const char* name : {"bytes", "kb", "mb", "gb", "tb", "pb"}) {
    if (unit == name || (unit.empty() && factor == 1) || (unit == "b" && factor == 1)) {
      const double value = amount * factor;
      if (value > 9.2e18 || value < -9.2e18) return std::nullopt;
      return static_cast<std::int64_t>(value);
    }
    factor *= 1024;
  }
  return std::nullopt;
}

}  // namespace console
