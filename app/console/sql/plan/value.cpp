// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/value.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace console {

Value booleanValue(bool value) {
  Value v;
  v.type = ValueType::Boolean;
  v.whole = value ? 1 : 0;
  return v;
}

Value integerValue(std::int64_t value) {
  Value v = bigintValue(value);
  if (value >= -2147483648LL && value <= 2147483647LL) v.type = ValueType::Integer;
  return v;
}

Value bigintValue(std::int64_t value) {
  Value v;
  v.type = ValueType::BigInt;
  v.whole = value;
  return v;
}

Value numericValue(double value, int scale) {
  Value v;
  v.type = ValueType::Numeric;
  v.real = value;
  v.scale = scale;
  return v;
}

Value realValue(double value) {
  Value v;
  v.type = ValueType::Real;
  v.real = value;
  return v;
}

Value textValue(std::string text) {
  Value v;
  v.type = ValueType::Text;
  v.size = static_cast<std::int64_t>(text.size());
  if (text.size() > kKeptText) text.resize(kKeptText);
  v.text = std::move(text);
  return v;
}

bool comesBefore(const Value& a, const Value& b) {
  if (a.null() || b.null()) return !a.null() && b.null();
  if (a.integral() && b.integral()) return a.whole < b.whole;
  if (a.type == ValueType::Boolean && b.type == ValueType::Boolean) return a.whole < b.whole;
  if (a.numeric() && b.numeric()) return a.number() < b.number();
  return a.text < b.text;
}

std::string valueText(const Value& value) {
  switch (value.type) {
    case ValueType::Boolean:
      return value.whole != 0 ? "t" : "f";
    case ValueType::Integer:
    case ValueType::BigInt:
      return std::to_string(value.whole);
    case ValueType::Numeric:
      return value.text.empty() ? base::fixedText(value.real, value.scale) : value.text;
    case ValueType::Real: {
      if (!std::isfinite(value.real)) return value.real > 0 ? "Infinity" : "NaN";
      std::array<char, 40> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.real).ptr;
      return {digits.data(), end};
    }
    case ValueType::Array: {
      std::string text = "{";
      for (std::int64_t i = 0; i < value.size && i < 1000 && value.element != nullptr; ++i) {
        text += (i > 0 ? "," : "") + valueText(*value.element);
      }
      return text + "}";
    }
    default:
      return value.text;
  }
}

std::string valueTypeName(const Value& value) {
  constexpr const char* kNames[] = {"unknown",          "boolean", "integer", "bigint", "numeric",
                                    "double precision", "text",    "unknown", "json",   "void",
                                    "anyarray"};
  return kNames[static_cast<std::size_t>(value.type)];
}

}  // namespace console
