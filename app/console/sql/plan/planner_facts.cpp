// SPDX-License-Identifier: GPL-3.0-or-later
// What the planner knows of expressions: types, widths, different values, shares of rows.
#include <algorithm>
#include <cmath>

#include "console/sql/plan/closed_rows.h"
#include "console/sql/plan/planner.h"

namespace console {
namespace {

constexpr double kEqualShare = 0.005, kRangeShare = 1.0 / 3;  // DEFAULT_EQ_SEL, DEFAULT_INEQ_SEL
constexpr double kMatchShare = 0.005;                         // DEFAULT_MATCH_SEL

const sim::RelationColumn* columnIn(const Expr& expr, const PlanBase& base, bool real) {
  if (!expr.qualifier.empty() && expr.qualifier != base.alias) return nullptr;
  for (const sim::RelationColumn& column : real ? base.truth : base.columns) {
    if (column.name == expr.text) return &column;
  }
  return nullptr;
}

// Mean digits of numbers from 1 to n.
double meanDigits(double n) {
  double digits = 1, bound = 10;
  while (bound <= n && digits < 18) {
    ++digits;
    bound *= 10;
  }
  return digits - (bound / 10 - 1) / (9 * std::max(n, 1.0)) * 1.0;
}

double numberOf(const Expr& expr) {
  EvaluationScope scope;
  const std::optional<Value> value = Evaluator(scope).evaluate(expr);
  return value && value->numeric() ? value->number() : 0;
}

bool isConstant(const Expr& expr) {
  std::vector<Expr> columns;
  collectColumns(expr, columns);
  return columns.empty();
}

std::string typeOfValue(const Value& value) {
  const std::string name = valueTypeName(value);
  return name == "unknown" || sim::canonicalType(name).empty() ? "text" : name;
}

sim::RelationColumn constantFacts(const Expr& expr) {
  EvaluationScope scope;
  const std::optional<Value> value = Evaluator(scope).evaluate(expr);
  sim::RelationColumn facts{"?column?", "text", 32, 1, 0, {}};
  if (!value) return facts;
  facts.type = typeOfValue(*value);
  const int length = sim::typeLayout(facts.type).length;
  const auto size = static_cast<double>(value->size);
  facts.width = length > 0 ? length : size + (size > 126 ? 4 : 1);
  return facts;
}

std::string wider(const std::string& a, const std::string& b) {
  for (const char* type : {"double precision", "numeric", "bigint"}) {
    if (a == type || b == type) return type;
  }
  return "integer";
}

sim::RelationColumn arithmeticFacts(const Expr& expr, const sim::RelationColumn& left,
                                    const sim::RelationColumn& right) {
  sim::RelationColumn facts = left;
  facts.type = wider(left.type, right.type);
  const int length = sim::typeLayout(facts.type).length;
  facts.width = length > 0 ? length : 8;
  facts.distinct = std::max(left.distinct, right.distinct);
  facts.correlation = expr.text == "+" || expr.text == "-" ? left.correlation : 0;
  if (isConstant(expr.args[1])) {
    const double by = std::abs(numberOf(expr.args[1]));
    if (expr.text == "%" && by >= 1) facts.distinct = std::min(facts.distinct, by);
    if (expr.text == "/" && by >= 1) {
      facts.distinct = std::max(1.0, std::ceil(facts.distinct / by));
      facts.correlation = left.correlation;
    }
    if (expr.text == "%") facts.correlation = 0;
  } else if (!isConstant(expr.args[0])) {
    facts.distinct = left.distinct * right.distinct;
  }
  return facts;
}

sim::RelationColumn callFacts(const Expr& expr, std::vector<sim::RelationColumn> args) {
  sim::RelationColumn facts{expr.text, "text", 32, 1, 0, {}};
  for (const sim::RelationColumn& one : args)
    facts.distinct = std::max(facts.distinct, one.distinct);
  const std::string& name = expr.text;
  if (name == "md5") {
    facts.width = 33;
  } else if (name == "count" || name == "row_number") {
    facts = {name, "bigint", 8, 1, 0, {}};
  } else if (name == "sum" && !args.empty()) {
    const bool small = args[0].type == "integer" || args[0].type == "smallint";
    facts = {name, small ? "bigint" : args[0].type == "bigint" ? "numeric" : args[0].type, 8, 1, 0,
             {}};
  } else if (name == "avg") {
    facts = {name, "numeric", 12, 1, 0, {}};
  } else if ((name == "min" || name == "max" || name == "abs" || name == "coalesce") &&
             !args.empty()) {
    facts = args[0];
    facts.name = name;
  } else if (name == "length" || name == "ascii") {
    facts.type = "integer";
    facts.width = 4;
  } else if (name == "random") {
    facts = {name, "double precision", 8, 1e15, 0, {}};
  } else if (name == "now") {
    facts = {name, "timestamp with time zone", 8, 1, 0, {}};
  } else if ((name == "floor" || name == "round" || name == "trunc" || name == "ceil") &&
             !args.empty()) {
    facts.type = args[0].type == "integer" ? "double precision" : args[0].type;
    facts.width = 8;
  } else if (name == "generate_series") {
    facts.type = args.empty() ? "integer" : args[0].type;
    facts.width = facts.type == "bigint" ? 8 : 4;
    facts.distinct = 1000;
  } else if (name == "repeat" && expr.args.size() == 2 && isConstant(expr.args[1])) {
    const double size = (args[0].width - 1) * numberOf(expr.args[1]);
    facts.width = size + (size > 126 ? 4 : 1);
  }
  return facts;
}

}  // namespace

bool isAggregate(const Expr& expr) {
  if (expr.kind != ExprKind::Call) return false;
  for (const char* name : {"count", "sum", "avg", "min", "max", "string_agg", "array_agg",
                           "bool_and", "bool_or", "stddev", "variance"}) {
    if (expr.text == name) return true;
  }
  return false;
}

void collectAggregates(const Expr& expr, std::vector<Expr>& found) {
  if (isAggregate(expr)) {
    const bool there = std::any_of(found.begin(), found.end(),
                                   [&](const Expr& one) { return sameExpr(one, expr); });
    if (!there) found.push_back(expr);
    return;
  }
  for (const Expr& one : expr.args) collectAggregates(one, found);
}

bool hasAggregate(const Expr& expr) {
  std::vector<Expr> found;
  collectAggregates(expr, found);
  return !found.empty();
}

void collectColumns(const Expr& expr, std::vector<Expr>& found) {
  if (expr.kind == ExprKind::Column) {
    const bool there = std::any_of(found.begin(), found.end(),
                                   [&](const Expr& one) { return sameExpr(one, expr); });
    if (!there) found.push_back(expr);
  }
  for (const Expr& one : expr.args) collectColumns(one, found);
}

void splitAnd(const Expr& condition, std::vector<Expr>& parts) {
  if (condition.kind == ExprKind::Operator && condition.text == "and") {
    for (const Expr& one : condition.args) splitAnd(one, parts);
    return;
  }
  parts.push_back(condition);
}

bool sameExpr(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.text != b.text || a.qualifier != b.qualifier || a.star != b.star ||
      a.distinct != b.distinct || a.args.size() != b.args.size() || a.query || b.query) {
    return false;
  }
  for (std::size_t i = 0; i < a.args.size(); ++i) {
    if (!sameExpr(a.args[i], b.args[i])) return false;
  }
  return true;
}

sim::RelationColumn Planner::factsOf(const Expr& expr, const std::vector<PlanBase>& bases,
                                     bool real) const {
  if (expr.kind == ExprKind::Column) {
    for (const PlanBase& base : bases) {
      if (const sim::RelationColumn* column = columnIn(expr, base, real)) return *column;
    }
    return {expr.text, "text", 32, 200, 0, {}};
  }
  if (expr.kind != ExprKind::Call && isConstant(expr)) return constantFacts(expr);
  if (expr.kind == ExprKind::Cast) {
    sim::RelationColumn facts = factsOf(expr.args[0], bases, real);
    const std::string type = sim::canonicalType(expr.text);
    const bool digits = sim::typeLayout(facts.type).length > 0;
    facts.type = type.empty() ? "text" : type;
    const int length = sim::typeLayout(facts.type).length;
    if (length > 0)
      facts.width = length;
    else if (digits)
      facts.width = 1 + meanDigits(facts.distinct);
    return facts;
  }
  std::vector<sim::RelationColumn> args;
  for (const Expr& one : expr.args) args.push_back(factsOf(one, bases, real));
  if (expr.kind == ExprKind::Call) {
    if (isConstant(expr) && !isAggregate(expr) && expr.text != "random" &&
        expr.text != "generate_series") {
      return constantFacts(expr);
    }
    return callFacts(expr, std::move(args));
  }
  if (expr.kind == ExprKind::Operator && args.size() == 2) {
    if (expr.text == "||") {
      const double size = args[0].width + args[1].width - 1;
      return {"?column?", "text",
              size,       std::max(args[0].distinct, 1.0) * std::max(args[1].distinct, 1.0),
              0,          {}};
    }
    for (const char* op : {"+", "-", "*", "/", "%", "^"}) {
      if (expr.text == op) return arithmeticFacts(expr, args[0], args[1]);
    }
  }
  if (expr.kind == ExprKind::Operator) return {"?column?", "boolean", 1, 2, 0, {}};
  if (expr.kind == ExprKind::Case && args.size() > 1) return args[1];
  return {"?column?", "text", 32, 1, 0, {}};
}

double Planner::plannedShare(const Expr& condition, const PlanBase& base) const {
  if (condition.kind == ExprKind::Boolean) return condition.text == "true" ? 1 : 0;
  if (condition.kind != ExprKind::Operator) return 0.5;
  const std::vector<PlanBase> bases = {base};
  if (condition.text == "not") return 1 - plannedShare(condition.args[0], base);
  if (condition.text == "and" || condition.text == "or") {
    const double a = plannedShare(condition.args[0], base);
    const double b = plannedShare(condition.args[1], base);
    return condition.text == "and" ? a * b : a + b - a * b;
  }
  if (condition.text == "is null") return kEqualShare;
  if (condition.text == "is not null") return 1 - kEqualShare;
  const bool plain = condition.args[0].kind == ExprKind::Column;
  const sim::RelationColumn left = factsOf(condition.args[0], bases, false);
  const double equal = plain ? 1.0 / std::max(left.distinct, 1.0) : kEqualShare;
  if (condition.text == "=") return equal;
  if (condition.text == "<>") return 1 - equal;
  if (condition.text == "in") {
    return std::min(1.0, equal * static_cast<double>(condition.args.size() - 1));
  }
  if (condition.text == "like" || condition.text == "ilike" || condition.text == "~") {
    return kMatchShare;
  }
  // A histogram tells where a value lies; the values themselves do as well.
  const bool known = base.relation != nullptr && base.relation->analyzed && plain && base.source;
  if (known) return std::clamp(realShare(condition, base), 1e-7, 1.0);
  return condition.text == "between" ? kEqualShare : kRangeShare;
}

double Planner::realShare(const std::vector<Expr>& conditions, const PlanBase& base,
                          bool* exact) const {
  if (conditions.empty()) return 1;
  Expr all = conditions[0];
  double product = 1;
  for (std::size_t i = 1; i < conditions.size(); ++i) {
    Expr both;
    both.kind = ExprKind::Operator;
    both.text = "and";
    both.args = {std::move(all), conditions[i]};
    all = std::move(both);
  }
  bool whole = true;
  const double share = realShare(all, base, &whole);
  if (whole) return share;
  if (exact != nullptr) *exact = false;
  for (const Expr& one : conditions) product *= realShare(one, base);
  return product;
}

double Planner::realShare(const Expr& condition, const PlanBase& base, bool* exact) const {
  bool ignored = false;
  bool& precise = exact != nullptr ? *exact : ignored;
  if (!base.source || base.source->rows() == 0) {
    precise = precise && base.source.has_value();
    return plannedShare(condition, base);
  }
  const std::int64_t all = base.source->rows();
  const EvaluationScope none;
  if (const auto passing = ClosedRows(*base.source, none).select(condition, {0, 1, all})) {
    std::int64_t count = 0;
    for (const Progression& one : *passing) count += one.count;
    return static_cast<double>(count) / static_cast<double>(all);
  }
  // Every row of a small table. Of a large one a spread sample, and a run of rows, which counts
  // where both agree.
  constexpr std::int64_t kMostRows = 10'080, kStep = 7'919, kAgree = 50;
  std::vector<Expr> named;
  collectColumns(condition, named);
  std::vector<std::string> columns;
  for (const Expr& one : named) columns.push_back(one.text);
  const auto share = [&](std::int64_t from, std::int64_t step) -> std::optional<double> {
    std::int64_t passed = 0;
    const std::int64_t count = std::min(all, kMostRows);
    for (std::int64_t i = 0; i < count; ++i) {
      EvaluationScope scope;
      if (!base.source->fill((from + i * step) % all, scope.names, &columns)) return std::nullopt;
      const std::optional<Value> value = Evaluator(scope).evaluate(condition);
      if (!value) return std::nullopt;
      passed += !value->null() && value->whole != 0 ? 1 : 0;
    }
    return static_cast<double>(passed) / static_cast<double>(count);
  };
  const std::optional<double> run = share(all > kMostRows ? all / 3 : 0, 1);
  if (run && all <= kMostRows) return *run;
  precise = false;
  if (!run) return plannedShare(condition, base);
  const std::optional<double> spread = share(0, std::max(kStep, all / kMostRows | 1));
  if (!spread) return plannedShare(condition, base);
  return std::abs(*run - *spread) < 1.0 / kAgree ? *run : *spread;
}

}  // namespace console
