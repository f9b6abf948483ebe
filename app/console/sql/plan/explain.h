// SPDX-License-Identifier: GPL-3.0-or-later
// EXPLAIN's output for a plan, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "console/sql/plan/plan_node.h"
#include "console/sql/plan/run_plan.h"

namespace console {

struct ExplainOptions {
  bool analyze = false, verbose = false, costs = true, buffers = false, timing = true,
       summary = false, settings = false, wal = false;
  bool json = false;
};

struct ExplainFacts {
  double planningMs = 0.1, executionMs = 0;
  std::int64_t planningHits = 0;  // catalogue pages looked up while planning
  bool compiled = false;
};

[[nodiscard]] std::vector<std::string> explainText(const PlanNode& plan,
                                                   const ExplainOptions& options,
                                                   const ExplainFacts& facts);
[[nodiscard]] std::string explainJson(const PlanNode& plan, const ExplainOptions& options,
                                      const ExplainFacts& facts);

// "Finalize GroupAggregate", "Parallel Seq Scan on big x".
[[nodiscard]] std::string nodeTitle(const PlanNode& node);
[[nodiscard]] std::int64_t shownRows(const PlanNode& node);

}  // namespace console
