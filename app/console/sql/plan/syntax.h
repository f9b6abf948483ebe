// SPDX-License-Identifier: GPL-3.0-or-later
// A query over user tables as a tree, and the parser that makes it. Only the shape: names are not
// looked up here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/sql/sql_error.h"
#include "console/sql/tokens.h"

namespace console {

struct SelectQuery;

enum class ExprKind : std::uint8_t {
  Column,   // text: name; qualifier: table
  Star,     // *, or qualifier.*
  Number,   // text
  Text,     // text
  Boolean,  // text: true | false
  Null,
  Call,      // text: function; args; star: f(*)
  Operator,  // text: operator or "not", "and", "or", "is null", "between", "in", "like"; args
  Cast,      // text: type; args[0]
  Case,      // args: condition, value, ..., [else]
  Array,     // array[...]
  Index,     // args[0][args[1]]
  Query,     // scalar subquery, or of EXISTS (text: exists) and IN (text: in, args[0])
};

struct Expr {
  ExprKind kind = ExprKind::Null;
  std::string text, qualifier;
  std::vector<Expr> args;
  std::shared_ptr<SelectQuery> query;
  bool star = false, distinct = false;
  std::size_t at = 0, length = 0;  // place in the statement
};

struct TargetItem {
  Expr expr;
  std::string alias;  // empty: none given
};

enum class TableKind : std::uint8_t { Relation, Query, Function, Join };
enum class JoinType : std::uint8_t { Inner, Left, Right, Full, Cross, Semi };
struct TableItem {
  TableKind kind = TableKind::Relation;
  std::string name, alias;
  std::vector<std::string> columnAliases;
  std::shared_ptr<SelectQuery> query;
  Expr call;
  JoinType join = JoinType::Inner;
  std::vector<TableItem> sides;  // of a join: left, right
  std::optional<Expr> on;
  std::vector<std::string> shared;  // USING
  std::size_t at = 0;
};

struct OrderItem {
  Expr expr;
  bool descending = false;
};

struct NamedQuery;
struct SelectQuery {
  bool distinct = false;
  std::vector<TargetItem> targets;
  std::vector<TableItem> from;
  std::optional<Expr> where, having, limit, offset;
  std::vector<Expr> groupBy;
  std::vector<OrderItem> orderBy;
  std::vector<NamedQuery> with;
  // Set operations, left to right, named "union all", "union", "except" or "intersect".
  std::vector<NamedQuery> setOperations;
  std::vector<std::vector<Expr>> values;  // VALUES (...), (...)
};
struct NamedQuery {
  std::string name;
  SelectQuery query;
};

// Reads expressions and queries from tokens, starting at a place.
class SyntaxReader {
 public:
  SyntaxReader(const TokenList& list, std::string_view statement, std::size_t at = 0)
      : m_list(list), m_statement(statement), m_at(at) {}

  [[nodiscard]] std::optional<SelectQuery> query();
  [[nodiscard]] std::optional<Expr> expression();
  [[nodiscard]] std::optional<std::vector<Expr>> expressions();  // separated by commas
  // "integer", "timestamp with time zone", "text[]", "numeric(10,2)".
  [[nodiscard]] std::optional<std::string> typeName();

  [[nodiscard]] std::size_t at() const { return m_at; }
  [[nodiscard]] const SqlToken& token(std::size_t ahead = 0) const;
  bool accept(std::string_view word);
  void skip() { ++m_at; }
  [[nodiscard]] bool atEnd() const { return token().kind == TokenKind::End; }
  [[nodiscard]] std::optional<std::string> name();
  [[nodiscard]] bool failed() const { return m_failed; }
  [[nodiscard]] const SqlError& error() const { return m_error; }
  // Complains about the token here, as the server's grammar does. Always false.
  bool unexpected();

 private:
  friend struct ExpressionReader;
  // Complains that the statement is too deep. Always false.
  bool tooDeep();
  std::optional<SelectQuery> simpleQuery();
  bool readTargets(SelectQuery& query);
  bool readFrom(std::vector<TableItem>& from);
  std::optional<TableItem> joinedTable();
  std::optional<TableItem> tableItem();
  bool readAlias(TableItem& item);
  bool readJoin(TableItem& left);
  bool readTail(SelectQuery& query);
  bool readValues(SelectQuery& query);

  const TokenList& m_list;
  std::string_view m_statement;
  std::size_t m_at = 0;
  int m_depth = 0, m_operators = 0;
  bool m_failed = false;
  SqlError m_error;
};

// The grammar's own stack ends at so many nested parentheses (YYMAXDEPTH 10000); npos: fine.
[[nodiscard]] std::size_t tooDeepParenthesis(const TokenList& list);

// The name PostgreSQL gives a column without an alias.
[[nodiscard]] std::string columnNameOf(const Expr& expr);

}  // namespace console
