// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/planner_paths.h"

#include <algorithm>
#include <cmath>

#include "console/sql/plan/path_helpers.h"

namespace console {

std::string PathBuilder::text(const Expr& expr, bool qualified) const {
  DeparseNames names;
  names.column = [&](const Expr& column) {
    if (!qualified) return column.text;
    if (!column.qualifier.empty()) return column.qualifier + "." + column.text;
    for (const PlanBase& base : m_block.bases) {
      for (const sim::RelationColumn& one : base.columns) {
        if (one.name != column.text) continue;
        // A subquery's column is written as what it stands for.
        if (base.query) {
          for (const PlanColumn& out : base.query->output) {
            if (out.info.name == column.text && !out.info.source.empty()) return out.info.source;
          }
        }
        return base.alias + "." + column.text;
      }
    }
    return column.text;
  };
  names.typeOf = [&](const Expr& other) {
    return m_planner.factsOf(other, m_block.bases, true).type;
  };
  const std::string result = deparse(expr, names);
  return result;
}

std::string PathBuilder::keyText(const Expr& expr) const {
  const std::string plain = text(expr, m_block.qualified);
  return expr.kind == ExprKind::Column ? plain : "(" + plain + ")";
}

std::string PathBuilder::joined(const std::vector<Expr>& list, bool qualified) const {
  if (list.empty()) return {};
  if (list.size() == 1) return text(list[0], qualified);
  std::string all;
  for (const Expr& one : list) all += (all.empty() ? "" : " AND ") + text(one, qualified);
  return "(" + all + ")";
}

PlanColumn PathBuilder::columnOf(const Expr& expr) const {
  PlanColumn column;
  column.info = m_planner.factsOf(expr, m_block.bases, true);
  const sim::RelationColumn planned = m_planner.factsOf(expr, m_block.bases, false);
  column.info.distinct = std::min(column.info.distinct, planned.distinct > 0 ? 1e15 : 1e15);
  if (expr.kind == ExprKind::Column) {
    for (const PlanBase& base : m_block.bases) {
      if (!expr.qualifier.empty() && expr.qualifier != base.alias) continue;
      const bool there = std::any_of(base.truth.begin(), base.truth.end(),
                                     [&](const auto& one) { return one.name == expr.text; });
      if (there) {
        column.table = base.alias;
        break;
      }
    }
  }
  return column;
}

// Columns of a base that anything above its scan uses, in the order they are named.
std::vector<PlanColumn> PathBuilder::columnsOf(const PlanBase& base) const {
  std::vector<Expr> used;
  for (const TargetItem& item : m_block.targets) collectColumns(item.expr, used);
  for (const Expr& one : m_block.groupBy) collectColumns(one, used);
  for (const OrderItem& one : m_block.orderBy) collectColumns(one.expr, used);
  for (const Expr& one : m_block.aggregates) collectColumns(one, used);
  for (const Expr& one : m_block.conditions) collectColumns(one, used);
  std::vector<PlanColumn> output;
  for (const Expr& one : used) {
    if (!one.qualifier.empty() && one.qualifier != base.alias) continue;
    for (const sim::RelationColumn& column : base.truth) {
      const bool there = std::any_of(output.begin(), output.end(), [&](const PlanColumn& have) {
        return have.info.name == column.name;
      });
      if (column.name == one.text && !there) output.push_back({base.alias, column});
    }
  }
  return output;
}

PlanNode PathBuilder::seqScan(const PlanBase& base, double divisor) const {
  PlanNode node;
  node.kind = base.relation != nullptr ? PlanKind::SeqScan : PlanKind::FunctionScan;
  node.alias = base.alias;
  node.output = columnsOf(base);
  node.filter = joined(base.conditions, false);
  node.rows = base.rows;
  node.realRows = base.realRows;
  for (const Expr& one : base.conditions) {
    node.rows *= m_planner.plannedShare(one, base);
  }
  bool exact = true;
  node.realRows *= m_planner.realShare(base.conditions, base, &exact);
  node.guessed = node.guessed || !exact;
  node.rows = clampRows(node.rows);
  node.tableRows = base.realRows;
  const auto conditions = static_cast<int>(base.conditions.size());
  if (base.relation != nullptr) {
    node.relation = base.relation->name;
    node.pages = base.relation->pages;
    if (divisor > 1) {
      scale(node, divisor);
      node.parallelAware = true;
    }
    costSeqScan(m_settings, node, base.rows, conditions);
    return node;
  }
  node.relation = base.function;
  node.total = (m_settings.tuple + m_settings.op * conditions) * base.rows;
  return node;
}

std::optional<PlanNode> PathBuilder::indexScan(const PlanBase& base,
                                               const sim::RelationIndex& index) const {
  if (index.columns.empty()) return std::nullopt;
  PlanNode node = seqScan(base, 1);
  node.kind = PlanKind::IndexScan;
  node.index = index.name;
  node.indexPages = index.pages;
  double share = 1;
  std::vector<Expr> bound, rest;
  for (const Expr& one : base.conditions) {
    const bool comparison = one.kind == ExprKind::Operator && one.args.size() >= 2 &&
                            one.args[0].kind == ExprKind::Column &&
                            one.args[0].text == index.columns[0] &&
                            (one.text == "=" || one.text == "<" || one.text == ">" ||
                             one.text == "<=" || one.text == ">=" || one.text == "between");
    if (comparison) share *= m_planner.plannedShare(one, base);
    (comparison ? bound : rest).push_back(one);
  }
  const std::vector<std::string> order = {base.alias + "." + index.columns[0]};
  bool wanted = false;
  if (!m_block.orderBy.empty() && m_block.orderBy[0].expr.kind == ExprKind::Column) {
    wanted = m_block.orderBy[0].expr.text == index.columns[0];
  }
  if (!m_block.groupBy.empty() && m_block.groupBy[0].kind == ExprKind::Column) {
    wanted = wanted || m_block.groupBy[0].text == index.columns[0];
  }
  const bool covers = std::all_of(node.output.begin(), node.output.end(), [&](const auto& column) {
    return std::find(index.columns.begin(), index.columns.end(), column.info.name) !=
           index.columns.end();
  });
  for (const Expr& one : m_block.conditions) {
    std::vector<Expr> columns;
    collectColumns(one, columns);
    for (const Expr& column : columns) wanted = wanted || column.text == index.columns[0];
  }
  const bool only = covers && rest.empty() && base.relation->allVisible;
  if (bound.empty() && !wanted && !only) return std::nullopt;
  if (only) node.kind = PlanKind::IndexOnlyScan;
  node.condition = joined(bound, false);
  node.filter = joined(rest, false);
  node.sorted = order;
  const sim::RelationColumn* column = base.relation->column(index.columns[0]);
  costIndexScan(m_settings, node, base.rows, share, column != nullptr ? column->correlation : 0,
                static_cast<int>(rest.size()));
  return node;
}

PlanNode PathBuilder::scan(const PlanBase& base, double divisor) const {
  if (base.query) {
    PlanNode node = *base.query;
    if (base.conditions.empty()) return node;
    PlanNode outer;
    outer.kind = PlanKind::SubqueryScan;
    outer.alias = base.alias;
    outer.output = node.output;
    outer.filter = joined(base.conditions, false);
    outer.rows = node.rows;
    outer.realRows = node.realRows;
    for (const Expr& one : base.conditions) {
      outer.rows = clampRows(outer.rows * m_planner.plannedShare(one, base));
    }
    outer.realRows *= m_planner.realShare(base.conditions, base);
    outer.guessed = true;
    outer.startup = node.startup;
    outer.total = node.total + (m_settings.tuple + m_settings.op) * node.rows;
    outer.children.push_back(std::move(node));
    return outer;
  }
  PlanNode best = seqScan(base, divisor);
  if (base.relation == nullptr || divisor > 1) return best;
  for (const sim::RelationIndex& index : base.relation->indexes) {
    const std::optional<PlanNode> other = indexScan(base, index);
    if (other && other->total < best.total) best = *other;
  }
  return best;
}

void PathBuilder::setJoinRows(PlanNode& node, const std::vector<Expr>& clauses) const {
  const PlanNode& left = node.children[0];
  const PlanNode& right = node.children[1];
  node.rows = left.rows * right.rows;
  node.realRows = left.realRows * right.realRows;
  // With two conditions on one side, or values that are not unique, rows are an estimate.
  for (const Expr& one : clauses) {
    const bool equal = one.text == "=" && one.args.size() == 2;
    double share = equal ? 1 : 1.0 / 3, real = share;
    node.guessed = node.guessed || !equal;
    if (equal) {
      const double a = m_planner.factsOf(one.args[0], m_block.bases, false).distinct;
      const double b = m_planner.factsOf(one.args[1], m_block.bases, false).distinct;
      share = 1.0 / std::max({a, b, 1.0});
      const double x = m_planner.factsOf(one.args[0], m_block.bases, true).distinct;
      const double y = m_planner.factsOf(one.args[1], m_block.bases, true).distinct;
      real = 1.0 / std::max({x, y, 1.0});
      const bool unique = std::max(x, y) >= 0.999 * std::max(left.realRows, right.realRows);
      node.guessed = node.guessed || !unique || clauses.size() > 1;
    }
    node.rows *= share;
    node.realRows *= real;
  }
  node.rows = clampRows(node.rows);
  node.realRows = std::floor(node.realRows + 0.5);
  if (node.join == JoinType::Semi) {
    node.rows = std::min(node.rows, left.rows);
    node.realRows = std::min(node.realRows, left.realRows);
  }
  if (node.join == JoinType::Left || node.join == JoinType::Full) {
    node.rows = std::max(node.rows, left.rows);
    node.realRows = std::max(node.realRows, left.realRows);
  }
  node.output = left.output;
  if (node.join == JoinType::Semi) return;
  node.output.insert(node.output.end(), right.output.begin(), right.output.end());
}

PlanNode PathBuilder::hashJoin(const PlanNode& outer, const PlanNode& inner,
                               const std::vector<Expr>& clauses, JoinType type,
                               double divisor) const {
  PlanNode node;
  node.kind = PlanKind::HashJoin;
  node.join = type;
  node.condition = joined(clauses, true);
  node.children = {outer, inner};
  setJoinRows(node, clauses);
  const bool shared = divisor > 1;
  if (shared) {
    node.parallelAware = true;
    node.divisor = divisor;
    // Both sides hold a share of the rows, and every pair meets once.
    node.rows = clampRows(node.rows * divisor);
    node.realRows *= divisor;
  }
  PlanNode hash;
  hash.kind = PlanKind::Hash;
  hash.output = inner.output;
  hash.rows = inner.rows;
  hash.realRows = inner.realRows;
  hash.startup = hash.total = inner.total;
  hash.parallelAware = shared;
  hash.divisor = node.divisor;
  const sim::HashTableSize size = sim::chooseHashTableSize(
      {shared ? inner.rows * divisor : inner.rows, inner.width(), m_settings.hashMemoryBytes(),
       clauses.size() == 1, shared ? m_settings.workersPerGather : 0});
  double distinct = 1;
  for (const Expr& one : clauses) {
    distinct = std::max(distinct, m_planner.factsOf(one.args[1], m_block.bases, false).distinct);
  }
  costHashJoin(m_settings, node, size, distinct);
  hash.children.push_back(std::move(node.children[1]));
  node.children[1] = std::move(hash);
  return node;
}

PlanNode PathBuilder::mergeJoin(const PlanNode& left, const PlanNode& right,
                                const std::vector<Expr>& clauses, JoinType type) const {
  PlanNode node;
  node.kind = PlanKind::MergeJoin;
  node.join = type;
  node.condition = joined(clauses, true);
  const auto side = [&](const PlanNode& input) {
    std::vector<std::string> keys, order;
    for (const Expr& one : clauses) {
      for (const Expr& argument : one.args) {
        const PlanColumn column = columnOf(argument);
        const bool mine =
            std::any_of(input.output.begin(), input.output.end(), [&](const PlanColumn& have) {
              return have.table == column.table && have.info.name == column.info.name;
            });
        if (!mine) continue;
        keys.push_back(text(argument, true));
        order.push_back(keyOf(column));
      }
    }
    return startsWith(input.sorted, order) ? input : sorted(input, keys, order);
  };
  node.children = {side(left), side(right)};
  setJoinRows(node, clauses);
  node.sorted = node.children[0].sorted;
  costMergeJoin(m_settings, node);
  return node;
}

PlanNode PathBuilder::nestedLoop(const PlanNode& left, const PlanNode& right,
                                 const std::vector<Expr>& clauses, JoinType type) const {
  PlanNode node;
  node.kind = PlanKind::NestedLoop;
  node.join = type;
  node.condition = joined(clauses, true);
  PlanNode inner = right;
  double rescan = inner.total - inner.startup;
  if (m_settings.material && inner.kind != PlanKind::FunctionScan) {
    PlanNode kept;
    kept.kind = PlanKind::Materialize;
    kept.output = inner.output;
    kept.rows = inner.rows;
    kept.realRows = inner.realRows;
    kept.children.push_back(inner);
    costMaterialize(m_settings, kept);
    rescan = m_settings.op * inner.rows;
    inner = std::move(kept);
  }
  node.children = {left, inner};
  setJoinRows(node, clauses);
  costNestedLoop(m_settings, node, rescan, static_cast<int>(clauses.size()));
  return node;
}

PlanNode PathBuilder::join(PlanNode left, const PlanBase& base, double divisor) const {
  const PlanNode right = scan(base, divisor);
  std::vector<Expr> equal, other;
  const auto has = [](const PlanNode& node, const Expr& column, const PlanColumn& facts) {
    return std::any_of(node.output.begin(), node.output.end(), [&](const PlanColumn& have) {
      return have.table == facts.table && have.info.name == column.text;
    });
  };
  for (const Expr& one : m_block.conditions) {
    std::vector<Expr> columns;
    collectColumns(one, columns);
    bool inLeft = false, inRight = false, all = true;
    for (const Expr& column : columns) {
      const PlanColumn facts = columnOf(column);
      const bool l = has(left, column, facts), r = has(right, column, facts);
      inLeft = inLeft || l;
      inRight = inRight || r;
      all = all && (l || r);
    }
    if (!all || !inRight || !inLeft) continue;
    const bool equality = one.kind == ExprKind::Operator && one.text == "=";
    (equality ? equal : other).push_back(one);
  }
  const JoinType type = base.join == JoinType::Cross ? JoinType::Inner : base.join;
  std::vector<Expr> all = equal;
  all.insert(all.end(), other.begin(), other.end());
  PlanNode best = nestedLoop(left, right, all, type);
  if (equal.empty()) return best;
  const auto keep = [&](PlanNode candidate) {
    if (candidate.total < best.total) best = std::move(candidate);
  };
  // What is no table every worker has whole: it joins its share of the left side with that.
  const bool whole = divisor > 1 && base.relation == nullptr;
  if (divisor <= 1) keep(mergeJoin(left, right, equal, type));
  keep(hashJoin(left, right, equal, type, whole ? 1 : divisor));
  if (type == JoinType::Inner && !whole) {
    PlanNode turned = hashJoin(right, left, equal, type, divisor);
    if (turned.total < best.total * 0.99) best = std::move(turned);
  }
  return best;
}

PlanNode PathBuilder::joinAll(double divisor) const {
  PlanNode node = scan(m_block.bases[0], divisor);
  for (std::size_t i = 1; i < m_block.bases.size(); ++i) {
    node = join(std::move(node), m_block.bases[i], divisor);
  }
  return node;
}

}  // namespace console
