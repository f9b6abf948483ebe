// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of numbers, and to_char() of them.
#include <algorithm>
#include <cmath>

#include "base/portable_math.h"
#include "base/text.h"
#include "console/sql/query/functions.h"
#include "console/sql/size_text.h"

namespace console::query {
namespace {

Datum wholeAbs(const CallSite& site, Arguments a) {
  const std::int64_t value = a[0].whole();
  const bool least = site.result.is(TypeKind::BigInt) ? value == INT64_MIN : value == INT32_MIN;
  if (least) return site.runtime.fail("22003", typeName(site.result) + " out of range");
  return value < 0 ? -value : value;
}
Datum realAbs(const CallSite&, Arguments a) {
  return std::abs(a[0].real());
}
Datum numericAbs(const CallSite&, Arguments a) {
  return a[0].numeric().negative() ? a[0].numeric().negated() : a[0].numeric();
}
Datum realFloor(const CallSite&, Arguments a) {
  return std::floor(a[0].real());
}
Datum realCeiling(const CallSite&, Arguments a) {
  return std::ceil(a[0].real());
}
Datum numericFloor(const CallSite&, Arguments a) {
  return a[0].numeric().floor();
}
Datum numericCeiling(const CallSite&, Arguments a) {
  return a[0].numeric().ceiling();
}
Datum realRound(const CallSite&, Arguments a) {
  return std::nearbyint(a[0].real());
}
Datum realTrunc(const CallSite&, Arguments a) {
  return std::trunc(a[0].real());
}
int digitsOf(Arguments a) {
  return a.size() > 1 ? static_cast<int>(std::clamp<std::int64_t>(a[1].whole(), -1000, 1000)) : 0;
}
Datum numericRound(const CallSite&, Arguments a) {
  return a[0].numeric().rounded(digitsOf(a));
}
Datum numericTrunc(const CallSite&, Arguments a) {
  return a[0].numeric().truncated(digitsOf(a));
}
Datum trimScale(const CallSite&, Arguments a) {
  return a[0].numeric().trimmed();
}
Datum scaleOf(const CallSite&, Arguments a) {
  return std::int64_t{a[0].numeric().scale()};
}
Datum realSign(const CallSite&, Arguments a) {
  return a[0].real() > 0 ? 1.0 : a[0].real() < 0 ? -1.0 : 0.0;
}
Datum numericSign(const CallSite&, Arguments a) {
  return Numeric(a[0].numeric().isZero() ? 0 : a[0].numeric().negative() ? -1 : 1);
}
Datum squareRoot(const CallSite& site, Arguments a) {
  if (a[0].real() < 0) {
    return site.runtime.fail("2201F", "cannot take square root of a negative number");
  }
  return std::sqrt(a[0].real());
}
// Sixteen significant digits of a double, as numeric's own functions keep.
Datum significant(double value) {
  const Numeric number = Numeric::fromDouble(value);
  return number.rounded(std::max(16 - std::max(number.wholeDigits(), 1), 0));
}
Datum numericRoot(const CallSite& site, Arguments a) {
  if (a[0].numeric().negative()) {
    return site.runtime.fail("2201F", "cannot take square root of a negative number");
  }
  return significant(std::sqrt(a[0].numeric().toDouble()));
}
Datum logarithm(const CallSite& site, double value, double scale) {
  if (value == 0) return site.runtime.fail("2201E", "cannot take logarithm of zero");
  if (value < 0) return site.runtime.fail("2201E", "cannot take logarithm of a negative number");
  return base::portableLog(value) / scale;
}
constexpr double kLogTen = 2.302585092994046;
Datum naturalLog(const CallSite& site, Arguments a) {
  return logarithm(site, a[0].real(), 1);
}
Datum commonLog(const CallSite& site, Arguments a) {
  return logarithm(site, a[0].real(), kLogTen);
}
Datum numericLog(const CallSite& site, Arguments a) {
  const double base = a[0].numeric().toDouble();
  if (base <= 0 || base == 1) return logarithm(site, base - 1, 1);
  const Datum value = logarithm(site, a[1].numeric().toDouble(), base::portableLog(base));
  return site.runtime.failed() ? Datum() : significant(value.real());
}
Datum exponential(const CallSite& site, Arguments a) {
  if (a[0].real() > 709.7) return site.runtime.fail("22003", "value out of range: overflow");
  return base::portableExp(a[0].real());
}
Datum pi(const CallSite&, Arguments) {
  return 3.141592653589793;
}
Datum random(const CallSite& site, Arguments) {
  return site.runtime.random();
}
Datum wholeQuotient(const CallSite& site, Arguments a) {
  if (a[1].numeric().isZero()) return site.runtime.fail("22012", "division by zero");
  return a[0]
      .numeric()
      .minus(a[0].numeric().remainder(a[1].numeric()))
      .dividedBy(a[1].numeric())
      .truncated(0);
}
std::int64_t commonDivisor(std::int64_t a, std::int64_t b) {
  while (b != 0) {
    const std::int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}
Datum greatestDivisor(const CallSite& site, Arguments a) {
  if (a[0].whole() == INT64_MIN || a[1].whole() == INT64_MIN) {
    return site.runtime.fail("22003", "bigint out of range");
  }
  return commonDivisor(a[0].whole(), a[1].whole());
}

Datum bucketOf(const CallSite& site, double value, double low, double high, std::int64_t count) {
  if (count <= 0) return site.runtime.fail("2201G", "count must be greater than zero");
  if (low == high) return site.runtime.fail("2201G", "lower bound cannot equal upper bound");
  const bool rising = low < high;
  if (rising ? value < low : value > low) return std::int64_t{0};
  if (rising ? value >= high : value <= high) return count + 1;
  return static_cast<std::int64_t>((value - low) / (high - low) * static_cast<double>(count)) + 1;
}
Datum realBucket(const CallSite& site, Arguments a) {
  return bucketOf(site, a[0].real(), a[1].real(), a[2].real(), a[3].whole());
}
Datum numericBucket(const CallSite& site, Arguments a) {
  const std::int64_t count = a[3].whole();
  const Numeric &value = a[0].numeric(), &low = a[1].numeric(), &high = a[2].numeric();
  if (count <= 0 || low.compare(high) >= 0) {
    return bucketOf(site, value.toDouble(), low.toDouble(), high.toDouble(), count);
  }
  if (value.compare(low) < 0) return std::int64_t{0};
  if (value.compare(high) >= 0) return count + 1;
  // Exact: the share of the range times the number of buckets.
  const Numeric share =
      value.minus(low).times(Numeric(count)).dividedBy(high.minus(low)).truncated(0);
  return share.toInteger().value_or(0) + 1;
}
Datum arrayBucket(const CallSite& site, Arguments a) {
  std::int64_t bucket = 0;
  for (const Datum& bound : a[1].array()) {
    if (bound.null()) {
      return site.runtime.fail("22004", "thresholds array must not contain NULLs");
    }
    if (compareData(a[0], bound, site.types[0]) >= 0) ++bucket;
  }
  return bucket;
}

// to_char() of a number: 9 0 . , S MI FM G D PR L V are known.
struct NumberFormat {
  int before = 0, after = 0, zeros = 0;  // zeros: from this digit on, counted from the point
  bool fill = true, sign = false, minusEnd = false, brackets = false, plus = false;
  bool exponent = false;
  std::vector<char> marks;  // '9', '0', ',', '.' in their order
};

NumberFormat readFormat(std::string_view format) {
  NumberFormat result;
  bool point = false, zero = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    const std::string two = base::lower(format.substr(i, 2));
    if (two == "fm") {
      result.fill = false;
      ++i;
    } else if (two == "mi") {
      result.minusEnd = true;
      ++i;
    } else if (two == "pr") {
      result.brackets = true;
      ++i;
    } else if (two == "ee" && base::lower(format.substr(i, 4)) == "eeee") {
      result.exponent = true;
      i += 3;
    } else if (c == 'S' || c == 's') {
      result.sign = true;
    } else if (c == '9' || c == '0') {
      if (c == '0' && !zero && !point) {
        zero = true;
        result.zeros = result.before;
      }
      (point ? result.after : result.before) += 1;
      result.marks.push_back(c);
    } else if (c == '.' || c == 'D' || c == 'd') {
      point = true;
      result.marks.push_back('.');
    } else if (c == ',' || c == 'G' || c == 'g') {
      result.marks.push_back(',');
    } else {
      result.marks.push_back(c);
    }
  }
  if (!zero) result.zeros = result.before;
  return result;
}

std::string numberToChar(const Numeric& value, std::string_view format) {
  const NumberFormat f = readFormat(format);
  const Numeric rounded = value.rounded(f.after);
  std::string digits = (rounded.negative() ? rounded.negated() : rounded).text();
  const std::size_t point = digits.find('.');
  std::string whole = digits.substr(0, point);
  std::string part = point == std::string::npos ? "" : digits.substr(point + 1);
  if (whole == "0" && f.zeros == f.before && f.after > 0) whole.clear();
  const bool tooLong = static_cast<int>(whole.size()) > f.before;
  std::string text;
  int place = 0;       // digits of the format used before the point
  bool begun = false;  // a digit was written
  std::size_t after = 0;
  bool behind = false;
  std::size_t lastSignificant = part.find_last_not_of('0');
  for (const char mark : f.marks) {
    if (mark == '.') {
      behind = true;
      const bool needed = f.fill || lastSignificant != std::string::npos ||
                          std::count(f.marks.begin(), f.marks.end(), '0') > 0;
      text += needed || f.after > 0 ? "." : "";
    } else if (mark == ',') {
      text += begun ? "," : f.fill ? " " : "";
    } else if (mark == '9' || mark == '0') {
      if (behind) {
        const bool keep = f.fill || mark == '0' ||
                          (lastSignificant != std::string::npos && after <= lastSignificant);
        if (keep) text += tooLong ? '#' : after < part.size() ? part[after] : '0';
        ++after;
        continue;
      }
      const int missing = f.before - static_cast<int>(whole.size());
      if (tooLong) {
        text += '#';
        begun = true;
      } else if (place >= missing) {
        text += whole[static_cast<std::size_t>(place - missing)];
        begun = true;
      } else if (place >= f.zeros) {
        text += '0';
        begun = true;
      } else if (f.fill) {
        text += ' ';
      }
      ++place;
    } else {
      text += mark;
    }
  }
  const bool negative = rounded.negative();
  const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
  if (f.minusEnd) return text + (negative ? "-" : f.fill ? " " : "");
  if (f.brackets) {
    return negative ? text.substr(0, first) + "<" + text.substr(first) + ">"
                    : (f.fill ? " " + text + " " : text);
  }
  if (f.sign) return text.substr(0, first) + (negative ? "-" : "+") + text.substr(first);
  if (negative) return text.substr(0, first) + "-" + text.substr(first);
  return (f.fill ? " " : "") + text;
}

Datum numericToChar(const CallSite& site, Arguments a) {
  if (a[1].text().size() > 200) return site.runtime.fail("42601", "format is too long");
  return numberToChar(a[0].numeric(), a[1].text());
}
Datum wholeToChar(const CallSite& site, Arguments a) {
  if (a[1].text().size() > 200) return site.runtime.fail("42601", "format is too long");
  return numberToChar(Numeric(a[0].whole()), a[1].text());
}
Datum realToChar(const CallSite& site, Arguments a) {
  if (a[1].text().size() > 200) return site.runtime.fail("42601", "format is too long");
  return numberToChar(Numeric::fromDouble(a[0].real()), a[1].text());
}
Datum toNumber(const CallSite& site, Arguments a) {
  std::string digits;
  for (const char c : a[0].text()) {
    if ((c >= '0' && c <= '9') || c == '.' || c == '-') digits += c;
  }
  const std::optional<Numeric> number = Numeric::parse(digits);
  if (!number) {
    return site.runtime.fail("22P02", "invalid input syntax for type numeric: \"" + digits + "\"");
  }
  return *number;
}

Datum sizePretty(const CallSite&, Arguments a) {
  return prettySize(a[0].whole());
}
Datum numericSizePretty(const CallSite&, Arguments a) {
  const std::optional<std::int64_t> bytes = a[0].numeric().toInteger();
  const bool small = bytes && *bytes > -10'240 && *bytes < 10'240;
  if (small) return a[0].numeric().text() + " bytes";
  return bytes ? prettySize(*bytes) : a[0].numeric().text() + " bytes";
}
Datum sizeInBytes(const CallSite& site, Arguments a) {
  const std::string& text = a[0].text();
  if (const auto bytes = sizeBytes(text)) return *bytes;
  const std::size_t number = text.find_first_not_of("+-0123456789.eE \t");
  if (number == std::string::npos || number == 0) {
    return site.runtime.fail("22023", "invalid size: \"" + text + "\"");
  }
  return site.runtime.fail(
      "22023", "invalid size: \"" + text + "\"",
      "Invalid size unit: \"" + std::string(base::trim(text.substr(number))) + "\".",
      "Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
}

constexpr FunctionLine kLines[] = {
    {"abs", "integer -> integer", wholeAbs},
    {"abs", "bigint -> bigint", wholeAbs},
    {"abs", "numeric -> numeric", numericAbs},
    {"abs", "double precision -> double precision", realAbs},
    {"op_unary_@", "integer -> integer", wholeAbs},
    {"op_unary_@", "bigint -> bigint", wholeAbs},
    {"op_unary_@", "numeric -> numeric", numericAbs},
    {"op_unary_@", "double precision -> double precision", realAbs},
    {"floor", "numeric -> numeric", numericFloor},
    {"floor", "double precision -> double precision", realFloor},
    {"ceil", "numeric -> numeric", numericCeiling},
    {"ceil", "double precision -> double precision", realCeiling},
    {"ceiling", "numeric -> numeric", numericCeiling},
    {"ceiling", "double precision -> double precision", realCeiling},
    {"round", "double precision -> double precision", realRound},
    {"round", "numeric<, integer> -> numeric", numericRound},
    {"trunc", "double precision -> double precision", realTrunc},
    {"trunc", "numeric<, integer> -> numeric", numericTrunc},
    {"trim_scale", "numeric -> numeric", trimScale},
    {"scale", "numeric -> integer", scaleOf},
    {"sign", "numeric -> numeric", numericSign},
    {"sign", "double precision -> double precision", realSign},
    {"sqrt", "double precision -> double precision", squareRoot},
    {"sqrt", "numeric -> numeric", numericRoot},
    {"op_unary_|/", "double precision -> double precision", squareRoot},
    {"ln", "double precision -> double precision", naturalLog},
    {"log", "double precision -> double precision", commonLog},
    {"log10", "double precision -> double precision", commonLog},
    {"log", "numeric, numeric -> numeric", numericLog},
    {"exp", "double precision -> double precision", exponential},
    {"pi", "-> double precision", pi},
    {"random", "-> double precision", random},
    {"div", "numeric, numeric -> numeric", wholeQuotient},
    {"gcd", "integer, integer -> integer", greatestDivisor},
    {"gcd", "bigint, bigint -> bigint", greatestDivisor},
    {"width_bucket", "double precision, double precision, double precision, integer -> integer",
     realBucket},
    {"width_bucket", "numeric, numeric, numeric, integer -> integer", numericBucket},
    {"width_bucket", "anyelement, anyarray -> integer", arrayBucket},
    {"to_char", "integer, text -> text", wholeToChar},
    {"to_char", "bigint, text -> text", wholeToChar},
    {"to_char", "numeric, text -> text", numericToChar},
    {"to_char", "double precision, text -> text", realToChar},
    {"to_number", "text, text -> numeric", toNumber},
    {"pg_size_pretty", "bigint -> text", sizePretty},
    {"pg_size_pretty", "numeric -> text", numericSizePretty},
    {"pg_size_bytes", "text -> bigint", sizeInBytes}};

}  // namespace

std::span<const FunctionLine> numberFunctions() {
  return kLines;
}

}  // namespace console::query
