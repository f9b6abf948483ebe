// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/answer.h"

#include <algorithm>
#include <set>

#include "console/sql/plan/grouping.h"

namespace console {
namespace {

constexpr std::int64_t kMostRows = 20'000;  // of a result

SqlFailure tooLong() {
  return notComputed("a result of more than " + std::to_string(kMostRows) + " rows is not shown");
}

using Group = std::vector<Value>;

Expr withAggregates(const Expr& expr, const std::vector<Expr>& aggregates) {
  for (std::size_t i = 0; i < aggregates.size(); ++i) {
    if (!sameExpr(expr, aggregates[i])) continue;
    Expr column;
    column.kind = ExprKind::Column;
    column.text = "#" + std::to_string(i);
    return column;
  }
  Expr copy = expr;
  for (Expr& one : copy.args) one = withAggregates(one, aggregates);
  return copy;
}

class Answerer {
 public:
  Answerer(const SelectQuery& query, const PlanNode& plan, const PlanContext& context,
           const EvaluationScope& scope)
      : m_query(query), m_plan(plan), m_context(context), m_scope(scope) {}

  Answer run() {
    m_answer.table.footer = true;
    if (!m_query.setOperations.empty() || !m_query.values.empty()) return other();
    PlanContext quiet = m_context;
    quiet.lock = nullptr;
    Planner planner(quiet);
    std::optional<std::vector<PlanBase>> bases = planner.basesOf(m_query);
    if (!bases) return other();
    m_bases = std::move(*bases);
    m_targets = planner.targetsOf(m_query, m_bases);
    for (const TargetItem& item : m_targets) {
      const sim::RelationColumn facts = planner.factsOf(item.expr, m_bases, true);
      m_answer.table.columns.push_back(
          {item.alias.empty() ? columnNameOf(item.expr) : item.alias,
           sim::typeLayout(facts.type).length > 1 || facts.type == "numeric"});
      collectAggregates(item.expr, m_aggregates);
    }
    const bool single = m_bases.size() == 1 && m_bases[0].source;
    if (m_plan.realRows < 0.5 && !(single && guessed(m_plan))) return std::move(m_answer);
    if (m_bases.empty()) return constants();
    const bool counts = !m_aggregates.empty() && m_query.groupBy.empty() && countsOnly();
    if (counts && !guessed(m_plan)) return counted();
    if (subqueries()) return fail(notComputed("rows of IN (SELECT ...) are not computed"));
    if (m_bases.size() > 1) return fail(notComputed("rows of a join are not computed"));
    if (std::optional<SqlFailure> unknown = unknownRows()) return fail(std::move(*unknown));
    const bool grouping = !m_aggregates.empty() || !m_query.groupBy.empty() || m_query.distinct;
    return grouping ? grouped() : plain();
  }

 private:
  Answer fail(SqlFailure failure) {
    m_answer.failure = std::move(failure);
    return std::move(m_answer);
  }

  Answer other() {
    for (const PlanColumn& column : m_plan.output) {
      m_answer.table.columns.push_back({column.info.name, false});
    }
    if (!m_query.values.empty()) {
      for (const auto& row : m_query.values) {
        ResultRow cells;
        for (const Expr& expr : row) {
          const std::optional<Value> value = valueOf(expr, m_scope);
          if (!value) return std::move(m_answer);
          cells.push_back(cell(*value));
        }
        m_answer.table.rows.push_back(std::move(cells));
      }
      return std::move(m_answer);
    }
    if (m_plan.realRows < 0.5) return std::move(m_answer);
    return fail(notComputed("rows of this query are not computed"));
  }

  std::optional<Value> valueOf(const Expr& expr, const EvaluationScope& scope) {
    Evaluator evaluator(scope);
    std::optional<Value> value = evaluator.evaluate(expr);
    if (!value) m_answer.failure = evaluator.failure();
    return value;
  }

  static std::optional<std::string> cell(const Value& value) {
    if (value.null()) return std::nullopt;
    return valueText(value);
  }

  Answer constants() {
    ResultRow row;
    std::int64_t series = -1;
    for (std::size_t i = 0; i < m_targets.size(); ++i) {
      const Expr& expr = m_targets[i].expr;
      if (expr.kind == ExprKind::Call && expr.text == "generate_series") {
        series = static_cast<std::int64_t>(i);
        row.emplace_back();
        continue;
      }
      const std::optional<Value> value = valueOf(expr, m_scope);
      if (!value) return std::move(m_answer);
      m_answer.table.columns[i].rightAligned = value->numeric();
      row.push_back(cell(*value));
    }
    if (series < 0) {
      m_answer.table.rows.push_back(std::move(row));
      return std::move(m_answer);
    }
    const auto rows = static_cast<std::int64_t>(m_plan.realRows);
    if (rows > kMostRows) return fail(tooLong());
    const auto column = static_cast<std::size_t>(series);
    const std::optional<Value> from = valueOf(m_targets[column].expr.args[0], m_scope);
    for (std::int64_t i = 0; from && i < rows; ++i) {
      row[column] = std::to_string(from->whole + i);
      m_answer.table.rows.push_back(row);
    }
    return std::move(m_answer);
  }

  // IN (SELECT ...) is carried out by joins, not row by row.
  bool subqueries() const {
    std::vector<Expr> parts;
    if (m_query.where) splitAnd(*m_query.where, parts);
    return std::any_of(parts.begin(), parts.end(), [](const Expr& one) {
      return one.kind == ExprKind::Query && one.text == "in";
    });
  }

  static bool guessed(const PlanNode& node) {
    return node.guessed || std::any_of(node.children.begin(), node.children.end(), guessed);
  }

  bool countsOnly() const {
    return std::all_of(m_aggregates.begin(), m_aggregates.end(),
                       [](const Expr& call) { return call.text == "count" && !call.distinct; });
  }

  // Rows that came into the aggregate: counting needs no more.
  Answer counted() {
    const PlanNode* node = &m_plan;
    while (node->kind != PlanKind::Aggregate && !node->children.empty()) node = &node->children[0];
    double rows = node->children.empty() ? 0 : node->children[0].realRows;
    if (node->stage == AggregateStage::Finalize) {
      const PlanNode& partial = node->children[0].children[0];
      rows = partial.children[0].realRows * partial.children[0].divisor;
    }
    EvaluationScope scope = m_scope;
    for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
      scope.names["#" + std::to_string(i)] =
          bigintValue(static_cast<std::int64_t>(std::max(rows, 0.0) + 0.5));
    }
    ResultRow row;
    for (const TargetItem& item : m_targets) {
      const std::optional<Value> value = valueOf(withAggregates(item.expr, m_aggregates), scope);
      if (!value) return std::move(m_answer);
      row.push_back(cell(*value));
    }
    m_answer.table.rows.push_back(std::move(row));
    return std::move(m_answer);
  }

  // Names of the columns the query speaks of.
  std::vector<std::string> columnsUsed() const {
    std::vector<Expr> found;
    for (const TargetItem& item : m_targets) collectColumns(item.expr, found);
    for (const OrderItem& item : m_query.orderBy) collectColumns(keyOf(item.expr), found);
    for (const Expr& key : m_query.groupBy) collectColumns(keyOf(key), found);
    if (m_query.where) collectColumns(*m_query.where, found);
    if (m_query.having) collectColumns(*m_query.having, found);
    std::vector<std::string> names;
    for (const Expr& one : found) names.push_back(one.text);
    return names;
  }

  std::optional<SqlFailure> unknownRows() const {
    const std::string& name = m_bases[0].alias;
    if (!m_bases[0].source) return notComputed("rows of \"" + name + "\" are not kept");
    for (const std::string& one : columnsUsed()) {
      if (m_bases[0].source->known(one)) continue;
      return notComputed("values of column \"" + one + "\" of \"" + name + "\" are not kept");
    }
    return std::nullopt;
  }

  RowWalk walkOf() const {
    return {*m_bases[0].source, m_scope, columnsUsed(), m_query.where ? &*m_query.where : nullptr};
  }

  struct Row {
    Group keys;
    ResultRow cells;
  };

  // The indices of the rows a sort would hand to LIMIT, when that is known without sorting all.
  std::optional<std::vector<std::int64_t>> firstInOrder(const RowWalk& walk) const {
    if (m_query.orderBy.empty() || m_plan.kind != PlanKind::Limit || m_plan.bound < 0 ||
        !walk.passing()) {
      return std::nullopt;
    }
    std::vector<Expr> keys;
    for (const OrderItem& item : m_query.orderBy) keys.push_back(keyOf(item.expr));
    std::vector<RowOrder> order;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      order.push_back({&keys[i], m_query.orderBy[i].descending});
    }
    const ClosedRows closed(*m_bases[0].source, m_scope);
    std::vector<std::int64_t> rows;
    for (const Progression& one : *walk.passing()) {
      const auto best = closed.best(order, one, std::min(m_plan.bound, kMostRows) + offset());
      if (!best) return std::nullopt;
      rows.insert(rows.end(), best->begin(), best->end());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  Answer plain() {
    std::vector<Row> rows;
    RowWalk walk = walkOf();
    const bool ordered = !m_query.orderBy.empty();
    const std::int64_t limit = m_plan.kind == PlanKind::Limit ? m_plan.bound : -1;
    const std::int64_t wanted = ordered || limit < 0 ? -1 : limit + offset();
    if (wanted == 0) return std::move(m_answer);
    const auto take = [&](const EvaluationScope& scope) {
      Row row;
      for (const TargetItem& item : m_targets) {
        const std::optional<Value> value = valueOf(item.expr, scope);
        if (!value) return false;
        row.cells.push_back(cell(*value));
      }
      if (!sortKeys(scope, row.keys)) return false;
      rows.push_back(std::move(row));
      const auto count = static_cast<std::int64_t>(rows.size());
      return count != wanted && (ordered || count <= kMostRows + offset());
    };
    const auto first = firstInOrder(walk);
    const bool through = first ? walk.at(*first, take) : walk.each(take);
    if (!through) m_answer.failure = walk.failure();
    if (m_answer.failure) return std::move(m_answer);
    sortRows(rows);
    return finish(rows);
  }

  bool sortKeys(const EvaluationScope& scope, Group& keys) {
    for (const OrderItem& item : m_query.orderBy) {
      const Expr expr = keyOf(item.expr);
      const std::optional<Value> value = valueOf(withAggregates(expr, m_aggregates), scope);
      if (!value) return false;
      keys.push_back(*value);
    }
    return true;
  }

  void sortRows(std::vector<Row>& rows) const {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (std::size_t i = 0; i < a.keys.size(); ++i) {
        const Value& x = m_query.orderBy[i].descending ? b.keys[i] : a.keys[i];
        const Value& y = m_query.orderBy[i].descending ? a.keys[i] : b.keys[i];
        if (comesBefore(x, y)) return true;
        if (comesBefore(y, x)) return false;
      }
      return false;
    });
  }

  std::int64_t offset() const {
    const PlanNode* node = &m_plan;
    return node->kind == PlanKind::Limit ? node->offset : 0;
  }

  Answer finish(std::vector<Row>& rows) {
    const auto from = static_cast<std::size_t>(offset());
    std::size_t count = rows.size();
    if (m_plan.kind == PlanKind::Limit && m_plan.bound >= 0) {
      count = std::min(count, from + static_cast<std::size_t>(m_plan.bound));
    }
    if (count - std::min(count, from) > static_cast<std::size_t>(kMostRows)) return fail(tooLong());
    for (std::size_t i = from; i < count; ++i)
      m_answer.table.rows.push_back(std::move(rows[i].cells));
    return std::move(m_answer);
  }

  Answer grouped() {
    std::vector<Expr> groupBy;
    for (const Expr& key : m_query.groupBy) groupBy.push_back(keyOf(key));
    const bool plainDistinct = m_aggregates.empty() && groupBy.empty();
    for (const TargetItem& item : m_targets) {
      if (plainDistinct) groupBy.push_back(item.expr);
    }
    Grouping grouping(*m_bases[0].source, m_scope, groupBy, m_aggregates);
    RowWalk walk = walkOf();
    const std::optional<std::vector<RowGroup>> groups = grouping.groups(walk);
    if (!groups) return fail(*grouping.failure());
    std::vector<Row> rows;
    for (const RowGroup& group : *groups) {
      EvaluationScope scope = m_scope;
      scope.names = group.first;
      if (!nameResults(group, scope)) return std::move(m_answer);
      if (m_query.having) {
        const auto passes = valueOf(withAggregates(*m_query.having, m_aggregates), scope);
        if (!passes) return std::move(m_answer);
        if (passes->null() || passes->whole == 0) continue;
      }
      Row row;
      for (const TargetItem& item : m_targets) {
        const auto value = valueOf(withAggregates(item.expr, m_aggregates), scope);
        if (!value) return std::move(m_answer);
        row.cells.push_back(cell(*value));
      }
      if (!sortKeys(scope, row.keys)) return std::move(m_answer);
      rows.push_back(std::move(row));
    }
    sortRows(rows);
    if (m_query.distinct && !plainDistinct) {
      std::set<ResultRow> seen;
      std::erase_if(rows, [&](const Row& row) { return !seen.insert(row.cells).second; });
    }
    return finish(rows);
  }

  // Puts what the aggregates come to beside the columns of the group's first row.
  bool nameResults(const RowGroup& group, EvaluationScope& scope) {
    for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
      const std::optional<Value> value = group.states[i].result(m_aggregates[i].star, group.rows);
      if (!value) {
        m_answer.failure = {
            {"ERROR", "bigint out of range", {}, {}, "22003"}, std::string::npos, {}};
        return false;
      }
      scope.names["#" + std::to_string(i)] = *value;
    }
    return true;
  }

  // A key of ORDER BY or GROUP BY: an expression, or a target by its number or name.
  Expr keyOf(const Expr& key) const {
    if (key.kind == ExprKind::Number) {
      const auto place = static_cast<std::size_t>(std::strtoull(key.text.c_str(), nullptr, 10));
      if (place >= 1 && place <= m_targets.size()) return m_targets[place - 1].expr;
    }
    for (const TargetItem& target : m_targets) {
      if (key.kind == ExprKind::Column && target.alias == key.text) return target.expr;
    }
    return key;
  }

  const SelectQuery& m_query;
  const PlanNode& m_plan;
  const PlanContext& m_context;
  const EvaluationScope& m_scope;
  std::vector<PlanBase> m_bases;
  std::vector<TargetItem> m_targets;
  std::vector<Expr> m_aggregates;
  Answer m_answer;
};

}  // namespace

Answer answerQuery(const SelectQuery& query, const PlanNode& plan, const PlanContext& context,
                   const EvaluationScope& scope) {
  return Answerer(query, plan, context, scope).run();
}

}  // namespace console
