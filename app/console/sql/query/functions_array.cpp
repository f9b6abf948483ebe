// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of arrays, and those that return rows.
#include "console/sql/query/functions.h"
#include "console/sql/query/matching.h"

namespace console::query {
namespace {

constexpr std::int64_t kMostRows = 100'000;

Datum arrayLength(const CallSite&, Arguments a) {
  if (a[1].whole() != 1 || a[0].array().empty()) return {};
  return static_cast<std::int64_t>(a[0].array().size());
}
Datum cardinality(const CallSite&, Arguments a) {
  return static_cast<std::int64_t>(a[0].array().size());
}
Datum dimensions(const CallSite&, Arguments a) {
  return a[0].array().empty() ? Datum() : Datum(std::int64_t{1});
}
Datum lowerBound(const CallSite&, Arguments a) {
  return a[0].array().empty() || a[1].whole() != 1 ? Datum() : Datum(std::int64_t{1});
}
Datum arrayPosition(const CallSite& site, Arguments a) {
  std::int64_t at = 0;
  for (const Datum& one : a[0].array()) {
    ++at;
    if (!one.null() && compareData(one, a[1], site.types[1]) == 0) return at;
  }
  return {};
}
Datum arrayRemove(const CallSite& site, Arguments a) {
  Items kept;
  for (const Datum& one : a[0].array()) {
    if (one.null() || compareData(one, a[1], site.types[1]) != 0) kept.push_back(one);
  }
  return kept;
}
Datum arrayReplace(const CallSite& site, Arguments a) {
  Items kept;
  for (const Datum& one : a[0].array()) {
    const bool same = !one.null() && compareData(one, a[1], site.types[1]) == 0;
    kept.push_back(same ? a[2] : one);
  }
  return kept;
}
Datum arrayToText(const CallSite& site, Arguments a) {
  std::string text;
  bool first = true;
  for (const Datum& one : a[0].array()) {
    if (one.null() && a.size() < 3) continue;
    text += first ? "" : a[1].text();
    text += one.null() ? a[2].text() : datumText(one, site.types[0].element());
    first = false;
  }
  return text;
}
Datum textToArray(const CallSite&, Arguments a) {
  Items parts;
  if (a[0].null()) return {};
  const std::string& text = a[0].text();
  if (text.empty()) return parts;
  if (a[1].null()) {
    for (const char c : text) parts.emplace_back(std::string(1, c));
    return parts;
  }
  const std::string& by = a[1].text();
  std::size_t from = 0;
  while (!by.empty()) {
    const std::size_t at = text.find(by, from);
    if (at == std::string::npos) break;
    parts.emplace_back(text.substr(from, at - from));
    from = at + by.size();
  }
  parts.emplace_back(text.substr(from));
  if (a.size() > 2 && !a[2].null()) {
    for (Datum& one : parts) {
      if (one.text() == a[2].text()) one = Datum();
    }
  }
  return parts;
}
// -- rows --
std::vector<Datum> unnest(const CallSite& site, Arguments a) {
  site.runtime.work(static_cast<std::int64_t>(a[0].array().size()));
  return a[0].array();
}

std::vector<Datum> wholeSeries(const CallSite& site, Arguments a) {
  const std::int64_t from = a[0].whole(), to = a[1].whole();
  const std::int64_t step = a.size() > 2 ? a[2].whole() : 1;
  if (step == 0) {
    site.runtime.fail("22023", "step size cannot equal zero");
    return {};
  }
  std::vector<Datum> rows;
  for (std::int64_t i = from; step > 0 ? i <= to : i >= to;) {
    rows.emplace_back(i);
    if (static_cast<std::int64_t>(rows.size()) > kMostRows || !site.runtime.work()) {
      site.runtime.fail("57014", "canceling statement due to statement timeout");
      return {};
    }
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return rows;
}

std::vector<Datum> numericSeries(const CallSite& site, Arguments a) {
  const Numeric step = a.size() > 2 ? a[2].numeric() : Numeric(1);
  if (step.isZero()) {
    site.runtime.fail("22023", "step size cannot equal zero");
    return {};
  }
  std::vector<Datum> rows;
  for (Numeric i = a[0].numeric();; i = i.plus(step)) {
    const std::strong_ordering order = i.compare(a[1].numeric());
    if (step.negative() ? order < 0 : order > 0) return rows;
    rows.emplace_back(i);
    if (static_cast<std::int64_t>(rows.size()) > kMostRows || !site.runtime.work(4)) {
      site.runtime.fail("57014", "canceling statement due to statement timeout");
      return {};
    }
  }
}

std::vector<Datum> timeSeries(const CallSite& site, Arguments a) {
  const Interval& step = a[2].interval();
  if (step.span() == 0) {
    site.runtime.fail("22023", "step size cannot equal zero");
    return {};
  }
  std::vector<Datum> rows;
  for (std::int64_t us = a[0].whole(); step.span() > 0 ? us <= a[1].whole() : us >= a[1].whole();) {
    rows.emplace_back(us);
    const std::int64_t next = addInterval(us, step);
    if (static_cast<std::int64_t>(rows.size()) > kMostRows || !site.runtime.work(4)) {
      site.runtime.fail("57014", "canceling statement due to statement timeout");
      return {};
    }
    if (next == us) break;
    us = next;
  }
  return rows;
}

std::vector<Datum> subscripts(const CallSite&, Arguments a) {
  std::vector<Datum> rows;
  if (a[1].whole() != 1) return rows;
  for (std::size_t i = 1; i <= a[0].array().size(); ++i) {
    rows.emplace_back(static_cast<std::int64_t>(i));
  }
  return rows;
}

std::vector<Datum> textRows(const CallSite& site, Arguments a) {
  const Datum array = textToArray(site, a);
  return array.array();
}

constexpr FunctionLine kLines[] = {
    {"array_length", "anyarray, integer -> integer", arrayLength},
    {"cardinality", "anyarray -> integer", cardinality},
    {"array_ndims", "anyarray -> integer", dimensions},
    {"array_lower", "anyarray, integer -> integer", lowerBound},
    {"array_upper", "anyarray, integer -> integer", arrayLength},
    {"array_position", "anyarray, anyelement -> integer", arrayPosition},
    {"array_remove", "anyarray, anyelement -> anyarray", arrayRemove},
    {"array_replace", "anyarray, anyelement, anyelement -> anyarray", arrayReplace},
    {"array_to_string", "anyarray, text<, text> -> text", arrayToText},
    {"string_to_array", "?text, text<, text> -> text[]", textToArray}};

constexpr SeriesLine kSeries[] = {
    {"unnest", "anyarray -> anyelement", unnest},
    {"generate_series", "integer, integer<, integer> -> integer", wholeSeries},
    {"generate_series", "bigint, bigint<, bigint> -> bigint", wholeSeries},
    {"generate_series", "numeric, numeric<, numeric> -> numeric", numericSeries},
    {"generate_series", "timestamptz, timestamptz, interval -> timestamptz", timeSeries},
    {"generate_series", "timestamp, timestamp, interval -> timestamp", timeSeries},
    {"generate_subscripts", "anyarray, integer -> integer", subscripts},
    {"regexp_matches", "text, text<, text> -> text[]", regexpMatchesRows},
    {"regexp_split_to_table", "text, text<, text> -> text", regexpPieces},
    {"string_to_table", "?text, text<, text> -> text", textRows}};

}  // namespace

std::span<const FunctionLine> arrayFunctions() {
  return kLines;
}
std::span<const SeriesLine> seriesFunctions() {
  return kSeries;
}

}  // namespace console::query
