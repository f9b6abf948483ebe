// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions but for calls: columns, operators, CASE, IN, subqueries.
#include <algorithm>

#include "base/text.h"
#include "console/sql/query/analyzer.h"

namespace console::query {
namespace {

constexpr int kDeepest = 400;

// Levenshtein distance, at most `most` + 1.
int distanceOf(const std::string& a, const std::string& b, int most) {
  if (a.size() > 63 || b.size() > 63) return most + 1;
  std::vector<int> row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) row[k] = static_cast<int>(k);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    int before = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const int here = row[k];
      row[k] = std::min({row[k] + 1, row[k - 1] + 1, before + (a[i - 1] == b[k - 1] ? 0 : 1)});
      before = here;
    }
  }
  return std::min(row[b.size()], most + 1);
}

}  // namespace

std::vector<NodePtr> Analyzer::expressions(const std::vector<ExprPtr>& exprs, Scope& scope) {
  std::vector<NodePtr> nodes;
  for (const ExprPtr& expr : exprs) {
    nodes.push_back(expr ? expression(*expr, scope) : nullptr);
    if (failed()) return {};
  }
  return nodes;
}

NodePtr Analyzer::expression(const Expr& expr, Scope& scope) {
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
  } depth(m_depth);
  if (m_depth > kDeepest) {
    return fail(
        "54001", "stack depth limit exceeded", std::string::npos,
        "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after "
        "ensuring the platform's stack depth limit is adequate.");
  }
  switch (expr.kind) {
    case ExprKind::Text:
    case ExprKind::Null:
    case ExprKind::Boolean:
    case ExprKind::Number:
      return literal(expr);
    case ExprKind::Column:
      return column(expr, scope);
    case ExprKind::Star:
      return fail("42601", "syntax error at or near \"*\"", expr.at);
    case ExprKind::Call:
      return call(expr, scope);
    case ExprKind::Unary:
      return unary(expr, scope);
    case ExprKind::Binary:
      return binary(expr, scope);
    case ExprKind::And:
      return logic(expr, scope, Op::And, "AND");
    case ExprKind::Or:
      return logic(expr, scope, Op::Or, "OR");
    case ExprKind::Not:
      return logic(expr, scope, Op::Not, "NOT");
    case ExprKind::IsNull:
    case ExprKind::IsTruth:
    case ExprKind::IsDistinct:
      return test(expr, scope);
    case ExprKind::In:
      return inList(expr, scope);
    case ExprKind::Between:
      return between(expr, scope);
    case ExprKind::Like:
      return like(expr, scope);
    case ExprKind::Case:
      return caseOf(expr, scope);
    case ExprKind::Cast:
      return castOf(expr, scope);
    case ExprKind::Items:
      return arrayOf(expr, scope);
    case ExprKind::Subscript:
      return subscript(expr, scope);
    case ExprKind::Scalar:
    case ExprKind::Exists:
    case ExprKind::ArrayQuery:
      return subquery(expr, scope);
    case ExprKind::Quantified:
      return quantified(expr, scope);
    case ExprKind::Tuple:
      return fail("0A000", "row values are only compared by this server", expr.at);
    case ExprKind::Zone: {
      std::vector<NodePtr> args = expressions(expr.args, scope);
      if (failed()) return nullptr;
      return functionCall("timezone", {args[1], args[0]}, expr.at);
    }
    case ExprKind::Keyword:
      return keyword(expr);
  }
  return nullptr;
}

NodePtr Analyzer::literal(const Expr& expr) {
  if (expr.kind == ExprKind::Text) return constant(expr.text, TypeKind::Unknown, expr.at);
  if (expr.kind == ExprKind::Null) return constant({}, TypeKind::Unknown, expr.at);
  if (expr.kind == ExprKind::Boolean) {
    return constant(expr.text == "true", TypeKind::Boolean, expr.at);
  }
  const std::optional<Numeric> number = Numeric::parse(expr.text);
  if (!number) return fail("42601", "syntax error at or near \"" + expr.text + "\"", expr.at);
  const bool whole = expr.text.find_first_not_of("0123456789") == std::string::npos;
  const std::optional<std::int64_t> value = whole ? number->toInteger() : std::nullopt;
  if (!value) return constant(*number, TypeKind::Numeric, expr.at);
  return constant(*value, *value > INT32_MAX ? TypeKind::BigInt : TypeKind::Integer, expr.at);
}

// IS [NOT] NULL, TRUE, DISTINCT FROM.
NodePtr Analyzer::test(const Expr& expr, Scope& scope) {
  if (expr.kind == ExprKind::IsNull) {
    NodePtr node = make(Op::IsNull, TypeKind::Boolean, expr.at);
    node->args = expressions(expr.args, scope);
    node->negated = expr.negated;
    return failed() ? nullptr : node;
  }
  if (expr.kind == ExprKind::IsTruth) {
    NodePtr node = make(Op::IsTruth, TypeKind::Boolean, expr.at);
    const std::string clause = "IS " + expr.text;
    node->args = {boolean(expression(*expr.args[0], scope), clause.c_str())};
    node->text = expr.text;
    node->negated = expr.negated;
    return failed() ? nullptr : node;
  }
  std::vector<NodePtr> args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  NodePtr compared = comparison("=", args[0], args[1], expr.at);
  if (failed()) return nullptr;
  NodePtr node = make(Op::IsDistinct, TypeKind::Boolean, expr.at);
  node->args = compared->args;
  node->operand = compared->operand;
  node->negated = expr.negated;
  return node;
}

NodePtr Analyzer::keyword(const Expr& expr) {
  if (expr.text == "current_timestamp") return functionCall("now", {}, expr.at);
  if (expr.text == "current_user" || expr.text == "user" || expr.text == "current_role") {
    return functionCall("current_user", {}, expr.at);
  }
  if (expr.text == "session_user") return functionCall("session_user", {}, expr.at);
  if (expr.text == "current_catalog") return functionCall("current_database", {}, expr.at);
  if (expr.text == "current_schema") return functionCall("current_schema", {}, expr.at);
  const TypeKind kind = expr.text == "current_date"     ? TypeKind::Date
                        : expr.text == "localtimestamp" ? TypeKind::Timestamp
                                                        : TypeKind::Time;
  return explicitCast(functionCall("now", {}, expr.at), kind, expr.at);
}

NodePtr Analyzer::column(const Expr& expr, Scope& scope) {
  const std::string& name = expr.names.back();
  std::string table;
  if (expr.names.size() >= 2) table = expr.names[expr.names.size() - 2];
  int level = 0;
  for (Scope* at = &scope; at != nullptr; at = at->outer, ++level) {
    const ScopeColumn* found = nullptr;
    for (const ScopeColumn& one : at->columns) {
      if (one.name != name || (table.empty() ? one.merged : one.table != table)) continue;
      if (found != nullptr) {
        return fail("42702", "column reference \"" + name + "\" is ambiguous", expr.at);
      }
      found = &one;
    }
    if (found == nullptr) continue;
    NodePtr node = make(Op::Column, found->type, expr.at);
    node->level = level;
    node->index = found->index;
    node->text = (found->table.empty() ? "" : found->table + ".") + found->name;
    return node;
  }
  return noSuchColumn(expr, scope);
}

NodePtr Analyzer::noSuchColumn(const Expr& expr, const Scope& scope) {
  const std::string& name = expr.names.back();
  if (expr.names.size() >= 2) {
    const std::string& table = expr.names[expr.names.size() - 2];
    bool known = false;
    for (const Scope* at = &scope; at != nullptr; at = at->outer) {
      for (const auto& [alias, real] : at->tables) {
        known = known || alias == table;
        if (alias != table && real == table) {
          return fail("42P01", "invalid reference to FROM-clause entry for table \"" + table + "\"",
                      expr.at, "Perhaps you meant to reference the table alias \"" + alias + "\".");
        }
      }
    }
    if (!known) {
      return fail("42P01", "missing FROM-clause entry for table \"" + table + "\"", expr.at);
    }
  }
  // A whole row, as in count(t) or row_to_json(t), is not kept.
  constexpr int kFuzzy = 3;  // MAX_FUZZY_DISTANCE
  int best = kFuzzy;
  std::vector<std::string> close;
  for (const Scope* at = &scope; at != nullptr; at = at->outer) {
    for (const ScopeColumn& one : at->columns) {
      if (expr.names.size() >= 2 && one.table != expr.names[expr.names.size() - 2]) continue;
      const int distance = distanceOf(name, one.name, kFuzzy);
      if (distance > best || distance > static_cast<int>(one.name.size()) / 2) continue;
      if (distance < best) close.clear();
      best = distance;
      close.push_back((one.table.empty() ? "" : one.table + ".") + one.name);
    }
  }
  std::string hint;
  if (close.size() == 1) {
    hint = "Perhaps you meant to reference the column \"" + close[0] + "\".";
  } else if (close.size() == 2) {
    hint = "Perhaps you meant to reference the column \"" + close[0] + "\" or the column \"" +
           close[1] + "\".";
  }
  const std::string shown =
      expr.names.size() >= 2 ? expr.names[expr.names.size() - 2] + "." + name : "\"" + name + "\"";
  return fail("42703", "column " + shown + " does not exist", expr.at, hint);
}

NodePtr Analyzer::unary(const Expr& expr, Scope& scope) {
  NodePtr operand = expression(*expr.args[0], scope);
  if (failed()) return nullptr;
  if (expr.text == "-" && operand->op == Op::Constant && isNumber(operand->type)) {
    if (operand->type.is(TypeKind::Numeric)) {
      return constant(operand->constant.numeric().negated(), TypeKind::Numeric, expr.at);
    }
    const std::int64_t value = -operand->constant.whole();
    const bool small = value >= INT32_MIN && value <= INT32_MAX;
    return constant(value, small ? TypeKind::Integer : TypeKind::BigInt, expr.at);
  }
  const std::string name = "op_unary_" + expr.text;
  bool found = false;
  if (operand->type.is(TypeKind::Unknown)) operand = coerce(operand, TypeKind::Double);
  if (failed()) return nullptr;
  NodePtr node = functionCall(name, {operand}, expr.at, &found);
  if (found || failed()) return node;
  return fail("42883", "operator does not exist: " + expr.text + " " + typeName(operand->type),
              expr.at,
              "No operator matches the given name and argument type. You might need to add an "
              "explicit type cast.");
}

NodePtr Analyzer::binary(const Expr& expr, Scope& scope) {
  if (expr.args[0]->kind == ExprKind::Tuple && expr.args[1]->kind == ExprKind::Tuple) {
    return tuples(expr, scope);
  }
  std::vector<NodePtr> args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  return operation(expr.text, args[0], args[1], expr.at);
}

// (a, b) = (c, d), and <> of such.
NodePtr Analyzer::tuples(const Expr& expr, Scope& scope) {
  const std::vector<NodePtr> left = expressions(expr.args[0]->args, scope);
  const std::vector<NodePtr> right = failed() ? left : expressions(expr.args[1]->args, scope);
  if (failed()) return nullptr;
  if (left.size() != right.size()) {
    return fail("42601", "unequal number of entries in row expressions", expr.at);
  }
  if (expr.text != "=" && expr.text != "<>") {
    return fail("0A000", "row values are only compared for equality by this server", expr.at);
  }
  NodePtr all = make(expr.text == "=" ? Op::And : Op::Or, TypeKind::Boolean, expr.at);
  for (std::size_t i = 0; i < left.size(); ++i) {
    all->args.push_back(comparison(expr.text, left[i], right[i], expr.at));
    if (failed()) return nullptr;
  }
  return all;
}

NodePtr Analyzer::operation(const std::string& op, NodePtr left, NodePtr right, std::size_t at) {
  if (!left || !right || failed()) return nullptr;
  if (op == "=" || op == "<>" || op == "<" || op == "<=" || op == ">" || op == ">=") {
    return comparison(op, std::move(left), std::move(right), at);
  }
  const std::string leftName = typeName(left->type), rightName = typeName(right->type);
  // A literal beside a value of a known type is first taken to be of that type.
  const auto guess = [&](NodePtr& literal, const DataType& other) {
    if (!literal->type.is(TypeKind::Unknown) || other.is(TypeKind::Unknown)) return;
    DataType wanted = other;
    const bool times = groupOf(other) == TypeGroup::Time;
    if (times && (op == "+" || op == "-") && !other.is(TypeKind::Interval)) {
      // timestamp - '...' is a difference of times, timestamp + '...' takes an interval.
      wanted = op == "+" ? DataType(TypeKind::Interval) : other;
      if (op == "-" && literal == right && !literal->constant.null() &&
          parseInterval(literal->constant.text()) && !parseTimestamp(literal->constant.text(), 0)) {
        wanted = TypeKind::Interval;
      }
    } else if (times && (op == "*" || op == "/")) {
      wanted = TypeKind::Double;
    } else if (op == "||" && !other.array) {
      wanted = TypeKind::Text;
    } else if (isTextual(other)) {
      wanted = TypeKind::Text;
    }
    literal = coerce(literal, wanted);
  };
  const DataType leftType = left->type, rightType = right->type;
  guess(left, rightType);
  if (!failed()) guess(right, leftType);
  if (failed()) return nullptr;
  bool found = false;
  NodePtr node = functionCall("op_" + op, {left, right}, at, &found);
  if (found || failed()) return node;
  return fail("42883", "operator does not exist: " + leftName + " " + op + " " + rightName, at,
              "No operator matches the given name and argument types. You might need to add "
              "explicit type casts.");
}

NodePtr Analyzer::comparison(const std::string& op, NodePtr left, NodePtr right, std::size_t at) {
  if (!left || !right || failed()) return nullptr;
  const std::optional<DataType> common = commonType(left->type, right->type);
  const bool json = common && (common->is(TypeKind::Json) || common->is(TypeKind::Void));
  if (!common || json) {
    return fail(
        "42883",
        "operator does not exist: " + typeName(left->type) + " " + op + " " + typeName(right->type),
        at,
        "No operator matches the given name and argument types. You might need to add "
        "explicit type casts.");
  }
  DataType type = *common;
  if (type.is(TypeKind::Unknown)) type = TypeKind::Text;
  type.precision = type.scale = -1;
  NodePtr node = make(Op::Compare, TypeKind::Boolean, at);
  node->text = op;
  node->operand = type;
  node->args = {coerce(std::move(left), type), coerce(std::move(right), type)};
  return failed() ? nullptr : node;
}

NodePtr Analyzer::logic(const Expr& expr, Scope& scope, Op op, const char* word) {
  NodePtr node = make(op, TypeKind::Boolean, expr.at);
  for (const ExprPtr& one : expr.args) {
    node->args.push_back(boolean(expression(*one, scope), word));
    if (failed()) return nullptr;
  }
  return node;
}

NodePtr Analyzer::between(const Expr& expr, Scope& scope) {
  const std::vector<NodePtr> a = expressions(expr.args, scope);
  if (failed()) return nullptr;
  const auto within = [&](const NodePtr& low, const NodePtr& high) {
    NodePtr both = make(Op::And, TypeKind::Boolean, expr.at);
    both->args = {comparison(">=", a[0], low, expr.at), comparison("<=", a[0], high, expr.at)};
    return failed() ? nullptr : both;
  };
  NodePtr node = within(a[1], a[2]);
  if (expr.all && node) {
    NodePtr either = make(Op::Or, TypeKind::Boolean, expr.at);
    either->args = {node, within(a[2], a[1])};
    node = either;
  }
  if (failed() || !expr.negated) return failed() ? nullptr : node;
  NodePtr negated = make(Op::Not, TypeKind::Boolean, expr.at);
  negated->args = {node};
  return negated;
}

NodePtr Analyzer::inList(const Expr& expr, Scope& scope) {
  if (expr.query) {
    NodePtr left = expression(*expr.args[0], scope);
    if (failed()) return nullptr;
    PlanPtr plan = query(*expr.query, &scope);
    if (!plan) return nullptr;
    if (plan->visible != 1) {
      return fail(
          "42601",
          plan->visible > 1 ? "subquery has too many columns" : "subquery has too few columns",
          expr.at);
    }
    NodePtr right = make(Op::Constant, plan->columns[0].type, expr.at);
    NodePtr compared = comparison("=", left, right, expr.at);
    if (failed()) return nullptr;
    NodePtr node = make(Op::InQuery, TypeKind::Boolean, expr.at);
    node->args = {compared->args[0], right, compared->args[1]};  // the executor fills `right`
    node->operand = compared->operand;
    node->plan = plan;
    node->negated = expr.negated;
    return node;
  }
  std::vector<NodePtr> args;
  if (expr.args[0]->kind == ExprKind::Tuple) {
    NodePtr any = make(Op::Or, TypeKind::Boolean, expr.at);
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      Expr pair;
      pair.kind = ExprKind::Binary;
      pair.text = "=";
      pair.at = expr.at;
      pair.args = {expr.args[0], expr.args[i]};
      if (expr.args[i]->kind != ExprKind::Tuple) {
        return fail("42601", "unequal number of entries in row expressions", expr.at);
      }
      any->args.push_back(tuples(pair, scope));
      if (failed()) return nullptr;
    }
    if (!expr.negated) return any;
    NodePtr none = make(Op::Not, TypeKind::Boolean, expr.at);
    none->args = {any};
    return none;
  }
  args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  DataType type = args[0]->type;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::optional<DataType> common = commonType(type, args[i]->type);
    if (!common) {
      return fail(
          "42883",
          "operator does not exist: " + typeName(args[0]->type) + " = " + typeName(args[i]->type),
          expr.at,
          "No operator matches the given name and argument types. You might need to add "
          "explicit type casts.");
    }
    type = *common;
  }
  if (type.is(TypeKind::Unknown)) type = TypeKind::Text;
  type.precision = type.scale = -1;
  NodePtr node = make(Op::InList, TypeKind::Boolean, expr.at);
  node->operand = type;
  node->negated = expr.negated;
  for (NodePtr& one : args) {
    node->args.push_back(coerce(one, type));
    if (failed()) return nullptr;
  }
  return node;
}

NodePtr Analyzer::like(const Expr& expr, Scope& scope) {
  std::vector<NodePtr> args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  for (const NodePtr& one : args) {
    if (isTextual(one->type) || one->type.is(TypeKind::Unknown)) continue;
    const std::string op =
        std::string(expr.negated ? "!" : "") + "~~" + (expr.text == "ilike" ? "*" : "");
    return fail("42883",
                "operator does not exist: " + typeName(args[0]->type) + " " + op + " " +
                    typeName(args[1]->type),
                expr.at,
                "No operator matches the given name and argument types. You might need to add "
                "explicit type casts.");
  }
  NodePtr node = functionCall("op_" + expr.text, std::move(args), expr.at);
  if (failed() || !expr.negated) return node;
  NodePtr negated = make(Op::Not, TypeKind::Boolean, expr.at);
  negated->args = {node};
  return negated;
}

NodePtr Analyzer::caseOf(const Expr& expr, Scope& scope) {
  NodePtr operand = expr.args[0] ? expression(*expr.args[0], scope) : nullptr;
  if (failed()) return nullptr;
  NodePtr node = make(Op::Case, TypeKind::Unknown, expr.at);
  const std::size_t last = expr.args.size() - 1;
  for (std::size_t i = 1; i < last; i += 2) {
    NodePtr when = expression(*expr.args[i], scope);
    if (failed()) return nullptr;
    when = operand ? comparison("=", operand, when, expr.args[i]->at) : boolean(when, "CASE/WHEN");
    if (failed()) return nullptr;
    NodePtr then = expression(*expr.args[i + 1], scope);
    if (failed()) return nullptr;
    node->args.push_back(when);
    node->args.push_back(then);
  }
  node->args.push_back(expr.args[last] ? expression(*expr.args[last], scope)
                                       : constant({}, TypeKind::Unknown, expr.at));
  if (failed()) return nullptr;
  std::vector<NodePtr*> results = {&node->args.back()};
  for (std::size_t i = 1; i + 1 < node->args.size(); i += 2) results.push_back(&node->args[i]);
  return unify(results, node->type, "CASE") ? node : nullptr;
}

NodePtr Analyzer::castOf(const Expr& expr, Scope& scope) {
  NodePtr node = expression(*expr.args[0], scope);
  if (failed()) return nullptr;
  const std::optional<DataType> type = typeFor(expr.type);
  if (!type) return nullptr;
  return explicitCast(std::move(node), *type, expr.at);
}

NodePtr Analyzer::arrayOf(const Expr& expr, Scope& scope) {
  NodePtr node = make(Op::Items, TypeKind::Unknown, expr.at);
  node->args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  if (node->args.empty()) {
    // Only a cast around it can say what it is an array of; text is as good as any.
    node->type = DataType(TypeKind::Text, true);
    return node;
  }
  std::vector<NodePtr*> items;
  for (NodePtr& one : node->args) items.push_back(&one);
  DataType element;
  if (!unify(items, element, "ARRAY")) return nullptr;
  if (element.array) {
    return fail("0A000", "arrays of several dimensions are not kept by this server", expr.at);
  }
  node->type = element.arrayOf();
  return node;
}

NodePtr Analyzer::subscript(const Expr& expr, Scope& scope) {
  std::vector<NodePtr> args = expressions(expr.args, scope);
  if (failed()) return nullptr;
  if (!args[0]->type.array) {
    return fail("42804",
                "cannot subscript type " + typeName(args[0]->type) +
                    " because it does not support subscripting",
                args[0]->at);
  }
  const bool slice = args.size() > 2;
  NodePtr node = make(slice ? Op::Slice : Op::Subscript,
                      slice ? args[0]->type : args[0]->type.element(), expr.at);
  node->operand = args[0]->type;
  for (std::size_t i = 1; i < args.size(); ++i) args[i] = coerce(args[i], TypeKind::Integer);
  node->args = std::move(args);
  return failed() ? nullptr : node;
}

NodePtr Analyzer::subquery(const Expr& expr, Scope& scope) {
  PlanPtr plan = query(*expr.query, &scope);
  if (!plan) return nullptr;
  if (expr.kind == ExprKind::Exists) {
    NodePtr node = make(Op::Exists, TypeKind::Boolean, expr.at);
    node->plan = plan;
    return node;
  }
  if (plan->visible != 1) return fail("42601", "subquery must return only one column", expr.at);
  const DataType type = plan->columns[0].type;
  NodePtr node = make(expr.kind == ExprKind::Scalar ? Op::Scalar : Op::ArrayQuery,
                      expr.kind == ExprKind::Scalar ? type : type.arrayOf(), expr.at);
  node->plan = plan;
  return node;
}

NodePtr Analyzer::quantified(const Expr& expr, Scope& scope) {
  NodePtr left = expression(*expr.args[0], scope);
  if (failed()) return nullptr;
  NodePtr node = make(Op::Quantified, TypeKind::Boolean, expr.at);
  node->all = expr.all;
  DataType element;
  if (expr.query) {
    node->plan = query(*expr.query, &scope);
    if (!node->plan) return nullptr;
    if (node->plan->visible != 1) return fail("42601", "subquery has too many columns", expr.at);
    element = node->plan->columns[0].type;
    node->args = {left};
  } else {
    NodePtr right = expression(*expr.args[1], scope);
    if (failed()) return nullptr;
    if (right->type.is(TypeKind::Unknown)) {
      const DataType of = left->type.is(TypeKind::Unknown) ? DataType(TypeKind::Text) : left->type;
      right = coerce(right, of.arrayOf());
      if (failed()) return nullptr;
    }
    if (!right->type.array) {
      return fail("42809", "op ANY/ALL (array) requires array on right side", expr.at);
    }
    element = right->type.element();
    node->args = {left, right};
  }
  // The operation on two values that are put in one pair at a time.
  NodePtr one = make(Op::Constant, left->type, expr.at);
  if (left->type.is(TypeKind::Unknown)) {
    one->type = element;
    node->args[0] = coerce(left, element);
    if (failed()) return nullptr;
  }
  NodePtr other = make(Op::Constant, element, expr.at);
  node->compare = operation(expr.text, one, other, expr.at);
  if (failed()) return nullptr;
  if (!node->compare->type.is(TypeKind::Boolean)) {
    return fail("42809", "op ANY/ALL (array) requires operator to yield boolean", expr.at);
  }
  // Cells that the executor fills.
  node->args.push_back(one);
  node->args.push_back(other);
  return node;
}

}  // namespace console::query
