// SPDX-License-Identifier: GPL-3.0-or-later
// A value while an expression is computed: as PostgreSQL types it, with its size. Long texts and
// arrays are kept as their size alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace console {

enum class ValueType : std::uint8_t {
  Null,
  Boolean,
  Integer,
  BigInt,
  Numeric,
  Real,
  Text,
  Unknown,  // a quoted literal whose type its use decides
  Json,
  Void,
  Array,
};

struct Value {
  ValueType type = ValueType::Null;
  std::int64_t whole = 0;  // booleans and integers
  double real = 0;         // numeric, double precision
  int scale = 0;           // of a numeric
  // Contents, or their beginning when size is larger; of a numeric: all digits, when real has not.
  std::string text;
  std::int64_t size = 0;                 // bytes of a text; elements of an array
  std::int64_t bytes = 0;                // of all elements of an array
  std::shared_ptr<const Value> element;  // of an array: its first

  [[nodiscard]] bool null() const { return type == ValueType::Null; }
  [[nodiscard]] bool integral() const {
    return type == ValueType::Integer || type == ValueType::BigInt;
  }
  [[nodiscard]] bool numeric() const {
    return integral() || type == ValueType::Numeric || type == ValueType::Real;
  }
  [[nodiscard]] bool textual() const {
    return type == ValueType::Text || type == ValueType::Unknown || type == ValueType::Json;
  }
  [[nodiscard]] double number() const {
    return integral() || type == ValueType::Boolean ? static_cast<double>(whole) : real;
  }
  [[nodiscard]] bool complete() const { return size == static_cast<std::int64_t>(text.size()); }
};

constexpr std::size_t kKeptText = 64 * 1024;

[[nodiscard]] Value booleanValue(bool value);
[[nodiscard]] Value integerValue(std::int64_t value);  // integer when it fits, else bigint
[[nodiscard]] Value bigintValue(std::int64_t value);
[[nodiscard]] Value numericValue(double value, int scale);
[[nodiscard]] Value realValue(double value);
[[nodiscard]] Value textValue(std::string text);
// Whether a stands before b in ascending order; NULL comes last.
[[nodiscard]] bool comesBefore(const Value& a, const Value& b);
// As a query's result shows it.
[[nodiscard]] std::string valueText(const Value& value);
// "integer", "text" ...
[[nodiscard]] std::string valueTypeName(const Value& value);

}  // namespace console
