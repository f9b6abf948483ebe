// SPDX-License-Identifier: GPL-3.0-or-later
// Times of SQL: timestamps and dates in microseconds and days since 1970 (UTC, the server's
// TimeZone), intervals of months, days and microseconds; read, written and reckoned with as
// PostgreSQL 15 does with DateStyle ISO.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "console/sql/query/numeric.h"

namespace console {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;

struct Interval {
  std::int64_t months = 0, days = 0, us = 0;
  bool operator==(const Interval&) const = default;
  // What PostgreSQL compares by: 30 days to the month, 24 hours to the day.
  [[nodiscard]] std::int64_t span() const { return (months * 30 + days) * kDayUs + us; }
};

// Neither reckoning with it nor comparing it can overflow.
[[nodiscard]] bool inRange(const Interval& interval);

[[nodiscard]] std::string timestampTextOf(std::int64_t us, bool zone);
[[nodiscard]] std::string dateTextOf(std::int64_t days);
[[nodiscard]] std::string timeTextOf(std::int64_t us);
[[nodiscard]] std::string intervalTextOf(const Interval& interval);

// "2024-05-07 10:45", "now", "today", "yesterday" ...; nowUs: what "now" is.
[[nodiscard]] std::optional<std::int64_t> parseTimestamp(std::string_view text, std::int64_t nowUs);
[[nodiscard]] std::optional<std::int64_t> parseTimeOfDay(std::string_view text);
// "1 day 02:03:04", "90 min", "1.5 hours", "P1DT2H"; "ago" turns it round.
[[nodiscard]] std::optional<Interval> parseInterval(std::string_view text);

[[nodiscard]] std::int64_t addInterval(std::int64_t us, const Interval& interval);
[[nodiscard]] Interval scaled(const Interval& interval, double factor);
// timestamp - timestamp: days and time. age(): years, months and days as well.
[[nodiscard]] Interval between(std::int64_t laterUs, std::int64_t earlierUs);
[[nodiscard]] Interval ageBetween(std::int64_t laterUs, std::int64_t earlierUs);
[[nodiscard]] Interval justifiedHours(const Interval& interval);
[[nodiscard]] Interval justifiedDays(const Interval& interval);

// extract(field from ...); nothing: the field is not known for that type. shown: for the error.
[[nodiscard]] std::optional<Numeric> timestampField(std::string_view field, std::int64_t us,
                                                    bool zone);
[[nodiscard]] std::optional<Numeric> intervalField(std::string_view field,
                                                   const Interval& interval);
[[nodiscard]] std::optional<Numeric> timeOfDayField(std::string_view field, std::int64_t us);
[[nodiscard]] std::optional<std::int64_t> truncatedTimestamp(std::string_view field,
                                                             std::int64_t us);
[[nodiscard]] std::optional<Interval> truncatedInterval(std::string_view field,
                                                        const Interval& interval);
// to_char(): YYYY-MM-DD HH24:MI:SS.MS and their kin.
[[nodiscard]] std::string timestampToChar(std::int64_t us, std::string_view format);
[[nodiscard]] std::string intervalToChar(const Interval& interval, std::string_view format);
// to_timestamp(text, format); nothing: the text does not follow the format.
[[nodiscard]] std::optional<std::int64_t> timestampFromChar(std::string_view text,
                                                            std::string_view format);

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1, day = 1;
};
[[nodiscard]] std::int64_t daysOf(const CivilDate& date);
[[nodiscard]] CivilDate civilOf(std::int64_t days);
// Rounds towards minus infinity.
[[nodiscard]] std::int64_t floorDivide(std::int64_t a, std::int64_t b);

}  // namespace console
