// SPDX-License-Identifier: GPL-3.0-or-later
// Looks up what a query names and gives every expression its type, as PostgreSQL's parse analysis
// does; the first thing that is wrong is the error, with its place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/query/plan.h"

namespace console::query {

struct ScopeColumn {
  std::string table, name;
  DataType type;
  std::size_t index = 0;
  bool merged = false;  // by USING: only reached with its table's name
};

// What names mean in one query.
struct Scope {
  Scope* outer = nullptr;
  std::vector<ScopeColumn> columns;
  std::vector<std::pair<std::string, std::string>> tables;  // alias, the table's own name
  Plan* plan = nullptr;
  bool aggregates = false, windows = false, series = false;  // allowed here
  std::string clause;                                        // "WHERE": for what is not allowed
  bool sawAggregate = false;
};

struct CommonScope {
  std::string name;
  std::size_t number = 0;
  std::vector<OutputColumn> columns;
};

class Analyzer {
 public:
  explicit Analyzer(Runtime& runtime) : m_runtime(runtime) {}

  // Null: see Runtime::error().
  [[nodiscard]] PlanPtr analyze(const Select& query);
  [[nodiscard]] const std::vector<std::string>& tables() const { return m_tables; }
  [[nodiscard]] std::size_t commonTables() const { return m_commonCount; }

 private:
  // -- queries: analyze_query.cpp, analyze_from.cpp --
  PlanPtr query(const Select& select, Scope* outer);
  PlanPtr plain(const Select& select, Scope* outer);
  bool distinctOn(const Select& select, Plan& plan, Scope& scope);
  PlanPtr valuesList(const Select& select, Scope* outer);
  PlanPtr setOperation(const Select& select, Scope* outer);
  void commonTables(const Select& select, Plan& plan, Scope* outer);
  void recursiveTable(const CommonTable& table, CommonPlan& made, CommonScope& scope, Scope* outer);
  bool tail(const Select& select, Plan& plan, Scope& scope, bool outputOnly);
  std::string targetName(const Target& target) const;
  void sortBy(const std::vector<SortItem>& items, const Select& select, Plan& plan, Scope& scope,
              bool outputOnly);
  void targets(const Select& select, Plan& plan, Scope& scope);
  void star(const Expr& expr, Plan& plan, Scope& scope);
  void grouping(const Select& select, Plan& plan, Scope& scope);
  void checkGrouped(const Plan& plan, const Node& node, const Scope& scope, int level);
  void where(const Select& select, Plan& plan, Scope& scope);
  // Which output column a position or a name means; nothing: none.
  std::optional<std::size_t> outputColumn(const Expr& expr, const Plan& plan, const char* clause);
  NodePtr count(const ExprPtr& expr, Scope* outer, const char* clause);
  bool fromItem(const FromItem& item, Source& source, Plan& plan, Scope& scope);
  bool relation(const FromItem& item, Source& source, Plan& plan, Scope& scope);
  bool tableFunctionSource(const FromItem& item, const VirtualTable& table,
                           const std::string& alias, Source& source, Plan& plan, Scope& scope);
  bool functionSource(const FromItem& item, Source& source, Plan& plan, Scope& scope);
  bool joined(const FromItem& item, Source& source, Plan& plan, Scope& scope);
  bool usingColumns(const FromItem& item, Source& source, Scope& scope, std::size_t leftFrom,
                    std::size_t rightFrom);
  void addColumns(const FromItem& item, const std::string& alias,
                  const std::vector<OutputColumn>& columns, Source& source, Plan& plan,
                  Scope& scope);
  void push(NodePtr condition, Plan& plan);
  bool pushInto(const NodePtr& condition, Source& source, std::size_t low, std::size_t high);
  void conjuncts(const NodePtr& node, std::vector<NodePtr>& parts);
  void pairKeys(Source& source);
  void pairAll(Source& source);

  // -- expressions: analyze_expression.cpp, analyze_calls.cpp --
  NodePtr expression(const Expr& expr, Scope& scope);
  NodePtr literal(const Expr& expr);
  NodePtr test(const Expr& expr, Scope& scope);
  NodePtr column(const Expr& expr, Scope& scope);
  NodePtr noSuchColumn(const Expr& expr, const Scope& scope);
  NodePtr unary(const Expr& expr, Scope& scope);
  NodePtr binary(const Expr& expr, Scope& scope);
  NodePtr operation(const std::string& op, NodePtr left, NodePtr right, std::size_t at);
  NodePtr comparison(const std::string& op, NodePtr left, NodePtr right, std::size_t at);
  NodePtr tuples(const Expr& expr, Scope& scope);
  NodePtr logic(const Expr& expr, Scope& scope, Op op, const char* word);
  NodePtr between(const Expr& expr, Scope& scope);
  NodePtr inList(const Expr& expr, Scope& scope);
  NodePtr like(const Expr& expr, Scope& scope);
  NodePtr caseOf(const Expr& expr, Scope& scope);
  NodePtr castOf(const Expr& expr, Scope& scope);
  NodePtr arrayOf(const Expr& expr, Scope& scope);
  NodePtr subscript(const Expr& expr, Scope& scope);
  NodePtr subquery(const Expr& expr, Scope& scope);
  NodePtr quantified(const Expr& expr, Scope& scope);
  NodePtr keyword(const Expr& expr);
  NodePtr call(const Expr& expr, Scope& scope);
  NodePtr builtin(const Expr& expr, Scope& scope, bool& known);
  NodePtr plainCall(const Expr& expr, std::vector<NodePtr> args, Scope& scope);
  NodePtr aggregate(const Expr& expr, const Function& function, std::vector<NodePtr> args,
                    Scope& scope);
  NodePtr windowCall(const Expr& expr, const Function& function, std::vector<NodePtr> args,
                     Scope& scope);
  bool windowSpec(const WindowSpec& spec, WindowCall& made, Scope& scope);
  NodePtr functionCall(const std::string& name, std::vector<NodePtr> args, std::size_t at,
                       bool* found = nullptr);
  NodePtr noSuchFunction(const std::string& name, const std::vector<NodePtr>& args, std::size_t at,
                         bool several);
  std::vector<NodePtr> expressions(const std::vector<ExprPtr>& exprs, Scope& scope);
  NodePtr boolean(NodePtr node, const char* clause);
  // All to one type: of CASE, COALESCE, arrays, VALUES.
  bool unify(std::vector<NodePtr*> nodes, DataType& type, const char* what);

  // -- types: coerce.cpp --
  NodePtr coerce(NodePtr node, DataType type, std::size_t at = std::string::npos);  // implicit
  NodePtr explicitCast(NodePtr node, DataType type, std::size_t at);
  std::optional<DataType> typeFor(const TypeSpec& spec);

  NodePtr constant(Datum datum, DataType type, std::size_t at);
  NodePtr make(Op op, DataType type, std::size_t at);
  std::nullptr_t fail(std::string sqlstate, std::string text, std::size_t at, std::string hint = {},
                      std::string detail = {});
  [[nodiscard]] bool failed() const { return m_runtime.failed(); }

  Runtime& m_runtime;
  std::vector<std::string> m_tables;
  std::vector<CommonScope> m_common;  // those in reach, innermost last
  std::size_t m_commonCount = 0;
  std::vector<std::size_t> m_commonUsed;
  std::vector<std::pair<std::string, WindowSpec>> m_windows;
  int m_depth = 0;
};

}  // namespace console::query
