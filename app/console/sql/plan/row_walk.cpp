// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/row_walk.h"

#include <algorithm>
#include <queue>

#include "console/sql/plan/planner.h"

namespace console {
namespace {

constexpr std::int64_t kMostLookedAt = 2'000'000;  // rows gone through one by one for an answer

}  // namespace

SqlFailure notComputed(const std::string& what) {
  return {{"ERROR", what + " by this server", {}, {}, "0A000"}, std::string::npos, {}};
}

RowWalk::RowWalk(const RowSource& source, const EvaluationScope& scope,
                 std::vector<std::string> columns, const Expr* condition)
    : m_source(source), m_scope(scope), m_columns(std::move(columns)), m_condition(condition) {
  const ClosedRows closed(source, scope);
  if (condition == nullptr) {
    m_passing = {closed.all()};
  } else {
    m_passing = closed.select(*condition, closed.all());
  }
}

bool RowWalk::give(std::int64_t row, EvaluationScope& scope) {
  if (m_source.fill(row, scope.names, &m_columns)) return true;
  m_failure = notComputed("values of this table are not kept");
  return false;
}

// Rows that conditions on a column that counts leave to be looked at.
Progression RowWalk::candidates() const {
  Progression rows{0, 1, m_source.rows()};
  std::vector<Expr> parts;
  if (m_condition != nullptr) splitAnd(*m_condition, parts);
  const ClosedRows closed(m_source, m_scope);
  for (const Expr& one : parts) {
    const auto some = closed.select(one, rows);
    if (some && some->empty()) return {0, 1, 0};
    if (some && some->size() == 1) rows = some->front();
  }
  return rows;
}

bool RowWalk::each(const std::function<bool(const EvaluationScope& row)>& take) {
  if (m_passing) return eachPassing(take);
  EvaluationScope scope = m_scope;
  const Progression rows = candidates();
  for (std::int64_t t = 0; t < rows.count; ++t) {
    if (t >= kMostLookedAt) {
      m_failure = notComputed("a condition on so many rows is not computed");
      return false;
    }
    if (!give(rows.first + rows.step * t, scope)) return false;
    Evaluator evaluator(scope);
    const std::optional<Value> passes = evaluator.evaluate(*m_condition);
    if (!passes) {
      m_failure = evaluator.failure();
      return false;
    }
    if (passes->null() || passes->whole == 0) continue;
    if (!take(scope)) return !m_failure;
  }
  return true;
}

bool RowWalk::eachPassing(const std::function<bool(const EvaluationScope& row)>& take) {
  struct Next {
    std::int64_t row;
    std::size_t part;
    bool operator<(const Next& other) const { return row > other.row; }
  };
  std::priority_queue<Next> next;
  for (std::size_t i = 0; i < m_passing->size(); ++i) {
    if ((*m_passing)[i].count > 0) next.push({(*m_passing)[i].first, i});
  }
  EvaluationScope scope = m_scope;
  for (std::int64_t looked = 0; !next.empty(); ++looked) {
    const Next now = next.top();
    next.pop();
    if (looked >= kMostLookedAt) {
      m_failure = notComputed("an expression of so many rows is not computed");
      return false;
    }
    if (!give(now.row, scope)) return false;
    if (!take(scope)) return true;
    const Progression& part = (*m_passing)[now.part];
    if (now.row + part.step < part.first + part.step * part.count) {
      next.push({now.row + part.step, now.part});
    }
  }
  return true;
}

bool RowWalk::at(const std::vector<std::int64_t>& rows,
                 const std::function<bool(const EvaluationScope& row)>& take) {
  EvaluationScope scope = m_scope;
  for (const std::int64_t row : rows) {
    if (!give(row, scope)) return false;
    if (!take(scope)) return true;
  }
  return true;
}

}  // namespace console
