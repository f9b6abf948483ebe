// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/planner.h"

#include <algorithm>
#include <cmath>

#include "console/sql/plan/planner_paths.h"

namespace console {
namespace {

std::string outputName(const TargetItem& item) {
  return item.alias.empty() ? columnNameOf(item.expr) : item.alias;
}

// Rows of a table nobody has analyzed: its pages times what a page would hold by default widths.
double guessedRows(const sim::Relation& relation) {
  double width = 0;
  for (const sim::RelationColumn& column : relation.columns) {
    const int length = sim::typeLayout(column.type).length;
    width += length > 0 ? length : 32;
  }
  const double density = std::floor(8168.0 / (width + 28));
  const double pages = relation.pages < 10 && relation.rows == 0
                           ? 10
                           : static_cast<double>(std::max<std::int64_t>(relation.pages, 1));
  return std::max(1.0, std::floor(density * pages + 0.5));
}

// An alias or a position in GROUP BY and ORDER BY stands for the target.
Expr resolved(const Expr& expr, const std::vector<TargetItem>& targets) {
  if (expr.kind == ExprKind::Number) {
    const auto position = static_cast<std::size_t>(std::strtoull(expr.text.c_str(), nullptr, 10));
    if (position >= 1 && position <= targets.size()) return targets[position - 1].expr;
  }
  if (expr.kind == ExprKind::Column && expr.qualifier.empty()) {
    for (const TargetItem& item : targets) {
      if (item.alias == expr.text) return item.expr;
    }
  }
  return expr;
}

}  // namespace

bool Planner::rowsIn(const std::optional<Expr>& expr, std::int64_t& rows) {
  if (!expr) return true;
  EvaluationScope scope;
  const std::optional<Value> value = Evaluator(scope).evaluate(*expr);
  if (!value || value->null()) return true;
  constexpr double kBeyond = 0x1p63;
  if (!value->integral() && !(value->real < kBeyond && value->real > -kBeyond)) {
    (void)refuse("22003", "bigint out of range", std::string::npos);
    return false;
  }
  const auto whole = value->integral()
                         ? value->whole
                         : static_cast<std::int64_t>(std::floor(value->real + 0.5));
  rows = std::max<std::int64_t>(whole, 0);
  return true;
}

std::nullopt_t Planner::refuse(std::string sqlstate, std::string text, std::size_t at,
                               std::string hint) {
  if (!m_failure) {
    m_failure =
        SqlFailure{{"ERROR", std::move(text), {}, std::move(hint), std::move(sqlstate)}, at, {}};
  }
  return std::nullopt;
}

bool Planner::addRelation(const TableItem& item, PlanBase& base) {
  const sim::Relation* relation = m_context.relation(item.name);
  if (relation == nullptr) {
    refuse("42P01", "relation \"" + item.name + "\" does not exist", item.at);
    return false;
  }
  if (m_context.lock) {
    if (std::optional<SqlFailure> failure = m_context.lock(*relation, item.at)) {
      m_failure = std::move(failure);
      return false;
    }
  }
  base.relation = relation;
  base.alias = item.alias.empty() ? item.name : item.alias;
  base.truth = base.columns = relation->columns;
  base.realRows = static_cast<double>(relation->rows);
  base.rows = relation->analyzed ? base.realRows : guessedRows(*relation);
  base.source = RowSource::of(*relation);
  if (!relation->analyzed) {
    for (sim::RelationColumn& column : base.columns) {
      const int length = sim::typeLayout(column.type).length;
      column.width = length > 0 ? length : 32;
      column.distinct = std::min(200.0, base.rows);
      column.correlation = 0;
    }
  }
  return true;
}

bool Planner::addFunction(const TableItem& item, PlanBase& base) {
  const Expr& call = item.call;
  base.function = call.text;
  base.alias = item.alias.empty() ? call.text : item.alias;
  const std::string name = item.columnAliases.empty() ? base.alias : item.columnAliases[0];
  if (call.text != "generate_series" || call.args.size() < 2 || call.args.size() > 3) {
    refuse("42883", "function " + call.text + "(" + ") does not exist", call.at,
           "No function matches the given name and argument types. You might need to add explicit "
           "type casts.");
    return false;
  }
  std::vector<Value> args;
  EvaluationScope scope;
  for (const Expr& one : call.args) {
    Evaluator evaluator(scope);
    std::optional<Value> value = evaluator.evaluate(one);
    if (value && value->type == ValueType::Unknown) {
      value = integerValue(std::strtoll(value->text.c_str(), nullptr, 10));
    }
    if (!value || !value->integral()) {
      m_failure = evaluator.failure();
      if (!m_failure) refuse("42883", "function generate_series does not exist", call.at);
      return false;
    }
    args.push_back(std::move(*value));
  }
  const std::int64_t step = args.size() > 2 ? args[2].whole : 1;
  if (step == 0) {
    refuse("22023", "step size cannot equal zero", std::string::npos);
    return false;
  }
  const bool wide = args[0].type == ValueType::BigInt || args[1].type == ValueType::BigInt;
  std::int64_t span = 0;
  constexpr std::int64_t kMost = 1'000'000'000'000'000;
  if (__builtin_sub_overflow(args[1].whole, args[0].whole, &span)) {
    span = args[1].whole > args[0].whole ? kMost : -kMost;
  }
  const std::int64_t rows =
      span != 0 && (span > 0) != (step > 0) ? 0 : std::min(span / step + 1, kMost);
  base.seriesFrom = args[0].whole;
  base.seriesStep = step;
  base.source = RowSource::series(name, base.seriesFrom, step, rows, wide);
  base.rows = base.realRows = static_cast<double>(rows);
  base.columns = {{name, wide ? "bigint" : "integer", wide ? 8.0 : 4.0, base.rows, 1, name}};
  base.truth = base.columns;
  return true;
}

bool Planner::addQuery(const TableItem& item, const SelectQuery& inner, const SelectQuery& outer,
                       PlanBase& base) {
  base.alias = item.alias.empty() ? item.name : item.alias;
  // Columns used above, by name; a star uses all.
  std::vector<Expr> used;
  bool all = false;
  const auto use = [&](const Expr& expr) {
    collectColumns(expr, used);
    all = all || expr.kind == ExprKind::Star;
  };
  for (const TargetItem& target : outer.targets) use(target.expr);
  for (const Expr& one : outer.groupBy) use(one);
  for (const OrderItem& one : outer.orderBy) use(one.expr);
  for (const auto* one : {&outer.where, &outer.having}) {
    if (*one) use(**one);
  }
  const std::function<void(const TableItem&)> ofJoin = [&](const TableItem& table) {
    if (table.on) use(*table.on);
    for (const std::string& name : table.shared) {
      Expr column;
      column.kind = ExprKind::Column;
      column.text = name;
      used.push_back(column);
    }
    for (const TableItem& side : table.sides) ofJoin(side);
  };
  for (const TableItem& table : outer.from) ofJoin(table);
  std::set<std::string> needed;
  for (const Expr& one : used) {
    if (one.qualifier.empty() || one.qualifier == base.alias) needed.insert(one.text);
  }
  std::optional<PlanNode> node = plan(inner, all ? nullptr : &needed);
  if (!node) return false;
  for (PlanColumn& column : node->output) column.table = base.alias;
  for (std::size_t i = 0; i < item.columnAliases.size() && i < node->output.size(); ++i) {
    node->output[i].info.name = item.columnAliases[i];
  }
  base.rows = node->rows;
  base.realRows = node->realRows;
  base.columns = node->columns();
  for (sim::RelationColumn& column : base.columns) {
    column.distinct = std::min(std::max(column.distinct, 1.0), std::max(base.rows, 1.0));
  }
  base.truth = base.columns;
  base.query = std::move(*node);
  return true;
}

bool Planner::addItem(const TableItem& item, const SelectQuery& query, std::vector<PlanBase>& bases,
                      std::vector<Expr>& conditions) {
  if (item.kind == TableKind::Join) {
    ++m_tables;
    if (!addItem(item.sides[0], query, bases, conditions)) return false;
    const std::size_t before = bases.size();
    if (!addItem(item.sides[1], query, bases, conditions)) return false;
    for (std::size_t i = before; i < bases.size(); ++i) bases[i].join = item.join;
    if (item.on) splitAnd(*item.on, conditions);
    for (const std::string& name : item.shared) {
      Expr equal;
      equal.kind = ExprKind::Operator;
      equal.text = "=";
      for (const std::size_t side : {std::size_t{0}, before}) {
        Expr column;
        column.kind = ExprKind::Column;
        column.text = name;
        column.qualifier = bases[side].alias;
        equal.args.push_back(column);
      }
      conditions.push_back(std::move(equal));
    }
    return true;
  }
  ++m_tables;
  PlanBase base;
  base.at = item.at;
  bool fine = false;
  if (item.kind == TableKind::Query) {
    fine = addQuery(item, *item.query, query, base);
  } else if (item.kind == TableKind::Function) {
    fine = addFunction(item, base);
  } else if (const auto with = m_with.find(item.name); with != m_with.end()) {
    fine = addQuery(item, *with->second, query, base);
  } else {
    fine = addRelation(item, base);
  }
  if (!fine) return false;
  for (const PlanBase& other : bases) {
    if (other.alias == base.alias) {
      refuse("42712", "table name \"" + base.alias + "\" specified more than once",
             std::string::npos);
      return false;
    }
  }
  bases.push_back(std::move(base));
  return true;
}

std::optional<std::vector<PlanBase>> Planner::basesOf(const SelectQuery& query) {
  for (const auto& [name, inner] : query.with) m_with[name] = &inner;
  std::vector<PlanBase> bases;
  std::vector<Expr> conditions;
  for (const TableItem& item : query.from) {
    if (!addItem(item, query, bases, conditions)) return std::nullopt;
  }
  return bases;
}

std::optional<std::size_t> Planner::baseOf(const Expr& column, const std::vector<PlanBase>& bases) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    if (!column.qualifier.empty() && column.qualifier != bases[i].alias) continue;
    const auto& columns = bases[i].columns;
    if (std::none_of(columns.begin(), columns.end(),
                     [&](const auto& one) { return one.name == column.text; })) {
      continue;
    }
    if (!found) found = i;
  }
  return found;
}

bool Planner::check(const Expr& expr, const std::vector<PlanBase>& bases) {
  std::vector<Expr> columns;
  collectColumns(expr, columns);
  for (const Expr& column : columns) {
    if (column.text.starts_with("$") || baseOf(column, bases)) continue;
    if (!column.qualifier.empty() &&
        std::none_of(bases.begin(), bases.end(),
                     [&](const PlanBase& base) { return base.alias == column.qualifier; })) {
      refuse("42P01", "missing FROM-clause entry for table \"" + column.qualifier + "\"",
             column.at);
      return false;
    }
    refuse("42703",
           "column " +
               (column.qualifier.empty() ? "\"" + column.text + "\""
                                         : column.qualifier + "." + column.text) +
               " does not exist",
           column.at);
    return false;
  }
  return true;
}

std::vector<TargetItem> Planner::targetsOf(const SelectQuery& query,
                                           const std::vector<PlanBase>& bases) {
  std::vector<TargetItem> targets;
  for (const TargetItem& item : query.targets) {
    if (item.expr.kind != ExprKind::Star) {
      targets.push_back(item);
      continue;
    }
    for (const PlanBase& base : bases) {
      if (!item.expr.qualifier.empty() && item.expr.qualifier != base.alias) continue;
      for (const sim::RelationColumn& column : base.columns) {
        Expr one;
        one.kind = ExprKind::Column;
        one.text = column.name;
        one.qualifier = bases.size() > 1 ? base.alias : "";
        targets.push_back({one, column.name});
      }
    }
  }
  return targets;
}

std::optional<PlanNode> Planner::planWithoutTables(const SelectQuery& query) {
  PlanNode node;
  node.kind = query.values.empty() ? PlanKind::Result : PlanKind::ValuesScan;
  node.rows = node.realRows = query.values.empty() ? 1 : static_cast<double>(query.values.size());
  node.total = query.values.empty() ? 0.01 : 0.0125 * node.rows;
  if (node.kind == PlanKind::ValuesScan) node.alias = "\"*VALUES*\"";
  std::size_t number = 0;
  const auto add = [&](const Expr& expr, const std::string& name) {
    sim::RelationColumn facts = factsOf(expr, {}, false);
    facts.name = name;
    node.output.push_back({"", facts});
  };
  if (!query.values.empty()) {
    for (const Expr& one : query.values[0]) add(one, "column" + std::to_string(++number));
    return node;
  }
  for (const TargetItem& item : query.targets) {
    if (item.expr.kind == ExprKind::Call && item.expr.text == "generate_series") {
      TableItem table;
      table.call = item.expr;
      PlanBase series;
      if (!addFunction(table, series)) return std::nullopt;
      PlanNode input = node;
      node.kind = PlanKind::ProjectSet;
      node.rows = node.realRows = series.realRows;
      node.total = 0.02 + 0.005 * node.rows;
      node.children = {input};
      node.children[0].output.clear();
    }
    add(item.expr, outputName(item));
  }
  return node;
}

std::optional<PlanNode> Planner::planSets(const SelectQuery& query,
                                          const std::set<std::string>* needed) {
  SelectQuery first = query;
  first.setOperations.clear();
  first.orderBy.clear();
  first.limit.reset();
  first.offset.reset();
  PlanNode append;
  append.kind = PlanKind::Append;
  append.rows = append.realRows = 0;
  bool all = true;
  std::vector<const SelectQuery*> parts = {&first};
  for (const auto& [op, part] : query.setOperations) {
    if (!op.starts_with("union")) {
      return refuse("0A000", op + " is not supported here", std::string::npos);
    }
    all = all && op == "union all";
    parts.push_back(&part);
  }
  for (const SelectQuery* part : parts) {
    ++m_tables;
    std::optional<PlanNode> node = plan(*part, all ? needed : nullptr);
    if (!node) return std::nullopt;
    append.total += node->total;
    append.rows += node->rows;
    append.realRows += node->realRows;
    append.children.push_back(std::move(*node));
  }
  append.output = append.children[0].output;
  append.total += append.rows * m_context.settings.tuple * 0.5;
  if (all) return append;
  PlanNode unique;
  unique.kind = PlanKind::HashAggregate;
  unique.output = append.output;
  for (const PlanColumn& column : unique.output) {
    unique.keys.push_back(column.table.empty() ? column.info.name
                                               : column.table + "." + column.info.name);
  }
  unique.rows = unique.groups = append.rows;
  unique.realRows = unique.realGroups = append.realRows;
  unique.children = {append};
  costAggregate(m_context.settings, unique, static_cast<int>(unique.keys.size()), 0);
  return unique;
}

// "x IN (SELECT y ...)" joins with the subquery, taking each row once.
bool Planner::addSubqueries(const SelectQuery& query, std::vector<PlanBase>& bases,
                            std::vector<Expr>& conditions) {
  for (Expr& condition : conditions) {
    if (condition.kind != ExprKind::Query || condition.text != "in") continue;
    if (condition.query->targets.size() != 1 || condition.args.size() != 1) {
      refuse("42601", "subquery has too many columns", condition.at);
      return false;
    }
    TableItem item;
    item.kind = TableKind::Query;
    item.query = condition.query;
    item.alias = "\"ANY_subquery\"";
    std::vector<Expr> ignored;
    SelectQuery all = query;
    Expr star;
    star.kind = ExprKind::Star;
    all.targets.push_back({star, {}});
    if (!addItem(item, all, bases, ignored)) return false;
    bases.back().join = JoinType::Semi;
    Expr inner;
    inner.kind = ExprKind::Column;
    inner.text = bases.back().columns[0].name;
    inner.qualifier = bases.back().alias;
    Expr outer = condition.args[0];
    if (outer.kind == ExprKind::Column && outer.qualifier.empty()) {
      if (const auto base = baseOf(outer, bases)) outer.qualifier = bases[*base].alias;
    }
    condition.kind = ExprKind::Operator;
    condition.text = "=";
    condition.query.reset();
    condition.args = {outer, inner};
  }
  return true;
}

std::optional<std::vector<Expr>> Planner::conditionsOf(const SelectQuery& query,
                                                       std::vector<PlanBase>& bases) {
  std::vector<Expr> all;
  for (const TableItem& item : query.from) {
    if (!addItem(item, query, bases, all)) return std::nullopt;
  }
  if (query.where) splitAnd(*query.where, all);
  if (!addSubqueries(query, bases, all)) return std::nullopt;
  std::vector<Expr> shared;
  for (const Expr& condition : all) {
    if (!check(condition, bases)) return std::nullopt;
    std::vector<Expr> columns;
    collectColumns(condition, columns);
    std::set<std::size_t> sides;
    for (const Expr& column : columns) {
      if (const auto side = baseOf(column, bases)) sides.insert(*side);
    }
    const bool alone = sides.size() == 1 && bases[*sides.begin()].join == JoinType::Inner;
    if (alone || (sides.empty() && !bases.empty())) {
      bases[sides.empty() ? 0 : *sides.begin()].conditions.push_back(condition);
    } else {
      shared.push_back(condition);
    }
  }
  return shared;
}

std::optional<PlanNode> Planner::plan(const SelectQuery& query,
                                      const std::set<std::string>* needed) {
  for (const auto& [name, inner] : query.with) m_with[name] = &inner;
  if (!query.setOperations.empty()) return planSets(query, needed);
  if (query.from.empty()) return planWithoutTables(query);
  QueryBlock block;
  block.query = &query;
  std::optional<std::vector<Expr>> conditions = conditionsOf(query, block.bases);
  if (!conditions) return std::nullopt;
  block.conditions = std::move(*conditions);
  const std::vector<TargetItem> targets = targetsOf(query, block.bases);
  for (const Expr& one : query.groupBy) block.groupBy.push_back(resolved(one, targets));
  for (const OrderItem& one : query.orderBy) {
    block.orderBy.push_back({resolved(one.expr, targets), one.descending});
  }
  for (const TargetItem& item : targets) {
    if (!check(item.expr, block.bases)) return std::nullopt;
    const bool used = needed == nullptr || query.distinct || needed->contains(outputName(item));
    if (used) block.targets.push_back({item.expr, outputName(item)});
  }
  for (const Expr& one : block.groupBy) {
    if (!check(one, block.bases)) return std::nullopt;
  }
  for (const OrderItem& one : block.orderBy) {
    if (!check(one.expr, block.bases)) return std::nullopt;
  }
  for (const TargetItem& item : block.targets) collectAggregates(item.expr, block.aggregates);
  if (query.having) collectAggregates(*query.having, block.aggregates);
  // An aggregate nobody looks at still makes one group of everything.
  const bool whole = block.aggregates.empty() && query.groupBy.empty() &&
                     std::any_of(targets.begin(), targets.end(),
                                 [](const TargetItem& item) { return hasAggregate(item.expr); });
  if (whole) collectAggregates(targets[0].expr, block.aggregates);
  if (!rowsIn(query.limit, block.limit) || !rowsIn(query.offset, block.offset)) {
    return std::nullopt;
  }
  block.qualified = m_tables > 1;
  return PathBuilder(*this, m_context, block).build();
}

}  // namespace console
