// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "console/sql/query/analyzer.h"

namespace console::query {
namespace {

constexpr int kDeepestQuery = 40;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

}  // namespace

PlanPtr Analyzer::analyze(const Select& select) {
  PlanPtr plan = query(select, nullptr);
  return failed() ? nullptr : plan;
}

PlanPtr Analyzer::query(const Select& select, Scope* outer) {
  if (++m_depth > kDeepestQuery * 10) {
    return fail("54001", "stack depth limit exceeded", std::string::npos);
  }
  const std::size_t commonBefore = m_common.size();
  const auto windowsBefore = m_windows;
  m_windows = select.windows;
  std::vector<CommonPlan> common;
  {
    Plan holder;
    commonTables(select, holder, outer);
    common = std::move(holder.common);
  }
  PlanPtr plan;
  if (!failed()) {
    if (select.first) {
      plan = setOperation(select, outer);
    } else if (!select.values.empty()) {
      plan = valuesList(select, outer);
    } else {
      plan = plain(select, outer);
    }
  }
  if (plan && !failed()) {
    plan->common.insert(plan->common.begin(), common.begin(), common.end());
  }
  m_common.resize(commonBefore);
  m_windows = windowsBefore;
  --m_depth;
  return failed() ? nullptr : plan;
}

void Analyzer::commonTables(const Select& select, Plan& plan, Scope* outer) {
  for (const CommonTable& table : select.with) {
    if (failed()) return;
    CommonPlan made;
    made.number = m_commonCount++;
    CommonScope scope{table.name, made.number, {}};
    const Select& body = *table.query;
    const bool unions = select.recursive && body.first && body.operations.size() == 1 &&
                        body.operations[0].word == "union" && body.with.empty();
    if (unions) {
      recursiveTable(table, made, scope, outer);
    } else {
      made.plan = query(body, outer);
    }
    if (failed()) return;
    if (scope.columns.empty()) scope.columns = made.plan->columns;
    if (table.columns.size() > scope.columns.size()) {
      fail("42P10",
           "WITH query \"" + table.name + "\" has " + std::to_string(scope.columns.size()) +
               " columns available but " + std::to_string(table.columns.size()) +
               " columns specified",
           table.at);
      return;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      scope.columns[i].name = table.columns[i];
    }
    plan.common.push_back(made);
    m_common.push_back(std::move(scope));
  }
}

void Analyzer::recursiveTable(const CommonTable& table, CommonPlan& made, CommonScope& scope,
                              Scope* outer) {
  const Select& body = *table.query;
  made.plan = query(*body.first, outer);
  if (failed()) return;
  scope.columns = made.plan->columns;
  for (std::size_t i = 0; i < std::min(table.columns.size(), scope.columns.size()); ++i) {
    scope.columns[i].name = table.columns[i];
  }
  m_common.push_back(scope);
  PlanPtr second = query(*body.operations[0].query, outer);
  m_common.pop_back();
  if (failed()) return;
  const bool recurses =
      std::find(m_commonUsed.begin(), m_commonUsed.end(), made.number) != m_commonUsed.end();
  if (!recurses) {
    made.plan = query(body, outer);  // a plain union
    return;
  }
  if (second->visible != made.plan->visible) {
    fail("42601", "each UNION query must have the same number of columns",
         body.operations[0].query->at);
    return;
  }
  for (std::size_t i = 0; i < second->visible; ++i) {
    if (!(second->columns[i].type == made.plan->columns[i].type) &&
        implicitSteps(second->columns[i].type, made.plan->columns[i].type) < 0) {
      fail("42804",
           "recursive query \"" + table.name + "\" column " + std::to_string(i + 1) + " has type " +
               typeName(made.plan->columns[i].type) + " in non-recursive term but type " +
               typeName(second->columns[i].type) + " overall",
           table.at, "Cast the output of the non-recursive term to the correct type.");
      return;
    }
  }
  made.all = body.operations[0].all;
  made.recursive = second;
}

PlanPtr Analyzer::valuesList(const Select& select, Scope* outer) {
  auto plan = std::make_shared<Plan>();
  Scope scope;
  scope.outer = outer;
  scope.plan = plan.get();
  scope.clause = "VALUES";
  for (const auto& row : select.values) {
    plan->values.push_back(expressions(row, scope));
    if (failed()) return nullptr;
    if (row.size() != select.values[0].size()) {
      return fail("42601", "VALUES lists must all be the same length",
                  row.empty() ? 0 : row[0]->at);
    }
  }
  plan->visible = select.values[0].size();
  for (std::size_t i = 0; i < plan->visible; ++i) {
    std::vector<NodePtr*> cells;
    for (auto& row : plan->values) cells.push_back(&row[i]);
    DataType type;
    if (!unify(cells, type, "VALUES")) return nullptr;
    plan->columns.push_back({"column" + std::to_string(i + 1), type});
  }
  return tail(select, *plan, scope, true) ? plan : nullptr;
}

PlanPtr Analyzer::setOperation(const Select& select, Scope* outer) {
  auto plan = std::make_shared<Plan>();
  Scope scope;
  scope.outer = outer;
  scope.plan = plan.get();
  plan->left = query(*select.first, outer);
  if (!plan->left) return nullptr;
  plan->columns = plan->left->columns;
  plan->visible = plan->left->visible;
  if (!select.operations.empty()) {
    const SetOperation& operation = select.operations[0];
    plan->operation = operation.word;
    plan->all = operation.all;
    plan->right = query(*operation.query, outer);
    if (!plan->right) return nullptr;
    const std::string word = upper(operation.word);
    if (plan->right->visible != plan->left->visible) {
      return fail("42601", "each " + word + " query must have the same number of columns",
                  operation.query->first ? operation.query->first->at : operation.query->at);
    }
    for (std::size_t i = 0; i < plan->visible; ++i) {
      const OutputColumn &a = plan->left->columns[i], &b = plan->right->columns[i];
      std::optional<DataType> common = commonType(a.unknown ? DataType(TypeKind::Unknown) : a.type,
                                                  b.unknown ? DataType(TypeKind::Unknown) : b.type);
      if (!common) {
        return fail(
            "42804",
            word + " types " + typeName(a.type) + " and " + typeName(b.type) + " cannot be matched",
            operation.query->targets.size() > i && operation.query->targets[i].expr
                ? operation.query->targets[i].expr->at
                : operation.at);
      }
      if (common->is(TypeKind::Unknown)) common = DataType(TypeKind::Text);
      plan->leftTypes.push_back(a.type);
      plan->rightTypes.push_back(b.type);
      plan->columns[i].type = *common;
      plan->columns[i].unknown = a.unknown && b.unknown;
    }
  }
  return tail(select, *plan, scope, true) ? plan : nullptr;
}

std::string Analyzer::targetName(const Target& target) const {
  if (!target.alias.empty()) return target.alias;
  const Expr* expr = target.expr.get();
  switch (expr->kind) {
    case ExprKind::Column:
    case ExprKind::Call:
      return expr->names.back();
    case ExprKind::Case: {
      // The ELSE gives its name, when it has one.
      if (expr->args.back()) {
        const std::string inner = targetName({expr->args.back(), {}});
        if (inner != "?column?") return inner;
      }
      return "case";
    }
    case ExprKind::Cast: {
      const std::string inner = targetName({expr->args[0], {}});
      if (inner != "?column?") return inner;
      const std::optional<DataType> type = typeNamed(expr->type.name);
      return type ? internalTypeName(type->element()) : "?column?";
    }
    case ExprKind::Items:
    case ExprKind::ArrayQuery:
      return "array";
    case ExprKind::Exists:
      return "exists";
    case ExprKind::Boolean:
      return "bool";
    case ExprKind::Subscript:
      return targetName({expr->args[0], {}});
    case ExprKind::Zone:
      return "timezone";
    case ExprKind::Tuple:
      return "row";
    case ExprKind::Keyword:
      return expr->text;
    case ExprKind::Scalar:
      if (expr->query && !expr->query->targets.empty() &&
          expr->query->targets[0].expr->kind != ExprKind::Star) {
        return targetName(expr->query->targets[0]);
      }
      return "?column?";
    default:
      return "?column?";
  }
}

void Analyzer::star(const Expr& expr, Plan& plan, Scope& scope) {
  const std::string table = expr.names.empty() ? "" : expr.names.back();
  bool any = false;
  for (const ScopeColumn& one : scope.columns) {
    if (table.empty() ? one.merged : one.table != table) continue;
    NodePtr node = make(Op::Column, one.type, expr.at);
    node->index = one.index;
    node->text = (one.table.empty() ? "" : one.table + ".") + one.name;
    plan.targets.push_back(node);
    plan.columns.push_back({one.name, one.type});
    any = true;
  }
  if (any) return;
  if (!table.empty()) {
    fail("42P01", "missing FROM-clause entry for table \"" + table + "\"", expr.at);
  } else if (scope.tables.empty()) {
    fail("42601", "SELECT * with no tables specified is not valid", expr.at);
  }
}

void Analyzer::targets(const Select& select, Plan& plan, Scope& scope) {
  scope.clause = "SELECT";
  scope.aggregates = scope.windows = scope.series = true;
  for (const Target& target : select.targets) {
    if (target.expr->kind == ExprKind::Star) {
      star(*target.expr, plan, scope);
      if (failed()) return;
      continue;
    }
    NodePtr node = expression(*target.expr, scope);
    if (failed()) return;
    OutputColumn column{targetName(target), node->type};
    if (node->type.is(TypeKind::Unknown)) {
      node = coerce(node, TypeKind::Text);
      column.type = TypeKind::Text;
      column.unknown = true;
      if (failed()) return;
    }
    plan.targets.push_back(node);
    plan.columns.push_back(std::move(column));
  }
  plan.visible = plan.targets.size();
}

void Analyzer::where(const Select& select, Plan& plan, Scope& scope) {
  if (!select.where) return;
  scope.clause = "WHERE";
  NodePtr node = boolean(expression(*select.where, scope), "WHERE");
  if (failed()) return;
  std::vector<NodePtr> parts;
  conjuncts(node, parts);
  for (const NodePtr& one : parts) push(one, plan);
  pairAll(plan.source);
}

std::optional<std::size_t> Analyzer::outputColumn(const Expr& expr, const Plan& plan,
                                                  const char* clause) {
  if (expr.kind == ExprKind::Number &&
      expr.text.find_first_not_of("0123456789") == std::string::npos) {
    const std::optional<std::int64_t> place = Numeric::parse(expr.text)->toInteger();
    if (place && *place >= 1 && *place <= static_cast<std::int64_t>(plan.visible)) {
      return static_cast<std::size_t>(*place - 1);
    }
    fail("42P10", std::string(clause) + " position " + expr.text + " is not in select list",
         expr.at);
    return std::nullopt;
  }
  if (expr.kind != ExprKind::Column || expr.names.size() != 1) return std::nullopt;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < plan.visible; ++i) {
    if (plan.columns[i].name != expr.names[0]) continue;
    if (found && (plan.targets.size() <= i || !sameNode(*plan.targets[*found], *plan.targets[i]))) {
      fail("42702", std::string(clause) + " \"" + expr.names[0] + "\" is ambiguous", expr.at);
      return std::nullopt;
    }
    if (!found) found = i;
  }
  return found;
}

void Analyzer::grouping(const Select& select, Plan& plan, Scope& scope) {
  scope.clause = "GROUP BY";
  scope.aggregates = scope.windows = scope.series = false;
  plan.grouped = plan.grouped || select.grouped;
  for (const ExprPtr& expr : select.groupBy) {
    std::vector<ExprPtr> parts = {expr};
    if (expr->kind == ExprKind::Tuple) parts = expr->args;
    for (const ExprPtr& part : parts) {
      NodePtr node;
      const bool bare = part->kind == ExprKind::Column && part->names.size() == 1;
      const bool input =
          bare && std::any_of(scope.columns.begin(), scope.columns.end(),
                              [&](const ScopeColumn& one) { return one.name == part->names[0]; });
      std::optional<std::size_t> place;
      if (!input) place = outputColumn(*part, plan, "GROUP BY");
      if (failed()) return;
      if (place) {
        node = plan.targets[*place];
        if (node->op == Op::Aggregate) {
          fail("42803", "aggregate functions are not allowed in GROUP BY", node->at);
          return;
        }
      } else {
        node = expression(*part, scope);
        if (failed()) return;
        if (node->type.is(TypeKind::Unknown)) node = coerce(node, TypeKind::Text);
      }
      plan.groupBy.push_back(node);
    }
  }
  if (!select.having) return;
  scope.clause = "HAVING";
  scope.aggregates = true;
  plan.grouped = true;
  plan.having = boolean(expression(*select.having, scope), "HAVING");
}

void Analyzer::checkGrouped(const Plan& plan, const Node& node, const Scope& scope, int level) {
  if (failed()) return;
  for (const NodePtr& group : plan.groupBy) {
    if (sameNode(*group, node)) return;
  }
  if (node.op == Op::Aggregate) return;
  if (node.op == Op::Column && node.level == level) {
    fail("42803",
         "column \"" + node.text +
             "\" must appear in the GROUP BY clause or be used in an aggregate function",
         node.at);
    return;
  }
  if (node.op == Op::Window) {
    const WindowCall& window = plan.windows[node.index];
    for (const NodePtr& one : window.aggregate.args) checkGrouped(plan, *one, scope, level);
    for (const NodePtr& one : window.partition) checkGrouped(plan, *one, scope, level);
    for (const NodeSort& one : window.order) checkGrouped(plan, *one.node, scope, level);
  }
  for (const NodePtr& one : node.args) {
    if (one) checkGrouped(plan, *one, scope, level);
  }
}

NodePtr Analyzer::count(const ExprPtr& expr, Scope* outer, const char* clause) {
  if (!expr) return nullptr;
  Scope scope;
  scope.outer = outer;
  scope.clause = clause;
  if (expr->kind == ExprKind::Null) return nullptr;
  NodePtr node = expression(*expr, scope);
  if (failed()) return nullptr;
  if (node->op == Op::Column) {
    return fail("42P10", "argument of " + std::string(clause) + " must not contain variables",
                expr->at);
  }
  if (node->type.is(TypeKind::Numeric)) return explicitCast(node, TypeKind::BigInt, expr->at);
  if (!node->type.is(TypeKind::Unknown) && implicitSteps(node->type, TypeKind::BigInt) < 0) {
    return fail("42804",
                "argument of " + std::string(clause) + " must be type bigint, not type " +
                    typeName(node->type),
                expr->at);
  }
  return coerce(node, TypeKind::BigInt);
}

void Analyzer::sortBy(const std::vector<SortItem>& items, const Select& select, Plan& plan,
                      Scope& scope, bool outputOnly) {
  scope.clause = "ORDER BY";
  scope.aggregates = scope.windows = scope.series = !outputOnly;
  for (const SortItem& item : items) {
    SortKey key;
    key.descending = item.descending;
    key.nullsFirst = item.nullsFirst;
    const std::optional<std::size_t> place = outputColumn(*item.expr, plan, "ORDER BY");
    if (failed()) return;
    if (place) {
      key.column = *place;
      key.type = plan.columns[*place].type;
      plan.orderBy.push_back(key);
      continue;
    }
    if (outputOnly) {
      fail(item.expr->kind == ExprKind::Column ? "42703" : "0A000",
           item.expr->kind == ExprKind::Column && !plan.left
               ? "column \"" + item.expr->names.back() + "\" does not exist"
               : "invalid UNION/INTERSECT/EXCEPT ORDER BY clause",
           item.expr->at,
           plan.left ? "Add the expression/function to every SELECT, or move the UNION into a FROM "
                       "clause."
                     : "",
           plan.left ? "Only result column names can be used, not expressions or functions." : "");
      return;
    }
    NodePtr node = expression(*item.expr, scope);
    if (failed()) return;
    if (node->type.is(TypeKind::Unknown)) node = coerce(node, TypeKind::Text);
    std::size_t column = 0;
    while (column < plan.targets.size() && !sameNode(*plan.targets[column], *node)) ++column;
    if (column == plan.targets.size()) {
      if (select.distinct && plan.distinctOn == 0 && select.distinctOn.empty()) {
        fail("42P10", "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
             item.expr->at);
        return;
      }
      plan.targets.push_back(node);
    }
    key.column = column;
    key.type = node->type;
    plan.orderBy.push_back(key);
  }
}

bool Analyzer::tail(const Select& select, Plan& plan, Scope& scope, bool outputOnly) {
  sortBy(select.orderBy, select, plan, scope, outputOnly);
  if (failed()) return false;
  plan.limit = count(select.limit, scope.outer, "LIMIT");
  if (failed()) return false;
  plan.offset = count(select.offset, scope.outer, "OFFSET");
  return !failed();
}

// DISTINCT ON sorts by its expressions first, unless ORDER BY begins with them.
bool Analyzer::distinctOn(const Select& select, Plan& plan, Scope& scope) {
  plan.distinctOn = select.distinctOn.size();
  std::vector<SortItem> items = select.orderBy;
  if (items.empty()) {
    for (const ExprPtr& expr : select.distinctOn) items.push_back({expr});
  }
  Select sorted = select;
  sorted.orderBy = items;
  if (!tail(sorted, plan, scope, false)) return false;
  for (std::size_t i = 0; i < plan.distinctOn; ++i) {
    const std::size_t at = select.distinctOn[i]->at;
    const std::optional<std::size_t> place =
        outputColumn(*select.distinctOn[i], plan, "DISTINCT ON");
    if (failed()) return false;
    NodePtr node = place ? plan.targets[*place] : expression(*select.distinctOn[i], scope);
    if (failed()) return false;
    const bool leads =
        i < plan.orderBy.size() &&
        std::any_of(plan.orderBy.begin(),
                    plan.orderBy.begin() +
                        static_cast<std::ptrdiff_t>(std::min(plan.distinctOn, plan.orderBy.size())),
                    [&](const SortKey& key) { return sameNode(*plan.targets[key.column], *node); });
    if (!leads) {
      fail("42P10", "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", at);
      return false;
    }
  }
  return true;
}

PlanPtr Analyzer::plain(const Select& select, Scope* outer) {
  auto plan = std::make_shared<Plan>();
  Scope scope;
  scope.outer = outer;
  scope.plan = plan.get();
  for (std::size_t i = 0; i < select.from.size(); ++i) {
    Source source;
    if (!fromItem(select.from[i], source, *plan, scope)) return nullptr;
    if (i == 0) {
      plan->source = std::move(source);
      continue;
    }
    Source both;
    both.kind = SourceKind::Join;
    both.join = JoinKind::Cross;
    both.offset = 0;
    both.width = plan->width;
    both.sides.push_back(std::move(plan->source));
    both.sides.push_back(std::move(source));
    plan->source = std::move(both);
  }
  if (select.locks && plan->source.kind == SourceKind::Table) {
    return fail("42809", "cannot lock rows in view \"" + select.from[0].name + "\"",
                select.from[0].at);
  }
  where(select, *plan, scope);
  if (failed()) return nullptr;
  targets(select, *plan, scope);
  if (failed()) return nullptr;
  grouping(select, *plan, scope);
  if (failed()) return nullptr;
  plan->distinct = select.distinct;
  scope.aggregates = scope.windows = scope.series = true;
  if (!select.distinctOn.empty()) {
    if (!distinctOn(select, *plan, scope)) return nullptr;
  } else if (!tail(select, *plan, scope, false)) {
    return nullptr;
  }
  if (plan->grouped) {
    for (const NodePtr& one : plan->targets) checkGrouped(*plan, *one, scope, 0);
    if (plan->having) checkGrouped(*plan, *plan->having, scope, 0);
  }
  return failed() ? nullptr : plan;
}

}  // namespace console::query
