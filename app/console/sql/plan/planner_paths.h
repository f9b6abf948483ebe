// SPDX-License-Identifier: GPL-3.0-or-later
// The ways to carry out one query block: scans, joins, grouping, order, limit, and the same spread
// over parallel workers. The cheapest at each step is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/deparse.h"
#include "console/sql/plan/planner.h"

namespace console {

// One query block with everything looked up.
struct QueryBlock {
  const SelectQuery* query = nullptr;
  std::vector<PlanBase> bases;
  std::vector<Expr> conditions;     // that no base alone decides
  std::vector<TargetItem> targets;  // those that are needed
  std::vector<Expr> groupBy;        // aliases and positions resolved
  std::vector<OrderItem> orderBy;
  std::vector<Expr> aggregates;
  std::int64_t limit = -1, offset = 0;
  bool qualified = false;  // keys are written with their table
};

class PathBuilder {
 public:
  PathBuilder(const Planner& planner, const PlanContext& context, const QueryBlock& block)
      : m_planner(planner), m_settings(context.settings), m_block(block) {}
  [[nodiscard]] PlanNode build() const;

 private:
  [[nodiscard]] PlanNode scan(const PlanBase& base, double divisor) const;
  [[nodiscard]] PlanNode seqScan(const PlanBase& base, double divisor) const;
  [[nodiscard]] std::optional<PlanNode> indexScan(const PlanBase& base,
                                                  const sim::RelationIndex& index) const;
  [[nodiscard]] PlanNode joinAll(double divisor) const;
  [[nodiscard]] PlanNode join(PlanNode left, const PlanBase& base, double divisor) const;
  [[nodiscard]] PlanNode hashJoin(const PlanNode& outer, const PlanNode& inner,
                                  const std::vector<Expr>& clauses, JoinType type,
                                  double divisor) const;
  [[nodiscard]] PlanNode mergeJoin(const PlanNode& left, const PlanNode& right,
                                   const std::vector<Expr>& clauses, JoinType type) const;
  [[nodiscard]] PlanNode nestedLoop(const PlanNode& left, const PlanNode& right,
                                    const std::vector<Expr>& clauses, JoinType type) const;
  void setJoinRows(PlanNode& node, const std::vector<Expr>& clauses) const;
  [[nodiscard]] PlanNode grouped(PlanNode input, bool partial) const;
  [[nodiscard]] PlanNode aggregate(PlanKind kind, PlanNode input, AggregateStage stage) const;
  [[nodiscard]] PlanNode distinct(PlanNode input) const;
  [[nodiscard]] PlanNode sorted(PlanNode input, const std::vector<std::string>& keys,
                                const std::vector<std::string>& order) const;
  [[nodiscard]] PlanNode ordered(PlanNode input) const;
  [[nodiscard]] PlanNode limited(PlanNode input) const;
  [[nodiscard]] std::optional<std::int64_t> pagesToShare() const;
  [[nodiscard]] std::optional<PlanNode> parallel() const;
  [[nodiscard]] PlanNode gather(PlanNode input, PlanKind kind, int workers) const;
  void project(PlanNode& node, bool beforeGrouping) const;
  void setGroups(PlanNode& node) const;
  void addTransition(const Expr& call, PlanNode& node) const;
  [[nodiscard]] bool distinctAggregates() const;
  [[nodiscard]] std::optional<sim::WholeKeys> wholeKeys(const std::vector<Expr>& keys) const;
  [[nodiscard]] std::vector<std::string> groupKeys() const;
  [[nodiscard]] bool aggregated() const {
    return !m_block.aggregates.empty() || !m_block.groupBy.empty();
  }
  [[nodiscard]] std::string text(const Expr& expr, bool qualified) const;
  // The same in a list of keys: what is no plain column stands in parentheses.
  [[nodiscard]] std::string keyText(const Expr& expr) const;
  [[nodiscard]] std::string joined(const std::vector<Expr>& list, bool qualified) const;
  [[nodiscard]] std::vector<PlanColumn> columnsOf(const PlanBase& base) const;
  [[nodiscard]] PlanColumn columnOf(const Expr& expr) const;

  const Planner& m_planner;
  const PlanSettings& m_settings;
  const QueryBlock& m_block;
};

}  // namespace console
