// SPDX-License-Identifier: GPL-3.0-or-later
// Aggregates: each gets the arguments of all rows that count.
#include <algorithm>
#include <cmath>
#include <map>

#include "console/sql/query/functions.h"

namespace console::query {
namespace {

using Rows = std::span<const Row>;

Datum countAll(const CallSite&, Rows rows) {
  return static_cast<std::int64_t>(rows.size());
}
Datum countSome(const CallSite&, Rows rows) {
  return static_cast<std::int64_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return !row[0].null(); }));
}

Datum sumWhole(const CallSite& site, Rows rows) {
  std::int64_t sum = 0;
  bool any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    any = true;
    if (__builtin_add_overflow(sum, row[0].whole(), &sum)) {
      return site.runtime.fail("22003", "bigint out of range");
    }
  }
  return any ? Datum(sum) : Datum();
}

// Whole numbers and numerics alike.
Numeric numericOf(const Datum& datum, DataType type) {
  return type.is(TypeKind::Numeric) ? datum.numeric() : Numeric(datum.whole());
}
Datum sumNumeric(const CallSite& site, Rows rows) {
  Numeric sum;
  bool any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    any = true;
    sum = sum.plus(numericOf(row[0], site.types[0]));
  }
  return any ? Datum(sum) : Datum();
}
Datum averageNumeric(const CallSite& site, Rows rows) {
  const Datum sum = sumNumeric(site, rows);
  const Datum count = countSome(site, rows);
  return sum.null() ? sum : Datum(sum.numeric().dividedBy(Numeric(count.whole())));
}
Datum sumReal(const CallSite&, Rows rows) {
  double sum = 0;
  bool any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    any = true;
    sum += row[0].real();
  }
  return any ? Datum(sum) : Datum();
}
Datum averageReal(const CallSite& site, Rows rows) {
  const Datum sum = sumReal(site, rows);
  return sum.null() ? sum : Datum(sum.real() / static_cast<double>(countSome(site, rows).whole()));
}
Datum sumInterval(const CallSite& site, Rows rows) {
  Interval sum;
  bool any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    any = true;
    const Interval& one = row[0].interval();
    sum = {sum.months + one.months, sum.days + one.days, sum.us + one.us};
    if (!inRange(sum)) return site.runtime.fail("22008", "interval out of range");
  }
  return any ? Datum(sum) : Datum();
}
Datum averageInterval(const CallSite& site, Rows rows) {
  const Datum sum = sumInterval(site, rows);
  if (sum.null()) return sum;
  return scaled(sum.interval(), 1 / static_cast<double>(countSome(site, rows).whole()));
}

template <bool kGreatest>
Datum extreme(const CallSite& site, Rows rows) {
  Datum best;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    const int order = best.null() ? 0 : compareData(row[0], best, site.types[0]);
    if (best.null() || (kGreatest ? order > 0 : order < 0)) best = row[0];
  }
  return best;
}

template <bool kAnd>
Datum together(const CallSite&, Rows rows) {
  bool result = kAnd, any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    any = true;
    result = kAnd ? result && row[0].truth() : result || row[0].truth();
  }
  return any ? Datum(result) : Datum();
}

Datum joinText(const CallSite& site, Rows rows) {
  std::string text;
  bool any = false;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    if (any && !row[1].null()) text += row[1].text();
    text += row[0].text();
    any = true;
    if (text.size() > (1u << 20)) {
      return site.runtime.fail("57014", "canceling statement due to statement timeout");
    }
  }
  return any ? Datum(text) : Datum();
}
Datum joinArray(const CallSite&, Rows rows) {
  if (rows.empty()) return {};
  Items array;
  for (const Row& row : rows) array.push_back(row[0]);
  return array;
}

// Mean and sum of squared differences, as float8_accum() keeps them (Youngs and Cramer).
struct Spread {
  double count = 0, sum = 0, squares = 0;
};
Spread spreadOf(Rows rows) {
  Spread s;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    const double x = row[0].real();
    s.count += 1;
    s.sum += x;
    if (s.count > 1) {
      const double difference = x * s.count - s.sum;
      s.squares += difference * difference / (s.count * (s.count - 1));
    }
  }
  return s;
}
template <bool kSample, bool kRoot>
Datum spread(const CallSite&, Rows rows) {
  const Spread s = spreadOf(rows);
  if (s.count < (kSample ? 2 : 1)) return {};
  const double variance = s.squares / (kSample ? s.count - 1 : s.count);
  return kRoot ? std::sqrt(variance) : variance;
}
// Of exact numbers the result is one too.
template <bool kSample, bool kRoot>
Datum exactSpread(const CallSite& site, Rows rows) {
  Numeric count, sum, squares;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    const Numeric x = numericOf(row[0], site.types[0]);
    count = count.plus(Numeric(1));
    sum = sum.plus(x);
    squares = squares.plus(x.times(x));
  }
  const Numeric less = kSample ? count.minus(Numeric(1)) : count;
  if (less.isZero() || less.negative()) return {};
  const Numeric top = count.times(squares).minus(sum.times(sum));
  if (top.isZero() || top.negative()) return Numeric(0);
  const Numeric variance = top.dividedBy(count.times(less));
  if (!kRoot) return variance;
  // Newton's steps from the double's digits on.
  Numeric root = Numeric::fromDouble(std::sqrt(variance.toDouble()));
  for (int i = 0; i < 2; ++i) {
    root = root.plus(variance.dividedBy(root)).dividedBy(Numeric(2));
  }
  return root.rounded(variance.scale());
}

double shareOf(Rows rows) {
  return rows.empty() ? 0 : rows[0][0].real();
}
std::vector<Datum> sortedValues(Rows rows) {
  std::vector<Datum> values;
  for (const Row& row : rows) {
    if (!row[1].null()) values.push_back(row[1]);
  }
  return values;
}
Datum wrongShare(const CallSite& site, double share) {
  return site.runtime.fail("22003",
                           "percentile value " + doubleText(share) + " is not between 0 and 1");
}
Datum percentileContinuous(const CallSite& site, Rows rows) {
  const double share = shareOf(rows);
  if (!(share >= 0 && share <= 1)) return wrongShare(site, share);
  const std::vector<Datum> values = sortedValues(rows);
  if (values.empty()) return {};
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(place));
  const std::size_t high = std::min(low + 1, values.size() - 1);
  const double part = place - static_cast<double>(low);
  return values[low].real() + part * (values[high].real() - values[low].real());
}
Datum percentileInterval(const CallSite& site, Rows rows) {
  const double share = shareOf(rows);
  if (!(share >= 0 && share <= 1)) return wrongShare(site, share);
  const std::vector<Datum> values = sortedValues(rows);
  if (values.empty()) return {};
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(place));
  const Interval &a = values[low].interval(),
                 &b = values[std::min(low + 1, values.size() - 1)].interval();
  const Interval more =
      scaled({b.months - a.months, b.days - a.days, b.us - a.us}, place - static_cast<double>(low));
  return Interval{a.months + more.months, a.days + more.days, a.us + more.us};
}
Datum percentileDiscrete(const CallSite& site, Rows rows) {
  const double share = shareOf(rows);
  if (!(share >= 0 && share <= 1)) return wrongShare(site, share);
  const std::vector<Datum> values = sortedValues(rows);
  if (values.empty()) return {};
  const auto place =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[place == 0 ? 0 : place - 1];
}
Datum mode(const CallSite& site, Rows rows) {
  std::map<std::string, std::int64_t> counts;
  Datum best;
  std::int64_t most = 0;
  for (const Row& row : rows) {
    if (row[0].null()) continue;
    const std::int64_t count = ++counts[datumKey(row[0], site.types[0])];
    if (count > most) {
      most = count;
      best = row[0];
    }
  }
  return best;
}

constexpr AggregateLine kLines[] = {
    {"count", "-> bigint", countAll},
    {"count", "any -> bigint", countSome},
    {"sum", "smallint -> bigint", sumWhole},
    {"sum", "integer -> bigint", sumWhole},
    {"sum", "bigint -> numeric", sumNumeric},
    {"sum", "numeric -> numeric", sumNumeric},
    {"sum", "double precision -> double precision", sumReal},
    {"sum", "interval -> interval", sumInterval},
    {"avg", "smallint -> numeric", averageNumeric},
    {"avg", "integer -> numeric", averageNumeric},
    {"avg", "bigint -> numeric", averageNumeric},
    {"avg", "numeric -> numeric", averageNumeric},
    {"avg", "double precision -> double precision", averageReal},
    {"avg", "interval -> interval", averageInterval},
    {"min", "anyelement -> anyelement", extreme<false>},
    {"max", "anyelement -> anyelement", extreme<true>},
    {"bool_and", "boolean -> boolean", together<true>},
    {"bool_or", "boolean -> boolean", together<false>},
    {"every", "boolean -> boolean", together<true>},
    {"string_agg", "text, text -> text", joinText},
    {"array_agg", "anyelement -> anyarray", joinArray},
    {"stddev", "double precision -> double precision", spread<true, true>},
    {"stddev", "smallint -> numeric", exactSpread<true, true>},
    {"stddev", "integer -> numeric", exactSpread<true, true>},
    {"stddev", "bigint -> numeric", exactSpread<true, true>},
    {"stddev", "numeric -> numeric", exactSpread<true, true>},
    {"stddev_samp", "double precision -> double precision", spread<true, true>},
    {"stddev_samp", "smallint -> numeric", exactSpread<true, true>},
    {"stddev_samp", "integer -> numeric", exactSpread<true, true>},
    {"stddev_samp", "bigint -> numeric", exactSpread<true, true>},
    {"stddev_samp", "numeric -> numeric", exactSpread<true, true>},
    {"stddev_pop", "double precision -> double precision", spread<false, true>},
    {"stddev_pop", "smallint -> numeric", exactSpread<false, true>},
    {"stddev_pop", "integer -> numeric", exactSpread<false, true>},
    {"stddev_pop", "bigint -> numeric", exactSpread<false, true>},
    {"stddev_pop", "numeric -> numeric", exactSpread<false, true>},
    {"variance", "double precision -> double precision", spread<true, false>},
    {"variance", "smallint -> numeric", exactSpread<true, false>},
    {"variance", "integer -> numeric", exactSpread<true, false>},
    {"variance", "bigint -> numeric", exactSpread<true, false>},
    {"variance", "numeric -> numeric", exactSpread<true, false>},
    {"var_samp", "double precision -> double precision", spread<true, false>},
    {"var_samp", "smallint -> numeric", exactSpread<true, false>},
    {"var_samp", "integer -> numeric", exactSpread<true, false>},
    {"var_samp", "bigint -> numeric", exactSpread<true, false>},
    {"var_samp", "numeric -> numeric", exactSpread<true, false>},
    {"var_pop", "double precision -> double precision", spread<false, false>},
    {"var_pop", "smallint -> numeric", exactSpread<false, false>},
    {"var_pop", "integer -> numeric", exactSpread<false, false>},
    {"var_pop", "bigint -> numeric", exactSpread<false, false>},
    {"var_pop", "numeric -> numeric", exactSpread<false, false>},
    {"percentile_cont", "double precision, double precision -> double precision",
     percentileContinuous},
    {"percentile_cont", "double precision, interval -> interval", percentileInterval},
    {"percentile_disc", "double precision, anyelement -> anyelement", percentileDiscrete},
    {"mode", "anyelement -> anyelement", mode}};

}  // namespace

std::span<const AggregateLine> aggregateFunctions() {
  return kLines;
}

}  // namespace console::query
