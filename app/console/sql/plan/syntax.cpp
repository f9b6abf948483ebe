// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/syntax.h"

#include <algorithm>

#include "console/sql/plan/expression_reader.h"

namespace console {
namespace {

// Words that cannot be an alias without AS.
bool reserved(const SqlToken& token) {
  constexpr std::string_view kWords[] = {
      "from",   "where",     "group",  "having", "order", "limit",     "offset",  "union",
      "on",     "using",     "join",   "inner",  "left",  "right",     "full",    "cross",
      "and",    "or",        "not",    "as",     "set",   "returning", "natural", "fetch",
      "except", "intersect", "window", "when",   "then",  "else",      "end",     "loop",
      "for",    "is",        "in",     "asc",    "desc",  "nulls"};
  return token.kind == TokenKind::Word &&
         std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return token.text == word; });
}

}  // namespace

const SqlToken& SyntaxReader::token(std::size_t ahead) const {
  return m_list.tokens[std::min(m_at + ahead, m_list.tokens.size() - 1)];
}

bool SyntaxReader::accept(std::string_view word) {
  if (!token().is(word)) return false;
  ++m_at;
  return true;
}

bool SyntaxReader::unexpected() {
  if (m_failed) return false;
  m_failed = true;
  const SqlToken& t = token();
  if (t.kind == TokenKind::End && t.length == 0) {
    m_error = {"syntax error at end of input", "", "", m_statement.size()};
  } else {
    m_error = {
        "syntax error at or near \"" + std::string(m_statement.substr(t.at, t.length)) + "\"", "",
        "", t.at};
  }
  return false;
}

bool SyntaxReader::tooDeep() {
  if (m_failed) return false;
  m_failed = true;
  m_error = {"stack depth limit exceeded", "",
             "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after "
             "ensuring the platform's stack depth limit is adequate.",
             std::string::npos};
  return false;
}

std::optional<std::string> SyntaxReader::name() {
  const SqlToken& t = token();
  if (t.kind != TokenKind::Word && t.kind != TokenKind::Quoted) {
    unexpected();
    return std::nullopt;
  }
  ++m_at;
  return t.text;
}

std::optional<std::string> SyntaxReader::typeName() {
  std::optional<std::string> type = name();
  if (!type) return std::nullopt;
  if (*type == "double" && accept("precision")) *type = "double precision";
  if (*type == "character" && accept("varying")) *type = "character varying";
  if (accept("with") || accept("without")) {
    const bool zone = m_list.tokens[m_at - 1].is("with");
    if (!accept("time") || !accept("zone")) {
      unexpected();
      return std::nullopt;
    }
    if (zone) *type += "tz";
  }
  if (accept("(")) {
    while (!token().is(")") && !atEnd()) ++m_at;
    if (!accept(")")) {
      unexpected();
      return std::nullopt;
    }
  }
  while (token().is("[") && token(1).is("]")) {
    m_at += 2;
    *type += "[]";
  }
  return type;
}

std::optional<Expr> SyntaxReader::expression() {
  return ExpressionReader{*this}.either();
}

std::optional<std::vector<Expr>> SyntaxReader::expressions() {
  std::vector<Expr> list;
  do {
    std::optional<Expr> one = expression();
    if (!one) return std::nullopt;
    list.push_back(std::move(*one));
  } while (accept(","));
  return list;
}

bool SyntaxReader::readTargets(SelectQuery& query) {
  query.distinct = accept("distinct");
  accept("all");
  if (token().is("from") || atEnd()) return true;
  do {
    std::optional<Expr> expr = expression();
    if (!expr) return false;
    TargetItem item{std::move(*expr), {}};
    if (accept("as")) {
      const std::optional<std::string> alias = name();
      if (!alias) return false;
      item.alias = *alias;
    } else if ((token().kind == TokenKind::Word && !reserved(token())) ||
               token().kind == TokenKind::Quoted) {
      item.alias = *name();
    }
    query.targets.push_back(std::move(item));
  } while (accept(","));
  return true;
}

bool SyntaxReader::readAlias(TableItem& item) {
  const bool said = accept("as");
  const bool named =
      token().kind == TokenKind::Quoted || (token().kind == TokenKind::Word && !reserved(token()));
  if (!named) return said ? unexpected() : true;
  item.alias = *name();
  if (!accept("(")) return true;
  do {
    const std::optional<std::string> column = name();
    if (!column) return false;
    item.columnAliases.push_back(*column);
  } while (accept(","));
  return accept(")") || unexpected();
}

std::optional<TableItem> SyntaxReader::tableItem() {
  TableItem item;
  item.at = token().at;
  accept("only");
  accept("lateral");
  if (token().is("(")) {
    ++m_at;
    if (!token().is("select") && !token().is("with") && !token().is("values") && !token().is("(")) {
      std::optional<TableItem> inner = joinedTable();
      if (!inner) return std::nullopt;
      if (accept(")")) return inner;
      unexpected();
      return std::nullopt;
    }
    std::optional<SelectQuery> inner = query();
    if (!inner) return std::nullopt;
    if (!accept(")")) {
      unexpected();
      return std::nullopt;
    }
    item.kind = TableKind::Query;
    item.query = std::make_shared<SelectQuery>(std::move(*inner));
    if (!readAlias(item)) return std::nullopt;
    return item;
  }
  std::optional<std::string> first = name();
  if (!first) return std::nullopt;
  if (accept(".")) {
    first = name();
    if (!first) return std::nullopt;
  }
  item.name = *first;
  if (token().is("(")) {
    --m_at;
    std::optional<Expr> call = ExpressionReader{*this}.primary();
    if (!call) return std::nullopt;
    item.kind = TableKind::Function;
    item.call = std::move(*call);
  } else {
    accept("*");
  }
  if (!readAlias(item)) return std::nullopt;
  return item;
}

bool SyntaxReader::readJoin(TableItem& left) {
  TableItem join;
  join.kind = TableKind::Join;
  join.at = token().at;
  if (accept("cross"))
    join.join = JoinType::Cross;
  else if (accept("left"))
    join.join = JoinType::Left;
  else if (accept("right"))
    join.join = JoinType::Right;
  else if (accept("full"))
    join.join = JoinType::Full;
  else
    accept("inner");
  accept("outer");
  if (!accept("join")) return unexpected();
  std::optional<TableItem> right = tableItem();
  if (!right) return false;
  join.sides.push_back(std::move(left));
  join.sides.push_back(std::move(*right));
  if (accept("on")) {
    std::optional<Expr> on = expression();
    if (!on) return false;
    join.on = std::move(*on);
  } else if (accept("using")) {
    if (!accept("(")) return unexpected();
    do {
      const std::optional<std::string> column = name();
      if (!column) return false;
      join.shared.push_back(*column);
    } while (accept(","));
    if (!accept(")")) return unexpected();
  } else if (join.join != JoinType::Cross) {
    return unexpected();
  }
  left = std::move(join);
  return true;
}

std::optional<TableItem> SyntaxReader::joinedTable() {
  constexpr int kMostTables = 1500;
  if (++m_operators > kMostTables) {
    tooDeep();
    return std::nullopt;
  }
  std::optional<TableItem> left = tableItem();
  while (left) {
    bool joins = false;
    for (const char* word : {"join", "inner", "left", "right", "full", "cross"}) {
      joins = joins || token().is(word);
    }
    if (!joins) return left;
    if (!readJoin(*left)) return std::nullopt;
  }
  return left;
}

bool SyntaxReader::readFrom(std::vector<TableItem>& from) {
  do {
    std::optional<TableItem> item = joinedTable();
    if (!item) return false;
    from.push_back(std::move(*item));
  } while (accept(","));
  return true;
}

bool SyntaxReader::readValues(SelectQuery& query) {
  do {
    if (!accept("(")) return unexpected();
    std::optional<std::vector<Expr>> row = expressions();
    if (!row) return false;
    query.values.push_back(std::move(*row));
    if (!accept(")")) return unexpected();
  } while (accept(","));
  return true;
}

std::optional<SelectQuery> SyntaxReader::simpleQuery() {
  SelectQuery query;
  if (accept("values")) {
    if (!readValues(query)) return std::nullopt;
    return query;
  }
  if (accept("(")) {
    std::optional<SelectQuery> inner = this->query();
    if (!inner) return std::nullopt;
    if (accept(")")) return inner;
    unexpected();
    return std::nullopt;
  }
  if (accept("table")) {
    TableItem item;
    item.at = token().at;
    const std::optional<std::string> table = name();
    if (!table) return std::nullopt;
    item.name = *table;
    query.from.push_back(item);
    Expr star;
    star.kind = ExprKind::Star;
    query.targets.push_back({star, {}});
    return query;
  }
  if (!accept("select")) {
    unexpected();
    return std::nullopt;
  }
  if (!readTargets(query)) return std::nullopt;
  if (accept("from") && !readFrom(query.from)) return std::nullopt;
  if (accept("where")) {
    query.where = expression();
    if (!query.where) return std::nullopt;
  }
  if (accept("group")) {
    if (!accept("by")) {
      unexpected();
      return std::nullopt;
    }
    std::optional<std::vector<Expr>> keys = expressions();
    if (!keys) return std::nullopt;
    query.groupBy = std::move(*keys);
  }
  if (accept("having")) {
    query.having = expression();
    if (!query.having) return std::nullopt;
  }
  return query;
}

bool SyntaxReader::readTail(SelectQuery& query) {
  if (accept("order")) {
    if (!accept("by")) return unexpected();
    do {
      std::optional<Expr> expr = expression();
      if (!expr) return false;
      OrderItem item{std::move(*expr), false};
      if (accept("desc")) item.descending = true;
      accept("asc");
      if (accept("nulls") && !accept("first") && !accept("last")) return unexpected();
      query.orderBy.push_back(std::move(item));
    } while (accept(","));
  }
  while (token().is("limit") || token().is("offset") || token().is("fetch")) {
    const bool limits = !token().is("offset");
    const bool fetch = token().is("fetch");
    ++m_at;
    if (fetch && !accept("first") && !accept("next")) return unexpected();
    if (limits && accept("all")) continue;
    std::optional<Expr> count = expression();
    if (!count) return false;
    if (fetch) {
      if (!accept("rows") && !accept("row")) return unexpected();
      if (!accept("only")) return unexpected();
    } else if (!limits) {
      if (!accept("rows")) accept("row");
    }
    (limits ? query.limit : query.offset) = std::move(*count);
  }
  if (accept("for")) {
    if (!accept("update") && !accept("share")) return unexpected();
  }
  return true;
}

std::optional<SelectQuery> SyntaxReader::query() {
  constexpr int kDeepest = 100;
  if (m_depth > kDeepest) {
    tooDeep();
    return std::nullopt;
  }
  ++m_depth;
  std::vector<NamedQuery> with;
  if (accept("with")) {
    do {
      const std::optional<std::string> called = name();
      if (!called || !accept("as")) {
        unexpected();
        return std::nullopt;
      }
      accept("materialized");
      if (!accept("(")) {
        unexpected();
        return std::nullopt;
      }
      std::optional<SelectQuery> inner = query();
      if (!inner || !accept(")")) {
        unexpected();
        return std::nullopt;
      }
      with.push_back({*called, std::move(*inner)});
    } while (accept(","));
  }
  std::optional<SelectQuery> first = simpleQuery();
  if (!first) return std::nullopt;
  while (token().is("union") || token().is("except") || token().is("intersect")) {
    std::string op = token().text;
    ++m_at;
    if (accept("all")) op += " all";
    accept("distinct");
    std::optional<SelectQuery> next = simpleQuery();
    if (!next) return std::nullopt;
    first->setOperations.push_back({op, std::move(*next)});
  }
  for (auto& one : with) first->with.push_back(std::move(one));
  if (!readTail(*first)) return std::nullopt;
  --m_depth;
  return first;
}

std::size_t tooDeepParenthesis(const TokenList& list) {
  constexpr int kDeepest = 9997;
  int depth = 0;
  for (const SqlToken& token : list.tokens) {
    if (token.is("(") && ++depth >= kDeepest) return token.at;
    if (token.is(")")) --depth;
  }
  return std::string::npos;
}

std::string columnNameOf(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Column:
    case ExprKind::Call:
      return expr.text;
    case ExprKind::Cast:
      return expr.args[0].kind == ExprKind::Column || expr.args[0].kind == ExprKind::Call
                 ? columnNameOf(expr.args[0])
             : expr.text == "int" || expr.text == "integer" ? "int4"
             : expr.text == "bigint"                        ? "int8"
                                                            : expr.text;
    case ExprKind::Case:
      return "case";
    case ExprKind::Array:
      return "array";
    case ExprKind::Index:
      return columnNameOf(expr.args[0]);
    case ExprKind::Boolean:
      return "bool";
    default:
      return "?column?";
  }
}

}  // namespace console
