// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a query's result, as far as they follow from how the tables were made.
#pragma once

#include <optional>

#include "console/sql/plan/planner.h"
#include "console/sql/result_table.h"

namespace console {

struct Answer {
  std::optional<SqlFailure> failure;
  ResultTable table;
};
// plan: of the query, already run. scope: functions and limits for expressions.
[[nodiscard]] Answer answerQuery(const SelectQuery& query, const PlanNode& plan,
                                 const PlanContext& context, const EvaluationScope& scope);

}  // namespace console
