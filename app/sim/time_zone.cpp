// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/time_zone.h"

#include <algorithm>

#include "base/sim_time.h"
#include "base/text.h"

namespace sim {
namespace {

struct NamedZones {
  std::string_view rule, names;
};
constexpr NamedZones kZones[] = {
#define ZONES(rule, names) {rule, names},
#include "sim/time_zone_table.inc"
#undef ZONES
};

constexpr int kHour = 3600;
constexpr std::int64_t kDayMs = 86'400'000;

// Reads a POSIX rule from its front; ok turns false at the first thing that does not belong there.
struct RuleReader {
  std::string_view rest;
  bool ok = true;

  [[nodiscard]] bool next(char c) const { return !rest.empty() && rest.front() == c; }
  bool take(char c) {
    if (!next(c)) return false;
    rest.remove_prefix(1);
    return true;
  }

  std::string name() {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool quoted = take('<');
    std::string text;
    while (!rest.empty() && (quoted ? rest.front() != '>' : letter(rest.front()))) {
      text += rest.front();
      rest.remove_prefix(1);
    }
    if (quoted && !take('>')) ok = false;
    if (text.size() < 3 || text.size() > 10) ok = false;
    return text;
  }

  int number(int most) {
    int value = 0;
    bool any = false;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9' && value <= most) {
      value = value * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
      any = true;
    }
    if (!any || value > most) ok = false;
    return value;
  }

  // "[+-]hh[:mm[:ss]]" in seconds.
  int clock(int mostHours) {
    const int sign = take('-') ? -1 : 1;
    if (sign > 0) (void)take('+');
    int seconds = number(mostHours) * kHour;
    if (take(':')) seconds += number(59) * 60;
    if (take(':')) seconds += number(59);
    return sign * seconds;
  }

  ZoneSwitch change() {
    ZoneSwitch s;
    if (!take(',')) ok = false;
    if (take('M')) {
      s.month = number(12);
      if (!take('.')) ok = false;
      s.week = number(5);
      if (!take('.')) ok = false;
      s.day = number(6);
      if (s.month < 1 || s.week < 1) ok = false;
    } else {
      s.form = take('J') ? ZoneSwitch::Form::DayOfYearWithoutLeap : ZoneSwitch::Form::DayOfYear;
      s.day = number(365);
    }
    if (take('/')) s.second = clock(167);
    return s;
  }
};

std::optional<TimeZone> fromRule(std::string_view rule) {
  RuleReader in{rule};
  TimeZone zone;
  zone.standardName = in.name();
  zone.standardOffset = -in.clock(24);
  if (!in.ok) return std::nullopt;
  if (in.rest.empty()) return zone;
  zone.summerName = in.name();
  zone.summerOffset = zone.standardOffset + kHour;
  if (!in.rest.empty() && !in.next(',')) zone.summerOffset = -in.clock(24);
  if (in.rest.empty()) in.rest = ",M3.2.0,M11.1.0";  // PostgreSQL's TZDEFRULESTRING
  zone.toSummer = in.change();
  zone.toStandard = in.change();
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  return zone;
}

bool leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// 0: Sunday.
int weekday(std::int64_t midnightMs) {
  const std::int64_t days = midnightMs / kDayMs - (midnightMs % kDayMs < 0 ? 1 : 0);
  return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

// The moment of a switch in a year, local time of before as if it were UTC.
std::int64_t switchMs(const ZoneSwitch& s, int year) {
  std::int64_t midnight = 0;
  if (s.form == ZoneSwitch::Form::MonthWeekDay) {
    const std::int64_t first = base::toUnixMs({year, s.month, 1, 0, 0, 0, 0});
    const int nextYear = s.month == 12 ? year + 1 : year;
    const std::int64_t end = base::toUnixMs({nextYear, s.month % 12 + 1, 1, 0, 0, 0, 0});
    midnight = first + ((s.day - weekday(first) + 7) % 7 + 7 * (s.week - 1)) * kDayMs;
    while (midnight >= end) midnight -= 7 * kDayMs;
  } else {
    int day = s.day;
    if (s.form == ZoneSwitch::Form::DayOfYearWithoutLeap) day += leap(year) && day >= 60 ? 0 : -1;
    midnight = base::toUnixMs({year, 1, 1, 0, 0, 0, 0}) + day * kDayMs;
  }
  return midnight + s.second * 1000LL;
}

}  // namespace

namespace {

struct Found {
  std::string_view name, rule;
};

// By name, in any case.
std::optional<Found> named(std::string_view name) {
  for (const NamedZones& zones : kZones) {
    std::string_view rest = zones.names;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find(' '));
      if (base::equalsIgnoreCase(one, name)) return Found{one, zones.rule};
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name.empty() || name.size() > 255) return std::nullopt;
  const std::optional<Found> found = named(name);
  return fromRule(found ? found->rule : name);
}

std::optional<std::string> zoneName(std::string_view name) {
  if (name.empty() || name.size() > 255) return std::nullopt;
  if (const std::optional<Found> found = named(name)) return std::string(found->name);
  return fromRule(name) ? std::optional(std::string(name)) : std::nullopt;
}

ZoneTime localTime(const TimeZone& zone, std::int64_t unixMs) {
  bool summer = false;
  if (!zone.summerName.empty()) {
    const int year = base::fromUnixMs(unixMs + zone.standardOffset * 1000LL).year;
    const std::int64_t begins = switchMs(zone.toSummer, year) - zone.standardOffset * 1000LL;
    const std::int64_t ends = switchMs(zone.toStandard, year) - zone.summerOffset * 1000LL;
    summer = begins < ends ? unixMs >= begins && unixMs < ends : unixMs >= begins || unixMs < ends;
  }
  const int offset = summer ? zone.summerOffset : zone.standardOffset;
  return {unixMs + offset * 1000LL, offset, summer ? zone.summerName : zone.standardName};
}

}  // namespace sim
