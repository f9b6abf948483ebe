// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/evaluate.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "console/sql/query/matching.h"
#include "sim/relation.h"

namespace console {
namespace {

// MODEL: stack a JSON value's nesting takes for each level, parser and semantic action.
constexpr std::int64_t kJsonLevelBytes = 176;
constexpr const char* kAddCasts =
    "No operator matches the given name and argument types. You might need to add explicit type "
    "casts.";

std::string operandTypes(const Expr& expr, const Value& left, const Value& right) {
  const std::string op = expr.text == "like" ? "~~" : expr.text == "ilike" ? "~~*" : expr.text;
  return "operator does not exist: " + valueTypeName(left) + " " + op + " " + valueTypeName(right);
}

}  // namespace

std::optional<Value> Evaluator::refuse(std::string sqlstate, std::string text, std::size_t at,
                                       std::string detail, std::string hint) {
  if (!m_failure) {
    m_failure = SqlFailure{
        {"ERROR", std::move(text), std::move(detail), std::move(hint), std::move(sqlstate)},
        at,
        {}};
  }
  return std::nullopt;
}

bool Evaluator::room(std::int64_t bytes, std::size_t) {
  constexpr std::int64_t kMostAlloc = 0x3FFFFFFF;  // MaxAllocSize
  if (bytes > kMostAlloc) {
    refuse("XX000", "invalid memory alloc request size " + std::to_string(bytes),
           std::string::npos);
    return false;
  }
  if (!m_scope.allocate) return true;
  std::optional<SqlFailure> failure = m_scope.allocate(bytes, "ExprContext");
  if (!failure) return true;
  m_failure = std::move(failure);
  return false;
}

std::optional<Value> Evaluator::evaluate(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Column:
      return column(expr);
    case ExprKind::Number: {
      const bool whole = expr.text.find_first_of(".eE") == std::string::npos;
      std::int64_t value = 0;
      const auto end =
          std::from_chars(expr.text.data(), expr.text.data() + expr.text.size(), value);
      if (whole && end.ec == std::errc()) return integerValue(value);
      double real = 0;
      std::from_chars(expr.text.data(), expr.text.data() + expr.text.size(), real);
      const std::size_t point = expr.text.find('.');
      return numericValue(
          real, point == std::string::npos ? 0 : static_cast<int>(expr.text.size() - point - 1));
    }
    case ExprKind::Text: {
      Value value = textValue(expr.text);
      value.type = ValueType::Unknown;
      return value;
    }
    case ExprKind::Boolean:
      return booleanValue(expr.text == "true");
    case ExprKind::Null:
      return Value{};
    case ExprKind::Call:
      return call(expr);
    case ExprKind::Operator:
      return operation(expr);
    case ExprKind::Cast:
      return cast(expr);
    case ExprKind::Case:
      return caseOf(expr);
    case ExprKind::Array:
      return arrayOf(expr);
    case ExprKind::Index: {
      const std::optional<Value> array = evaluate(expr.args[0]);
      if (!array) return std::nullopt;
      return array->element != nullptr ? *array->element : Value{};
    }
    default:
      return subquery(expr);
  }
}

std::optional<Value> Evaluator::subquery(const Expr& expr) {
  if (expr.query == nullptr) {
    return refuse("42601", "syntax error at or near \"*\"", expr.at);
  }
  if (!m_scope.query || expr.text == "in") {
    return refuse("57014", "canceling statement due to statement timeout", std::string::npos);
  }
  std::optional<SqlFailure> failure;
  std::optional<Value> value = m_scope.query(expr, failure);
  if (!value && failure) m_failure = std::move(failure);
  return value;
}

std::optional<Value> Evaluator::column(const Expr& expr) {
  const auto found = m_scope.names.find(expr.text);
  if (found != m_scope.names.end()) return found->second;
  if (expr.text == "current_user" || expr.text == "current_timestamp") return textValue({});
  const std::string shown =
      expr.qualifier.empty() ? "\"" + expr.text + "\"" : expr.qualifier + "." + expr.text;
  return refuse("42703", "column " + shown + " does not exist", expr.at);
}

std::optional<Value> Evaluator::logic(const Expr& expr) {
  const std::optional<Value> left = evaluate(expr.args[0]);
  if (!left) return std::nullopt;
  if (expr.text == "not") {
    return left->null() ? *left : booleanValue(left->whole == 0);
  }
  if (expr.text == "is null") return booleanValue(left->null());
  if (expr.text == "is not null") return booleanValue(!left->null());
  const bool stops = expr.text == "or";
  if (!left->null() && (left->whole != 0) == stops) return booleanValue(stops);
  const std::optional<Value> right = evaluate(expr.args[1]);
  if (!right) return std::nullopt;
  if (!right->null() && (right->whole != 0) == stops) return booleanValue(stops);
  return left->null() || right->null() ? Value{} : booleanValue(!stops);
}

std::optional<Value> Evaluator::operation(const Expr& expr) {
  for (const char* word : {"not", "and", "or", "is null", "is not null"}) {
    if (expr.text == word) return logic(expr);
  }
  const std::optional<Value> left = evaluate(expr.args[0]);
  if (!left) return std::nullopt;
  if (expr.text == "in") {
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      const std::optional<Value> one = evaluate(expr.args[i]);
      if (!one) return std::nullopt;
      Expr equal = expr;
      equal.text = "=";
      const std::optional<Value> same = comparison(equal, *left, *one);
      if (!same) return std::nullopt;
      if (!same->null() && same->whole != 0) return booleanValue(true);
    }
    return booleanValue(false);
  }
  const std::optional<Value> right = evaluate(expr.args[1]);
  if (!right) return std::nullopt;
  if (expr.text == "between") {
    const std::optional<Value> upper = evaluate(expr.args[2]);
    if (!upper) return std::nullopt;
    Expr side = expr;
    side.text = ">=";
    const std::optional<Value> above = comparison(side, *left, *right);
    side.text = "<=";
    const std::optional<Value> below = comparison(side, *left, *upper);
    if (!above || !below) return std::nullopt;
    return booleanValue(above->whole != 0 && below->whole != 0);
  }
  if (expr.text == "||") return concatenation(expr, *left, *right);
  if (expr.text == "like" || expr.text == "ilike") return matching(expr, *left, *right);
  for (const char* op : {"=", "<", ">", "<=", ">=", "<>"}) {
    if (expr.text == op) return comparison(expr, *left, *right);
  }
  return arithmetic(expr, *left, *right);
}

std::optional<Value> Evaluator::comparison(const Expr& expr, const Value& left,
                                           const Value& right) {
  if (left.null() || right.null()) return Value{};
  int order = 0;
  if (left.numeric() || right.numeric()) {
    const std::optional<Value> a = left.numeric() ? left : toNumber(left, "integer", expr.at);
    const std::optional<Value> b = right.numeric() ? right : toNumber(right, "integer", expr.at);
    if (!a || !b) {
      m_failure.reset();
      return refuse("42883", operandTypes(expr, left, right), expr.at, {}, kAddCasts);
    }
    order = a->number() < b->number() ? -1 : a->number() > b->number() ? 1 : 0;
  } else if (left.type == ValueType::Boolean && right.type == ValueType::Boolean) {
    order = static_cast<int>(left.whole - right.whole);
  } else {
    order = valueText(left).compare(valueText(right));
  }
  const bool result = expr.text == "="    ? order == 0
                      : expr.text == "<>" ? order != 0
                      : expr.text == "<"  ? order < 0
                      : expr.text == ">"  ? order > 0
                      : expr.text == "<=" ? order <= 0
                                          : order >= 0;
  return booleanValue(result);
}

std::optional<Value> Evaluator::matching(const Expr& expr, const Value& left, const Value& right) {
  if (left.null() || right.null()) return Value{};
  if (!left.textual() || !right.textual()) {
    return refuse("42883", operandTypes(expr, left, right), expr.at, {}, kAddCasts);
  }
  std::int64_t steps = 0;
  const std::optional<bool> matches =
      query::likeMatch(left.text, right.text, "\\", expr.text == "ilike", steps);
  if (!matches) return refuse("0A000", "so long a pattern is not matched by this server", expr.at);
  return booleanValue(*matches);
}

std::optional<Value> Evaluator::concatenation(const Expr& expr, const Value& left,
                                              const Value& right) {
  if (left.null() || right.null()) return Value{};
  if (!left.textual() && !right.textual() && left.type != ValueType::Array) {
    return refuse("42883", operandTypes(expr, left, right), expr.at, {}, kAddCasts);
  }
  constexpr std::int64_t kVarlenaHeader = 4;
  if (left.type == ValueType::Array) {
    Value array = left;
    array.size += right.type == ValueType::Array ? right.size : 1;
    array.bytes += right.type == ValueType::Array ? right.bytes : right.size;
    return array;
  }
  const Value first = left.textual() ? left : textValue(valueText(left));
  const Value second = right.textual() ? right : textValue(valueText(right));
  const std::int64_t size = first.size + second.size;
  if (size > static_cast<std::int64_t>(kKeptText) && !room(size + kVarlenaHeader, expr.at)) {
    return std::nullopt;
  }
  Value joined = textValue(first.complete() ? first.text + second.text : first.text);
  joined.size = size;
  return joined;
}

std::optional<Value> Evaluator::wholeArithmetic(const Expr& expr, const Value& left,
                                                const Value& right) {
  const bool wide = left.type == ValueType::BigInt || right.type == ValueType::BigInt;
  const std::int64_t a = left.whole, b = right.whole;
  std::int64_t value = 0;
  bool over = false;
  if (expr.text == "+") over = __builtin_add_overflow(a, b, &value);
  if (expr.text == "-") over = __builtin_sub_overflow(a, b, &value);
  if (expr.text == "*") over = __builtin_mul_overflow(a, b, &value);
  if (expr.text == "/" || expr.text == "%") {
    if (b == 0) return refuse("22012", "division by zero", std::string::npos);
    if (b == -1)
      over = expr.text == "/" && __builtin_sub_overflow(std::int64_t{0}, a, &value);
    else
      value = expr.text == "/" ? a / b : a % b;
  }
  if (over || (!wide && (value < -2147483648LL || value > 2147483647LL))) {
    return refuse("22003", wide ? "bigint out of range" : "integer out of range",
                  std::string::npos);
  }
  return wide ? bigintValue(value) : integerValue(value);
}

std::optional<Value> Evaluator::arithmetic(const Expr& expr, const Value& left,
                                           const Value& right) {
  if (left.null() || right.null()) return Value{};
  std::optional<Value> a = left, b = right;
  if (left.type == ValueType::Unknown) a = toNumber(left, "integer", expr.at);
  if (right.type == ValueType::Unknown) b = toNumber(right, "integer", expr.at);
  if (!a || !b) return std::nullopt;
  constexpr std::string_view kOperators = "+-*/%^";
  if (!a->numeric() || !b->numeric() || expr.text.size() != 1 ||
      kOperators.find(expr.text[0]) == std::string_view::npos) {
    return refuse("42883", operandTypes(expr, left, right), expr.at, {}, kAddCasts);
  }
  if (a->integral() && b->integral() && expr.text != "^") return wholeArithmetic(expr, *a, *b);
  const double x = a->number(), y = b->number();
  if ((expr.text == "/" || expr.text == "%") && y == 0) {
    return refuse("22012", "division by zero", std::string::npos);
  }
  const double value = expr.text == "+"   ? x + y
                       : expr.text == "-" ? x - y
                       : expr.text == "*" ? x * y
                       : expr.text == "/" ? x / y
                       : expr.text == "%" ? std::fmod(x, y)
                                          : [&] {
                                              double product = 1;
                                              for (int i = 0; i < 64 && i < y; ++i) product *= x;
                                              return product;
                                            }();
  if (a->type == ValueType::Real || b->type == ValueType::Real || expr.text == "^") {
    return realValue(value);
  }
  return numericValue(value, expr.text == "/" ? 16 : std::max(a->scale, b->scale));
}

std::optional<Value> Evaluator::cast(const Expr& expr) {
  const std::optional<Value> value = evaluate(expr.args[0]);
  if (!value) return std::nullopt;
  return castTo(*value, expr.text, expr.at);
}

std::optional<Value> Evaluator::castTo(const Value& value, const std::string& type,
                                       std::size_t at) {
  const std::string wanted = sim::canonicalType(type);
  if (wanted.empty() && type != "regclass" && type != "name") {
    return refuse("42704", "type \"" + type + "\" does not exist", at);
  }
  if (value.null()) return value;
  if (wanted == "text" || wanted == "character varying" || wanted == "character" ||
      wanted.empty()) {
    Value text = value.textual() ? value : textValue(valueText(value));
    text.type = ValueType::Text;
    return text;
  }
  if (wanted == "json" || wanted == "jsonb") return toJson(value, at);
  if (wanted == "boolean" && value.integral()) return booleanValue(value.whole != 0);
  return toNumber(value, wanted, at);
}

std::optional<Value> Evaluator::toNumber(const Value& value, const std::string& type,
                                         std::size_t at) {
  const bool whole = type == "integer" || type == "bigint" || type == "smallint" || type == "oid";
  double number = value.number();
  std::int64_t exact = value.whole;
  bool integral = value.integral();
  if (value.textual()) {
    const std::string digits(base::trim(value.text));
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, exact);
    integral = read.ec == std::errc() && read.ptr == end && !digits.empty();
    const auto real = std::from_chars(digits.data(), end, number);
    if (!integral && (whole || real.ec != std::errc() || real.ptr != end)) {
      return refuse("22P02", "invalid input syntax for type " + type + ": \"" + value.text + "\"",
                    at);
    }
    if (integral) number = static_cast<double>(exact);
  }
  if (type == "double precision" || type == "real") return realValue(number);
  if (type == "numeric") return numericValue(number, integral ? 0 : std::max(value.scale, 6));
  if (!whole) return value;
  if (!integral) {
    if (!(std::abs(number) < 9.2e18)) return refuse("22003", type + " out of range", at);
    exact = static_cast<std::int64_t>(std::floor(number + 0.5));
  }
  if (type == "integer" && (exact < -2147483648LL || exact > 2147483647LL)) {
    return refuse("22003", "integer out of range", std::string::npos);
  }
  return type == "bigint" ? bigintValue(exact) : integerValue(exact);
}

std::optional<Value> Evaluator::toJson(const Value& value, std::size_t at) {
  std::int64_t depth = 0, deepest = 0;
  for (const char c : value.text) {
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}') --depth;
  }
  // The rest of a long text goes on as its beginning does.
  if (!value.complete() && depth > 0) deepest = value.size;
  if (deepest * kJsonLevelBytes > m_scope.maxStackBytes) {
    return refuse("54001", "stack depth limit exceeded", std::string::npos, {},
                  "Increase the configuration parameter \"max_stack_depth\" (currently " +
                      std::to_string(m_scope.maxStackBytes / 1024) +
                      "kB), after ensuring the platform's stack depth limit is adequate.");
  }
  if (depth != 0) {
    return refuse("22P02", "invalid input syntax for type json", at,
                  "The input string ended unexpectedly.");
  }
  Value json = value;
  json.type = ValueType::Json;
  return json;
}

std::optional<Value> Evaluator::caseOf(const Expr& expr) {
  std::size_t i = 0;
  for (; i + 1 < expr.args.size(); i += 2) {
    const std::optional<Value> condition = evaluate(expr.args[i]);
    if (!condition) return std::nullopt;
    if (!condition->null() && condition->whole != 0) return evaluate(expr.args[i + 1]);
  }
  return i < expr.args.size() ? evaluate(expr.args[i]) : Value{};
}

std::optional<Value> Evaluator::arrayOf(const Expr& expr) {
  Value array;
  array.type = ValueType::Array;
  for (const Expr& one : expr.args) {
    const std::optional<Value> value = evaluate(one);
    if (!value) return std::nullopt;
    if (array.element == nullptr) array.element = std::make_shared<const Value>(*value);
    ++array.size;
    array.bytes += value->textual() ? value->size : 8;
  }
  return array;
}

}  // namespace console
