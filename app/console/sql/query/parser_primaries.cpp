// SPDX-License-Identifier: GPL-3.0-or-later
// What expressions are made of: literals, names, calls, CASE, casts, and functions with a grammar
// of their own.
#include <algorithm>
#include <charconv>

#include "console/sql/query/parser.h"
#include "console/sql/vocabulary.h"

namespace console::query {
namespace {

constexpr std::size_t kMostList = 5000;

// Words that are a value without parentheses.
constexpr std::string_view kKeywords[] = {"current_date", "current_time",    "current_timestamp",
                                          "localtime",    "localtimestamp",  "current_user",
                                          "session_user", "current_catalog", "current_schema",
                                          "user",         "current_role"};

bool isKeyword(std::string_view word) {
  return std::find(std::begin(kKeywords), std::end(kKeywords), word) != std::end(kKeywords);
}

}  // namespace

std::vector<ExprPtr> Parser::list(std::string_view close) {
  std::vector<ExprPtr> exprs;
  if (take(close)) return exprs;
  do {
    exprs.push_back(expression());
    if (exprs.size() > kMostList) {
      failHere();
    }
  } while (!failed() && take(","));
  if (!failed()) expect(close);
  return exprs;
}

ExprPtr Parser::primary() {
  const SqlToken& t = token();
  switch (t.kind) {
    case TokenKind::Text:
      ++m_i;
      return make(ExprKind::Text, t.at, t.text);
    case TokenKind::Number:
      ++m_i;
      return make(ExprKind::Number, t.at, t.text);
    case TokenKind::Word:
    case TokenKind::Quoted:
      return word();
    default:
      break;
  }
  if (t.is("(")) return parenthesized();
  failHere();
  return nullptr;
}

ExprPtr Parser::parenthesized() {
  const std::size_t at = token().at;
  ++m_i;
  if (startsQuery()) {
    ExprPtr expr = make(ExprKind::Scalar, at);
    expr->query = select();
    if (failed() || !expect(")")) return nullptr;
    return expr;
  }
  ExprPtr first = expression();
  if (failed()) return nullptr;
  if (is(",")) {
    ExprPtr tuple = make(ExprKind::Tuple, at);
    tuple->args.push_back(first);
    while (!failed() && take(",")) tuple->args.push_back(expression());
    if (failed() || !expect(")")) return nullptr;
    return tuple;
  }
  if (!expect(")")) return nullptr;
  return first;
}

ExprPtr Parser::caseOf() {
  ExprPtr expr = make(ExprKind::Case, token().at);
  ++m_i;
  expr->args.push_back(is("when") ? nullptr : expression());
  if (!failed() && !is("when")) failHere();
  while (!failed() && take("when")) {
    expr->args.push_back(expression());
    if (failed() || !expect("then")) return nullptr;
    expr->args.push_back(expression());
  }
  if (failed()) return nullptr;
  expr->args.push_back(take("else") ? expression() : nullptr);
  if (failed() || !expect("end")) return nullptr;
  return expr;
}

// interval '1 hour', timestamp '...', date '...', float8 '1.5'.
ExprPtr Parser::typedLiteral() {
  const std::size_t start = m_i;
  const std::size_t at = token().at;
  const auto known = [&](std::string_view text) {
    return text == "interval" || text == "timestamp" || text == "timestamptz" || text == "date" ||
           text == "time" || text == "numeric" || text == "text" || text == "inet" ||
           text == "boolean" || text == "bool" || text == "float8" || text == "int4" ||
           text == "int8" || text == "pg_lsn" || text == "regclass" || text == "bigint";
  };
  if (token().kind != TokenKind::Word || !known(token().text)) return nullptr;
  const bool plain = token(1).kind == TokenKind::Text;
  const bool zoned = (is("with", 1) || is("without", 1)) && is("time", 2) && is("zone", 3) &&
                     token(4).kind == TokenKind::Text;
  const bool sized = is("(", 1) && token(2).kind == TokenKind::Number && is(")", 3) &&
                     token(4).kind == TokenKind::Text;
  if (!plain && !zoned && !sized) return nullptr;
  const std::optional<TypeSpec> spec = type();
  if (!spec || token().kind != TokenKind::Text) {
    m_i = start;
    return nullptr;
  }
  ExprPtr expr = make(ExprKind::Cast, at);
  expr->type = *spec;
  expr->args = {make(ExprKind::Text, token().at, token().text)};
  ++m_i;
  // interval '1' day
  if (spec->name == "interval" && token().kind == TokenKind::Word) {
    for (const char* unit : {"year", "month", "day", "hour", "minute", "second"}) {
      if (!is(unit)) continue;
      expr->args[0]->text += std::string(" ") + unit;
      ++m_i;
      break;
    }
  }
  return expr;
}

// What begins with a word of the grammar; null: it is a name, or it failed.
ExprPtr Parser::grammarWord() {
  const SqlToken& t = token();
  const std::size_t at = t.at;
  if (t.is("true") || t.is("false")) {
    ++m_i;
    return make(ExprKind::Boolean, at, t.text);
  }
  if (t.is("null")) {
    ++m_i;
    return make(ExprKind::Null, at);
  }
  if (t.is("case")) return caseOf();
  if (t.is("exists") && is("(", 1)) {
    m_i += 2;
    ExprPtr expr = make(ExprKind::Exists, at);
    expr->query = select();
    if (failed() || !expect(")")) return nullptr;
    return expr;
  }
  if (t.is("array") && (is("[", 1) || is("(", 1))) {
    const bool query = is("(", 1);
    m_i += 2;
    ExprPtr expr = make(query ? ExprKind::ArrayQuery : ExprKind::Items, at);
    if (query) {
      expr->query = select();
      if (failed() || !expect(")")) return nullptr;
    } else {
      expr->args = list("]");
    }
    return expr;
  }
  if (t.is("row") && is("(", 1)) {
    m_i += 2;
    ExprPtr expr = make(ExprKind::Tuple, at);
    expr->args = list(")");
    return expr;
  }
  if (isKeyword(t.text) && !is("(", 1)) {
    ++m_i;
    return make(ExprKind::Keyword, at, t.text);
  }
  if (ExprPtr literal = typedLiteral(); literal || failed()) return literal;
  if (is("(", 1)) {
    if (ExprPtr expr = special(t.text); expr || failed()) return expr;
  }
  const bool callable = is("(", 1) && (t.is("left") || t.is("right"));
  if (isReservedName(t.text) && !callable) {
    failHere();
    return nullptr;
  }
  return nullptr;
}

ExprPtr Parser::word() {
  const SqlToken& t = token();
  const std::size_t at = t.at;
  if (t.kind == TokenKind::Word) {
    if (ExprPtr known = grammarWord(); known || failed()) return known;
  }
  ExprPtr expr = make(ExprKind::Column, at);
  expr->names.push_back(t.text);
  ++m_i;
  while (is(".")) {
    if (is("*", 1)) {
      m_i += 2;
      expr->kind = ExprKind::Star;
      return expr;
    }
    const SqlToken& next = token(1);
    if (next.kind != TokenKind::Word && next.kind != TokenKind::Quoted) {
      failHere(1);
      return nullptr;
    }
    expr->names.push_back(next.text);
    m_i += 2;
  }
  if (!is("(")) return expr;
  expr->kind = ExprKind::Call;
  return call(expr);
}

ExprPtr Parser::call(ExprPtr made) {
  ++m_i;  // the parenthesis
  if (take("*")) {
    made->star = true;
    if (!expect(")")) return nullptr;
  } else {
    made->distinct = take("distinct");
    if (!made->distinct) take("all");
    if (!take(")")) {
      do {
        take("variadic");
        made->args.push_back(expression());
        if (made->args.size() > kMostList) failHere();
      } while (!failed() && take(","));
      if (failed()) return nullptr;
      if (is("order")) {
        ++m_i;
        if (!expect("by")) return nullptr;
        made->order = sortItems();
      }
      if (failed() || !expect(")")) return nullptr;
    }
  }
  if (is("within") && is("group", 1)) {
    m_i += 2;
    if (!expect("(") || !expect("order") || !expect("by")) return nullptr;
    made->withinGroup = true;
    made->order = sortItems();
    if (failed() || !expect(")")) return nullptr;
  }
  if (is("filter") && is("(", 1)) {
    m_i += 2;
    if (!expect("where")) return nullptr;
    made->filter = expression();
    if (failed() || !expect(")")) return nullptr;
  }
  if (take("over")) {
    if (is("(")) {
      made->over = window();
    } else {
      WindowSpec spec;
      spec.at = token().at;
      spec.base = name();
      made->over = spec;
    }
    if (failed()) return nullptr;
  }
  return made;
}

// Functions with a grammar of their own.
ExprPtr Parser::special(const std::string& function) {
  const std::size_t at = token().at;
  const auto finish = [&](const char* called, std::vector<ExprPtr> args) -> ExprPtr {
    if (failed() || !expect(")")) return nullptr;
    ExprPtr expr = make(ExprKind::Call, at);
    expr->names = {called};
    expr->args = std::move(args);
    return expr;
  };
  if (function == "cast") {
    m_i += 2;
    ExprPtr expr = make(ExprKind::Cast, at);
    expr->args = {expression()};
    if (failed() || !expect("as")) return nullptr;
    const std::optional<TypeSpec> spec = type();
    if (!spec || !expect(")")) return nullptr;
    expr->type = *spec;
    return expr;
  }
  if (function == "extract" && is("from", 3)) {
    ExprPtr field = make(ExprKind::Text, token(2).at, token(2).text);
    m_i += 4;
    ExprPtr source = expression();
    return finish("extract", {field, source});
  }
  if (function == "position") {
    m_i += 2;
    ExprPtr part = other();
    if (failed() || !expect("in")) return nullptr;
    ExprPtr whole = other();
    return finish("position", {whole, part});
  }
  if (function == "substring") {
    m_i += 2;
    std::vector<ExprPtr> args = {expression()};
    if (!failed() && (is("from") || is("for"))) {
      if (take("from")) {
        args.push_back(expression());
      } else {
        args.push_back(make(ExprKind::Number, at, "1"));
      }
      if (!failed() && take("for")) args.push_back(expression());
    } else {
      while (!failed() && take(",")) args.push_back(expression());
    }
    return finish("substring", std::move(args));
  }
  if (function == "overlay") {
    m_i += 2;
    std::vector<ExprPtr> args = {expression()};
    for (const char* separator : {"placing", "from", "for"}) {
      if (!failed() && take(separator)) args.push_back(expression());
    }
    return finish("overlay", std::move(args));
  }
  if (function == "trim") {
    m_i += 2;
    const char* called = take("leading") ? "ltrim" : take("trailing") ? "rtrim" : "btrim";
    take("both");
    std::vector<ExprPtr> args;
    if (!is("from")) args.push_back(expression());
    if (!failed() && take("from")) args.insert(args.begin(), expression());
    if (!failed() && take(",")) args.push_back(expression());
    return finish(called, std::move(args));
  }
  return nullptr;
}

std::optional<TypeSpec> Parser::type() {
  TypeSpec spec;
  const SqlToken& t = token();
  spec.at = t.at;
  if (t.kind != TokenKind::Word && t.kind != TokenKind::Quoted) {
    failHere();
    return std::nullopt;
  }
  spec.name = t.kind == TokenKind::Quoted && t.text == "char" ? "\"char\"" : t.text;
  ++m_i;
  if (spec.name == "pg_catalog" && take(".")) {
    spec.name = token().text;
    ++m_i;
  }
  if (spec.name == "double" && take("precision")) spec.name = "double precision";
  if ((spec.name == "character" || spec.name == "char") && take("varying")) {
    spec.name = "character varying";
  }
  if (is("(") && token(1).kind == TokenKind::Number) {
    const auto number = [&](const std::string& text) {
      int value = -1;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    };
    spec.precision = number(token(1).text);
    m_i += 2;
    spec.scale = 0;
    if (take(",")) {
      spec.scale = number(token().text);
      ++m_i;
    }
    if (!expect(")")) return std::nullopt;
  }
  if (spec.name == "timestamp" || spec.name == "time") {
    const bool with = is("with") && is("time", 1) && is("zone", 2);
    const bool without = is("without") && is("time", 1) && is("zone", 2);
    if (with || without) m_i += 3;
    if (with && spec.name == "timestamp") spec.name = "timestamptz";
  }
  while (is("[")) {
    ++m_i;
    if (token().kind == TokenKind::Number) ++m_i;
    if (!expect("]")) return std::nullopt;
    if (!spec.name.ends_with("[]")) spec.name += "[]";
  }
  return spec;
}

}  // namespace console::query
