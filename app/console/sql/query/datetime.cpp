// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/datetime.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace console {
namespace {

constexpr std::int64_t kMostYears = 200'000;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value < 0 ? -value : value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return (value < 0 ? "-" : "") + text;
}

// ".5" of half a second, without trailing zeros; empty for none.
std::string fraction(std::int64_t us) {
  if (us == 0) return {};
  std::string text = padded(us, 6);
  while (text.ends_with('0')) text.pop_back();
  return "." + text;
}

std::string clock(std::int64_t us) {
  return padded(us / (3600 * kSecondUs), 2) + ":" + padded(us / (60 * kSecondUs) % 60, 2) + ":" +
         padded(us / kSecondUs % 60, 2) + fraction(us % kSecondUs);
}

bool readDouble(std::string_view text, double& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && std::isfinite(value);
}

bool readWhole(std::string_view text, std::int64_t& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

int monthOf(std::string_view word) {
  constexpr std::array<std::string_view, 12> kNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (word.size() >= 3 && word.starts_with(kNames[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

int daysInMonth(std::int64_t year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::optional<std::int64_t> dateDays(std::string_view word) {
  const std::vector<std::string> parts =
      base::split(base::replaceAll(std::string(word), "/", "-"), '-');
  std::int64_t year = 0, month = 0, day = 0;
  if (parts.size() == 1 && word.size() == 8 && readWhole(word.substr(0, 4), year) &&
      readWhole(word.substr(4, 2), month) && readWhole(word.substr(6, 2), day)) {
    // 20240507
  } else if (parts.size() == 3 && readWhole(parts[0], year) && readWhole(parts[2], day)) {
    if (!readWhole(parts[1], month)) month = monthOf(parts[1]);
    if (parts[0].size() < 3) std::swap(year, day);  // 07-May-2024
  } else {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || year < 1 || year > kMostYears || day < 1 ||
      day > daysInMonth(year, static_cast<int>(month))) {
    return std::nullopt;
  }
  return daysOf({year, static_cast<int>(month), static_cast<int>(day)});
}

// "+00", "Z", "-05:30": what is to be taken off to come to UTC.
std::optional<std::int64_t> zoneUs(std::string_view text) {
  const std::string zone = base::lower(text);
  if (zone == "z" || zone == "utc" || zone == "gmt" || zone == "etc/utc") return 0;
  if (zone.size() < 2 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const std::string digits = base::replaceAll(zone.substr(1), ":", "");
  std::int64_t value = 0;
  if (!readWhole(digits, value) || digits.size() > 4) return std::nullopt;
  const std::int64_t minutes = digits.size() <= 2 ? value * 60 : value / 100 * 60 + value % 100;
  return (zone[0] == '-' ? -minutes : minutes) * 60 * kSecondUs;
}

struct Unit {
  std::string_view name;
  std::int64_t months, days, us;
};
constexpr Unit kUnits[] = {{"us", 0, 0, 1},
                           {"usec", 0, 0, 1},
                           {"microsecond", 0, 0, 1},
                           {"ms", 0, 0, 1000},
                           {"msec", 0, 0, 1000},
                           {"millisecond", 0, 0, 1000},
                           {"s", 0, 0, kSecondUs},
                           {"sec", 0, 0, kSecondUs},
                           {"second", 0, 0, kSecondUs},
                           {"m", 0, 0, 60 * kSecondUs},
                           {"min", 0, 0, 60 * kSecondUs},
                           {"minute", 0, 0, 60 * kSecondUs},
                           {"h", 0, 0, 3600 * kSecondUs},
                           {"hr", 0, 0, 3600 * kSecondUs},
                           {"hour", 0, 0, 3600 * kSecondUs},
                           {"d", 0, 1, 0},
                           {"day", 0, 1, 0},
                           {"w", 0, 7, 0},
                           {"week", 0, 7, 0},
                           {"mon", 1, 0, 0},
                           {"month", 1, 0, 0},
                           {"y", 12, 0, 0},
                           {"yr", 12, 0, 0},
                           {"year", 12, 0, 0},
                           {"decade", 120, 0, 0},
                           {"century", 1200, 0, 0}};

const Unit* unitOf(std::string_view word) {
  const std::string name = base::lower(word);
  const std::string one =
      name.size() > 1 && name.ends_with('s') ? name.substr(0, name.size() - 1) : name;
  for (const Unit& unit : kUnits) {
    if (unit.name == name || unit.name == one) return &unit;
  }
  return nullptr;
}

// Adds amount units; the fraction of a month goes into days, that of a day into time.
bool addUnits(Interval& interval, double amount, const Unit& unit) {
  if (!(std::abs(amount) < 1e12)) return false;
  const auto whole = static_cast<std::int64_t>(amount);
  const double rest = amount - static_cast<double>(whole);
  if (unit.months > 0) {
    const double months = amount * static_cast<double>(unit.months);
    const auto full = static_cast<std::int64_t>(months);
    interval.months += full;
    const double days = (months - static_cast<double>(full)) * 30;
    interval.days += static_cast<std::int64_t>(days);
    interval.us += std::llround((days - std::trunc(days)) * static_cast<double>(kDayUs));
  } else if (unit.days > 0) {
    const double days = rest * static_cast<double>(unit.days);
    interval.days += whole * unit.days + static_cast<std::int64_t>(days);
    interval.us += std::llround((days - std::trunc(days)) * static_cast<double>(kDayUs));
  } else {
    if (std::abs(amount) * static_cast<double>(unit.us) > 9e17) return false;
    interval.us += whole * unit.us + std::llround(rest * static_cast<double>(unit.us));
  }
  return inRange(interval);
}

// "02:03:04.5", "02:03", "-1:00".
std::optional<std::int64_t> clockUs(std::string_view word) {
  const bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.remove_prefix(1);
  const std::vector<std::string> parts = base::split(word, ':');
  std::int64_t hours = 0, minutes = 0;
  double seconds = 0;
  if (parts.size() < 2 || parts.size() > 3 || !readWhole(parts[0], hours) ||
      !readWhole(parts[1], minutes) || minutes > 59 || hours < 0 || minutes < 0 ||
      hours > 100'000'000) {
    return std::nullopt;
  }
  if (parts.size() == 3 && (!readDouble(parts[2], seconds) || seconds < 0 || seconds >= 61)) {
    return std::nullopt;
  }
  const std::int64_t us = (hours * 60 + minutes) * 60 * kSecondUs + std::llround(seconds * 1e6);
  return negative ? -us : us;
}

// ISO 8601: P1Y2M3DT4H5M6S.
std::optional<Interval> isoInterval(std::string_view text) {
  Interval result;
  bool time = false, any = false;
  std::size_t i = 1;
  while (i < text.size()) {
    if (text[i] == 'T') {
      time = true;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (isDigit(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
    double amount = 0;
    if (end >= text.size() || !readDouble(text.substr(i, end - i), amount)) return std::nullopt;
    const char c = text[end];
    const char* unit = c == 'Y'   ? "year"
                       : c == 'M' ? (time ? "minute" : "month")
                       : c == 'W' ? "week"
                       : c == 'D' ? "day"
                       : c == 'H' ? "hour"
                       : c == 'S' ? "second"
                                  : "";
    const Unit* found = unitOf(unit);
    if (found == nullptr || !addUnits(result, amount, *found)) return std::nullopt;
    any = true;
    i = end + 1;
  }
  return any ? std::optional(result) : std::nullopt;
}

}  // namespace

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

// Days since 1970-01-01 of a civil date and back (Howard Hinnant's algorithms, public domain).
std::int64_t daysOf(const CivilDate& date) {
  const std::int64_t y = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floorDivide(y, 400);
  const std::int64_t yearOfEra = y - era * 400;
  const std::int64_t dayOfYear =
      (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

CivilDate civilOf(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floorDivide(days, 146'097);
  const std::int64_t dayOfEra = days - era * 146'097;
  const std::int64_t yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
  const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::int64_t part = (5 * dayOfYear + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(dayOfYear - (153 * part + 2) / 5 + 1);
  date.month = static_cast<int>(part < 10 ? part + 3 : part - 9);
  date.year = yearOfEra + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

bool inRange(const Interval& interval) {
  return std::abs(interval.months) <= 1'200'000 && std::abs(interval.days) <= 40'000'000 &&
         std::abs(interval.us) <= 900'000'000'000'000'000;
}

std::string dateTextOf(std::int64_t days) {
  const CivilDate date = civilOf(days);
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string timeTextOf(std::int64_t us) {
  return clock(us);
}

std::string timestampTextOf(std::int64_t us, bool zone) {
  const std::int64_t days = floorDivide(us, kDayUs);
  return dateTextOf(days) + " " + clock(us - days * kDayUs) + (zone ? "+00" : "");
}

std::string intervalTextOf(const Interval& interval) {
  std::string text;
  bool negativeBefore = false, any = false;
  const auto add = [&](std::int64_t value, const char* unit) {
    if (value == 0) return;
    text += (any ? " " : "") + std::string(negativeBefore && value > 0 ? "+" : "") +
            std::to_string(value) + " " + unit + (value == 1 ? "" : "s");
    negativeBefore = value < 0;
    any = true;
  };
  add(interval.months / 12, "year");
  add(interval.months % 12, "mon");
  add(interval.days, "day");
  if (any && interval.us == 0) return text;
  const bool negative = interval.us < 0;
  text += (any ? " " : "") +
          std::string(negative         ? "-"
                      : negativeBefore ? "+"
                                       : "") +
          clock(negative ? -interval.us : interval.us);
  return text;
}

std::optional<std::int64_t> parseTimeOfDay(std::string_view text) {
  const std::optional<std::int64_t> us = clockUs(base::trim(text));
  return us && *us >= 0 && *us <= kDayUs ? us : std::nullopt;
}

std::optional<std::int64_t> parseTimestamp(std::string_view text, std::int64_t nowUs) {
  const std::string whole(base::lower(base::trim(text)));
  const std::int64_t today = floorDivide(nowUs, kDayUs) * kDayUs;
  if (whole == "now") return nowUs;
  if (whole == "today") return today;
  if (whole == "yesterday") return today - kDayUs;
  if (whole == "tomorrow") return today + kDayUs;
  if (whole == "epoch") return 0;
  std::string spaced = whole;
  const std::size_t t = spaced.find('t');
  if (t != std::string::npos && t > 7 && t + 1 < spaced.size() && isDigit(spaced[t + 1]) &&
      isDigit(spaced[t - 1])) {
    spaced[t] = ' ';
  }
  std::vector<std::string> words = base::split(spaced, ' ');
  std::erase(words, std::string());
  if (words.empty() || words.size() > 3) return std::nullopt;
  const std::optional<std::int64_t> days = dateDays(words[0]);
  if (!days) return std::nullopt;
  std::int64_t us = *days * kDayUs;
  if (words.size() == 1) return us;
  std::string time = words[1], zone = words.size() > 2 ? words[2] : "";
  const std::size_t sign = time.find_first_of("+-z");
  if (sign != std::string::npos && sign > 0 && zone.empty()) {
    zone = time.substr(sign);
    time = time.substr(0, sign);
  }
  const std::optional<std::int64_t> ofDay = parseTimeOfDay(time);
  if (!ofDay) return std::nullopt;
  us += *ofDay;
  if (zone.empty()) return us;
  const std::optional<std::int64_t> offset = zoneUs(zone);
  return offset ? std::optional(us - *offset) : std::nullopt;
}

std::optional<Interval> parseInterval(std::string_view text) {
  text = base::trim(text);
  if (text.size() > 1 && text[0] == 'P' && text.size() < 200) return isoInterval(text);
  Interval result;
  bool any = false, ago = false;
  std::size_t i = 0;
  if (text.size() > 500) return std::nullopt;
  if (text.starts_with('@')) ++i;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == ',') {
      ++i;
      continue;
    }
    std::size_t end = std::min(text.find_first_of(" ,", i), text.size());
    const std::string_view word = text.substr(i, end - i);
    if (base::lower(word) == "ago" && any) {
      ago = true;
      i = end;
      continue;
    }
    if (word.find(':') != std::string_view::npos) {
      const std::optional<std::int64_t> us = clockUs(word);
      if (!us) return std::nullopt;
      result.us += *us;
      any = true;
      i = end;
      continue;
    }
    const std::size_t digits = std::min(word.find_first_not_of("+-0123456789."), word.size());
    double amount = 0;
    if (digits == 0 || !readDouble(word.substr(0, digits), amount)) return std::nullopt;
    std::string_view unit = word.substr(digits);
    i = end;
    if (unit.empty()) {
      while (i < text.size() && text[i] == ' ') ++i;
      end = std::min(text.find_first_of(" ,", i), text.size());
      unit = text.substr(i, end - i);
      // "1 10:00": a number before a clock counts days; alone it counts seconds.
      if (unit.find(':') != std::string_view::npos) {
        unit = "day";
      } else if (unit.empty()) {
        unit = "second";
      } else {
        i = end;
      }
    }
    const Unit* found = unitOf(unit);
    if (found == nullptr || !addUnits(result, amount, *found)) return std::nullopt;
    any = true;
  }
  if (!any) return std::nullopt;
  if (ago) result = {-result.months, -result.days, -result.us};
  return result;
}

std::int64_t addInterval(std::int64_t us, const Interval& interval) {
  std::int64_t days = floorDivide(us, kDayUs);
  const std::int64_t ofDay = us - days * kDayUs;
  if (interval.months != 0) {
    CivilDate date = civilOf(days);
    const std::int64_t month = date.year * 12 + date.month - 1 + interval.months;
    date.year = std::clamp<std::int64_t>(floorDivide(month, 12), -4000, kMostYears);
    date.month = static_cast<int>(month - floorDivide(month, 12) * 12) + 1;
    date.day = std::min(date.day, daysInMonth(date.year, date.month));
    days = daysOf(date);
  }
  days = std::clamp<std::int64_t>(days + interval.days, -70'000'000, 70'000'000);
  return days * kDayUs + ofDay + std::clamp<std::int64_t>(interval.us, -3e18, 3e18);
}

Interval scaled(const Interval& interval, double factor) {
  const double months = static_cast<double>(interval.months) * factor;
  const double days =
      static_cast<double>(interval.days) * factor + (months - std::trunc(months)) * 30;
  const double us = static_cast<double>(interval.us) * factor +
                    (days - std::trunc(days)) * static_cast<double>(kDayUs);
  constexpr double kMost = 8e17;
  Interval result;
  result.months = static_cast<std::int64_t>(std::clamp(months, -1.2e6, 1.2e6));
  result.days = static_cast<std::int64_t>(std::clamp(days, -4e7, 4e7));
  result.us = std::llround(std::clamp(us, -kMost, kMost));
  return result;
}

Interval between(std::int64_t laterUs, std::int64_t earlierUs) {
  const std::int64_t us = laterUs - earlierUs;
  return {0, us / kDayUs, us % kDayUs};
}

Interval ageBetween(std::int64_t laterUs, std::int64_t earlierUs) {
  if (laterUs < earlierUs) {
    const Interval back = ageBetween(earlierUs, laterUs);
    return {-back.months, -back.days, -back.us};
  }
  const std::int64_t laterDays = floorDivide(laterUs, kDayUs);
  const std::int64_t earlierDays = floorDivide(earlierUs, kDayUs);
  std::int64_t us = (laterUs - laterDays * kDayUs) - (earlierUs - earlierDays * kDayUs);
  const CivilDate later = civilOf(laterDays), earlier = civilOf(earlierDays);
  std::int64_t months = (later.year - earlier.year) * 12 + later.month - earlier.month;
  std::int64_t days = later.day - earlier.day;
  if (us < 0) {
    us += kDayUs;
    --days;
  }
  if (days < 0) {
    days += daysInMonth(earlier.year, earlier.month);
    --months;
  }
  return {months, days, us};
}

Interval justifiedHours(const Interval& interval) {
  Interval result = interval;
  result.days += result.us / kDayUs;
  result.us %= kDayUs;
  if (result.days > 0 && result.us < 0) {
    result.us += kDayUs;
    --result.days;
  } else if (result.days < 0 && result.us > 0) {
    result.us -= kDayUs;
    ++result.days;
  }
  return result;
}

Interval justifiedDays(const Interval& interval) {
  Interval result = interval;
  result.months += result.days / 30;
  result.days %= 30;
  if (result.months > 0 && result.days < 0) {
    result.days += 30;
    --result.months;
  } else if (result.months < 0 && result.days > 0) {
    result.days -= 30;
    ++result.months;
  }
  return result;
}

}  // namespace console
