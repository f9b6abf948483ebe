// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of times: extract(), date_trunc(), to_char(), to_timestamp().
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "console/sql/query/datetime.h"

namespace console {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

// value / 10^scale as a numeric of that scale.
Numeric decimal(std::int64_t value, int scale) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  const auto width = static_cast<std::size_t>(scale);
  if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - width, ".");
  return Numeric::parse((value < 0 ? "-" : "") + digits).value_or(Numeric());
}

int dayOfWeek(std::int64_t days) {  // Sunday: 0
  return static_cast<int>(days + 4 - floorDivide(days + 4, 7) * 7);
}

// ISO 8601 week and its year.
void isoWeek(std::int64_t days, std::int64_t& year, int& week) {
  const int weekday = (dayOfWeek(days) + 6) % 7;  // Monday: 0
  const std::int64_t thursday = days - weekday + 3;
  year = civilOf(thursday).year;
  week = static_cast<int>((thursday - daysOf({year, 1, 1})) / 7) + 1;
}

std::string field(std::string_view name) {
  std::string word = base::lower(base::trim(name));
  constexpr std::pair<std::string_view, std::string_view> kSame[] = {
      {"years", "year"},
      {"y", "year"},
      {"months", "month"},
      {"mon", "month"},
      {"days", "day"},
      {"d", "day"},
      {"hours", "hour"},
      {"h", "hour"},
      {"minutes", "minute"},
      {"min", "minute"},
      {"m", "minute"},
      {"mins", "minute"},
      {"seconds", "second"},
      {"s", "second"},
      {"sec", "second"},
      {"secs", "second"},
      {"ms", "milliseconds"},
      {"millisecond", "milliseconds"},
      {"us", "microseconds"},
      {"microsecond", "microseconds"},
      {"weeks", "week"},
      {"w", "week"},
      {"decades", "decade"},
      {"centuries", "century"},
      {"millenniums", "millennium"}};
  for (const auto& [alias, real] : kSame) {
    if (word == alias) return std::string(real);
  }
  return word;
}

std::optional<Numeric> clockField(const std::string& name, std::int64_t us) {
  if (name == "hour") return Numeric(us / (3600 * kSecondUs));
  if (name == "minute") return Numeric(us / (60 * kSecondUs) % 60);
  if (name == "second") return decimal(us % (60 * kSecondUs), 6);
  if (name == "milliseconds") return decimal(us % (60 * kSecondUs), 3);
  if (name == "microseconds") return Numeric(us % (60 * kSecondUs));
  return std::nullopt;
}

std::string pad(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value < 0 ? -value : value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return (value < 0 ? "-" : "") + text;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return result;
}

// A moment taken apart, for to_char.
struct Parts {
  std::int64_t year = 0;
  int month = 0, day = 0, weekday = 0, yearDay = 0;
  std::int64_t hour = 0;
  int minute = 0, second = 0, us = 0;
  std::int64_t isoYear = 0;
  int week = 0;
  bool span = false;  // an interval: nothing of a calendar
};

std::string named(std::string_view pattern, std::string_view name, std::size_t width, bool fill) {
  const bool allUpper = pattern[0] == upper(pattern)[0] && pattern[1] == upper(pattern)[1];
  std::string text = allUpper                          ? upper(name)
                     : pattern[0] == upper(pattern)[0] ? std::string(name)
                                                       : base::lower(name);
  return fill ? base::padRight(text, width) : text;
}

// What one pattern of to_char stands for; nothing: it is no pattern.
std::optional<std::string> patternText(std::string_view p, const Parts& t, bool fill) {
  const auto number = [&](std::int64_t value, std::size_t width) {
    return pad(value, fill ? width : 1);
  };
  const std::string key = upper(p);
  const std::int64_t hour12 = t.hour % 12 == 0 ? 12 : t.hour % 12;
  if (key == "HH24") return number(t.hour, 2);
  if (key == "HH12" || key == "HH") return number(hour12, 2);
  if (key == "MI") return number(t.minute, 2);
  if (key == "SSSS" || key == "SSSSS") {
    return std::to_string(t.hour * 3600 + t.minute * 60 + t.second);
  }
  if (key == "SS") return number(t.second, 2);
  if (key == "MS") return pad(t.us / 1000, 3);
  if (key == "US") return pad(t.us, 6);
  if (key == "AM" || key == "PM") {
    const std::string text = t.hour % 24 < 12 ? "AM" : "PM";
    return p[0] == 'a' || p[0] == 'p' ? base::lower(text) : text;
  }
  if (key == "YYYY") return number(t.year, 4);
  if (key == "YYY") return pad(t.year % 1000, 3);
  if (key == "YY") return pad(t.year % 100, 2);
  if (key == "IYYY") return number(t.isoYear, 4);
  if (key == "MM") return number(t.month, 2);
  if (key == "DDD") return number(t.yearDay, 3);
  if (key == "DD") return number(t.day, 2);
  if (key == "D") return std::to_string(t.weekday + 1);
  if (key == "ID") return std::to_string(t.weekday == 0 ? 7 : t.weekday);
  if (key == "IW") return number(t.week, 2);
  if (key == "WW") return number((t.yearDay - 1) / 7 + 1, 2);
  if (key == "Q") return std::to_string((t.month + 2) / 3);
  if (key == "TZ") return p[0] == 't' ? "utc" : "UTC";
  if (key == "OF") return "+00";
  if (key == "TZH") return "+00";
  if (key == "TZM") return "00";
  if (t.span || t.month == 0) return std::nullopt;
  const std::string_view month = kMonths[static_cast<std::size_t>(t.month - 1)];
  const std::string_view day = kDays[static_cast<std::size_t>(t.weekday)];
  if (key == "MONTH") return named(p, month, 9, fill);
  if (key == "MON") return named(p, month.substr(0, 3), 3, false);
  if (key == "DAY") return named(p, day, 9, fill);
  if (key == "DY") return named(p, day.substr(0, 3), 3, false);
  return std::nullopt;
}

constexpr std::array<std::string_view, 35> kPatterns = {
    "SSSSS", "MONTH", "SSSS", "HH24", "HH12", "YYYY", "IYYY", "MON", "DDD", "DAY", "YYY", "TZH",
    "TZM",   "HH",    "MI",   "SS",   "MS",   "US",   "AM",   "PM",  "YY",  "MM",  "DD",  "DY",
    "ID",    "IW",    "WW",   "TZ",   "OF",   "D",    "Q",    "Y",   "FM",  "TH",  "FX"};

std::string_view patternAt(std::string_view format) {
  for (const std::string_view pattern : kPatterns) {
    if (base::equalsIgnoreCase(format.substr(0, pattern.size()), pattern)) {
      return format.substr(0, pattern.size());
    }
  }
  return {};
}

std::string toChar(const Parts& parts, std::string_view format) {
  std::string text;
  bool fill = true;
  for (std::size_t i = 0; i < format.size();) {
    if (format[i] == '"') {
      for (++i; i < format.size() && format[i] != '"'; ++i) text += format[i];
      ++i;
      continue;
    }
    const std::string_view pattern = patternAt(format.substr(i));
    const std::string key = upper(pattern);
    if (key == "FM") {
      fill = false;
      i += 2;
      continue;
    }
    if (pattern.empty() || key == "TH" || key == "FX") {
      text += format[i++];
      continue;
    }
    text += patternText(pattern, parts, fill).value_or("");
    fill = true;
    i += pattern.size();
  }
  return text;
}

}  // namespace

std::optional<Numeric> timestampField(std::string_view wanted, std::int64_t us, bool zone) {
  const std::string name = field(wanted);
  const std::int64_t days = floorDivide(us, kDayUs);
  const CivilDate date = civilOf(days);
  if (name == "epoch") return decimal(us, 6);
  if (name == "year") return Numeric(date.year);
  if (name == "month") return Numeric(date.month);
  if (name == "day") return Numeric(date.day);
  if (name == "quarter") return Numeric((date.month + 2) / 3);
  if (name == "dow") return Numeric(dayOfWeek(days));
  if (name == "isodow") return Numeric(dayOfWeek(days) == 0 ? 7 : dayOfWeek(days));
  if (name == "doy") return Numeric(days - daysOf({date.year, 1, 1}) + 1);
  if (name == "decade") return Numeric(floorDivide(date.year, 10));
  if (name == "century") return Numeric((date.year + 99) / 100);
  if (name == "millennium") return Numeric((date.year + 999) / 1000);
  std::int64_t year = 0;
  int week = 0;
  isoWeek(days, year, week);
  if (name == "week") return Numeric(week);
  if (name == "isoyear") return Numeric(year);
  const bool zones = name == "timezone" || name == "timezone_hour" || name == "timezone_minute";
  if (zone && zones) return Numeric(0);
  return clockField(name, us - days * kDayUs);
}

std::optional<Numeric> timeOfDayField(std::string_view wanted, std::int64_t us) {
  const std::string name = field(wanted);
  if (name == "epoch") return decimal(us, 6);
  return clockField(name, us);
}

std::optional<Numeric> intervalField(std::string_view wanted, const Interval& interval) {
  const std::string name = field(wanted);
  if (name == "epoch") {
    // A year counts 365.25 days here, as in interval_part().
    const std::int64_t hours = interval.months / 12 * 8766 + interval.months % 12 * 720;
    return decimal(hours * 3600 * kSecondUs + interval.days * kDayUs + interval.us, 6);
  }
  if (name == "year") return Numeric(interval.months / 12);
  if (name == "month") return Numeric(interval.months % 12);
  if (name == "day") return Numeric(interval.days);
  if (name == "quarter") return Numeric(interval.months % 12 / 3 + 1);
  if (name == "decade") return Numeric(interval.months / 120);
  if (name == "century") return Numeric(interval.months / 1200);
  if (name == "millennium") return Numeric(interval.months / 12'000);
  return clockField(name, interval.us);
}

std::optional<std::int64_t> truncatedTimestamp(std::string_view wanted, std::int64_t us) {
  const std::string name = field(wanted);
  const std::int64_t days = floorDivide(us, kDayUs);
  CivilDate date = civilOf(days);
  const auto step = [&](std::int64_t size) { return floorDivide(us, size) * size; };
  if (name == "microseconds") return us;
  if (name == "milliseconds") return step(1000);
  if (name == "second") return step(kSecondUs);
  if (name == "minute") return step(60 * kSecondUs);
  if (name == "hour") return step(3600 * kSecondUs);
  if (name == "day") return days * kDayUs;
  if (name == "week") return (days - (dayOfWeek(days) + 6) % 7) * kDayUs;
  date.day = 1;
  if (name == "quarter") {
    date.month = (date.month - 1) / 3 * 3 + 1;
  } else if (name != "month") {
    date.month = 1;
    if (name == "decade") {
      date.year = floorDivide(date.year, 10) * 10;
    } else if (name == "century") {
      date.year = (date.year - 1) / 100 * 100 + 1;
    } else if (name == "millennium") {
      date.year = (date.year - 1) / 1000 * 1000 + 1;
    } else if (name != "year") {
      return std::nullopt;
    }
  }
  return daysOf(date) * kDayUs;
}

std::optional<Interval> truncatedInterval(std::string_view wanted, const Interval& interval) {
  const std::string name = field(wanted);
  const auto step = [&](std::int64_t size) {
    return Interval{interval.months, interval.days, interval.us / size * size};
  };
  if (name == "microseconds") return interval;
  if (name == "milliseconds") return step(1000);
  if (name == "second") return step(kSecondUs);
  if (name == "minute") return step(60 * kSecondUs);
  if (name == "hour") return step(3600 * kSecondUs);
  if (name == "day") return Interval{interval.months, interval.days, 0};
  if (name == "month") return Interval{interval.months, 0, 0};
  if (name == "quarter") return Interval{interval.months / 3 * 3, 0, 0};
  if (name == "year") return Interval{interval.months / 12 * 12, 0, 0};
  if (name == "decade") return Interval{interval.months / 120 * 120, 0, 0};
  if (name == "century") return Interval{interval.months / 1200 * 1200, 0, 0};
  return std::nullopt;
}

std::string timestampToChar(std::int64_t us, std::string_view format) {
  const std::int64_t days = floorDivide(us, kDayUs);
  const std::int64_t ofDay = us - days * kDayUs;
  const CivilDate date = civilOf(days);
  Parts parts;
  parts.year = date.year;
  parts.month = date.month;
  parts.day = date.day;
  parts.weekday = dayOfWeek(days);
  parts.yearDay = static_cast<int>(days - daysOf({date.year, 1, 1})) + 1;
  parts.hour = ofDay / (3600 * kSecondUs);
  parts.minute = static_cast<int>(ofDay / (60 * kSecondUs) % 60);
  parts.second = static_cast<int>(ofDay / kSecondUs % 60);
  parts.us = static_cast<int>(ofDay % kSecondUs);
  isoWeek(days, parts.isoYear, parts.week);
  return toChar(parts, format);
}

std::string intervalToChar(const Interval& interval, std::string_view format) {
  Parts parts;
  parts.span = true;
  parts.year = interval.months / 12;
  parts.month = static_cast<int>(interval.months % 12);
  parts.day = static_cast<int>(interval.days);
  parts.hour = interval.us / (3600 * kSecondUs);
  parts.minute = static_cast<int>(interval.us / (60 * kSecondUs) % 60);
  parts.second = static_cast<int>(interval.us / kSecondUs % 60);
  parts.us = static_cast<int>(interval.us % kSecondUs);
  return toChar(parts, format);
}

std::optional<std::int64_t> timestampFromChar(std::string_view text, std::string_view format) {
  CivilDate date;
  std::int64_t hour = 0, minute = 0, second = 0, us = 0;
  bool afternoon = false;
  std::size_t at = 0;
  const auto number = [&](std::size_t width, std::int64_t& value) {
    std::size_t end = at;
    while (end < text.size() && end - at < width && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == at) return false;
    std::from_chars(text.data() + at, text.data() + end, value);
    at = end;
    return true;
  };
  for (std::size_t i = 0; i < format.size();) {
    const std::string_view pattern = patternAt(format.substr(i));
    if (pattern.empty()) {
      ++i;
      if (at < text.size() && !(text[at] >= '0' && text[at] <= '9')) ++at;
      continue;
    }
    const std::string key = upper(pattern);
    std::int64_t value = 0;
    bool fine = true;
    if (key == "YYYY" && (fine = number(4, value))) date.year = value;
    if (key == "MM" && (fine = number(2, value))) date.month = static_cast<int>(value);
    if (key == "DD" && (fine = number(2, value))) date.day = static_cast<int>(value);
    if (key.starts_with("HH")) fine = number(2, hour);
    if (key == "MI") fine = number(2, minute);
    if (key == "SS") fine = number(2, second);
    if (key == "MS" && (fine = number(3, value))) us = value * 1000;
    if (key == "US") fine = number(6, us);
    if (key == "AM" || key == "PM") {
      afternoon = base::equalsIgnoreCase(text.substr(std::min(at, text.size()), 2), "pm");
      at += 2;
    }
    if (key == "MON" || key == "MONTH") {
      for (std::size_t m = 0; m < kMonths.size(); ++m) {
        const std::string_view name = key == "MON" ? kMonths[m].substr(0, 3) : kMonths[m];
        if (!base::equalsIgnoreCase(text.substr(std::min(at, text.size()), name.size()), name)) {
          continue;
        }
        date.month = static_cast<int>(m) + 1;
        at += name.size();
        break;
      }
    }
    if (!fine) return std::nullopt;
    i += pattern.size();
  }
  if (afternoon && hour < 12) hour += 12;
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31 || hour > 23 ||
      minute > 59 || second > 59 || date.year < 1) {
    return std::nullopt;
  }
  return daysOf(date) * kDayUs + ((hour * 60 + minute) * 60 + second) * kSecondUs + us;
}

}  // namespace console
