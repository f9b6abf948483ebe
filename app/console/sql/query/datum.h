// SPDX-License-Identifier: GPL-3.0-or-later
// A value of SQL. Its type is known from the expression it comes of; a Datum holds what that type
// needs: booleans, integers, oids, dates and times as a whole number, texts as text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "console/sql/query/datetime.h"
#include "console/sql/query/numeric.h"
#include "console/sql/query/type.h"

namespace console {

struct Datum;
using Items = std::vector<Datum>;

struct Datum {
  std::variant<std::monostate, std::int64_t, double, Numeric, std::string, Interval,
               std::shared_ptr<const Items>>
      value;

  Datum() = default;
  Datum(bool truth) : value(std::int64_t{truth ? 1 : 0}) {}                       // NOLINT
  Datum(std::int64_t whole) : value(whole) {}                                     // NOLINT
  Datum(double real) : value(real) {}                                             // NOLINT
  Datum(Numeric number) : value(std::move(number)) {}                             // NOLINT
  Datum(std::string text) : value(std::move(text)) {}                             // NOLINT
  Datum(std::string_view text) : value(std::string(text)) {}                      // NOLINT
  Datum(const char* text) : value(std::string(text)) {}                           // NOLINT
  Datum(Interval interval) : value(interval) {}                                   // NOLINT
  Datum(Items array) : value(std::make_shared<const Items>(std::move(array))) {}  // NOLINT

  [[nodiscard]] bool null() const { return value.index() == 0; }
  // What the type says is inside; the neutral value otherwise.
  [[nodiscard]] std::int64_t whole() const;
  [[nodiscard]] double real() const;
  [[nodiscard]] bool truth() const { return whole() != 0; }
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const Numeric& numeric() const;
  [[nodiscard]] const Interval& interval() const;
  [[nodiscard]] const Items& array() const;
};
using Row = std::vector<Datum>;

// As a query's result shows it. Not for NULL.
[[nodiscard]] std::string datumText(const Datum& datum, DataType type);
// -1, 0, 1 of two values of one type; neither is NULL.
[[nodiscard]] int compareData(const Datum& a, const Datum& b, DataType type);
// A text that is equal for equal values: for grouping and joining.
[[nodiscard]] std::string datumKey(const Datum& datum, DataType type);
// The shortest text that reads back as the same number (extra_float_digits = 1).
[[nodiscard]] std::string doubleText(double value);
[[nodiscard]] std::string realText(double value);

// A text read as a type, or what the server says: text, then detail (both may be empty).
struct InputResult {
  Datum datum;
  std::string error;
  std::string sqlstate = "22P02";
  std::string detail;
};
struct InputContext {
  std::int64_t nowUs = 0;
};
[[nodiscard]] InputResult readDatum(const std::string& text, DataType type,
                                    const InputContext& context);

}  // namespace console
