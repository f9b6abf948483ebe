// SPDX-License-Identifier: GPL-3.0-or-later
// What a cast does to a value.
#include <cmath>

#include "console/sql/catalogue.h"
#include "console/sql/query/executor.h"

namespace console::query {
namespace {

Datum wholeFrom(Runtime& runtime, const Datum& datum, DataType from, DataType to) {
  std::int64_t value = 0;
  const auto outOfRange = [&] { return runtime.fail("22003", typeName(to) + " out of range"); };
  if (from.is(TypeKind::Numeric)) {
    const std::optional<std::int64_t> whole = datum.numeric().toInteger();
    if (!whole) {
      return datum.numeric().isNan()
                 ? runtime.fail("0A000", "cannot convert NaN to " + typeName(to))
                 : outOfRange();
    }
    value = *whole;
  } else if (from.is(TypeKind::Double) || from.is(TypeKind::Real)) {
    const double rounded = std::nearbyint(datum.real());
    if (!(rounded >= -9.2e18 && rounded <= 9.2e18)) return outOfRange();
    value = static_cast<std::int64_t>(rounded);
  } else {
    value = datum.whole();
  }
  if (to.is(TypeKind::Integer) && (value > INT32_MAX || value < INT32_MIN)) return outOfRange();
  if (to.is(TypeKind::SmallInt) && (value > INT16_MAX || value < INT16_MIN)) return outOfRange();
  if (to.is(TypeKind::Oid) && (value < INT32_MIN || value > UINT32_MAX)) {
    return runtime.fail("22003", "OID out of range");
  }
  return value;
}

Datum limitedNumeric(Runtime& runtime, const Numeric& value, DataType to) {
  if (to.precision < 0) return value;
  const Numeric rounded = value.rounded(to.scale);
  if (rounded.wholeDigits() <= to.precision - to.scale) return rounded;
  return runtime.fail(
      "22003", "numeric field overflow",
      "A field with precision " + std::to_string(to.precision) + ", scale " +
          std::to_string(to.scale) + " must round to an absolute value less than " +
          (to.precision == to.scale ? "1" : "10^" + std::to_string(to.precision - to.scale)) + ".");
}

Datum limitedText(std::string text, DataType to) {
  const bool limited = (to.is(TypeKind::Varchar) || to.is(TypeKind::Char)) && to.precision >= 0;
  if (to.is(TypeKind::InternalChar)) return text.substr(0, 1);
  if (to.is(TypeKind::Name)) return text.substr(0, 63);
  if (!limited) return text;
  const auto size = static_cast<std::size_t>(to.precision);
  if (text.size() > size) text.resize(size);
  if (to.is(TypeKind::Char) && text.size() < size && size < 10'000)
    text.append(size - text.size(), ' ');
  return text;
}

// A relation's name from its name or its number.
Datum relationName(Runtime& runtime, const Datum& datum, DataType from) {
  if (isTextual(from) || from.is(TypeKind::Unknown)) {
    std::string name = datum.text();
    if (const std::size_t dot = name.rfind('.'); dot != std::string::npos)
      name = name.substr(dot + 1);
    if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
      const auto found = relationByOid(runtime.world(), runtime.session(),
                                       Numeric::parse(name)->toInteger().value_or(0));
      return found ? Datum(found->name) : Datum(name);
    }
    if (name.size() > 1 && name.front() == '"') name = name.substr(1, name.size() - 2);
    if (relationByName(runtime.world(), runtime.session(), name)) return name;
    return runtime.fail("42P01", "relation \"" + datum.text() + "\" does not exist");
  }
  const auto found = relationByOid(runtime.world(), runtime.session(), datum.whole());
  return found ? Datum(found->name) : Datum(std::to_string(datum.whole()));
}

Datum timeFrom(const Datum& datum, DataType from, DataType to) {
  if (to.is(TypeKind::Interval)) return Interval{0, 0, datum.whole()};
  if (from.is(TypeKind::Interval)) {
    const std::int64_t us = datum.interval().us;
    return us - floorDivide(us, kDayUs) * kDayUs;
  }
  const std::int64_t us = from.is(TypeKind::Date) ? datum.whole() * kDayUs : datum.whole();
  if (to.is(TypeKind::Date)) return floorDivide(us, kDayUs);
  if (to.is(TypeKind::Time)) return us - floorDivide(us, kDayUs) * kDayUs;
  if (to.precision >= 0 && to.precision < 6) {
    std::int64_t step = 1;
    for (int i = to.precision; i < 6; ++i) step *= 10;
    return floorDivide(us + step / 2, step) * step;
  }
  return us;
}

}  // namespace

Datum castDatum(Runtime& runtime, const Datum& datum, DataType from, DataType to) {
  if (datum.null() || runtime.failed()) return {};
  if (from.array && to.array) {
    if (from == to) return datum;
    Items array;
    for (const Datum& one : datum.array()) {
      array.push_back(castDatum(runtime, one, from.element(), to.element()));
    }
    return array;
  }
  if (to.is(TypeKind::RegClass)) {
    return from.is(TypeKind::RegClass) ? datum : relationName(runtime, datum, from);
  }
  if (from.is(TypeKind::RegClass) && !isTextual(to)) {
    const auto found = relationByName(runtime.world(), runtime.session(), datum.text());
    return found ? Datum(std::int64_t{found->oid}) : Datum(std::int64_t{0});
  }
  if (isTextual(to) && !to.array) {
    if (from.is(TypeKind::Boolean)) return datum.truth() ? "true" : "false";
    return limitedText(datumText(datum, from), to);
  }
  if (from == to && !to.is(TypeKind::Numeric) && to.precision < 0) return datum;
  const bool textual = isTextual(from) || from.is(TypeKind::Unknown);
  if (textual && !from.array) {
    InputResult read = readDatum(datum.text(), to, InputContext{runtime.nowUs()});
    if (!read.error.empty()) return runtime.fail(read.sqlstate, read.error, read.detail);
    return to.precision >= 0 ? castDatum(runtime, read.datum, to, to) : read.datum;
  }
  if (to.is(TypeKind::Numeric)) {
    const Numeric value = from.is(TypeKind::Numeric) ? datum.numeric()
                          : from.is(TypeKind::Double) || from.is(TypeKind::Real)
                              ? Numeric::fromDouble(datum.real())
                              : Numeric(datum.whole());
    return limitedNumeric(runtime, value, to);
  }
  if (to.is(TypeKind::Double) || to.is(TypeKind::Real)) {
    if (from.is(TypeKind::Numeric)) return datum.numeric().toDouble();
    if (from.is(TypeKind::Double) || from.is(TypeKind::Real)) return datum.real();
    return static_cast<double>(datum.whole());
  }
  if (to.is(TypeKind::Boolean)) return datum.whole() != 0;
  if (groupOf(to) == TypeGroup::Time) return timeFrom(datum, from, to);
  if (groupOf(to) == TypeGroup::Number) return wholeFrom(runtime, datum, from, to);
  return datum;
}

}  // namespace console::query
