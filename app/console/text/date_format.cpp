// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/date_format.h"

#include <algorithm>

#include "base/sim_time.h"
#include "base/text.h"

namespace console {
namespace {

std::string padded(std::int64_t number, std::size_t width, char fill = '0') {
  const std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), fill) + digits : digits;
}

class Moment {
 public:
  explicit Moment(std::int64_t unixMs)
      : m_unixMs(unixMs), m_civil(base::fromUnixMs(unixMs)), m_text(base::ctimeText(unixMs)) {}

  // What stands for a letter; empty: it is none.
  [[nodiscard]] std::string field(char c) const {
    const std::string time = numberField(c);
    return time.empty() ? wordField(c) : time;
  }

 private:
  [[nodiscard]] std::string numberField(char c) const {
    switch (c) {
      case 'Y':
        return std::to_string(m_civil.year);
      case 'C':
        return padded(m_civil.year / 100, 2);
      case 'y':
        return padded(m_civil.year % 100, 2);
      case 'm':
        return padded(m_civil.month, 2);
      case 'd':
        return padded(m_civil.day, 2);
      case 'e':
        return padded(m_civil.day, 2, ' ');
      case 'H':
        return padded(m_civil.hour, 2);
      case 'k':
        return padded(m_civil.hour, 2, ' ');
      case 'I':
        return padded((m_civil.hour + 11) % 12 + 1, 2);
      case 'l':
        return padded((m_civil.hour + 11) % 12 + 1, 2, ' ');
      case 'M':
        return padded(m_civil.minute, 2);
      case 'S':
        return padded(m_civil.second, 2);
      case 'N':
        return padded(m_unixMs % 1000 * 1'000'000, 9);
      case 's':
        return std::to_string(m_unixMs / 1000);
      case 'j':
        return padded(dayOfYear(), 3);
      case 'u':
        return std::to_string((weekday() + 6) % 7 + 1);
      case 'w':
        return std::to_string(weekday());
      case 'U':
        return padded((dayOfYear() + 6 - weekday()) / 7, 2);
      case 'W':
        return padded((dayOfYear() + 6 - (weekday() + 6) % 7) / 7, 2);
      default:
        return {};
    }
  }

  [[nodiscard]] std::string wordField(char c) const {
    static constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
    static constexpr std::string_view kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                 "Thursday", "Friday", "Saturday"};
    switch (c) {
      case 'a':
        return std::string(kDays[weekday()].substr(0, 3));
      case 'A':
        return std::string(kDays[weekday()]);
      case 'b':
      case 'h':
        return std::string(kMonths[m_civil.month - 1].substr(0, 3));
      case 'B':
        return std::string(kMonths[m_civil.month - 1]);
      case 'p':
        return m_civil.hour < 12 ? "AM" : "PM";
      case 'P':
        return m_civil.hour < 12 ? "am" : "pm";
      case 'F':
        return dateText("%Y-%m-%d", m_unixMs);
      case 'T':
      case 'X':
        return dateText("%H:%M:%S", m_unixMs);
      case 'R':
        return dateText("%H:%M", m_unixMs);
      case 'r':
        return dateText("%I:%M:%S %p", m_unixMs);
      case 'D':
      case 'x':
        return dateText("%m/%d/%y", m_unixMs);
      case 'c':
        return m_text;
      case 'Z':
        return "UTC";
      case 'z':
        return "+0000";
      case 'n':
        return "\n";
      case 't':
        return "\t";
      case '%':
        return "%";
      default:
        return {};
    }
  }

  static std::int64_t floorDays(std::int64_t ms) {
    constexpr std::int64_t kDay = 86'400'000;
    return ms >= 0 ? ms / kDay : -((kDay - 1 - ms) / kDay);
  }
  // 1970-01-01 was a Thursday.
  [[nodiscard]] int weekday() const {
    return static_cast<int>(((floorDays(m_unixMs) + 4) % 7 + 7) % 7);
  }
  [[nodiscard]] int dayOfYear() const {
    static constexpr int kBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const int year = m_civil.year;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return kBefore[m_civil.month - 1] + m_civil.day + (leap && m_civil.month > 2 ? 1 : 0);
  }

  std::int64_t m_unixMs;
  base::CivilTime m_civil;
  std::string m_text;
};

}  // namespace

std::string dateText(std::string_view format, std::int64_t unixMs) {
  // Years 1 to 9999.
  const Moment moment(std::clamp<std::int64_t>(unixMs, -62'135'596'800'000, 253'402'300'799'999));
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      text += format[i];
      continue;
    }
    // GNU's %-d: without what fills it up.
    const bool bare = format[i + 1] == '-' && i + 2 < format.size();
    const char letter = format[bare ? i + 2 : i + 1];
    std::string field = moment.field(letter);
    if (field.empty()) {
      text += format[i];
      continue;
    }
    if (bare) field.erase(0, std::min(field.find_first_not_of("0 "), field.size() - 1));
    text += field;
    i += bare ? 2 : 1;
  }
  return text;
}

}  // namespace console
