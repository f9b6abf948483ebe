// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about the rows of a table that a series made, answered from the expressions that made
// them: which rows pass a condition, which have the same value, which come first in an order.
// Nothing where only going through the rows would tell.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "console/sql/plan/progression.h"
#include "console/sql/plan/row_source.h"

namespace console {

// What an expression is along some rows: a constant, or a whole number that follows from the place.
struct RowForm {
  std::optional<Value> constant;
  PlaceForm place;
  bool wide = false;  // bigint

  [[nodiscard]] Value at(std::int64_t t) const;
};
struct FormPart {
  Progression rows;
  RowForm form;
};
struct EqualRows {
  Progression rows;
  Value value;
};
struct RowOrder {
  const Expr* key = nullptr;
  bool descending = false;
};

class ClosedRows {
 public:
  // scope: functions and limits for constant expressions.
  ClosedRows(const RowSource& source, const EvaluationScope& scope);

  [[nodiscard]] Progression all() const { return {0, 1, m_source.rows()}; }
  // The rows for which a condition holds, or does not.
  [[nodiscard]] std::optional<std::vector<Progression>> select(const Expr& condition,
                                                               const Progression& rows,
                                                               bool wanted = true) const;
  // The rows divided so that the expression has one form in each part.
  [[nodiscard]] std::optional<std::vector<FormPart>> parts(const Expr& expr,
                                                           const Progression& rows) const;
  // The rows divided by its value.
  [[nodiscard]] std::optional<std::vector<EqualRows>> byValue(const Expr& expr,
                                                              const Progression& rows) const;
  // Indices of rows among which are the first so many in this order, and few more.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> best(const std::vector<RowOrder>& order,
                                                              const Progression& rows,
                                                              std::int64_t most) const;

 private:
  [[nodiscard]] std::optional<RowForm> formOf(const Expr& expr, const Progression& rows) const;
  [[nodiscard]] std::optional<RowForm> columnForm(const Expr& column,
                                                  const Progression& rows) const;
  [[nodiscard]] std::optional<RowForm> operation(const Expr& expr, const Progression& rows) const;
  [[nodiscard]] std::optional<RowForm> constantOf(const Expr& expr) const;
  [[nodiscard]] std::optional<std::vector<Progression>> compared(const std::string& op,
                                                                 const Expr& left,
                                                                 const Expr& right,
                                                                 const Progression& rows) const;
  [[nodiscard]] std::optional<std::vector<Progression>> both(const Expr& a, bool first,
                                                             const Expr& b, bool second,
                                                             const Progression& rows) const;
  [[nodiscard]] std::optional<std::vector<FormPart>> caseParts(const Expr& expr,
                                                               const Progression& rows) const;

  const RowSource& m_source;
  const EvaluationScope& m_scope;
  std::optional<RowSource> m_series;  // what the columns' expressions speak of
};

// Parts beyond which dividing further is no better than going through the rows.
constexpr std::int64_t kMostParts = 200'000;

}  // namespace console
