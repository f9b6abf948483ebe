// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/answer.h"

#include <algorithm>
#include <map>

namespace console {
namespace {

constexpr std::int64_t kMostRows = 20'000;       // of a result
constexpr std::int64_t kMostComputed = 100'000;  // rows gone through for it

SqlFailure tooMuch() {
  return {{"ERROR", "canceling statement due to statement timeout", {}, {}, "57014"},
          std::string::npos,
          {}};
}

using Group = std::vector<Value>;

bool before(const Value& a, const Value& b) {
  if (a.null() || b.null()) return !a.null() && b.null();
  if (a.numeric() && b.numeric()) return a.number() < b.number();
  return a.text < b.text;
}

// The state of one aggregate over the rows seen.
struct Accumulator {
  std::int64_t count = 0;
  Value sum, least, greatest;
  double total = 0;
  std::int64_t whole = 0;

  void add(const Value& value) {
    if (value.null()) return;
    ++count;
    total += value.number();
    whole += value.whole;
    if (count == 1 || before(value, least)) least = value;
    if (count == 1 || before(greatest, value)) greatest = value;
  }
  [[nodiscard]] Value result(const Expr& call, std::int64_t rows) const {
    if (call.text == "count") return bigintValue(call.star ? rows : count);
    if (count == 0) return {};
    if (call.text == "min") return least;
    if (call.text == "max") return greatest;
    if (call.text == "sum") {
      if (least.integral()) return bigintValue(whole);
      return least.type == ValueType::Real ? realValue(total) : numericValue(total, least.scale);
    }
    if (call.text == "avg") return numericValue(total / static_cast<double>(count), 16);
    return {};
  }
};

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
    if (m_plan.realRows < 0.5) return std::move(m_answer);
    if (m_bases.empty()) return constants();
    const bool counts = !m_aggregates.empty() && m_query.groupBy.empty() && countsOnly();
    if (counts && !guessed(m_plan)) return counted();
    if (subqueries()) return fail(tooMuch());
    if (m_bases.size() > 1 || !m_bases[0].source) return fail(tooMuch());
    const Range range = rangeOf(*m_bases[0].source);
    if (range.end - range.first > kMostComputed && !fewRows()) return fail(tooMuch());
    return m_aggregates.empty() && m_query.groupBy.empty() ? plain() : grouped();
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
    return fail(tooMuch());
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
    if (rows > kMostRows) return fail(tooMuch());
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

  // The first rows of a table, whatever its size.
  bool fewRows() const {
    return m_query.orderBy.empty() && m_aggregates.empty() && m_query.groupBy.empty() &&
           m_plan.realRows <= static_cast<double>(kMostRows) && (!m_query.where || m_query.limit);
  }

  // Rows that conditions on a column that counts leave to be looked at.
  struct Range {
    std::int64_t first = 0, end = 0;
  };
  [[nodiscard]] Range rangeOf(const RowSource& source) const {
    Range range{0, source.rows()};
    std::vector<Expr> parts;
    if (m_query.where) splitAnd(*m_query.where, parts);
    for (const Expr& one : parts) {
      if (one.kind != ExprKind::Operator || one.args.size() < 2 ||
          one.args[0].kind != ExprKind::Column) {
        continue;
      }
      const std::optional<std::int64_t> first = source.counting(one.args[0].text);
      const std::optional<Value> value = Evaluator(m_scope).evaluate(one.args[1]);
      if (!first || !value || !value->integral()) continue;
      const std::int64_t index = std::clamp<std::int64_t>(value->whole - *first, -1, source.rows());
      if (one.text == "=" || one.text == ">=" || one.text == ">" || one.text == "between") {
        range.first = std::max(range.first, std::max<std::int64_t>(index, 0));
      }
      if (one.text == "=" || one.text == "<=" || one.text == "<") {
        range.end = std::min(range.end, index + 1);
      }
    }
    return range;
  }

  // Calls take for each row that passes WHERE; false: stop.
  template <typename Take>
  bool eachRow(const Take& take) {
    const RowSource& source = *m_bases[0].source;
    EvaluationScope scope = m_scope;
    const Range range = rangeOf(source);
    for (std::int64_t i = range.first; i < std::min(range.end, range.first + kMostComputed * 2);
         ++i) {
      if (!source.fill(i, scope.names)) {
        m_answer.failure = tooMuch();
        return false;
      }
      if (m_query.where) {
        const std::optional<Value> passes = valueOf(*m_query.where, scope);
        if (!passes) return false;
        if (passes->null() || passes->whole == 0) continue;
      }
      if (!take(scope)) break;
    }
    return !m_answer.failure;
  }

  Answer plain() {
    struct Row {
      Group keys;
      ResultRow cells;
    };
    std::vector<Row> rows;
    const std::int64_t wanted = m_query.orderBy.empty()
                                    ? static_cast<std::int64_t>(m_plan.realRows) + offset()
                                    : kMostComputed;
    const bool fine = eachRow([&](const EvaluationScope& scope) {
      Row row;
      for (const TargetItem& item : m_targets) {
        const std::optional<Value> value = valueOf(item.expr, scope);
        if (!value) return false;
        row.cells.push_back(cell(*value));
      }
      if (!sortKeys(scope, row.keys)) return false;
      rows.push_back(std::move(row));
      return static_cast<std::int64_t>(rows.size()) < wanted;
    });
    if (!fine) return std::move(m_answer);
    sortRows(rows);
    if (m_query.distinct) {
      std::map<ResultRow, bool> seen;
      std::erase_if(rows, [&](const Row& row) { return !seen.emplace(row.cells, true).second; });
    }
    return finish(rows);
  }

  bool sortKeys(const EvaluationScope& scope, Group& keys) {
    for (const OrderItem& item : m_query.orderBy) {
      const Expr* expr = &item.expr;
      for (const TargetItem& target : m_targets) {
        if (expr->kind == ExprKind::Column && target.alias == expr->text) expr = &target.expr;
      }
      if (expr->kind == ExprKind::Number) {
        const auto place = static_cast<std::size_t>(std::strtoull(expr->text.c_str(), nullptr, 10));
        if (place >= 1 && place <= m_targets.size()) expr = &m_targets[place - 1].expr;
      }
      const std::optional<Value> value = valueOf(withAggregates(*expr, m_aggregates), scope);
      if (!value) return false;
      keys.push_back(*value);
    }
    return true;
  }

  template <typename Row>
  void sortRows(std::vector<Row>& rows) const {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (std::size_t i = 0; i < a.keys.size(); ++i) {
        const Value& x = m_query.orderBy[i].descending ? b.keys[i] : a.keys[i];
        const Value& y = m_query.orderBy[i].descending ? a.keys[i] : b.keys[i];
        if (before(x, y)) return true;
        if (before(y, x)) return false;
      }
      return false;
    });
  }

  std::int64_t offset() const {
    const PlanNode* node = &m_plan;
    return node->kind == PlanKind::Limit ? node->offset : 0;
  }

  template <typename Row>
  Answer finish(std::vector<Row>& rows) {
    const auto from = static_cast<std::size_t>(offset());
    std::size_t count = rows.size();
    if (m_plan.kind == PlanKind::Limit && m_plan.bound >= 0) {
      count = std::min(count, from + static_cast<std::size_t>(m_plan.bound));
    }
    if (count - std::min(count, from) > static_cast<std::size_t>(kMostRows)) return fail(tooMuch());
    for (std::size_t i = from; i < count; ++i)
      m_answer.table.rows.push_back(std::move(rows[i].cells));
    return std::move(m_answer);
  }

  Answer grouped() {
    struct State {
      std::int64_t rows = 0;
      Group keys;
      std::map<std::string, Value> first;
      std::vector<Accumulator> sums;
    };
    std::vector<Expr> groupBy;
    for (const Expr& key : m_query.groupBy) groupBy.push_back(resolve(key));
    std::map<std::vector<std::string>, State> groups;
    if (groupBy.empty()) groups[{}].sums.resize(m_aggregates.size());
    const bool fine = eachRow([&](const EvaluationScope& scope) {
      std::vector<std::string> key;
      for (const Expr& expr : groupBy) {
        const std::optional<Value> value = valueOf(expr, scope);
        if (!value) return false;
        key.push_back(valueText(*value));
      }
      State& state = groups[key];
      if (state.rows++ == 0) {
        state.first = scope.names;
        state.sums.resize(m_aggregates.size());
      }
      for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
        if (m_aggregates[i].args.empty()) continue;
        const std::optional<Value> value = valueOf(m_aggregates[i].args[0], scope);
        if (!value) return false;
        state.sums[i].add(*value);
      }
      return true;
    });
    if (!fine) return std::move(m_answer);
    struct Row {
      Group keys;
      ResultRow cells;
    };
    std::vector<Row> rows;
    for (auto& [key, state] : groups) {
      EvaluationScope scope = m_scope;
      scope.names = state.first;
      for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
        scope.names["#" + std::to_string(i)] = state.sums[i].result(m_aggregates[i], state.rows);
      }
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
    return finish(rows);
  }

  Expr resolve(const Expr& key) const {
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
