// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sim_time.h"

#include <array>
#include <cstdio>

namespace base {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

// Days since 1970-01-01, by shifting the year so that it starts in March.
std::int64_t daysFromCivil(std::int64_t y, int m, int d) {
  y -= m <= 2 ? 1 : 0;
  const std::int64_t era = floorDiv(y, 400);
  const std::int64_t yearOfEra = y - era * 400;
  const std::int64_t dayOfYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

template <typename... Args>
std::string format(const char* pattern, Args... args) {
  std::array<char, 64> buffer{};
  const int n = std::snprintf(buffer.data(), buffer.size(), pattern, args...);
  return {buffer.data(), static_cast<std::size_t>(n)};
}

bool digits(std::string_view text, std::size_t at, int count, int& out) {
  out = 0;
  for (int i = 0; i < count; ++i) {
    const std::size_t p = at + static_cast<std::size_t>(i);
    if (p >= text.size() || text[p] < '0' || text[p] > '9') return false;
    out = out * 10 + (text[p] - '0');
  }
  return true;
}

Error badTime(std::string_view text, const char* expected) {
  return {"bad-time", "",
          "found \"" + std::string(text.substr(0, 40)) + "\", expected " + std::string(expected)};
}

}  // namespace

std::int64_t toUnixMs(const CivilTime& c) {
  return daysFromCivil(c.year, c.month, c.day) * kDayMs +
         ((c.hour * 60LL + c.minute) * 60 + c.second) * 1000 + c.millisecond;
}

CivilTime fromUnixMs(std::int64_t unixMs) {
  const std::int64_t days = floorDiv(unixMs, kDayMs);
  const std::int64_t rest = unixMs - days * kDayMs;
  const std::int64_t z = days + 719468;
  const std::int64_t era = floorDiv(z, 146097);
  const std::int64_t dayOfEra = z - era * 146097;
  const std::int64_t yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::int64_t mp = (5 * dayOfYear + 2) / 153;
  CivilTime c;
  c.day = static_cast<int>(dayOfYear - (153 * mp + 2) / 5 + 1);
  c.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  c.year = static_cast<int>(yearOfEra + era * 400 + (c.month <= 2 ? 1 : 0));
  c.hour = static_cast<int>(rest / 3'600'000);
  c.minute = static_cast<int>(rest / 60'000 % 60);
  c.second = static_cast<int>(rest / 1000 % 60);
  c.millisecond = static_cast<int>(rest % 1000);
  return c;
}

std::string clockText(std::int64_t unixMs) {
  const CivilTime c = fromUnixMs(unixMs);
  return format("%02d:%02d:%02d", c.hour, c.minute, c.second);
}

std::string logTimeText(std::int64_t unixMs) {
  const CivilTime c = fromUnixMs(unixMs);
  return format("%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", c.year, c.month, c.day, c.hour, c.minute,
                c.second, c.millisecond);
}

std::string isoText(std::int64_t unixMs) {
  const CivilTime c = fromUnixMs(unixMs);
  return format("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour, c.minute,
                c.second, c.millisecond);
}

std::string ctimeText(std::int64_t unixMs) {
  const CivilTime c = fromUnixMs(unixMs);
  const std::int64_t day = floorDiv(unixMs, kDayMs);
  return format("%s %s %2d %02d:%02d:%02d %04d", kDays[static_cast<std::size_t>(((day % 7) + 7) % 7)],
                kMonths[static_cast<std::size_t>(c.month - 1)], c.day, c.hour, c.minute, c.second,
                c.year);
}

std::string journalTimeText(std::int64_t unixMs) {
  const CivilTime c = fromUnixMs(unixMs);
  return format("%s %02d %02d:%02d:%02d", kMonths[static_cast<std::size_t>(c.month - 1)], c.day,
                c.hour, c.minute, c.second);
}

Result<std::int64_t> parseClock(std::string_view text) {
  constexpr const char* kExpected = "a time of day such as \"10:45\" or \"10:45:30\"";
  int h = 0, m = 0, s = 0, milli = 0;
  if (!digits(text, 0, 2, h) || text.size() < 5 || text[2] != ':' || !digits(text, 3, 2, m)) {
    return badTime(text, kExpected);
  }
  if (text.size() > 5) {
    if (text.size() < 8 || text[5] != ':' || !digits(text, 6, 2, s)) return badTime(text, kExpected);
    if (text.size() > 8 && (text.size() != 12 || text[8] != '.' || !digits(text, 9, 3, milli))) {
      return badTime(text, kExpected);
    }
  }
  if (h > 23 || m > 59 || s > 59) return badTime(text, kExpected);
  return ((h * 60LL + m) * 60 + s) * 1000 + milli;
}

Result<std::int64_t> parseIso(std::string_view text) {
  constexpr const char* kExpected = "a UTC time such as \"2024-05-07T10:45:00Z\"";
  CivilTime c;
  if (text.size() < 17 || !digits(text, 0, 4, c.year) || text[4] != '-' ||
      !digits(text, 5, 2, c.month) || text[7] != '-' || !digits(text, 8, 2, c.day) ||
      (text[10] != 'T' && text[10] != ' ') || text.back() != 'Z') {
    return badTime(text, kExpected);
  }
  static constexpr std::array<int, 12> kLength = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
  if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 ||
      c.day > kLength[static_cast<std::size_t>(c.month - 1)] + (leap && c.month == 2 ? 1 : 0)) {
    return badTime(text, kExpected);
  }
  const Result<std::int64_t> clock = parseClock(text.substr(11, text.size() - 12));
  if (!clock) return badTime(text, kExpected);
  return toUnixMs(c) + clock.value();
}

std::string durationText(SimTime duration) {
  const long long s = duration.ms / 1000;
  if (s >= 3600) return format("%lldh %02lldm %02llds", s / 3600, s / 60 % 60, s % 60);
  if (s >= 60) return format("%lldm %02llds", s / 60, s % 60);
  return format("%llds", s);
}

}  // namespace base
