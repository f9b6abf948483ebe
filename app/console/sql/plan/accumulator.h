// SPDX-License-Identifier: GPL-3.0-or-later
// The state of one aggregate function over the rows seen, taken in one by one or many at once.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "console/sql/plan/closed_rows.h"

namespace console {

class Accumulator {
 public:
  explicit Accumulator(const Expr& call) : m_distinct(call.distinct), m_function(call.text) {}

  // Whether this server computes the function.
  [[nodiscard]] static bool knows(const Expr& call);
  // So many rows of this value.
  void add(const Value& value, std::int64_t rows = 1);
  // Rows along which the argument has a closed form. Not for DISTINCT.
  void add(const RowForm& form, std::int64_t rows);
  [[nodiscard]] bool distinct() const { return m_distinct; }
  // rows: of the group, which count(*) counts. Nothing: bigint out of range.
  [[nodiscard]] std::optional<Value> result(bool star, std::int64_t rows) const;

 private:
  void extend(const Value& least, const Value& greatest);
  [[nodiscard]] std::optional<Value> sum() const;
  [[nodiscard]] Value average() const;

  bool m_distinct = false;
  std::string m_function;
  std::int64_t m_count = 0;
  Value m_least, m_greatest;
  WideSum m_whole = 0;
  double m_total = 0;
  bool m_integral = true;
  std::set<std::string> m_seen;
};

}  // namespace console
