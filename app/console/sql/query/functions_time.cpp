// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of times.
#include "console/sql/query/functions.h"

namespace console::query {
namespace {

Datum now(const CallSite& site, Arguments) {
  return site.runtime.nowUs();
}
Datum timeOfDay(const CallSite& site, Arguments) {
  return timestampToChar(site.runtime.nowUs(), "Dy Mon DD HH24:MI:SS.US YYYY UTC");
}

Datum unknownUnit(const CallSite& site, const std::string& unit, const char* type) {
  const bool known = timestampField(unit, 0, true).has_value();
  return site.runtime.fail(
      known ? "0A000" : "22023",
      "unit \"" + unit + "\" not " + (known ? "supported" : "recognized") + " for type " + type);
}

template <bool kZone>
Datum extractTimestamp(const CallSite& site, Arguments a) {
  const std::optional<Numeric> value = timestampField(a[0].text(), a[1].whole(), kZone);
  if (value) return *value;
  return unknownUnit(site, a[0].text(),
                     kZone ? "timestamp with time zone" : "timestamp without time zone");
}
Datum extractDate(const CallSite& site, Arguments a) {
  const std::optional<Numeric> value = timestampField(a[0].text(), a[1].whole() * kDayUs, false);
  if (!value) return unknownUnit(site, a[0].text(), "date");
  return value->rounded(0);
}
Datum extractInterval(const CallSite& site, Arguments a) {
  const std::optional<Numeric> value = intervalField(a[0].text(), a[1].interval());
  return value ? Datum(*value) : unknownUnit(site, a[0].text(), "interval");
}
Datum extractTime(const CallSite& site, Arguments a) {
  const std::optional<Numeric> value = timeOfDayField(a[0].text(), a[1].whole());
  return value ? Datum(*value) : unknownUnit(site, a[0].text(), "time without time zone");
}
// date_part(): the same as a double.
Datum real(Datum value) {
  return value.null() ? value : Datum(value.numeric().toDouble());
}
template <bool kZone>
Datum partOfTimestamp(const CallSite& site, Arguments a) {
  return real(extractTimestamp<kZone>(site, a));
}
Datum partOfDate(const CallSite& site, Arguments a) {
  return real(extractDate(site, a));
}
Datum partOfInterval(const CallSite& site, Arguments a) {
  return real(extractInterval(site, a));
}
Datum partOfTime(const CallSite& site, Arguments a) {
  return real(extractTime(site, a));
}

template <bool kZone>
Datum truncateTimestamp(const CallSite& site, Arguments a) {
  const std::optional<std::int64_t> us = truncatedTimestamp(a[0].text(), a[1].whole());
  if (us) return *us;
  return site.runtime.fail(
      "22023", "unit \"" + a[0].text() + "\" not recognized for type " +
                   (kZone ? "timestamp with time zone" : "timestamp without time zone"));
}
Datum truncateInterval(const CallSite& site, Arguments a) {
  const std::optional<Interval> value = truncatedInterval(a[0].text(), a[1].interval());
  if (value) return *value;
  return site.runtime.fail("22023",
                           "unit \"" + a[0].text() + "\" not recognized for type interval");
}

// date_bin(stride, source, origin)
Datum bin(const CallSite& site, Arguments a) {
  const Interval& stride = a[0].interval();
  if (stride.months != 0) {
    return site.runtime.fail("0A000",
                             "timestamps cannot be binned into intervals containing months or "
                             "years");
  }
  const std::int64_t step = stride.span();
  if (step <= 0) return site.runtime.fail("22008", "stride must be greater than zero");
  return a[2].whole() + floorDivide(a[1].whole() - a[2].whole(), step) * step;
}

Datum age(const CallSite& site, Arguments a) {
  const std::int64_t later =
      a.size() > 1 ? a[0].whole() : floorDivide(site.runtime.nowUs(), kDayUs) * kDayUs;
  return ageBetween(later, a.size() > 1 ? a[1].whole() : a[0].whole());
}

Datum justifyHours(const CallSite&, Arguments a) {
  return justifiedHours(a[0].interval());
}
Datum justifyDays(const CallSite&, Arguments a) {
  return justifiedDays(a[0].interval());
}
Datum justifyInterval(const CallSite&, Arguments a) {
  return justifiedDays(justifiedHours(a[0].interval()));
}

Datum timestampText(const CallSite&, Arguments a) {
  return timestampToChar(a[0].whole(), a[1].text());
}
Datum dateText(const CallSite&, Arguments a) {
  return timestampToChar(a[0].whole() * kDayUs, a[1].text());
}
Datum intervalText(const CallSite&, Arguments a) {
  return intervalToChar(a[0].interval(), a[1].text());
}

Datum fromEpoch(const CallSite& site, Arguments a) {
  const double seconds = a[0].real();
  if (!(seconds > -1e11 && seconds < 1e12)) {
    return site.runtime.fail("22008", "timestamp out of range: \"" + doubleText(seconds) + "\"");
  }
  const auto whole = static_cast<std::int64_t>(seconds);
  const double part = (seconds - static_cast<double>(whole)) * 1e6;
  return whole * kSecondUs + static_cast<std::int64_t>(part + (part < 0 ? -0.5 : 0.5));
}
Datum fromText(const CallSite& site, Arguments a) {
  const std::optional<std::int64_t> us = timestampFromChar(a[0].text(), a[1].text());
  if (us) return *us;
  return site.runtime.fail("22007",
                           "invalid value \"" + a[0].text() + "\" for \"" + a[1].text() + "\"");
}
Datum toDate(const CallSite& site, Arguments a) {
  const Datum us = fromText(site, a);
  return us.null() ? us : Datum(floorDivide(us.whole(), kDayUs));
}

bool isUtc(const std::string& zone) {
  return zone == "UTC" || zone == "utc" || zone == "GMT" || zone == "Etc/UTC" || zone == "Z" ||
         zone == "Europe/London" || zone == "Zulu";
}
// The server knows the zones that are UTC in this exercise; others are not installed on it.
Datum toZone(const CallSite& site, Arguments a) {
  if (isUtc(a[0].text())) return a[1];
  return site.runtime.fail("22023", "time zone \"" + a[0].text() + "\" not recognized");
}

Datum makeInterval(const CallSite& site, Arguments a) {
  std::int64_t numbers[6] = {};
  for (std::size_t i = 0; i < a.size() && i < 6; ++i) {
    numbers[i] = a[i].whole();
    if (numbers[i] > 1'000'000 || numbers[i] < -1'000'000) {
      return site.runtime.fail("22008", "interval out of range");
    }
  }
  const double seconds = a.size() > 6 ? a[6].real() : 0;
  if (!(seconds > -1e11 && seconds < 1e11)) {
    return site.runtime.fail("22008", "interval out of range");
  }
  const Interval made{
      numbers[0] * 12 + numbers[1], numbers[2] * 7 + numbers[3],
      (numbers[4] * 60 + numbers[5]) * 60 * kSecondUs + static_cast<std::int64_t>(seconds * 1e6)};
  return inRange(made) ? Datum(made) : site.runtime.fail("22008", "interval out of range");
}
Datum makeDate(const CallSite& site, Arguments a) {
  const std::int64_t y = a[0].whole(), m = a[1].whole(), d = a[2].whole();
  const auto us =
      parseTimestamp(std::to_string(y) + "-" + std::to_string(m) + "-" + std::to_string(d), 0);
  if (y >= 1000 && us) return floorDivide(*us, kDayUs);
  return site.runtime.fail("22008", "date field value out of range: " + std::to_string(y) + "-" +
                                        std::to_string(m) + "-" + std::to_string(d));
}
Datum finite(const CallSite&, Arguments) {
  return true;
}

constexpr FunctionLine kLines[] = {
    {"now", "-> timestamptz", now},
    {"transaction_timestamp", "-> timestamptz", now},
    {"statement_timestamp", "-> timestamptz", now},
    {"clock_timestamp", "-> timestamptz", now},
    {"timeofday", "-> text", timeOfDay},
    {"extract", "text, timestamptz -> numeric", extractTimestamp<true>},
    {"extract", "text, timestamp -> numeric", extractTimestamp<false>},
    {"extract", "text, date -> numeric", extractDate},
    {"extract", "text, interval -> numeric", extractInterval},
    {"extract", "text, time -> numeric", extractTime},
    {"date_part", "text, timestamptz -> double precision", partOfTimestamp<true>},
    {"date_part", "text, timestamp -> double precision", partOfTimestamp<false>},
    {"date_part", "text, date -> double precision", partOfDate},
    {"date_part", "text, interval -> double precision", partOfInterval},
    {"date_part", "text, time -> double precision", partOfTime},
    {"date_trunc", "text, timestamptz<, text> -> timestamptz", truncateTimestamp<true>},
    {"date_trunc", "text, timestamp -> timestamp", truncateTimestamp<false>},
    {"date_trunc", "text, interval -> interval", truncateInterval},
    {"date_bin", "interval, timestamptz, timestamptz -> timestamptz", bin},
    {"date_bin", "interval, timestamp, timestamp -> timestamp", bin},
    {"age", "timestamptz -> interval", age},
    {"age", "timestamp -> interval", age},
    {"age", "timestamptz, timestamptz -> interval", age},
    {"age", "timestamp, timestamp -> interval", age},
    {"justify_hours", "interval -> interval", justifyHours},
    {"justify_days", "interval -> interval", justifyDays},
    {"justify_interval", "interval -> interval", justifyInterval},
    {"to_char", "timestamptz, text -> text", timestampText},
    {"to_char", "timestamp, text -> text", timestampText},
    {"to_char", "date, text -> text", dateText},
    {"to_char", "interval, text -> text", intervalText},
    {"to_timestamp", "double precision -> timestamptz", fromEpoch},
    {"to_timestamp", "text, text -> timestamptz", fromText},
    {"to_date", "text, text -> date", toDate},
    {"timezone", "text, timestamptz -> timestamp", toZone},
    {"timezone", "text, timestamp -> timestamptz", toZone},
    {"make_interval",
     "integer<, integer><, integer><, integer><, integer><, integer><, double precision> -> "
     "interval",
     makeInterval},
    {"make_date", "integer, integer, integer -> date", makeDate},
    {"isfinite", "timestamptz -> boolean", finite},
    {"isfinite", "interval -> boolean", finite}};

}  // namespace

std::span<const FunctionLine> timeFunctions() {
  return kLines;
}

}  // namespace console::query
