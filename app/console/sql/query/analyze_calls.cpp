// SPDX-License-Identifier: GPL-3.0-or-later
// Calls: plain functions, aggregates, window functions, and those the grammar knows by name.
#include <algorithm>

#include "console/sql/query/analyzer.h"

namespace console::query {
namespace {

std::string typeList(const std::vector<NodePtr>& args) {
  std::string text;
  for (const NodePtr& one : args) text += (text.empty() ? "" : ", ") + typeName(one->type);
  return text;
}

std::vector<DataType> typesOf(const std::vector<NodePtr>& args) {
  std::vector<DataType> types;
  for (const NodePtr& one : args) types.push_back(one->type);
  return types;
}

}  // namespace

NodePtr Analyzer::noSuchFunction(const std::string& name, const std::vector<NodePtr>& args,
                                 std::size_t at, bool several) {
  const std::string shown = "function " + name + "(" + typeList(args) + ") ";
  if (several) {
    return fail("42725", shown + "is not unique", at,
                "Could not choose a best candidate function. You might need to add explicit type "
                "casts.");
  }
  return fail("42883", shown + "does not exist", at,
              "No function matches the given name and argument types. You might need to add "
              "explicit type casts.");
}

NodePtr Analyzer::functionCall(const std::string& name, std::vector<NodePtr> args, std::size_t at,
                               bool* found) {
  if (failed()) return nullptr;
  const std::vector<DataType> types = typesOf(args);
  const Resolution resolution = resolve(name, types);
  if (resolution.function == nullptr || (resolution.several && found == nullptr)) {
    if (found != nullptr) return nullptr;
    return noSuchFunction(name, args, at, resolution.several);
  }
  if (found != nullptr) *found = true;
  const Bound bound = bindTypes(*resolution.function, types);
  NodePtr node = make(resolution.function->kind == FunctionKind::Series ? Op::Series : Op::Call,
                      bound.result, at);
  node->function = resolution.function;
  node->text = name;
  for (std::size_t i = 0; i < args.size(); ++i) {
    node->args.push_back(coerce(std::move(args[i]), bound.args[i]));
    if (failed()) return nullptr;
  }
  return node;
}

// COALESCE, GREATEST, LEAST, NULLIF: their types follow from all arguments together.
NodePtr Analyzer::builtin(const Expr& expr, Scope& scope, bool& known) {
  const std::string& name = expr.names.back();
  known = name == "coalesce" || name == "greatest" || name == "least" || name == "nullif";
  if (!known) return nullptr;
  std::vector<NodePtr> args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  if (args.empty() || (name == "nullif" && args.size() != 2)) {
    return fail("42601", "syntax error at or near \")\"", expr.at);
  }
  if (name == "nullif") {
    NodePtr compared = comparison("=", args[0], args[1], expr.at);
    if (failed()) return nullptr;
    NodePtr node = make(
        Op::NullIf, args[0]->type.is(TypeKind::Unknown) ? DataType(TypeKind::Text) : args[0]->type,
        expr.at);
    node->operand = compared->operand;
    node->args = {coerce(args[0], node->type), compared->args[0], compared->args[1]};
    return failed() ? nullptr : node;
  }
  NodePtr node = make(name == "coalesce" ? Op::Coalesce : Op::Extreme, TypeKind::Unknown, expr.at);
  node->negated = name == "least";
  node->args = std::move(args);
  std::vector<NodePtr*> items;
  for (NodePtr& one : node->args) items.push_back(&one);
  const char* what = name == "coalesce" ? "COALESCE" : name == "greatest" ? "GREATEST" : "LEAST";
  return unify(items, node->type, what) ? node : nullptr;
}

NodePtr Analyzer::call(const Expr& expr, Scope& scope) {
  if (expr.names.size() > 1 && expr.names[0] != "pg_catalog" && expr.names[0] != "public") {
    return fail("3F000", "schema \"" + expr.names[0] + "\" does not exist", expr.at);
  }
  const std::string& name = expr.names.back();
  if (name.starts_with("op_")) {
    return noSuchFunction(name, expressions(expr.args, scope), expr.at, false);
  }
  bool known = false;
  NodePtr made = builtin(expr, scope, known);
  if (known || failed()) return made;
  // Whether an aggregate stands among the arguments: another must not hold it.
  const bool sawBefore = scope.sawAggregate;
  scope.sawAggregate = false;
  std::vector<NodePtr> args = expressions(expr.args, scope);
  for (const SortItem& item : expr.order) {
    if (!failed() && expr.withinGroup) args.push_back(expression(*item.expr, scope));
  }
  if (failed()) return nullptr;
  const bool nested = scope.sawAggregate;
  scope.sawAggregate = sawBefore || nested;
  if (expr.star) {
    if (name != "count") {
      return fail("42809", name + "(*) specified, but " + name + " is not an aggregate function",
                  expr.at);
    }
    args.clear();
  }
  const Resolution resolution = resolve(name, typesOf(args));
  if (resolution.function == nullptr || resolution.several) {
    return noSuchFunction(name, args, expr.at, resolution.several);
  }
  const Function& function = *resolution.function;
  const bool aggregates = function.kind == FunctionKind::Aggregate;
  if (name == "count" && args.empty() && !expr.star) {
    return fail("42803", "count(*) must be used to call a parameterless aggregate function",
                expr.at);
  }
  if (expr.over) {
    if (!aggregates && function.kind != FunctionKind::Window) {
      return fail(
          "42809",
          "OVER specified, but " + name + " is not a window function nor an aggregate function",
          expr.at);
    }
    return windowCall(expr, function, std::move(args), scope);
  }
  if (function.kind == FunctionKind::Window) {
    return fail("42P20", "window function " + name + " requires an OVER clause", expr.at);
  }
  if (aggregates && nested) {
    return fail("42803", "aggregate function calls cannot be nested", args[0]->at);
  }
  if (aggregates) return aggregate(expr, function, std::move(args), scope);
  return plainCall(expr, std::move(args), scope);
}

// A call of a function that is no aggregate.
NodePtr Analyzer::plainCall(const Expr& expr, std::vector<NodePtr> args, Scope& scope) {
  const std::string& name = expr.names.back();
  for (const auto& [given, word] :
       {std::pair{expr.distinct, "DISTINCT"}, std::pair{expr.filter != nullptr, "FILTER"},
        std::pair{!expr.order.empty(), "ORDER BY"}}) {
    if (given) {
      return fail("42809",
                  std::string(word) + " specified, but " + name + " is not an aggregate function",
                  expr.at);
    }
  }
  NodePtr node = functionCall(name, std::move(args), expr.at);
  if (failed() || node->op != Op::Series) return node;
  if (!scope.series || scope.plan == nullptr) {
    return fail("0A000",
                "set-returning functions are not allowed in " +
                    (scope.clause.empty() ? std::string("this place") : scope.clause),
                expr.at);
  }
  node->index = scope.plan->series.size();
  scope.plan->series.push_back(node);
  NodePtr slot = make(Op::Series, node->type, expr.at);
  slot->index = node->index;
  slot->text = name;
  return slot;
}

NodePtr Analyzer::aggregate(const Expr& expr, const Function& function, std::vector<NodePtr> args,
                            Scope& scope) {
  if (!scope.aggregates || scope.plan == nullptr) {
    return fail("42803",
                "aggregate functions are not allowed in " +
                    (scope.clause.empty() ? std::string("this place") : scope.clause),
                expr.at);
  }
  AggregateCall made;
  made.function = &function;
  made.star = expr.star;
  made.distinct = expr.distinct;
  const Bound bound = bindTypes(function, typesOf(args));
  for (std::size_t i = 0; i < args.size(); ++i) {
    made.args.push_back(coerce(std::move(args[i]), bound.args[i]));
    if (failed()) return nullptr;
    made.types.push_back(made.args.back()->type);
  }
  made.result = bound.result;
  if (!expr.withinGroup) {
    for (const SortItem& item : expr.order) {
      NodePtr key = expression(*item.expr, scope);
      if (failed()) return nullptr;
      if (key->type.is(TypeKind::Unknown)) key = coerce(key, TypeKind::Text);
      made.order.push_back({key, item.descending, item.nullsFirst});
    }
  } else {
    for (std::size_t i = 0; i < expr.order.size(); ++i) {
      const SortItem& item = expr.order[i];
      made.order.push_back(
          {made.args[made.args.size() - expr.order.size() + i], item.descending, item.nullsFirst});
    }
  }
  if (expr.filter) {
    made.filter = boolean(expression(*expr.filter, scope), "FILTER");
    if (failed()) return nullptr;
  }
  scope.sawAggregate = true;
  Plan& plan = *scope.plan;
  plan.grouped = true;
  NodePtr node = make(Op::Aggregate, made.result, expr.at);
  node->index = plan.aggregates.size();
  node->text = function.name;
  plan.aggregates.push_back(std::move(made));
  return node;
}

bool Analyzer::windowSpec(const WindowSpec& spec, WindowCall& made, Scope& scope) {
  if (!spec.base.empty()) {
    const auto found = std::find_if(m_windows.begin(), m_windows.end(),
                                    [&](const auto& one) { return one.first == spec.base; });
    if (found == m_windows.end()) {
      fail("42704", "window \"" + spec.base + "\" does not exist", spec.at);
      return false;
    }
    const WindowSpec base = found->second;
    if (!windowSpec(base, made, scope)) return false;
  }
  for (const ExprPtr& one : spec.partition) {
    NodePtr node = expression(*one, scope);
    if (failed()) return false;
    made.partition.push_back(node->type.is(TypeKind::Unknown) ? coerce(node, TypeKind::Text)
                                                              : node);
  }
  for (const SortItem& item : spec.order) {
    NodePtr node = expression(*item.expr, scope);
    if (failed()) return false;
    if (node->type.is(TypeKind::Unknown)) node = coerce(node, TypeKind::Text);
    made.order.push_back({node, item.descending, item.nullsFirst});
  }
  if (!spec.framed) return !failed();
  made.rows = spec.rows;
  made.groups = spec.groups;
  made.from = spec.from;
  made.to = spec.to;
  if (spec.from == FrameEnd::Unbounded) {
    fail("42P20", "frame start cannot be UNBOUNDED FOLLOWING", spec.at);
    return false;
  }
  if (spec.to == FrameEnd::UnboundedPreceding) {
    fail("42P20", "frame end cannot be UNBOUNDED PRECEDING", spec.at);
    return false;
  }
  if ((spec.fromOffset || spec.toOffset) && !spec.rows) {
    fail("0A000", "only ROWS takes an offset PRECEDING or FOLLOWING in this server", spec.at);
    return false;
  }
  const auto offset = [&](const ExprPtr& expr) {
    return expr ? coerce(expression(*expr, scope), TypeKind::BigInt) : nullptr;
  };
  made.fromOffset = offset(spec.fromOffset);
  if (!failed()) made.toOffset = offset(spec.toOffset);
  return !failed();
}

NodePtr Analyzer::windowCall(const Expr& expr, const Function& function, std::vector<NodePtr> args,
                             Scope& scope) {
  if (!scope.windows || scope.plan == nullptr) {
    return fail("42P20",
                "window functions are not allowed in " +
                    (scope.clause.empty() ? std::string("this place") : scope.clause),
                expr.at);
  }
  if (expr.distinct) {
    return fail("0A000",
                "DISTINCT is not "
                "implemented for window functions",
                expr.at);
  }
  WindowCall made;
  made.aggregate.function = &function;
  made.aggregate.star = expr.star;
  const Bound bound = bindTypes(function, typesOf(args));
  for (std::size_t i = 0; i < args.size(); ++i) {
    made.aggregate.args.push_back(coerce(std::move(args[i]), bound.args[i]));
    if (failed()) return nullptr;
    made.aggregate.types.push_back(made.aggregate.args.back()->type);
  }
  made.aggregate.result = bound.result;
  if (expr.filter) {
    made.aggregate.filter = boolean(expression(*expr.filter, scope), "FILTER");
    if (failed()) return nullptr;
  }
  const bool windowsBefore = scope.windows;
  scope.windows = false;  // none in a window's own definition
  scope.clause = "window definitions";
  const bool fine = windowSpec(*expr.over, made, scope);
  scope.windows = windowsBefore;
  if (!fine) return nullptr;
  NodePtr node = make(Op::Window, made.aggregate.result, expr.at);
  node->index = scope.plan->windows.size();
  node->text = function.name;
  scope.plan->windows.push_back(std::move(made));
  return node;
}

}  // namespace console::query
