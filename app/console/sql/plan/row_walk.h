// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of one table that pass a condition, in the order they lie in it: in closed form where
// that is known, one by one otherwise.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/closed_rows.h"

namespace console {

class RowWalk {
 public:
  // columns: those the query names. condition: null takes all rows.
  RowWalk(const RowSource& source, const EvaluationScope& scope, std::vector<std::string> columns,
          const Expr* condition);

  // The rows that pass, when that is known without looking at each.
  [[nodiscard]] const std::optional<std::vector<Progression>>& passing() const { return m_passing; }
  // Calls take with the columns of each row that passes until it says false. False: failure() says
  // why the rows could not be gone through.
  bool each(const std::function<bool(const EvaluationScope& row)>& take);
  // The same for these rows, which pass.
  bool at(const std::vector<std::int64_t>& rows,
          const std::function<bool(const EvaluationScope& row)>& take);
  bool fill(std::int64_t row, std::map<std::string, Value>& names) const {
    return m_source.fill(row, names, &m_columns);
  }
  [[nodiscard]] const std::optional<SqlFailure>& failure() const { return m_failure; }

 private:
  bool eachPassing(const std::function<bool(const EvaluationScope& row)>& take);
  [[nodiscard]] Progression candidates() const;
  bool give(std::int64_t row, EvaluationScope& scope);

  const RowSource& m_source;
  const EvaluationScope& m_scope;
  std::vector<std::string> m_columns;
  const Expr* m_condition;
  std::optional<std::vector<Progression>> m_passing;
  std::optional<SqlFailure> m_failure;
};

// What this server cannot answer, as a server refuses a feature it has not (0A000).
[[nodiscard]] SqlFailure notComputed(const std::string& what);

}  // namespace console
