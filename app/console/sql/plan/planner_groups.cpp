// SPDX-License-Identifier: GPL-3.0-or-later
// What stands above scans and joins: grouping, order, limit, and the same by parallel workers.
#include <algorithm>
#include <cmath>

#include "console/sql/plan/closed_rows.h"
#include "console/sql/plan/path_helpers.h"
#include "console/sql/plan/planner_paths.h"
#include "sim/execution/allocation.h"

namespace console {

// What the topmost scan or join hands to grouping or sorting: keys and arguments, computed.
void PathBuilder::project(PlanNode& node, bool beforeGrouping) const {
  std::vector<PlanColumn> output;
  const auto add = [&](const Expr& expr, const std::string& name) {
    std::vector<Expr> columns;
    collectColumns(expr, columns);
    if (columns.empty() && !hasAggregate(expr)) return;
    PlanColumn column = columnOf(expr);
    if (!name.empty()) column.info.name = name;
    column.info.source = expr.kind == ExprKind::Column ? text(expr, true) : "";
    const bool there = std::any_of(output.begin(), output.end(), [&](const PlanColumn& have) {
      return have.table == column.table && have.info.name == column.info.name &&
             have.info.source == column.info.source;
    });
    if (!there) output.push_back(std::move(column));
  };
  if (beforeGrouping) {
    for (const Expr& one : m_block.groupBy) add(one, "");
    for (const Expr& one : m_block.aggregates) {
      std::vector<Expr> columns;
      for (const Expr& argument : one.args) collectColumns(argument, columns);
      for (const Expr& column : columns) add(column, "");
    }
  } else {
    for (const TargetItem& item : m_block.targets) add(item.expr, item.alias);
    for (const OrderItem& one : m_block.orderBy) {
      const bool there =
          std::any_of(m_block.targets.begin(), m_block.targets.end(),
                      [&](const TargetItem& item) { return sameExpr(item.expr, one.expr); });
      if (!there) add(one.expr, "");
    }
  }
  node.output = std::move(output);
}

// Groups that are whole numbers in equal steps: one key that rises or falls along the rows.
std::optional<sim::WholeKeys> PathBuilder::wholeKeys(const std::vector<Expr>& keys) const {
  const std::vector<PlanBase>& bases = m_block.bases;
  if (keys.size() != 1 || bases.size() != 1 || !bases[0].source) return std::nullopt;
  const EvaluationScope none;
  const ClosedRows closed(*bases[0].source, none);
  Progression rows = closed.all();
  for (const Expr& one : bases[0].conditions) {
    const auto passing = closed.select(one, rows);
    if (!passing || passing->size() != 1) return std::nullopt;
    rows = passing->front();
  }
  const auto parts = closed.parts(keys[0], rows);
  if (!parts || parts->size() != 1) return std::nullopt;
  const RowForm& form = parts->front().form;
  const PlaceForm& place = form.place;
  if (form.constant || place.constant() || place.remainder) return std::nullopt;
  const std::int64_t each = place.linear() ? place.slope * place.factor : place.factor;
  return sim::WholeKeys{place.at(0), place.slope > 0 || place.linear() ? each : -each};
}

void PathBuilder::setGroups(PlanNode& node) const {
  const PlanNode& input = node.children[0];
  double planned = 1, real = 1;
  for (const Expr& one : m_block.groupBy) {
    planned *= std::max(1.0, m_planner.factsOf(one, m_block.bases, false).distinct);
    real *= std::max(1.0, m_planner.factsOf(one, m_block.bases, true).distinct);
    // The planner only knows how many values the columns of an expression have.
    if (one.kind != ExprKind::Column) {
      std::vector<Expr> columns;
      collectColumns(one, columns);
      double of = 1;
      for (const Expr& column : columns) {
        of *= std::max(1.0, m_planner.factsOf(column, m_block.bases, false).distinct);
      }
      planned = planned / std::max(1.0, m_planner.factsOf(one, m_block.bases, false).distinct) * of;
    }
  }
  node.wholeKeys = wholeKeys(m_block.groupBy);
  node.groups = node.rows = clampRows(std::min(planned, input.rows * node.divisor));
  node.realGroups = node.realRows =
      std::max(m_block.groupBy.empty() ? 1.0 : 0.0,
               std::floor(std::min(real, input.realRows * node.divisor) + 0.5));
}

std::vector<std::string> PathBuilder::groupKeys() const {
  std::vector<std::string> keys;
  for (const Expr& one : m_block.groupBy) keys.push_back(keyText(one));
  return keys;
}

// The transition value of an aggregate, when it is passed by reference (get_agg_clause_costs):
// what the planner reckons, and the chunks it takes in the context of the groups.
void PathBuilder::addTransition(const Expr& call, PlanNode& node) const {
  constexpr std::int64_t kPointers = 16, kArray = 32;  // two pointers; get_typavgwidth() of arrays
  constexpr std::int64_t kWholeState = 48, kNumericState = 128;  // aggtransspace
  constexpr std::int64_t kNumericDigits = 32;                    // MODEL: of each of two sums
  if (call.args.empty() || call.text == "count") return;
  const sim::RelationColumn facts = m_planner.factsOf(call.args[0], m_block.bases, false);
  const bool whole = facts.type == "integer" || facts.type == "smallint";
  const bool real = facts.type == "double precision" || facts.type == "real";
  const bool average = call.text == "avg" || call.text == "stddev" || call.text == "variance";
  std::int64_t space = 0, chunks = 0;
  if (call.text == "min" || call.text == "max") {
    if (sim::typeLayout(facts.type).length > 0) return;
    const auto width = static_cast<std::int64_t>(facts.width);
    space = sim::maxAlign(width) + kPointers;
    chunks = sim::allocSetChunk(width);
  } else if (facts.type == "numeric" && (average || call.text == "sum")) {
    space = kNumericState;
    chunks = sim::allocSetChunk(kNumericState) + 2 * sim::allocSetChunk(kNumericDigits);
  } else if (average || (call.text == "sum" && !whole && !real)) {
    space = call.text == "avg" && (whole || real) ? kArray + kPointers : kWholeState;
    chunks = sim::allocSetChunk(kWholeState);
  }
  node.transitionSpace += space;
  node.transitionChunks += chunks;
}

bool PathBuilder::distinctAggregates() const {
  return std::any_of(m_block.aggregates.begin(), m_block.aggregates.end(),
                     [](const Expr& call) { return call.distinct; });
}

PlanNode PathBuilder::aggregate(PlanKind kind, PlanNode input, AggregateStage stage) const {
  PlanNode node;
  node.kind = kind;
  node.stage = stage;
  node.keys = groupKeys();
  node.transitions = static_cast<std::int64_t>(m_block.aggregates.size());
  for (const Expr& call : m_block.aggregates) addTransition(call, node);
  node.children.push_back(std::move(input));
  setGroups(node);
  if (stage == AggregateStage::Finalize) node.sorted.clear();
  costAggregate(m_settings, node, static_cast<int>(node.keys.size()),
                static_cast<int>(m_block.aggregates.size()));
  project(node, false);
  return node;
}

PlanNode PathBuilder::grouped(PlanNode input, bool partial) const {
  project(input, true);
  const AggregateStage stage = partial ? AggregateStage::Partial : AggregateStage::Whole;
  if (m_block.groupBy.empty()) return aggregate(PlanKind::Aggregate, std::move(input), stage);
  PlanNode hashed = aggregate(PlanKind::HashAggregate, input, stage);
  std::vector<std::string> order;
  for (const Expr& one : m_block.groupBy) order.push_back(keyOf(columnOf(one)));
  PlanNode keyed = startsWith(input.sorted, order) ? input : sorted(input, groupKeys(), order);
  PlanNode grouping = aggregate(PlanKind::GroupAggregate, keyed, stage);
  grouping.sorted = order;
  return distinctAggregates() || grouping.total < hashed.total ? grouping : hashed;
}

PlanNode PathBuilder::distinct(PlanNode input) const {
  std::vector<std::string> keys, order;
  double planned = 1, real = 1;
  for (const TargetItem& item : m_block.targets) {
    keys.push_back(keyText(item.expr));
    order.push_back(keyOf(columnOf(item.expr)));
    planned *= std::max(1.0, m_planner.factsOf(item.expr, m_block.bases, false).distinct);
    real *= std::max(1.0, m_planner.factsOf(item.expr, m_block.bases, true).distinct);
  }
  PlanNode hashed;
  hashed.kind = PlanKind::HashAggregate;
  hashed.keys = keys;
  hashed.output = input.output;
  hashed.rows = hashed.groups = clampRows(std::min(planned, input.rows));
  hashed.realRows = hashed.realGroups = std::min(real, input.realRows);
  std::vector<Expr> values;
  for (const TargetItem& item : m_block.targets) values.push_back(item.expr);
  hashed.wholeKeys = wholeKeys(values);
  PlanNode unique = hashed;
  unique.kind = PlanKind::Unique;
  unique.keys.clear();
  unique.children = {startsWith(input.sorted, order) ? input : sorted(input, keys, order)};
  unique.startup = unique.children[0].startup;
  unique.total = unique.children[0].total +
                 m_settings.op * static_cast<double>(keys.size()) * unique.children[0].rows;
  unique.sorted = order;
  hashed.children.push_back(std::move(input));
  costAggregate(m_settings, hashed, static_cast<int>(keys.size()), 0);
  return unique.total < hashed.total ? unique : hashed;
}

PlanNode PathBuilder::sorted(PlanNode input, const std::vector<std::string>& keys,
                             const std::vector<std::string>& order) const {
  PlanNode node;
  node.kind = PlanKind::Sort;
  node.keys = keys;
  node.output = input.output;
  node.rows = input.rows;
  node.realRows = input.realRows;
  node.divisor = input.divisor;
  node.sorted = order;
  node.children.push_back(std::move(input));
  costSort(m_settings, node);
  return node;
}

PlanNode PathBuilder::ordered(PlanNode input) const {
  if (m_block.orderBy.empty()) return input;
  std::vector<std::string> keys, order;
  for (const OrderItem& one : m_block.orderBy) {
    keys.push_back(keyText(one.expr) + (one.descending ? " DESC" : ""));
    order.push_back(keyOf(columnOf(one.expr)) + (one.descending ? " DESC" : ""));
  }
  if (startsWith(input.sorted, order)) return input;
  PlanNode node = sorted(std::move(input), keys, order);
  if (m_block.limit >= 0) {
    node.bound = m_block.limit + m_block.offset;
    costSort(m_settings, node);
  }
  return node;
}

PlanNode PathBuilder::limited(PlanNode input) const {
  if (m_block.limit < 0 && m_block.offset == 0) return input;
  PlanNode node;
  node.kind = PlanKind::Limit;
  node.output = input.output;
  node.sorted = input.sorted;
  node.bound = m_block.limit;
  node.offset = m_block.offset;
  const auto left = [&](double rows) {
    const double after = std::max(rows - static_cast<double>(m_block.offset), 0.0);
    return m_block.limit < 0 ? after : std::min(after, static_cast<double>(m_block.limit));
  };
  node.rows = std::max(1.0, left(input.rows));
  node.realRows = left(input.realRows);
  node.children.push_back(std::move(input));
  costLimit(node);
  return node;
}

PlanNode PathBuilder::gather(PlanNode input, PlanKind kind, int workers) const {
  PlanNode node;
  node.kind = kind;
  node.workers = workers;
  node.output = input.output;
  const bool groups = input.stage == AggregateStage::Partial;
  const double shares = groups ? workers + 1 : input.divisor;
  node.rows = clampRows(input.rows * workers);
  node.realRows = input.realRows * shares;
  if (kind == PlanKind::GatherMerge) node.sorted = input.sorted;
  node.children.push_back(std::move(input));
  costGather(m_settings, node);
  return node;
}

// Workers share a table, or two that are hash joined. A function's rows each of them makes anew.
std::optional<std::int64_t> PathBuilder::pagesToShare() const {
  const std::vector<PlanBase>& bases = m_block.bases;
  if (bases.empty() || bases.size() > 2 || bases[0].relation == nullptr) return std::nullopt;
  std::int64_t pages = 0;
  for (const PlanBase& base : bases) {
    const bool function = base.relation == nullptr && !base.function.empty();
    if (!function && (base.relation == nullptr || base.relation->temporary())) return std::nullopt;
    if (!function) pages = std::max(pages, base.relation->pages);
  }
  const bool inner =
      bases.size() == 1 || bases[1].join == JoinType::Inner || bases[1].join == JoinType::Cross;
  const bool table = bases.size() == 2 && bases[1].relation != nullptr;
  if (!inner || (table && !m_settings.parallelHash)) return std::nullopt;
  return pages;
}

std::optional<PlanNode> PathBuilder::parallel() const {
  const std::optional<std::int64_t> pages = pagesToShare();
  if (!pages || distinctAggregates()) return std::nullopt;
  const int workers = parallelWorkers(m_settings, *pages);
  if (workers <= 0) return std::nullopt;
  const double divisor = parallelDivisor(m_settings, workers);
  PlanNode input = joinAll(divisor);
  const bool tables = m_block.bases.size() == 2 && m_block.bases[1].relation != nullptr;
  if (tables && input.kind != PlanKind::HashJoin) return std::nullopt;
  input.divisor = divisor;
  if (!aggregated()) {
    project(input, false);
    if (m_block.query->distinct) return std::nullopt;
    PlanNode keyed = ordered(input);
    const bool merges = keyed.kind == PlanKind::Sort;
    return gather(std::move(keyed), merges ? PlanKind::GatherMerge : PlanKind::Gather, workers);
  }
  PlanNode partial = grouped(input, true);
  // Each worker may meet every group.
  partial.divisor = 1;
  if (m_block.groupBy.empty()) {
    PlanNode all = gather(std::move(partial), PlanKind::Gather, workers);
    return aggregate(PlanKind::Aggregate, std::move(all), AggregateStage::Finalize);
  }
  std::vector<std::string> order;
  for (const Expr& one : m_block.groupBy) order.push_back(keyOf(columnOf(one)));
  if (partial.kind == PlanKind::HashAggregate) {
    const AggregateStage stage = partial.stage;
    partial = sorted(std::move(partial), groupKeys(), order);
    partial.stage = stage;
  }
  PlanNode all = gather(std::move(partial), PlanKind::GatherMerge, workers);
  return aggregate(PlanKind::GroupAggregate, std::move(all), AggregateStage::Finalize);
}

PlanNode PathBuilder::build() const {
  PlanNode node = joinAll(1);
  if (aggregated()) {
    node = grouped(std::move(node), false);
  } else {
    project(node, false);
  }
  if (m_block.query->distinct) node = distinct(std::move(node));
  node = ordered(std::move(node));
  if (std::optional<PlanNode> spread = parallel()) {
    PlanNode other = aggregated() ? ordered(std::move(*spread)) : std::move(*spread);
    // Within a hundredth of each other in total cost, the one that starts sooner is taken.
    constexpr double kFuzz = 1.01;
    const bool close = other.total < node.total * kFuzz && other.startup * kFuzz < node.startup;
    if (close || other.total * kFuzz < node.total) node = std::move(other);
  }
  return limited(std::move(node));
}

}  // namespace console
