// SPDX-License-Identifier: GPL-3.0-or-later
// The memory contexts below ExecutorState of a plan that runs or was stopped for want of memory:
// what each node made when it was initialised and what it has made since. Which contexts a node
// makes, and in what order, is read off PostgreSQL 15's executor (ExecInit*, ExecHashTableCreate);
// a list begins with the newest. Sizes are bytes.
#pragma once

#include <string>
#include <vector>

#include "console/sql/plan/plan_node.h"

namespace console {

// Lines of a context dump, relative to ExecutorState. The node that failed has its run.lack.
[[nodiscard]] std::vector<std::string> planContexts(const PlanNode& root);
// A hash join asks for a first outer row before it builds its table when that row is the cheaper
// of the two (ExecHashJoinImpl); true where that runs the whole outer side.
[[nodiscard]] bool outerRunsFirst(const PlanNode& join);
// Nodes of a plan, the root included.
[[nodiscard]] std::int64_t nodeCount(const PlanNode& root);
// Whether it sorts, hashes or groups rows.
[[nodiscard]] bool comparesRows(const PlanNode& root);

}  // namespace console
