// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/expression_reader.h"

#include <algorithm>
#include <array>

namespace console {
namespace {

constexpr int kDeepest = 200;

Expr leaf(ExprKind kind, const SqlToken& token) {
  Expr expr;
  expr.kind = kind;
  expr.text = token.text;
  expr.at = token.at;
  expr.length = token.length;
  return expr;
}

template <std::size_t N>
bool isOne(const SqlToken& token, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is(word); });
}

constexpr std::array<std::string_view, 6> kNotColumns = {"select", "from",  "where",
                                                         "group",  "order", "limit"};

}  // namespace

Expr ExpressionReader::binary(const SqlToken& op, Expr left, Expr right) const {
  Expr expr = leaf(ExprKind::Operator, op);
  if (expr.text == "!=") expr.text = "<>";
  expr.args.push_back(std::move(left));
  expr.args.push_back(std::move(right));
  return expr;
}

std::optional<Expr> ExpressionReader::either() {
  if (r.m_depth >= kDeepest) {
    r.tooDeep();
    return std::nullopt;
  }
  ++r.m_depth;
  std::optional<Expr> left = both();
  while (left && r.token().is("or")) {
    const SqlToken op = r.token();
    ++r.m_at;
    std::optional<Expr> right = both();
    if (!right) return std::nullopt;
    left = binary(op, std::move(*left), std::move(*right));
  }
  --r.m_depth;
  return left;
}

std::optional<Expr> ExpressionReader::both() {
  std::optional<Expr> left = negation();
  while (left && r.token().is("and")) {
    const SqlToken op = r.token();
    ++r.m_at;
    std::optional<Expr> right = negation();
    if (!right) return std::nullopt;
    left = binary(op, std::move(*left), std::move(*right));
  }
  return left;
}

std::optional<Expr> ExpressionReader::negation() {
  if (!r.token().is("not")) return comparison();
  Expr expr = leaf(ExprKind::Operator, r.token());
  ++r.m_at;
  std::optional<Expr> inner = comparison();
  if (!inner) return std::nullopt;
  expr.args.push_back(std::move(*inner));
  return expr;
}

std::optional<Expr> ExpressionReader::isTest(Expr left) {
  Expr expr = leaf(ExprKind::Operator, r.token());
  ++r.m_at;
  const bool negated = r.accept("not");
  if (!r.accept("null")) {
    r.unexpected();
    return std::nullopt;
  }
  expr.text = negated ? "is not null" : "is null";
  expr.args.push_back(std::move(left));
  return expr;
}

std::optional<Expr> ExpressionReader::listTest(Expr left, bool negated) {
  Expr expr = leaf(ExprKind::Operator, r.token());
  ++r.m_at;
  expr.text = "in";
  expr.args.push_back(std::move(left));
  if (!r.accept("(")) {
    r.unexpected();
    return std::nullopt;
  }
  if (r.token().is("select") || r.token().is("with") || r.token().is("values")) {
    std::optional<SelectQuery> query = r.query();
    if (!query) return std::nullopt;
    expr.kind = ExprKind::Query;
    expr.query = std::make_shared<SelectQuery>(std::move(*query));
  } else {
    std::optional<std::vector<Expr>> list = r.expressions();
    if (!list) return std::nullopt;
    for (Expr& one : *list) expr.args.push_back(std::move(one));
  }
  if (!r.accept(")")) {
    r.unexpected();
    return std::nullopt;
  }
  if (!negated) return expr;
  Expr outer = expr;
  outer.kind = ExprKind::Operator;
  outer.text = "not";
  outer.query.reset();
  outer.args = {std::move(expr)};
  return outer;
}

std::optional<Expr> ExpressionReader::matchTest(Expr left, bool negated) {
  const SqlToken op = r.token();
  ++r.m_at;
  std::optional<Expr> right = sum();
  if (!right) return std::nullopt;
  Expr expr = binary(op, std::move(left), std::move(*right));
  if (op.is("between")) {
    if (!r.accept("and")) {
      r.unexpected();
      return std::nullopt;
    }
    std::optional<Expr> upper = sum();
    if (!upper) return std::nullopt;
    expr.args.push_back(std::move(*upper));
  }
  if (!negated) return expr;
  Expr outer = leaf(ExprKind::Operator, op);
  outer.text = "not";
  outer.args.push_back(std::move(expr));
  return outer;
}

std::optional<Expr> ExpressionReader::comparison() {
  constexpr std::array<std::string_view, 7> kComparisons = {"=", "<", ">", "<=", ">=", "<>", "!="};
  constexpr std::array<std::string_view, 6> kMatches = {"like", "ilike", "between",
                                                        "~",    "~*",    "!~"};
  std::optional<Expr> left = sum();
  while (left) {
    const SqlToken op = r.token();
    if (isOne(op, kComparisons)) {
      ++r.m_at;
      std::optional<Expr> right = sum();
      if (!right) return std::nullopt;
      left = binary(op, std::move(*left), std::move(*right));
    } else if (op.is("is")) {
      left = isTest(std::move(*left));
    } else if (op.is("in")) {
      left = listTest(std::move(*left), false);
    } else if (isOne(op, kMatches)) {
      left = matchTest(std::move(*left), false);
    } else if (op.is("not") && (r.token(1).is("in") || isOne(r.token(1), kMatches))) {
      ++r.m_at;
      left =
          r.token().is("in") ? listTest(std::move(*left), true) : matchTest(std::move(*left), true);
    } else {
      return left;
    }
  }
  return left;
}

std::optional<Expr> ExpressionReader::sum() {
  constexpr std::array<std::string_view, 5> kSums = {"+", "-", "||", "->", "->>"};
  std::optional<Expr> left = product();
  while (left && isOne(r.token(), kSums)) {
    const SqlToken op = r.token();
    ++r.m_at;
    std::optional<Expr> right = product();
    if (!right) return std::nullopt;
    left = binary(op, std::move(*left), std::move(*right));
  }
  return left;
}

std::optional<Expr> ExpressionReader::product() {
  constexpr std::array<std::string_view, 3> kProducts = {"*", "/", "%"};
  std::optional<Expr> left = power();
  while (left && isOne(r.token(), kProducts)) {
    const SqlToken op = r.token();
    ++r.m_at;
    std::optional<Expr> right = power();
    if (!right) return std::nullopt;
    left = binary(op, std::move(*left), std::move(*right));
  }
  return left;
}

std::optional<Expr> ExpressionReader::power() {
  std::optional<Expr> left = sign();
  while (left && r.token().is("^")) {
    const SqlToken op = r.token();
    ++r.m_at;
    std::optional<Expr> right = sign();
    if (!right) return std::nullopt;
    left = binary(op, std::move(*left), std::move(*right));
  }
  return left;
}

std::optional<Expr> ExpressionReader::sign() {
  if (!r.token().is("-") && !r.token().is("+")) return suffixed();
  const SqlToken op = r.token();
  ++r.m_at;
  std::optional<Expr> inner = suffixed();
  if (!inner || op.is("+")) return inner;
  if (inner->kind == ExprKind::Number) {
    inner->text = "-" + inner->text;
    return inner;
  }
  Expr zero = leaf(ExprKind::Number, op);
  zero.text = "0";
  return binary(op, std::move(zero), std::move(*inner));
}

std::optional<Expr> ExpressionReader::suffixed() {
  // A chain of operators is as deep a tree as it is long; lists are not.
  constexpr int kMostOperators = 1500;
  const bool listed = r.m_at > 0 && r.m_list.tokens[r.m_at - 1].is(",");
  if (!listed && ++r.m_operators > kMostOperators) {
    r.tooDeep();
    return std::nullopt;
  }
  std::optional<Expr> inner = primary();
  while (inner) {
    if (r.token().is("::")) {
      Expr cast = leaf(ExprKind::Cast, r.token());
      ++r.m_at;
      const std::optional<std::string> type = r.typeName();
      if (!type) return std::nullopt;
      cast.text = *type;
      cast.args.push_back(std::move(*inner));
      inner = std::move(cast);
    } else if (r.token().is("[")) {
      Expr index = leaf(ExprKind::Index, r.token());
      ++r.m_at;
      std::optional<Expr> place = either();
      if (!place) return std::nullopt;
      if (!r.accept("]")) {
        r.unexpected();
        return std::nullopt;
      }
      index.args.push_back(std::move(*inner));
      index.args.push_back(std::move(*place));
      inner = std::move(index);
    } else {
      return inner;
    }
  }
  return inner;
}

std::optional<Expr> ExpressionReader::parenthesized() {
  const std::size_t start = r.token().at;
  ++r.m_at;
  if (r.token().is("select") || r.token().is("with")) {
    std::optional<SelectQuery> query = r.query();
    if (!query) return std::nullopt;
    Expr expr;
    expr.kind = ExprKind::Query;
    expr.at = start;
    expr.query = std::make_shared<SelectQuery>(std::move(*query));
    if (r.accept(")")) return expr;
    r.unexpected();
    return std::nullopt;
  }
  std::optional<Expr> inner = either();
  if (!inner) return std::nullopt;
  if (r.accept(")")) return inner;
  r.unexpected();
  return std::nullopt;
}

std::optional<Expr> ExpressionReader::primary() {
  const SqlToken token = r.token();
  switch (token.kind) {
    case TokenKind::Number:
      ++r.m_at;
      return leaf(ExprKind::Number, token);
    case TokenKind::Text:
      ++r.m_at;
      return leaf(ExprKind::Text, token);
    case TokenKind::Word:
    case TokenKind::Quoted:
      return word();
    case TokenKind::Operator:
      if (token.is("(")) return parenthesized();
      if (token.is("*")) {
        ++r.m_at;
        return leaf(ExprKind::Star, token);
      }
      if (token.is("$") && r.token(1).kind == TokenKind::Number) {
        r.m_at += 2;
        Expr parameter = leaf(ExprKind::Column, token);
        parameter.text = "$" + r.m_list.tokens[r.m_at - 1].text;
        parameter.length = 2;
        return parameter;
      }
      break;
    default:
      break;
  }
  r.unexpected();
  return std::nullopt;
}

std::optional<Expr> ExpressionReader::caseOf() {
  Expr expr = leaf(ExprKind::Case, r.token());
  ++r.m_at;
  while (r.accept("when")) {
    std::optional<Expr> condition = either();
    if (!condition || !r.accept("then")) break;
    std::optional<Expr> value = either();
    if (!value) return std::nullopt;
    expr.args.push_back(std::move(*condition));
    expr.args.push_back(std::move(*value));
  }
  if (r.accept("else")) {
    std::optional<Expr> value = either();
    if (!value) return std::nullopt;
    expr.args.push_back(std::move(*value));
  }
  if (r.accept("end")) return expr;
  r.unexpected();
  return std::nullopt;
}

std::optional<Expr> ExpressionReader::call(const SqlToken& name) {
  Expr expr = leaf(ExprKind::Call, name);
  ++r.m_at;  // the parenthesis
  if (r.accept("*")) {
    expr.star = true;
  } else if (!r.token().is(")")) {
    expr.distinct = r.accept("distinct");
    std::optional<std::vector<Expr>> args = r.expressions();
    if (!args) return std::nullopt;
    expr.args = std::move(*args);
  }
  if (r.accept(")")) return expr;
  r.unexpected();
  return std::nullopt;
}

std::optional<Expr> ExpressionReader::word() {
  const SqlToken token = r.token();
  if (token.is("case")) return caseOf();
  if (isOne(token, kNotColumns)) {
    r.unexpected();
    return std::nullopt;
  }
  ++r.m_at;
  if (token.is("true") || token.is("false")) return leaf(ExprKind::Boolean, token);
  if (token.is("null")) return leaf(ExprKind::Null, token);
  if (token.is("array") && r.token().is("[")) {
    Expr array = leaf(ExprKind::Array, token);
    ++r.m_at;
    if (!r.token().is("]")) {
      std::optional<std::vector<Expr>> items = r.expressions();
      if (!items) return std::nullopt;
      array.args = std::move(*items);
    }
    if (r.accept("]")) return array;
    r.unexpected();
    return std::nullopt;
  }
  if (token.is("exists") && r.token().is("(")) {
    std::optional<Expr> query = parenthesized();
    if (!query || query->kind != ExprKind::Query) {
      r.unexpected();
      return std::nullopt;
    }
    query->text = "exists";
    return query;
  }
  if (token.is("cast") && r.token().is("(")) {
    ++r.m_at;
    std::optional<Expr> inner = either();
    if (!inner || !r.accept("as")) {
      r.unexpected();
      return std::nullopt;
    }
    const std::optional<std::string> type = r.typeName();
    if (!type || !r.accept(")")) return std::nullopt;
    Expr cast = leaf(ExprKind::Cast, token);
    cast.text = *type;
    cast.args.push_back(std::move(*inner));
    return cast;
  }
  if (r.token().is("(")) {
    return call(token);
  }
  Expr column = leaf(ExprKind::Column, token);
  if (r.token().is(".")) {
    ++r.m_at;
    const SqlToken second = r.token();
    ++r.m_at;
    column.qualifier = token.text;
    column.text = second.text;
    if (second.is("*")) column.kind = ExprKind::Star;
    if (r.token().is("(") && column.kind == ExprKind::Column) return call(second);
  }
  return column;
}

}  // namespace console
