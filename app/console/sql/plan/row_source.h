// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a table or a series, one at a time: values computed from the expressions that made
// them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/evaluate.h"
#include "sim/relation.h"

namespace console {

class RowSource {
 public:
  // Nothing when its rows are not known.
  [[nodiscard]] static std::optional<RowSource> of(const sim::Relation& relation);
  [[nodiscard]] static RowSource series(const std::string& name, std::int64_t from,
                                        std::int64_t step, std::int64_t rows, bool wide);

  [[nodiscard]] std::int64_t rows() const { return m_rows; }
  // Puts the columns of row index into names, or these alone; false: a value cannot be computed.
  bool fill(std::int64_t index, std::map<std::string, Value>& names,
            const std::vector<std::string>* wanted = nullptr) const;
  // Whether the column's values are known.
  [[nodiscard]] bool known(const std::string& column) const;
  // True when the column is the series itself: it rises by one from row to row, from that value.
  [[nodiscard]] std::optional<std::int64_t> counting(const std::string& column) const;
  // The expression over seriesName() that a column is; null: there is none.
  [[nodiscard]] const Expr* expression(const std::string& column) const;
  // The series its columns are made of, as a source of its own; it is that itself.
  [[nodiscard]] RowSource seriesAlone() const {
    return series(m_series, m_from, m_step, m_rows, m_wide);
  }
  [[nodiscard]] bool isSeries() const {
    return m_columns.size() == 1 && m_columns[0].name == m_series && m_columns[0].expr &&
           m_columns[0].expr->kind == ExprKind::Column && m_columns[0].expr->text == m_series;
  }
  [[nodiscard]] const std::string& seriesName() const { return m_series; }
  [[nodiscard]] std::int64_t from() const { return m_from; }
  [[nodiscard]] std::int64_t step() const { return m_step; }
  [[nodiscard]] bool wide() const { return m_wide; }  // the series is of type bigint

 private:
  struct Column {
    std::string name;
    std::optional<Expr> expr;
    bool counts = false;
  };
  std::string m_series;
  std::int64_t m_from = 1, m_step = 1, m_rows = 0;
  bool m_wide = false;
  std::vector<Column> m_columns;
  std::vector<std::vector<Value>> m_literals;
};

// The expression a text holds.
[[nodiscard]] std::optional<Expr> readExpression(const std::string& text);

}  // namespace console
