// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/accumulator.h"

#include <algorithm>
#include <array>

#include "console/sql/query/numeric.h"

namespace console {
namespace {

std::string wholeText(WideSum value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  std::string digits;
  for (WideSum rest = negative ? -value : value; rest > 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  return negative ? "-" + digits : digits;
}

Value exactNumeric(const Numeric& number) {
  Value value = numericValue(number.toDouble(), number.scale());
  value.text = number.text();
  return value;
}

}  // namespace

bool Accumulator::knows(const Expr& call) {
  constexpr std::array<std::string_view, 7> kKnown = {"count", "sum",      "avg",    "min",
                                                      "max",   "bool_and", "bool_or"};
  return std::find(kKnown.begin(), kKnown.end(), call.text) != kKnown.end();
}

void Accumulator::extend(const Value& least, const Value& greatest) {
  if (m_least.null() || comesBefore(least, m_least)) m_least = least;
  if (m_greatest.null() || comesBefore(m_greatest, greatest)) m_greatest = greatest;
}

void Accumulator::add(const Value& value, std::int64_t rows) {
  if (value.null()) return;
  if (m_distinct) {
    if (!m_seen.insert(valueText(value)).second) return;
    rows = 1;
  }
  extend(value, value);
  m_count += rows;
  m_integral = m_integral && value.integral();
  m_whole += static_cast<WideSum>(value.whole) * rows;
  m_total += value.number() * static_cast<double>(rows);
}

void Accumulator::add(const RowForm& form, std::int64_t rows) {
  if (form.constant || form.place.constant()) return add(form.at(0), rows);
  const auto [least, most] = form.place.range(rows);
  RowForm ends = form;
  ends.place = {};
  ends.place.shift = least;
  const Value low = ends.at(0);
  ends.place.shift = most;
  extend(low, ends.at(0));
  m_count += rows;
  const WideSum sum = form.place.sum(rows);
  m_whole += sum;
  m_total += static_cast<double>(sum);
}

std::optional<Value> Accumulator::sum() const {
  if (m_integral && m_greatest.type == ValueType::BigInt) {
    return exactNumeric(*Numeric::parse(wholeText(m_whole)));
  }
  if (m_integral) {
    constexpr WideSum kMost = 0x7FFFFFFFFFFFFFFF;
    if (m_whole > kMost || m_whole < -kMost - 1) return std::nullopt;
    return bigintValue(static_cast<std::int64_t>(m_whole));
  }
  if (m_least.type == ValueType::Real) return realValue(m_total);
  return numericValue(m_total, std::max(m_least.scale, m_greatest.scale));
}

Value Accumulator::average() const {
  if (m_least.type == ValueType::Real) return realValue(m_total / static_cast<double>(m_count));
  const std::string total =
      m_integral ? wholeText(m_whole)
                 : valueText(numericValue(m_total, std::max(m_least.scale, m_greatest.scale)));
  return exactNumeric(Numeric::parse(total)->dividedBy(Numeric(m_count)));
}

std::optional<Value> Accumulator::result(bool star, std::int64_t rows) const {
  if (m_function == "count") return bigintValue(star ? rows : m_count);
  if (m_count == 0) return Value{};
  if (m_function == "min" || m_function == "bool_and") return m_least;
  if (m_function == "max" || m_function == "bool_or") return m_greatest;
  if (m_function == "sum") return sum();
  return average();
}

}  // namespace console
