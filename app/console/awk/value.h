// SPDX-License-Identifier: GPL-3.0-or-later
// Awk's values: numbers, texts, and texts from outside that count as numbers where they look so.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "console/text/format.h"

namespace console::awk {

struct Value {
  enum class Kind : std::uint8_t { None, Number, Text, Outside } kind = Kind::None;
  double number = 0;
  std::string text;

  static Value of(double n) { return {Kind::Number, n, {}}; }
  static Value of(std::string t) { return {Kind::Text, 0, std::move(t)}; }
  // From a field or the command line.
  static Value outside(std::string t) {
    Value value{Kind::Outside, 0, std::move(t)};
    std::size_t used = 0;
    value.number = leadingDouble(value.text, &used);
    const bool whole = used > 0 && value.text.find_first_not_of(" \t\n", used) == std::string::npos;
    if (!whole) value.kind = Kind::Text;
    return value;
  }
  [[nodiscard]] bool numeric() const { return kind != Kind::Text; }
  [[nodiscard]] double asNumber() const {
    return kind == Kind::Text ? leadingDouble(text) : number;
  }
  [[nodiscard]] std::string asText(int precision = 6) const {
    if (kind == Kind::Text || kind == Kind::Outside) return text;
    if (kind == Kind::None) return {};
    // mawk prints whole numbers beyond 32 bits as %.6g too.
    if (number == std::floor(number) && std::abs(number) < 2147483648.0) {
      return std::to_string(static_cast<long long>(number));
    }
    return generalText(number, precision);
  }
  [[nodiscard]] bool truth() const {
    return kind == Kind::Text ? !text.empty() : kind != Kind::None && number != 0;
  }
};

using Array = std::map<std::string, Value>;
// A variable: a value, or an array once it was used as one.
struct Cell {
  Value value;
  std::shared_ptr<Array> array;
};

}  // namespace console::awk
