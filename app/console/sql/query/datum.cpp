// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/datum.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace console {
namespace {

template <typename T>
const T& held(const Datum& datum) {
  static const T kNothing{};
  const T* found = std::get_if<T>(&datum.value);
  return found != nullptr ? *found : kNothing;
}

// Digits and exponent of the shortest form, put together as %g would: fixed between 1e-5 and the
// number of digits the type is good for.
std::string shortest(std::string_view scientific, int most) {
  const std::size_t e = scientific.find('e');
  std::string digits(scientific.substr(0, e));
  int exponent = 0;
  const char* from = scientific.data() + e + 1;
  if (*from == '+') ++from;
  std::from_chars(from, scientific.data() + scientific.size(), exponent);
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  digits = base::replaceAll(digits, ".", "");
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  std::string text;
  if (exponent < -4 || exponent >= most) {
    text = digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "");
    const int size = exponent < 0 ? -exponent : exponent;
    text += std::string(exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + std::to_string(size);
  } else if (exponent < 0) {
    text = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else {
    const auto before = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < before) digits.append(before - digits.size(), '0');
    text = digits.substr(0, before) + (digits.size() > before ? "." + digits.substr(before) : "");
  }
  return (negative ? "-" : "") + text;
}

template <typename Float>
std::string floatText(Float value, int most) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  std::array<char, 64> buffer{};
  const auto made = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                  std::chars_format::scientific);
  return shortest({buffer.data(), static_cast<std::size_t>(made.ptr - buffer.data())}, most);
}

std::string arrayText(const Items& array, DataType element) {
  std::string text = "{";
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) text += ",";
    if (array[i].null()) {
      text += "NULL";
      continue;
    }
    const std::string one = datumText(array[i], element);
    const bool quote = one.empty() || base::lower(one) == "null" ||
                       one.find_first_of("{},\"\\ \t\n") != std::string::npos;
    if (!quote) {
      text += one;
      continue;
    }
    text += '"';
    for (const char c : one) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

std::string lsnText(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  std::array<char, 40> buffer{};
  auto made = std::to_chars(buffer.data(), buffer.data() + 20, bits >> 32, 16);
  *made.ptr++ = '/';
  made = std::to_chars(made.ptr, buffer.data() + buffer.size(), bits & 0xFFFFFFFFu, 16);
  std::string text(buffer.data(), made.ptr);
  for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  return text;
}

bool readNumber(std::string_view text, double& value) {
  text = base::trim(text);
  const std::string word = base::lower(text);
  if (word == "nan" || word == "infinity" || word == "inf" || word == "-infinity") {
    value = word == "nan" ? std::nan("") : word[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

InputResult refuse(const std::string& text, DataType type) {
  InputResult result;
  result.error = "invalid input syntax for type " + typeName(type) + ": \"" + text + "\"";
  if (groupOf(type) == TypeGroup::Time) result.sqlstate = "22007";
  return result;
}

InputResult tooLarge(const std::string& text, DataType type) {
  InputResult result;
  result.error = "value \"" + text + "\" is out of range for type " + typeName(type);
  result.sqlstate = "22003";
  return result;
}

InputResult readWhole(const std::string& text, DataType type) {
  std::string_view digits = base::trim(text);
  const bool signedText = digits.starts_with('+') || digits.starts_with('-');
  const std::string_view figures = digits.substr(signedText ? 1 : 0);
  if (figures.empty() || figures.find_first_not_of("0123456789") != std::string_view::npos) {
    return refuse(text, type);
  }
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc()) return tooLarge(text, type);
  const bool fits = type.is(TypeKind::SmallInt)  ? value >= -32768 && value <= 32767
                    : type.is(TypeKind::Integer) ? value >= INT32_MIN && value <= INT32_MAX
                    : type.is(TypeKind::BigInt)  ? true
                                                 : value >= 0 && value <= UINT32_MAX;
  if (!fits) return tooLarge(text, type);
  return {Datum(value), {}, {}, {}};
}

InputResult readBoolean(const std::string& text, DataType type) {
  const std::string word(base::lower(base::trim(text)));
  const auto begins = [&](std::string_view whole) {
    return !word.empty() && whole.starts_with(word);
  };
  if (begins("true") || begins("yes") || word == "on" || word == "1")
    return {Datum(true), {}, {}, {}};
  if (begins("false") || begins("no") || word == "off" || word == "of" || word == "0") {
    return {Datum(false), {}, {}, {}};
  }
  return refuse(text, type);
}

InputResult readArray(const std::string& text, DataType type, const InputContext& context) {
  const std::string_view body = base::trim(text);
  InputResult wrong;
  wrong.error = "malformed array literal: \"" + text + "\"";
  if (!body.starts_with('{') || !body.ends_with('}') || body.size() < 2) {
    wrong.detail = "Items value must start with \"{\" or dimension information.";
    return wrong;
  }
  Items array;
  std::size_t i = 1;
  if (base::trim(body.substr(1, body.size() - 2)).empty()) return {Datum(array), {}, {}, {}};
  while (i < body.size()) {
    std::string word;
    bool quoted = false;
    while (i < body.size() && body[i] == ' ') ++i;
    if (i < body.size() && body[i] == '"') {
      quoted = true;
      for (++i; i < body.size() && body[i] != '"'; ++i) {
        if (body[i] == '\\' && i + 1 < body.size()) ++i;
        word += body[i];
      }
      ++i;
    } else {
      while (i < body.size() && body[i] != ',' && body[i] != '}') word += body[i++];
      word = std::string(base::trim(word));
    }
    while (i < body.size() && body[i] == ' ') ++i;
    if (i >= body.size() || (body[i] != ',' && body[i] != '}') || (word.empty() && !quoted)) {
      return wrong;
    }
    if (!quoted && base::lower(word) == "null") {
      array.emplace_back();
    } else {
      InputResult one = readDatum(word, type.element(), context);
      if (!one.error.empty()) return one;
      array.push_back(std::move(one.datum));
    }
    if (body[i] == '}') break;
    ++i;
  }
  return {Datum(std::move(array)), {}, {}, {}};
}

InputResult readLsn(const std::string& text, DataType type) {
  const std::size_t slash = text.find('/');
  std::uint64_t high = 0, low = 0;
  if (slash == std::string::npos || slash == 0 || slash > 8 || text.size() - slash > 9) {
    return refuse(text, type);
  }
  const char* data = text.data();
  const auto first = std::from_chars(data, data + slash, high, 16);
  const auto second = std::from_chars(data + slash + 1, data + text.size(), low, 16);
  if (first.ptr != data + slash || second.ec != std::errc() || second.ptr != data + text.size()) {
    return refuse(text, type);
  }
  return {Datum(static_cast<std::int64_t>((high << 32) | low)), {}, {}, {}};
}

InputResult readTime(const std::string& text, DataType type, const InputContext& context) {
  if (type.is(TypeKind::Interval)) {
    const std::optional<Interval> interval = parseInterval(text);
    if (!interval) return refuse(text, type);
    return {Datum(*interval), {}, {}, {}};
  }
  if (type.is(TypeKind::Time)) {
    const std::optional<std::int64_t> us = parseTimeOfDay(text);
    if (!us) return refuse(text, type);
    return {Datum(*us), {}, {}, {}};
  }
  const std::optional<std::int64_t> us = parseTimestamp(text, context.nowUs);
  if (!us) return refuse(text, type);
  return {Datum(type.is(TypeKind::Date) ? floorDivide(*us, kDayUs) : *us), {}, {}, {}};
}

}  // namespace

std::int64_t Datum::whole() const {
  return held<std::int64_t>(*this);
}
double Datum::real() const {
  return held<double>(*this);
}
const std::string& Datum::text() const {
  return held<std::string>(*this);
}
const Numeric& Datum::numeric() const {
  return held<Numeric>(*this);
}
const Interval& Datum::interval() const {
  return held<Interval>(*this);
}
const Items& Datum::array() const {
  static const Items kNone;
  const auto* found = std::get_if<std::shared_ptr<const Items>>(&value);
  return found != nullptr && *found ? **found : kNone;
}

std::string doubleText(double value) {
  return floatText(value, 15);
}
std::string realText(double value) {
  return floatText(static_cast<float>(value), 6);
}

std::string datumText(const Datum& datum, DataType type) {
  if (type.array) return arrayText(datum.array(), type.element());
  switch (type.kind) {
    case TypeKind::Boolean:
      return datum.truth() ? "t" : "f";
    case TypeKind::SmallInt:
    case TypeKind::Integer:
    case TypeKind::BigInt:
    case TypeKind::Oid:
    case TypeKind::Xid:
      return std::to_string(datum.whole());
    case TypeKind::Numeric:
      return datum.numeric().text();
    case TypeKind::Double:
      return doubleText(datum.real());
    case TypeKind::Real:
      return realText(datum.real());
    case TypeKind::Date:
      return dateTextOf(datum.whole());
    case TypeKind::Time:
      return timeTextOf(datum.whole());
    case TypeKind::Timestamp:
    case TypeKind::Timestamptz:
      return timestampTextOf(datum.whole(), type.kind == TypeKind::Timestamptz);
    case TypeKind::Interval:
      return intervalTextOf(datum.interval());
    case TypeKind::PgLsn:
      return lsnText(datum.whole());
    default:
      return datum.text();
  }
}

int compareData(const Datum& a, const Datum& b, DataType type) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (type.array) {
    const Items &x = a.array(), &y = b.array();
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (x[i].null() || y[i].null()) {
        if (x[i].null() != y[i].null()) return x[i].null() ? 1 : -1;
        continue;
      }
      if (const int one = compareData(x[i], y[i], type.element()); one != 0) return one;
    }
    return order(x.size(), y.size());
  }
  switch (type.kind) {
    case TypeKind::Numeric: {
      const std::strong_ordering result = a.numeric().compare(b.numeric());
      return result < 0 ? -1 : result > 0 ? 1 : 0;
    }
    case TypeKind::Double:
    case TypeKind::Real:
      if (std::isnan(a.real()) || std::isnan(b.real())) {
        return order(std::isnan(a.real()) ? 1 : 0, std::isnan(b.real()) ? 1 : 0);
      }
      return order(a.real(), b.real());
    case TypeKind::Interval:
      return order(a.interval().span(), b.interval().span());
    case TypeKind::PgLsn:
      return order(static_cast<std::uint64_t>(a.whole()), static_cast<std::uint64_t>(b.whole()));
    default:
      break;
  }
  if (std::holds_alternative<std::string>(a.value)) return order(a.text(), b.text());
  return order(a.whole(), b.whole());
}

std::string datumKey(const Datum& datum, DataType type) {
  if (datum.null()) return "N";
  if (!type.array && type.kind == TypeKind::Numeric) return "v" + datum.numeric().trimmed().text();
  if (!type.array && type.kind == TypeKind::Interval) {
    return "v" + std::to_string(datum.interval().span());
  }
  if (!type.array && (type.kind == TypeKind::Double || type.kind == TypeKind::Real) &&
      datum.real() == 0) {
    return "v0";
  }
  return "v" + datumText(datum, type);
}

InputResult readDatum(const std::string& text, DataType type, const InputContext& context) {
  if (type.array) return readArray(text, type, context);
  switch (type.kind) {
    case TypeKind::Boolean:
      return readBoolean(text, type);
    case TypeKind::SmallInt:
    case TypeKind::Integer:
    case TypeKind::BigInt:
    case TypeKind::Oid:
    case TypeKind::Xid:
      return readWhole(text, type);
    case TypeKind::Numeric: {
      std::optional<Numeric> number = Numeric::parse(base::trim(text));
      if (!number) return refuse(text, type);
      return {Datum(std::move(*number)), {}, {}, {}};
    }
    case TypeKind::Double:
    case TypeKind::Real: {
      double value = 0;
      if (!readNumber(text, value)) return refuse(text, type);
      return {Datum(value), {}, {}, {}};
    }
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Timestamp:
    case TypeKind::Timestamptz:
    case TypeKind::Interval:
      return readTime(text, type, context);
    case TypeKind::PgLsn:
      return readLsn(text, type);
    case TypeKind::InternalChar:
      return {Datum(text.substr(0, 1)), {}, {}, {}};
    case TypeKind::Inet:
      if (text.find_first_not_of("0123456789abcdefABCDEF.:/") != std::string::npos || text.empty())
        return refuse(text, type);
      return {Datum(text), {}, {}, {}};
    case TypeKind::Name:
      return {Datum(text.substr(0, 63)), {}, {}, {}};
    default:
      return {Datum(text), {}, {}, {}};
  }
}

}  // namespace console
