// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of a query over one table and what their aggregates come to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/accumulator.h"
#include "console/sql/plan/row_walk.h"

namespace console {

struct RowGroup {
  std::int64_t rows = 0;
  std::vector<Value> keys;
  std::map<std::string, Value> first;  // columns of its first row
  std::vector<Accumulator> states;     // of each aggregate
};

class Grouping {
 public:
  Grouping(const RowSource& source, const EvaluationScope& scope, const std::vector<Expr>& keys,
           const std::vector<Expr>& aggregates)
      : m_source(source), m_scope(scope), m_keys(keys), m_aggregates(aggregates) {}

  // The groups in ascending order of their keys; nothing: failure() says why.
  [[nodiscard]] std::optional<std::vector<RowGroup>> groups(RowWalk& walk);
  [[nodiscard]] const std::optional<SqlFailure>& failure() const { return m_failure; }

 private:
  using Groups = std::map<std::vector<std::string>, RowGroup>;
  // False: some of it has no closed form.
  bool closed(const RowWalk& walk, Groups& groups);
  bool refine(const ClosedRows& rows, std::vector<EqualRows>& parts,
              std::vector<std::vector<Value>>& values) const;
  bool take(const ClosedRows& rows, const Progression& part, RowGroup& group) const;
  bool oneByOne(RowWalk& walk, Groups& groups);
  RowGroup& groupOf(Groups& groups, std::vector<Value> keys) const;

  const RowSource& m_source;
  const EvaluationScope& m_scope;
  const std::vector<Expr>& m_keys;
  const std::vector<Expr>& m_aggregates;
  std::optional<SqlFailure> m_failure;
};

}  // namespace console
