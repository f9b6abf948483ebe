// SPDX-License-Identifier: GPL-3.0-or-later
// Small things the path builder's files share: rounding of row counts, names of sort orders.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "console/sql/plan/plan_node.h"

namespace console {

constexpr double kMostPlanRows = 1e15;

inline double clampRows(double rows) {
  return std::clamp(std::floor(rows + 0.5), 1.0, kMostPlanRows);
}

inline std::string keyOf(const PlanColumn& column) {
  return column.table.empty() ? column.info.name : column.table + "." + column.info.name;
}

inline bool startsWith(const std::vector<std::string>& have,
                       const std::vector<std::string>& wanted) {
  return have.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), have.begin());
}

inline void scale(PlanNode& node, double divisor) {
  node.divisor = divisor;
  node.rows = clampRows(node.rows / divisor);
  node.realRows /= divisor;
}

}  // namespace console
