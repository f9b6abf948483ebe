// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated time: integer milliseconds since the scenario's start, and its reading as a wall clock
// (proleptic Gregorian calendar, UTC only, no leap seconds). Never the real clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

struct SimTime {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const SimTime&) const = default;
  [[nodiscard]] constexpr std::int64_t seconds() const { return ms / 1000; }
};
constexpr SimTime operator+(SimTime a, SimTime b) {
  return {a.ms + b.ms};
}
constexpr SimTime operator-(SimTime a, SimTime b) {
  return {a.ms - b.ms};
}
constexpr SimTime seconds(std::int64_t s) {
  return {s * 1000};
}
constexpr SimTime minutes(std::int64_t m) {
  return {m * 60'000};
}

// A civil date and time of day, UTC.
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  bool operator==(const CivilTime&) const = default;
};

// Milliseconds since 1970-01-01T00:00:00Z and back; exact for years 1 to 9999.
[[nodiscard]] std::int64_t toUnixMs(const CivilTime& civil);
[[nodiscard]] CivilTime fromUnixMs(std::int64_t unixMs);

// "10:45:00"; "2024-05-07 10:45:00.123 UTC" (PostgreSQL's %m); "2024-05-07T10:45:00.123Z".
[[nodiscard]] std::string clockText(std::int64_t unixMs);
[[nodiscard]] std::string logTimeText(std::int64_t unixMs);
[[nodiscard]] std::string isoText(std::int64_t unixMs);
// "Tue May  7 10:45:00 2024" (kernel log, ctime); "May 07 10:45:00" (journal).
[[nodiscard]] std::string ctimeText(std::int64_t unixMs);
[[nodiscard]] std::string journalTimeText(std::int64_t unixMs);

// Reads "HH:MM" or "HH:MM:SS[.mmm]" into milliseconds since midnight; error "bad-time".
[[nodiscard]] Result<std::int64_t> parseClock(std::string_view text);
// Reads "YYYY-MM-DDTHH:MM:SSZ" (seconds and the T or a blank as usual); error "bad-time".
[[nodiscard]] Result<std::int64_t> parseIso(std::string_view text);
// "1h 02m 03s", "12m 00s", "7s": a duration for people.
[[nodiscard]] std::string durationText(SimTime duration);

}  // namespace base
