// SPDX-License-Identifier: GPL-3.0-or-later
// Operators: "op_+" and its kin stand for "+" between two types, "op_unary_-" for one before one.
#include <cmath>

#include "base/portable_math.h"
#include "base/text.h"
#include "console/sql/query/functions.h"
#include "console/sql/query/matching.h"

namespace console::query {
namespace {

Datum outOfRange(const CallSite& site) {
  return site.runtime.fail("22003", typeName(site.result) + " out of range");
}
Datum byZero(const CallSite& site) {
  return site.runtime.fail("22012", "division by zero");
}

// A whole number of the result's width, or the error.
Datum fitted(const CallSite& site, std::int64_t value) {
  if (site.result.is(TypeKind::Integer) && (value > INT32_MAX || value < INT32_MIN)) {
    return outOfRange(site);
  }
  if (site.result.is(TypeKind::SmallInt) && (value > INT16_MAX || value < INT16_MIN)) {
    return outOfRange(site);
  }
  return value;
}

Datum wholeAdd(const CallSite& site, Arguments a) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a[0].whole(), a[1].whole(), &sum)) return outOfRange(site);
  return fitted(site, sum);
}
Datum wholeSubtract(const CallSite& site, Arguments a) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a[0].whole(), a[1].whole(), &difference)) return outOfRange(site);
  return fitted(site, difference);
}
Datum wholeMultiply(const CallSite& site, Arguments a) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a[0].whole(), a[1].whole(), &product)) return outOfRange(site);
  return fitted(site, product);
}
Datum wholeDivide(const CallSite& site, Arguments a) {
  if (a[1].whole() == 0) return byZero(site);
  if (a[1].whole() == -1 && a[0].whole() == INT64_MIN) return outOfRange(site);
  return fitted(site, a[0].whole() / a[1].whole());
}
Datum wholeRemainder(const CallSite& site, Arguments a) {
  if (a[1].whole() == 0) return byZero(site);
  return a[1].whole() == -1 ? std::int64_t{0} : a[0].whole() % a[1].whole();
}

Datum real(const CallSite& site, double value, double x, double y) {
  if (std::isinf(value) && std::isfinite(x) && std::isfinite(y)) {
    return site.runtime.fail("22003", "value out of range: overflow");
  }
  return value;
}
Datum realAdd(const CallSite& site, Arguments a) {
  return real(site, a[0].real() + a[1].real(), a[0].real(), a[1].real());
}
Datum realSubtract(const CallSite& site, Arguments a) {
  return real(site, a[0].real() - a[1].real(), a[0].real(), a[1].real());
}
Datum realMultiply(const CallSite& site, Arguments a) {
  return real(site, a[0].real() * a[1].real(), a[0].real(), a[1].real());
}
Datum realDivide(const CallSite& site, Arguments a) {
  if (a[1].real() == 0) return byZero(site);
  return real(site, a[0].real() / a[1].real(), a[0].real(), a[1].real());
}

Datum numericAdd(const CallSite&, Arguments a) {
  return a[0].numeric().plus(a[1].numeric());
}
Datum numericSubtract(const CallSite&, Arguments a) {
  return a[0].numeric().minus(a[1].numeric());
}
// A product of long numbers costs, and may grow beyond what numeric holds.
Datum numericMultiply(const CallSite& site, Arguments a) {
  const Numeric &x = a[0].numeric(), &y = a[1].numeric();
  constexpr int kMost = 20'000;
  if (x.wholeDigits() + y.wholeDigits() > kMost) {
    return site.runtime.fail("22003", "value overflows numeric format");
  }
  site.runtime.work((x.wholeDigits() + x.scale()) / 16);
  return x.times(y);
}
Datum numericDivide(const CallSite& site, Arguments a) {
  if (a[1].numeric().isZero()) return byZero(site);
  site.runtime.work(4 + a[0].numeric().wholeDigits() / 4);
  return a[0].numeric().dividedBy(a[1].numeric());
}
Datum numericRemainder(const CallSite& site, Arguments a) {
  if (a[1].numeric().isZero()) return byZero(site);
  return a[0].numeric().remainder(a[1].numeric());
}

Datum power(const CallSite& site, double base, double exponent) {
  if (base == 0 && exponent < 0) {
    return site.runtime.fail("2201F", "zero raised to a negative power is undefined");
  }
  const bool whole = exponent == std::floor(exponent);
  if (base < 0 && !whole) {
    return site.runtime.fail("2201F",
                             "a negative number raised to a non-integer power yields a complex "
                             "result");
  }
  // Whole powers by squaring: exact as long as they can be.
  if (whole && std::abs(exponent) <= 1024) {
    double result = 1, square = base;
    for (auto n = static_cast<int>(std::abs(exponent)); n > 0; n /= 2) {
      if (n % 2 == 1) result *= square;
      square *= square;
    }
    return real(site, exponent < 0 ? 1 / result : result, base, exponent);
  }
  if (base == 0) return 0.0;
  return real(site, base::portablePow(std::abs(base), exponent), base, exponent);
}
Datum realPower(const CallSite& site, Arguments a) {
  return power(site, a[0].real(), a[1].real());
}
Datum numericPower(const CallSite& site, Arguments a) {
  const Numeric& base = a[0].numeric();
  const std::optional<std::int64_t> exponent = a[1].numeric().toInteger();
  const bool whole = exponent && a[1].numeric().compare(Numeric(*exponent)) == 0;
  if (whole && *exponent >= 0 && *exponent <= 200 && base.wholeDigits() < 100) {
    Numeric result(1);
    for (std::int64_t i = 0; i < *exponent; ++i) result = result.times(base);
    site.runtime.work(*exponent * 4);
    // power_var() keeps sixteen significant digits.
    return result.rounded(std::max(16 - std::max(result.wholeDigits(), 1) + 1, base.scale()))
        .rounded(std::max(0, 17 - std::max(result.wholeDigits(), 1)));
  }
  const Datum result = power(site, base.toDouble(), a[1].numeric().toDouble());
  return site.runtime.failed() ? Datum() : Datum(Numeric::fromDouble(result.real()));
}

// -- times --
Datum interval(const CallSite& site, const Interval& value) {
  if (!inRange(value)) return site.runtime.fail("22008", "interval out of range");
  return value;
}
Datum timeAdd(const CallSite&, Arguments a) {
  return addInterval(a[0].whole(), a[1].interval());
}
Datum addTime(const CallSite&, Arguments a) {
  return addInterval(a[1].whole(), a[0].interval());
}
Interval back(const Interval& value) {
  return {-value.months, -value.days, -value.us};
}
Datum timeSubtract(const CallSite&, Arguments a) {
  return addInterval(a[0].whole(), back(a[1].interval()));
}
Datum timeDifference(const CallSite&, Arguments a) {
  return between(a[0].whole(), a[1].whole());
}
Datum dateAddDays(const CallSite& site, Arguments a) {
  const std::int64_t days = a[0].whole() + a[1].whole();
  if (std::abs(days) > 70'000'000) return site.runtime.fail("22008", "date out of range");
  return days;
}
Datum dateSubtractDays(const CallSite& site, Arguments a) {
  const std::int64_t days = a[0].whole() - a[1].whole();
  if (std::abs(days) > 70'000'000) return site.runtime.fail("22008", "date out of range");
  return days;
}
Datum dateDifference(const CallSite&, Arguments a) {
  return a[0].whole() - a[1].whole();
}
Datum dateAdd(const CallSite&, Arguments a) {
  return addInterval(a[0].whole() * kDayUs, a[1].interval());
}
Datum dateSubtract(const CallSite&, Arguments a) {
  return addInterval(a[0].whole() * kDayUs, back(a[1].interval()));
}
Datum dateAndTime(const CallSite&, Arguments a) {
  return a[0].whole() * kDayUs + a[1].whole();
}
Datum clockAdd(const CallSite&, Arguments a) {
  const std::int64_t us = a[0].whole() + a[1].interval().us;
  return us - floorDivide(us, kDayUs) * kDayUs;
}
Datum clockSubtract(const CallSite&, Arguments a) {
  const std::int64_t us = a[0].whole() - a[1].interval().us;
  return us - floorDivide(us, kDayUs) * kDayUs;
}
Datum clockDifference(const CallSite&, Arguments a) {
  return Interval{0, 0, a[0].whole() - a[1].whole()};
}
Datum intervalAdd(const CallSite& site, Arguments a) {
  const Interval &x = a[0].interval(), &y = a[1].interval();
  return interval(site, {x.months + y.months, x.days + y.days, x.us + y.us});
}
Datum intervalSubtract(const CallSite& site, Arguments a) {
  const Interval &x = a[0].interval(), &y = a[1].interval();
  return interval(site, {x.months - y.months, x.days - y.days, x.us - y.us});
}
Datum intervalMultiply(const CallSite& site, Arguments a) {
  return interval(site, scaled(a[0].interval(), a[1].real()));
}
Datum multiplyInterval(const CallSite& site, Arguments a) {
  return interval(site, scaled(a[1].interval(), a[0].real()));
}
Datum intervalDivide(const CallSite& site, Arguments a) {
  if (a[1].real() == 0) return byZero(site);
  return interval(site, scaled(a[0].interval(), 1 / a[1].real()));
}
Datum intervalNegate(const CallSite&, Arguments a) {
  return back(a[0].interval());
}

// -- places in the write-ahead log --
Datum lsnDifference(const CallSite&, Arguments a) {
  const auto x = static_cast<std::uint64_t>(a[0].whole());
  const auto y = static_cast<std::uint64_t>(a[1].whole());
  const Numeric size(static_cast<std::int64_t>(x >= y ? x - y : y - x));
  return x >= y ? size : size.negated();
}
Datum lsnAdd(const CallSite&, Arguments a) {
  return a[0].whole() + a[1].numeric().toInteger().value_or(0);
}
Datum lsnSubtract(const CallSite&, Arguments a) {
  return a[0].whole() - a[1].numeric().toInteger().value_or(0);
}

// -- signs and bits --
Datum wholeNegate(const CallSite& site, Arguments a) {
  if (a[0].whole() == INT64_MIN) return outOfRange(site);
  return fitted(site, -a[0].whole());
}
Datum numericNegate(const CallSite&, Arguments a) {
  return a[0].numeric().negated();
}
Datum realNegate(const CallSite&, Arguments a) {
  return -a[0].real();
}
Datum same(const CallSite&, Arguments a) {
  return a[0];
}
Datum bitAnd(const CallSite&, Arguments a) {
  return a[0].whole() & a[1].whole();
}
Datum bitOr(const CallSite&, Arguments a) {
  return a[0].whole() | a[1].whole();
}
Datum bitXor(const CallSite&, Arguments a) {
  return a[0].whole() ^ a[1].whole();
}
Datum bitNot(const CallSite&, Arguments a) {
  return ~a[0].whole();
}
Datum shifted(const CallSite& site, std::int64_t value, std::int64_t by, bool left) {
  const int width = site.result.is(TypeKind::BigInt) ? 64 : 32;
  const auto places = static_cast<unsigned>(by & (width - 1));
  if (!left) return value >> places;
  const std::uint64_t moved = static_cast<std::uint64_t>(value) << places;
  return width == 64 ? static_cast<std::int64_t>(moved)
                     : std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(moved))};
}
Datum shiftLeft(const CallSite& site, Arguments a) {
  return shifted(site, a[0].whole(), a[1].whole(), true);
}
Datum shiftRight(const CallSite& site, Arguments a) {
  return shifted(site, a[0].whole(), a[1].whole(), false);
}

// -- texts and arrays --
Datum joinedText(const CallSite& site, std::string text) {
  constexpr std::size_t kMost = 1u << 20;
  if (text.size() > kMost) {
    return site.runtime.fail("57014", "canceling statement due to statement timeout");
  }
  site.runtime.work(static_cast<std::int64_t>(text.size() / 64));
  return text;
}
Datum concatenate(const CallSite& site, Arguments a) {
  return joinedText(site, datumText(a[0], site.types[0]) + datumText(a[1], site.types[1]));
}
Datum arrays(const CallSite& site, Arguments a) {
  if (a[0].null() || a[1].null()) return a[0].null() ? a[1] : a[0];
  Items all = a[0].array();
  all.insert(all.end(), a[1].array().begin(), a[1].array().end());
  site.runtime.work(static_cast<std::int64_t>(all.size()));
  return all;
}
Datum arrayAppend(const CallSite& site, Arguments a) {
  Items all = a[0].array();
  all.push_back(a[1]);
  site.runtime.work(static_cast<std::int64_t>(all.size()));
  return all;
}
Datum arrayPrepend(const CallSite& site, Arguments a) {
  Items all = a[1].array();
  all.insert(all.begin(), a[0]);
  site.runtime.work(static_cast<std::int64_t>(all.size()));
  return all;
}
bool holdsAll(const CallSite& site, const Items& outer, const Items& inner, DataType element) {
  for (const Datum& one : inner) {
    site.runtime.work(static_cast<std::int64_t>(outer.size()));
    bool found = false;
    for (const Datum& other : outer) {
      found = found || (!one.null() && !other.null() && compareData(one, other, element) == 0);
    }
    if (!found) return false;
  }
  return true;
}
Datum contains(const CallSite& site, Arguments a) {
  return holdsAll(site, a[0].array(), a[1].array(), site.types[0].element());
}
Datum contained(const CallSite& site, Arguments a) {
  return holdsAll(site, a[1].array(), a[0].array(), site.types[0].element());
}
Datum overlap(const CallSite& site, Arguments a) {
  for (const Datum& one : a[0].array()) {
    if (holdsAll(site, a[1].array(), {one}, site.types[0].element())) return true;
  }
  return false;
}

template <bool kIgnoreCase, bool kNegated>
Datum matchesPattern(const CallSite& site, Arguments a) {
  const std::optional<bool> found =
      regularMatch(site.runtime, a[0].text(), a[1].text(), kIgnoreCase);
  return found ? Datum(*found != kNegated) : Datum();
}
template <bool kIgnoreCase, bool kNegated>
Datum matchesLike(const CallSite& site, Arguments a) {
  return likeMatch(site.runtime, a[0].text(), a[1].text(), "\\", kIgnoreCase) != kNegated;
}

constexpr FunctionLine kLines[] = {
    {"op_+", "smallint, smallint -> smallint", wholeAdd},
    {"op_+", "integer, integer -> integer", wholeAdd},
    {"op_+", "bigint, bigint -> bigint", wholeAdd},
    {"op_+", "numeric, numeric -> numeric", numericAdd},
    {"op_+", "double precision, double precision -> double precision", realAdd},
    {"op_+", "date, integer -> date", dateAddDays},
    {"op_+", "date, interval -> timestamp", dateAdd},
    {"op_+", "date, time -> timestamp", dateAndTime},
    {"op_+", "time, interval -> time", clockAdd},
    {"op_+", "timestamp, interval -> timestamp", timeAdd},
    {"op_+", "timestamptz, interval -> timestamptz", timeAdd},
    {"op_+", "interval, timestamp -> timestamp", addTime},
    {"op_+", "interval, timestamptz -> timestamptz", addTime},
    {"op_+", "interval, interval -> interval", intervalAdd},
    {"op_+", "pg_lsn, numeric -> pg_lsn", lsnAdd},
    {"op_-", "smallint, smallint -> smallint", wholeSubtract},
    {"op_-", "integer, integer -> integer", wholeSubtract},
    {"op_-", "bigint, bigint -> bigint", wholeSubtract},
    {"op_-", "numeric, numeric -> numeric", numericSubtract},
    {"op_-", "double precision, double precision -> double precision", realSubtract},
    {"op_-", "date, integer -> date", dateSubtractDays},
    {"op_-", "date, date -> integer", dateDifference},
    {"op_-", "date, interval -> timestamp", dateSubtract},
    {"op_-", "time, interval -> time", clockSubtract},
    {"op_-", "time, time -> interval", clockDifference},
    {"op_-", "timestamp, timestamp -> interval", timeDifference},
    {"op_-", "timestamptz, timestamptz -> interval", timeDifference},
    {"op_-", "timestamp, interval -> timestamp", timeSubtract},
    {"op_-", "timestamptz, interval -> timestamptz", timeSubtract},
    {"op_-", "interval, interval -> interval", intervalSubtract},
    {"op_-", "pg_lsn, pg_lsn -> numeric", lsnDifference},
    {"op_-", "pg_lsn, numeric -> pg_lsn", lsnSubtract},
    {"op_*", "smallint, smallint -> smallint", wholeMultiply},
    {"op_*", "integer, integer -> integer", wholeMultiply},
    {"op_*", "bigint, bigint -> bigint", wholeMultiply},
    {"op_*", "numeric, numeric -> numeric", numericMultiply},
    {"op_*", "double precision, double precision -> double precision", realMultiply},
    {"op_*", "interval, double precision -> interval", intervalMultiply},
    {"op_*", "double precision, interval -> interval", multiplyInterval},
    {"op_/", "smallint, smallint -> smallint", wholeDivide},
    {"op_/", "integer, integer -> integer", wholeDivide},
    {"op_/", "bigint, bigint -> bigint", wholeDivide},
    {"op_/", "numeric, numeric -> numeric", numericDivide},
    {"op_/", "double precision, double precision -> double precision", realDivide},
    {"op_/", "interval, double precision -> interval", intervalDivide},
    {"op_%", "smallint, smallint -> smallint", wholeRemainder},
    {"op_%", "integer, integer -> integer", wholeRemainder},
    {"op_%", "bigint, bigint -> bigint", wholeRemainder},
    {"op_%", "numeric, numeric -> numeric", numericRemainder},
    {"mod", "integer, integer -> integer", wholeRemainder},
    {"mod", "bigint, bigint -> bigint", wholeRemainder},
    {"mod", "numeric, numeric -> numeric", numericRemainder},
    {"op_^", "double precision, double precision -> double precision", realPower},
    {"op_^", "numeric, numeric -> numeric", numericPower},
    {"power", "double precision, double precision -> double precision", realPower},
    {"power", "numeric, numeric -> numeric", numericPower},
    {"pow", "double precision, double precision -> double precision", realPower},
    {"pow", "numeric, numeric -> numeric", numericPower},
    {"op_||", "text, text -> text", concatenate},
    {"op_||", "text, any -> text", concatenate},
    {"op_||", "any, text -> text", concatenate},
    {"op_||", "?anyarray, anyarray -> anyarray", arrays},
    {"op_||", "anyarray, anyelement -> anyarray", arrayAppend},
    {"op_||", "anyelement, anyarray -> anyarray", arrayPrepend},
    {"array_cat", "?anyarray, anyarray -> anyarray", arrays},
    {"array_append", "anyarray, anyelement -> anyarray", arrayAppend},
    {"array_prepend", "anyelement, anyarray -> anyarray", arrayPrepend},
    {"op_@>", "anyarray, anyarray -> boolean", contains},
    {"op_<@", "anyarray, anyarray -> boolean", contained},
    {"op_&&", "anyarray, anyarray -> boolean", overlap},
    {"op_~", "text, text -> boolean", matchesPattern<false, false>},
    {"op_~*", "text, text -> boolean", matchesPattern<true, false>},
    {"op_!~", "text, text -> boolean", matchesPattern<false, true>},
    {"op_!~*", "text, text -> boolean", matchesPattern<true, true>},
    {"op_~~", "text, text -> boolean", matchesLike<false, false>},
    {"op_~~*", "text, text -> boolean", matchesLike<true, false>},
    {"op_!~~", "text, text -> boolean", matchesLike<false, true>},
    {"op_!~~*", "text, text -> boolean", matchesLike<true, true>},
    {"op_&", "integer, integer -> integer", bitAnd},
    {"op_&", "bigint, bigint -> bigint", bitAnd},
    {"op_|", "integer, integer -> integer", bitOr},
    {"op_|", "bigint, bigint -> bigint", bitOr},
    {"op_#", "integer, integer -> integer", bitXor},
    {"op_#", "bigint, bigint -> bigint", bitXor},
    {"op_<<", "integer, integer -> integer", shiftLeft},
    {"op_<<", "bigint, integer -> bigint", shiftLeft},
    {"op_>>", "integer, integer -> integer", shiftRight},
    {"op_>>", "bigint, integer -> bigint", shiftRight},
    {"op_unary_-", "smallint -> smallint", wholeNegate},
    {"op_unary_-", "integer -> integer", wholeNegate},
    {"op_unary_-", "bigint -> bigint", wholeNegate},
    {"op_unary_-", "numeric -> numeric", numericNegate},
    {"op_unary_-", "double precision -> double precision", realNegate},
    {"op_unary_-", "interval -> interval", intervalNegate},
    {"op_unary_+", "integer -> integer", same},
    {"op_unary_+", "bigint -> bigint", same},
    {"op_unary_+", "numeric -> numeric", same},
    {"op_unary_+", "double precision -> double precision", same},
    {"op_unary_~", "integer -> integer", bitNot},
    {"op_unary_~", "bigint -> bigint", bitNot}};

}  // namespace

std::span<const FunctionLine> operatorFunctions() {
  return kLines;
}

}  // namespace console::query
