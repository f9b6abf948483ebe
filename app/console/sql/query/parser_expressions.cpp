// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions, from the operator that binds least to the one that binds most.
#include <algorithm>

#include "console/sql/query/parser.h"

namespace console::query {
ExprPtr Parser::make(ExprKind kind, std::size_t at, std::string text) const {
  auto expr = std::make_shared<Expr>();
  expr->kind = kind;
  expr->at = at;
  expr->text = std::move(text);
  return expr;
}

ExprPtr Parser::binary(const std::string& op, ExprPtr left, ExprPtr right, std::size_t at) const {
  ExprPtr expr = make(ExprKind::Binary, at, op);
  expr->args = {std::move(left), std::move(right)};
  return expr;
}

ExprPtr Parser::expression() {
  const Level level(*this);
  if (tooDeep(kDeepestExpression)) return nullptr;
  ExprPtr left = andTerm();
  while (!failed() && is("or")) {
    const std::size_t at = token().at;
    ++m_i;
    ExprPtr expr = make(ExprKind::Or, at);
    expr->args = {left, andTerm()};
    left = expr;
  }
  return left;
}

ExprPtr Parser::andTerm() {
  ExprPtr left = notTerm();
  while (!failed() && is("and")) {
    const std::size_t at = token().at;
    ++m_i;
    ExprPtr expr = make(ExprKind::And, at);
    expr->args = {left, notTerm()};
    left = expr;
  }
  return left;
}

ExprPtr Parser::notTerm() {
  if (!is("not")) return isTerm();
  const Level level(*this);
  if (tooDeep(kDeepestExpression)) return nullptr;
  const std::size_t at = token().at;
  ++m_i;
  ExprPtr expr = make(ExprKind::Not, at);
  expr->args = {notTerm()};
  return expr;
}

ExprPtr Parser::isTerm() {
  ExprPtr left = comparison();
  while (!failed() && (is("is") || is("isnull") || is("notnull"))) {
    const std::size_t at = token().at;
    ExprPtr expr = make(ExprKind::IsNull, at);
    expr->args = {left};
    if (!take("is")) {
      expr->negated = is("notnull");
      ++m_i;
      left = expr;
      continue;
    }
    expr->negated = take("not");
    if (take("distinct")) {
      if (!expect("from")) return nullptr;
      expr->kind = ExprKind::IsDistinct;
      expr->args.push_back(comparison());
    } else if (is("true") || is("false") || is("unknown")) {
      expr->kind = ExprKind::IsTruth;
      expr->text = token().text;
      ++m_i;
    } else if (!take("null")) {
      failHere();
      return nullptr;
    }
    left = expr;
  }
  return left;
}

ExprPtr Parser::quantified(ExprPtr left, const std::string& op, std::size_t at) {
  ExprPtr expr = make(ExprKind::Quantified, at, op);
  expr->all = is("all");
  ++m_i;
  if (!expect("(")) return nullptr;
  expr->args = {std::move(left)};
  if (startsQuery()) {
    expr->query = select();
  } else {
    expr->args.push_back(expression());
  }
  if (failed() || !expect(")")) return nullptr;
  return expr;
}

ExprPtr Parser::comparison() {
  ExprPtr left = range();
  while (!failed()) {
    const SqlToken& t = token();
    const bool compares = t.kind == TokenKind::Operator &&
                          (t.text == "=" || t.text == "<" || t.text == ">" || t.text == "<=" ||
                           t.text == ">=" || t.text == "<>" || t.text == "!=");
    if (!compares) return left;
    const std::string op = t.text == "!=" ? "<>" : t.text;
    const std::size_t at = t.at;
    ++m_i;
    if ((is("any") || is("some") || is("all")) && is("(", 1)) {
      left = quantified(left, op, at);
    } else {
      left = binary(op, left, range(), at);
    }
  }
  return left;
}

ExprPtr Parser::range() {
  ExprPtr left = other();
  while (!failed()) {
    const bool negated = is("not") && (is("in", 1) || is("between", 1) || is("like", 1) ||
                                       is("ilike", 1) || is("similar", 1));
    const std::size_t ahead = negated ? 1 : 0;
    const std::size_t at = token().at;
    if (is("between", ahead)) {
      m_i += ahead + 1;
      ExprPtr expr = make(ExprKind::Between, at);
      expr->negated = negated;
      expr->all = take("symmetric");
      if (!expr->all) take("asymmetric");
      expr->args = {left, other()};
      if (failed() || !expect("and")) return nullptr;
      expr->args.push_back(other());
      left = expr;
    } else if (is("in", ahead)) {
      m_i += ahead + 1;
      ExprPtr expr = make(ExprKind::In, at);
      expr->negated = negated;
      expr->args = {left};
      if (!expect("(")) return nullptr;
      if (startsQuery()) {
        expr->query = select();
        if (failed() || !expect(")")) return nullptr;
      } else {
        for (ExprPtr& one : list(")")) expr->args.push_back(std::move(one));
        if (!failed() && expr->args.size() < 2) {
          --m_i;
          failHere();
        }
      }
      left = expr;
    } else if (is("like", ahead) || is("ilike", ahead) ||
               (is("similar", ahead) && is("to", ahead + 1))) {
      ExprPtr expr = make(ExprKind::Like, at, token(ahead).text);
      m_i += ahead + (expr->text == "similar" ? 2 : 1);
      expr->negated = negated;
      if ((is("any") || is("some") || is("all")) && is("(", 1)) {
        const std::string op =
            (negated ? "!" : "") + std::string("~~") + (expr->text == "ilike" ? "*" : "");
        left = quantified(left, op, at);
        continue;
      }
      expr->args = {left, other()};
      if (!failed() && take("escape")) expr->args.push_back(other());
      left = expr;
    } else {
      return left;
    }
  }
  return left;
}

// Operators of no special precedence: || ~ -> & and so on.
ExprPtr Parser::other() {
  ExprPtr left = sum();
  while (!failed()) {
    const SqlToken& t = token();
    constexpr std::string_view kOthers[] = {"||",   "~",  "~*",  "!~", "!~*", "~~", "~~*", "!~~",
                                            "!~~*", "->", "->>", "@>", "<@",  "&&", "<<",  ">>",
                                            "&",    "|",  "#",   "#>", "#>>", "@@", "?"};
    const bool known =
        t.kind == TokenKind::Operator &&
        std::find(std::begin(kOthers), std::end(kOthers), t.text) != std::end(kOthers);
    if (!known) return left;
    const std::string op = t.text;
    const std::size_t at = t.at;
    ++m_i;
    if ((is("any") || is("some") || is("all")) && is("(", 1)) {
      left = quantified(left, op, at);
    } else {
      left = binary(op, left, sum(), at);
    }
  }
  return left;
}

ExprPtr Parser::sum() {
  ExprPtr left = product();
  while (!failed() && (is("+") || is("-"))) {
    const SqlToken& t = token();
    const std::string op = t.text;
    const std::size_t at = t.at;
    ++m_i;
    left = binary(op, left, product(), at);
  }
  return left;
}

ExprPtr Parser::product() {
  ExprPtr left = power();
  while (!failed() && (is("*") || is("/") || is("%"))) {
    const SqlToken& t = token();
    const std::string op = t.text;
    const std::size_t at = t.at;
    ++m_i;
    left = binary(op, left, power(), at);
  }
  return left;
}

ExprPtr Parser::power() {
  ExprPtr left = zoned();
  while (!failed() && is("^")) {
    const std::size_t at = token().at;
    ++m_i;
    left = binary("^", left, zoned(), at);
  }
  return left;
}

ExprPtr Parser::zoned() {
  ExprPtr left = unary();
  while (!failed()) {
    if (is("at") && is("time", 1) && is("zone", 2)) {
      ExprPtr expr = make(ExprKind::Zone, token().at);
      m_i += 3;
      expr->args = {left, unary()};
      left = expr;
    } else if (is("collate")) {
      const std::size_t at = token().at;
      ++m_i;
      const std::string collation = token().text;
      if (!isName()) {
        failHere();
        return nullptr;
      }
      ++m_i;
      if (collation != "C" && collation != "POSIX" && collation != "default" &&
          collation != "c.utf-8" && collation != "C.UTF-8" && collation != "ucs_basic") {
        m_error = SqlError{"collation \"" + collation + "\" for encoding \"UTF8\" does not exist",
                           {},
                           {},
                           at,
                           "42704"};
        return nullptr;
      }
    } else {
      return left;
    }
  }
  return left;
}

ExprPtr Parser::unary() {
  const SqlToken& t = token();
  if (t.kind != TokenKind::Operator ||
      (t.text != "-" && t.text != "+" && t.text != "@" && t.text != "|/" && t.text != "~")) {
    return postfix();
  }
  const Level level(*this);
  if (tooDeep(kDeepestExpression)) return nullptr;
  ExprPtr expr = make(ExprKind::Unary, t.at, t.text);
  ++m_i;
  expr->args = {unary()};
  return expr;
}

ExprPtr Parser::postfix() {
  ExprPtr left = primary();
  while (!failed() && left) {
    const std::size_t at = token().at;
    if (take("::")) {
      const std::optional<TypeSpec> spec = type();
      if (!spec) return nullptr;
      ExprPtr expr = make(ExprKind::Cast, at);
      expr->type = *spec;
      expr->args = {left};
      left = expr;
    } else if (take("[")) {
      ExprPtr expr = make(ExprKind::Subscript, at);
      expr->args = {left, is(":") ? make(ExprKind::Number, at, "1") : expression()};
      if (failed()) return nullptr;
      if (take(":")) expr->args.push_back(expression());
      if (failed() || !expect("]")) return nullptr;
      left = expr;
    } else {
      return left;
    }
  }
  return left;
}

}  // namespace console::query
