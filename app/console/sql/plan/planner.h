// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses a plan for a query over user tables and series, as PostgreSQL 15 would: by cost, with the
// session's settings, from what ANALYZE knows of the tables.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "console/sql/plan/evaluate.h"
#include "console/sql/plan/plan_costs.h"
#include "console/sql/plan/plan_node.h"
#include "console/sql/plan/row_source.h"

namespace console {

struct PlanContext {
  PlanSettings settings;
  std::function<const sim::Relation*(const std::string& name)> relation;
  // Takes the lock a reading query needs; its refusal names the place.
  std::function<std::optional<SqlFailure>(const sim::Relation& relation, std::size_t at)> lock;
};

// A table of the FROM list.
struct PlanBase {
  std::string alias;
  const sim::Relation* relation = nullptr;
  std::optional<PlanNode> query;  // of a subquery, planned
  std::optional<RowSource> source;
  std::vector<sim::RelationColumn> columns;  // what it offers, as the planner knows them
  std::vector<sim::RelationColumn> truth;    // and as they are
  std::vector<Expr> conditions;
  double rows = 0, realRows = 0;    // before conditions
  JoinType join = JoinType::Inner;  // how it joins what stands before it
  std::string function;
  std::int64_t seriesFrom = 1, seriesStep = 1;
  std::size_t at = 0;
};

class Planner {
 public:
  explicit Planner(const PlanContext& context) : m_context(context) {}

  // needed: names of the output columns that are used above; nullptr: all.
  [[nodiscard]] std::optional<PlanNode> plan(const SelectQuery& query,
                                             const std::set<std::string>* needed = nullptr);
  [[nodiscard]] const std::optional<SqlFailure>& failure() const { return m_failure; }
  // The targets with * written out; for building result rows.
  [[nodiscard]] std::vector<TargetItem> targetsOf(const SelectQuery& query,
                                                  const std::vector<PlanBase>& bases);
  // The tables of FROM, looked up.
  [[nodiscard]] std::optional<std::vector<PlanBase>> basesOf(const SelectQuery& query);
  // Type, width and different values of an expression over the bases; real: as they are, not as
  // the planner thinks.
  [[nodiscard]] sim::RelationColumn factsOf(const Expr& expr, const std::vector<PlanBase>& bases,
                                            bool real) const;
  // Share of a base's rows a condition lets through.
  [[nodiscard]] double plannedShare(const Expr& condition, const PlanBase& base) const;
  // exact: set to false where the share is no more than an estimate.
  [[nodiscard]] double realShare(const Expr& condition, const PlanBase& base,
                                 bool* exact = nullptr) const;
  // The same for all of them together.
  [[nodiscard]] double realShare(const std::vector<Expr>& conditions, const PlanBase& base,
                                 bool* exact = nullptr) const;

 private:
  std::nullopt_t refuse(std::string sqlstate, std::string text, std::size_t at,
                        std::string hint = {});
  // What LIMIT or OFFSET come to; as it was when they say nothing. False: refused.
  bool rowsIn(const std::optional<Expr>& expr, std::int64_t& rows);
  bool addItem(const TableItem& item, const SelectQuery& query, std::vector<PlanBase>& bases,
               std::vector<Expr>& conditions);
  bool addRelation(const TableItem& item, PlanBase& base);
  bool addFunction(const TableItem& item, PlanBase& base);
  bool addQuery(const TableItem& item, const SelectQuery& inner, const SelectQuery& outer,
                PlanBase& base);
  std::optional<std::size_t> baseOf(const Expr& column, const std::vector<PlanBase>& bases);
  bool check(const Expr& expr, const std::vector<PlanBase>& bases);
  std::optional<PlanNode> planSets(const SelectQuery& query, const std::set<std::string>* needed);
  std::optional<PlanNode> planWithoutTables(const SelectQuery& query);
  bool addSubqueries(const SelectQuery& query, std::vector<PlanBase>& bases,
                     std::vector<Expr>& conditions);
  std::optional<std::vector<Expr>> conditionsOf(const SelectQuery& query,
                                                std::vector<PlanBase>& bases);

  const PlanContext& m_context;
  std::optional<SqlFailure> m_failure;
  int m_tables = 0;  // of the whole statement: names are qualified when there are several
  std::map<std::string, const SelectQuery*> m_with;
};

// Aggregate functions.
[[nodiscard]] bool isAggregate(const Expr& expr);
[[nodiscard]] bool hasAggregate(const Expr& expr);
// Every aggregate call in an expression.
void collectAggregates(const Expr& expr, std::vector<Expr>& found);
// Every column an expression names.
void collectColumns(const Expr& expr, std::vector<Expr>& found);
// Conjuncts of a condition.
void splitAnd(const Expr& condition, std::vector<Expr>& parts);
[[nodiscard]] bool sameExpr(const Expr& a, const Expr& b);

}  // namespace console
