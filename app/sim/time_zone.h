// SPDX-License-Identifier: GPL-3.0-or-later
// Time zones without the operating system: a name of tzdata or a POSIX rule ("CET-1CEST,M3.5.0,
// M10.5.0/3"), and what a clock there shows. A named zone follows the rule in force since its last
// change: moments before that change are shown by the present rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// The day and second a clock is put forward or back.
struct ZoneSwitch {
  enum class Form : std::uint8_t { MonthWeekDay, DayOfYear, DayOfYearWithoutLeap };
  Form form = Form::MonthWeekDay;
  int month = 0, week = 0, day = 0;  // day: of the week (0 Sunday) or of the year
  int second = 7200;                 // local time of day; may be negative or above a day
  bool operator==(const ZoneSwitch&) const = default;
};

struct TimeZone {
  std::string standardName = "UTC", summerName;  // no summer name: no summer time
  int standardOffset = 0, summerOffset = 0;      // seconds east of Greenwich
  ZoneSwitch toSummer, toStandard;
  bool operator==(const TimeZone&) const = default;

  // A name of tzdata in any case, or a POSIX rule; nothing when it is neither.
  [[nodiscard]] static std::optional<TimeZone> find(std::string_view name);
};

// A zone's name as tzdata spells it; a POSIX rule as given; nothing when it is neither.
[[nodiscard]] std::optional<std::string> zoneName(std::string_view name);

struct ZoneTime {
  std::int64_t localMs = 0;  // what base::fromUnixMs reads as the local date and time
  int offset = 0;            // seconds east of Greenwich
  std::string abbreviation;  // "CEST", "+03"
};
[[nodiscard]] ZoneTime localTime(const TimeZone& zone, std::int64_t unixMs);

}  // namespace sim
