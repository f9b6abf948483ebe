// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a query by PostgreSQL's grammar. The first thing that does not belong is the error, with
// its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "console/sql/query/ast.h"
#include "console/sql/sql_error.h"
#include "console/sql/tokens.h"

namespace console::query {

class Parser {
 public:
  Parser(const TokenList& list, std::string_view statement)
      : m_list(list), m_statement(statement) {}

  // A whole statement: SELECT, VALUES, TABLE, WITH. Null: see error().
  [[nodiscard]] SelectPtr statement();
  // From token first on, to the end of the statement.
  [[nodiscard]] SelectPtr statementFrom(std::size_t first);
  [[nodiscard]] const SqlError& error() const { return *m_error; }
  [[nodiscard]] bool failed() const { return m_error.has_value(); }
  // The column definitions of CREATE TABLE: name and type; from token first on.
  [[nodiscard]] std::vector<std::pair<std::string, TypeSpec>> columnDefinitions(std::size_t first,
                                                                                std::size_t& end);

 private:
  [[nodiscard]] const SqlToken& token(std::size_t ahead = 0) const;
  [[nodiscard]] bool is(std::string_view word, std::size_t ahead = 0) const {
    return token(ahead).is(word);
  }
  bool take(std::string_view word);
  bool expect(std::string_view word);
  void failHere(std::size_t ahead = 0);
  void fail(std::string text, std::size_t at, std::string hint = {});

  // -- queries --
  SelectPtr select();
  SelectPtr setOperations(int level);
  SelectPtr simpleSelect();
  void with(Select& query);
  void targets(Select& query);
  void from(Select& query);
  void tail(Select& query);
  void groupBy(Select& query);
  void windows(Select& query);
  FromItem fromItem();
  FromItem fromPrimary();
  void fromAlias(FromItem& item);
  std::vector<SortItem> sortItems();
  WindowSpec window();
  void frame(WindowSpec& spec);
  FrameEnd frameEnd(ExprPtr& offset);
  std::vector<std::string> nameList();
  std::string name();  // an identifier, or the error
  [[nodiscard]] bool isName(std::size_t ahead = 0) const;
  [[nodiscard]] bool startsQuery(std::size_t ahead = 0) const;

  // -- expressions --
  ExprPtr expression();
  ExprPtr andTerm();
  ExprPtr notTerm();
  ExprPtr isTerm();
  ExprPtr comparison();
  ExprPtr range();
  ExprPtr other();
  ExprPtr sum();
  ExprPtr product();
  ExprPtr power();
  ExprPtr zoned();
  ExprPtr unary();
  ExprPtr postfix();
  ExprPtr primary();
  ExprPtr word();
  ExprPtr grammarWord();
  ExprPtr call(ExprPtr made);
  ExprPtr caseOf();
  ExprPtr parenthesized();
  ExprPtr special(const std::string& name);
  ExprPtr typedLiteral();
  ExprPtr quantified(ExprPtr left, const std::string& op, std::size_t at);
  std::vector<ExprPtr> list(std::string_view close);
  std::optional<TypeSpec> type();
  ExprPtr make(ExprKind kind, std::size_t at, std::string text = {}) const;
  ExprPtr binary(const std::string& op, ExprPtr left, ExprPtr right, std::size_t at) const;

  // One level of nesting while it lives. The limits keep our own stack far from its end.
  struct Level {
    int& depth;
    explicit Level(Parser& parser) : depth(parser.m_depth) { ++depth; }
    ~Level() { --depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
  };
  static constexpr int kDeepestQuery = 100, kDeepestExpression = 180;
  bool tooDeep(int deepest);  // then it is an error, in PostgreSQL's words

  const TokenList& m_list;
  std::string_view m_statement;
  std::size_t m_i = 0;
  int m_depth = 0;
  std::optional<SqlError> m_error;
};

}  // namespace console::query
