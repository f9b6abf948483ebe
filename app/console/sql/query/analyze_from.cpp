// SPDX-License-Identifier: GPL-3.0-or-later
// FROM: what is read, under which names, and which conditions each part can already check.
#include <algorithm>

#include "console/sql/privileges.h"
#include "console/sql/query/analyzer.h"
#include "console/sql/session_role.h"
#include "console/sql/temporary_tables.h"

namespace console::query {
namespace {

// The FROM columns of its own query a node reads: lowest and highest; level: how deep inside
// subqueries it stands. Subqueries count as reading everything.
void columnsRead(const Node& node, int level, std::size_t& low, std::size_t& high, bool& all) {
  if (node.op == Op::Column && node.level == level) {
    low = std::min(low, node.index);
    high = std::max(high, node.index + 1);
  }
  if (node.plan) all = true;
  if (node.op == Op::Aggregate || node.op == Op::Window || node.op == Op::Series) all = true;
  for (const NodePtr& one : node.args) {
    if (one) columnsRead(*one, level, low, high, all);
  }
}

}  // namespace

void Analyzer::conjuncts(const NodePtr& node, std::vector<NodePtr>& parts) {
  if (node->op != Op::And) {
    parts.push_back(node);
    return;
  }
  for (const NodePtr& one : node->args) conjuncts(one, parts);
}

void Analyzer::addColumns(const FromItem& item, const std::string& alias,
                          const std::vector<OutputColumn>& columns, Source& source, Plan& plan,
                          Scope& scope) {
  source.offset = plan.width;
  source.width = columns.size();
  if (item.columnAliases.size() > columns.size()) {
    fail("42P10",
         "table \"" + alias + "\" has " + std::to_string(columns.size()) +
             " columns available but " + std::to_string(item.columnAliases.size()) +
             " columns specified",
         item.at);
    return;
  }
  for (const auto& [other, real] : scope.tables) {
    if (other == alias) {
      fail("42712", "table name \"" + alias + "\" specified more than once", item.at);
      return;
    }
  }
  scope.tables.emplace_back(alias, item.name);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ScopeColumn column;
    column.table = alias;
    column.name = i < item.columnAliases.size() ? item.columnAliases[i] : columns[i].name;
    column.type = columns[i].type;
    column.index = plan.width++;
    scope.columns.push_back(std::move(column));
  }
}

bool Analyzer::relation(const FromItem& item, Source& source, Plan& plan, Scope& scope) {
  const std::string alias = item.alias.empty() ? item.name : item.alias;
  if (item.schema.empty()) {
    for (std::size_t i = m_common.size(); i-- > 0;) {
      if (m_common[i].name != item.name) continue;
      source.kind = SourceKind::Common;
      source.common = m_common[i].number;
      m_commonUsed.push_back(source.common);
      addColumns(item, alias, m_common[i].columns, source, plan, scope);
      return !failed();
    }
  }
  const bool system = item.schema.empty() || item.schema == "pg_catalog";
  source.kind = SourceKind::Table;
  source.table = system || item.schema == "information_schema" || item.schema == "public"
                     ? findVirtualTable(item.name, item.schema)
                     : nullptr;
  if (source.table == nullptr) {
    const std::string shown = (item.schema.empty() ? "" : item.schema + ".") + item.name;
    // A temporary table is made of the rows the session keeps.
    if (const auto kept = temporaryTable(m_runtime.session(), item.name);
        kept && (item.schema.empty() || item.schema == "pg_temp")) {
      source.kind = SourceKind::Query;
      source.plan = std::make_shared<Plan>();
      for (const Row& row : kept->rows) {
        std::vector<NodePtr>& cells = source.plan->values.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
          cells.push_back(constant(row[i], kept->columns[i].type, item.at));
        }
      }
      source.plan->columns = kept->columns;
      source.plan->visible = kept->columns.size();
      addColumns(item, alias, kept->columns, source, plan, scope);
      return !failed();
    }
    fail("42P01", "relation \"" + shown + "\" does not exist", item.at);
    return false;
  }
  if (!mayRead(m_runtime.world(), currentRole(m_runtime.session()), item.name)) {
    fail("42501",
         std::string("permission denied for ") + (source.table->kind == 'r' ? "table " : "view ") +
             item.name,
         std::string::npos);
    return false;
  }
  m_tables.push_back(item.name);
  std::vector<OutputColumn> columns;
  for (const TableColumn& one : source.table->columns) {
    columns.push_back({std::string(one.name), one.type});
  }
  addColumns(item, alias, columns, source, plan, scope);
  return !failed();
}

// Those that list the server's files are for pg_monitor.
bool Analyzer::tableFunctionSource(const FromItem& item, const VirtualTable& table,
                                   const std::string& alias, Source& source, Plan& plan,
                                   Scope& scope) {
  const sim::World& world = m_runtime.world();
  const std::string own = currentRole(m_runtime.session());
  const sim::Role* role = world.postgres().role(own);
  if ((role == nullptr || !role->superuser) && !hasRole(world, own, "pg_monitor")) {
    fail("42501", "permission denied for function " + std::string(table.name), std::string::npos);
    return false;
  }
  source.kind = SourceKind::Table;
  source.table = &table;
  FromItem named = item;
  named.name = table.name;
  std::vector<OutputColumn> columns;
  for (const TableColumn& one : table.columns) {
    columns.push_back({std::string(one.name), one.type});
  }
  addColumns(named, alias, columns, source, plan, scope);
  return !failed();
}

bool Analyzer::functionSource(const FromItem& item, Source& source, Plan& plan, Scope& scope) {
  const std::string& name = item.call->names.back();
  const std::string alias = item.alias.empty() ? name : item.alias;
  if (const VirtualTable* table = findTableFunction(name);
      table != nullptr && item.call->args.empty()) {
    return tableFunctionSource(item, *table, alias, source, plan, scope);
  }
  source.kind = SourceKind::Function;
  source.lateral = true;
  source.ordinality = item.ordinality;
  // A view's rows under a function's name: pg_show_all_settings() and the like.
  const bool series = scope.series;
  Plan calls;
  Plan* const before = scope.plan;
  scope.plan = &calls;
  scope.series = true;
  NodePtr node = expression(*item.call, scope);
  scope.plan = before;
  scope.series = series;
  if (failed()) return false;
  source.call =
      node->op == Op::Series && node->index < calls.series.size() ? calls.series[0] : node;
  FromItem named = item;
  named.name = name;
  std::vector<OutputColumn> columns = {{item.alias.empty() ? name : item.alias, node->type}};
  if (item.ordinality) columns.push_back({"ordinality", TypeKind::BigInt});
  addColumns(named, alias, columns, source, plan, scope);
  return !failed();
}

bool Analyzer::usingColumns(const FromItem& item, Source& source, Scope& scope,
                            std::size_t leftFrom, std::size_t rightFrom) {
  std::vector<std::string> shared = item.shared;
  if (item.natural) {
    for (std::size_t i = leftFrom; i < rightFrom; ++i) {
      for (std::size_t k = rightFrom; k < scope.columns.size(); ++k) {
        if (!scope.columns[k].merged && scope.columns[i].name == scope.columns[k].name) {
          shared.push_back(scope.columns[i].name);
        }
      }
    }
  }
  for (const std::string& name : shared) {
    ScopeColumn *left = nullptr, *right = nullptr;
    for (std::size_t i = leftFrom; i < scope.columns.size(); ++i) {
      ScopeColumn& one = scope.columns[i];
      if (one.name != name || one.merged) continue;
      (i < rightFrom ? left : right) = &one;
    }
    if (left == nullptr || right == nullptr) {
      fail("42703",
           "column \"" + name + "\" specified in USING clause does not exist in " +
               (left == nullptr ? "left" : "right") + " table",
           item.at);
      return false;
    }
    NodePtr a = make(Op::Column, left->type, item.at), b = make(Op::Column, right->type, item.at);
    a->index = left->index;
    b->index = right->index;
    source.conditions.push_back(comparison("=", a, b, item.at));
    if (failed()) return false;
    // The merged column is the side that is there: the right one of a RIGHT JOIN.
    (item.join == JoinKind::Right ? left : right)->merged = true;
  }
  return true;
}

// Of "left = right" the two sides, when each needs one side of the join alone.
void Analyzer::pairKeys(Source& source) {
  const std::size_t middle = source.sides[1].offset;
  const std::size_t end = source.offset + source.width;
  std::vector<NodePtr> rest;
  for (const NodePtr& condition : source.conditions) {
    bool paired = false;
    if (condition->op == Op::Compare && condition->text == "=") {
      const auto side = [&](const Node& node) {
        std::size_t low = SIZE_MAX, high = 0;
        bool all = false;
        columnsRead(node, 0, low, high, all);
        if (all || low == SIZE_MAX) return 0;
        if (low >= source.offset && high <= middle) return 1;
        return low >= middle && high <= end ? 2 : 0;
      };
      const int a = side(*condition->args[0]), b = side(*condition->args[1]);
      if ((a == 1 && b == 2) || (a == 2 && b == 1)) {
        source.leftKeys.push_back(condition->args[a == 1 ? 0 : 1]);
        source.rightKeys.push_back(condition->args[a == 1 ? 1 : 0]);
        paired = true;
      }
    }
    if (!paired) rest.push_back(condition);
  }
  source.conditions = std::move(rest);
}

bool Analyzer::joined(const FromItem& item, Source& source, Plan& plan, Scope& scope) {
  source.kind = SourceKind::Join;
  source.join = item.join;
  source.offset = plan.width;
  source.sides.resize(2);
  const std::size_t leftFrom = scope.columns.size();
  if (!fromItem(item.sides[0], source.sides[0], plan, scope)) return false;
  const std::size_t rightFrom = scope.columns.size();
  if (!fromItem(item.sides[1], source.sides[1], plan, scope)) return false;
  source.width = plan.width - source.offset;
  if (source.sides[1].lateral && (item.join == JoinKind::Right || item.join == JoinKind::Full)) {
    source.sides[1].lateral = false;
  }
  if (!usingColumns(item, source, scope, leftFrom, rightFrom)) return false;
  if (item.on) {
    scope.clause = "JOIN conditions";
    NodePtr on = boolean(expression(*item.on, scope), "JOIN/ON");
    if (failed()) return false;
    conjuncts(on, source.conditions);
  }
  pairKeys(source);
  return true;
}

bool Analyzer::fromItem(const FromItem& item, Source& source, Plan& plan, Scope& scope) {
  scope.clause = "FROM";
  switch (item.kind) {
    case FromKind::Relation:
      return relation(item, source, plan, scope);
    case FromKind::Function:
      return functionSource(item, source, plan, scope);
    case FromKind::Join:
      return joined(item, source, plan, scope);
    case FromKind::Query:
      break;
  }
  source.kind = SourceKind::Query;
  source.lateral = item.lateral;
  Scope blind;  // without LATERAL the tables beside it are out of sight
  blind.outer = scope.outer;
  source.plan = query(*item.query, item.lateral ? &scope : &blind);
  if (!source.plan) return false;
  addColumns(item, item.alias, source.plan->columns, source, plan, scope);
  return !failed();
}

// Gives a condition of WHERE to the deepest source that has all it needs; outer joins keep theirs
// above them.
bool Analyzer::pushInto(const NodePtr& condition, Source& source, std::size_t low,
                        std::size_t high) {
  if (low < source.offset || high > source.offset + source.width) return false;
  if (source.kind == SourceKind::Join &&
      (source.join == JoinKind::Inner || source.join == JoinKind::Cross)) {
    for (Source& side : source.sides) {
      if (pushInto(condition, side, low, high)) return true;
    }
    // "a.x = b.y" of WHERE pairs the sides as a join condition does.
    source.conditions.push_back(condition);
    return true;
  }
  if (source.kind == SourceKind::Join && source.join == JoinKind::Left &&
      pushInto(condition, source.sides[0], low, high)) {
    return true;
  }
  source.filters.push_back(condition);
  return true;
}

void Analyzer::pairAll(Source& source) {
  if (source.kind != SourceKind::Join) return;
  for (Source& side : source.sides) pairAll(side);
  pairKeys(source);
}

void Analyzer::push(NodePtr condition, Plan& plan) {
  std::size_t low = SIZE_MAX, high = 0;
  bool all = false;
  columnsRead(*condition, 0, low, high, all);
  if (all || low == SIZE_MAX || !pushInto(condition, plan.source, low, high)) {
    plan.filters.push_back(std::move(condition));
  }
}

}  // namespace console::query
