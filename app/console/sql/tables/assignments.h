// SPDX-License-Identifier: GPL-3.0-or-later
// SET column = expression, ... of an UPDATE, and what becomes of the expressions that made a table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/syntax.h"
#include "console/sql/statements.h"
#include "sim/relation.h"

namespace console {

struct ColumnAssignment {
  std::string column;
  Expr value;
  std::size_t at = 0;  // place of the column's name in the statement
};
// Reads the list that begins with the token behind SET; end: the token it ended before. Nothing:
// no such list.
[[nodiscard]] std::optional<std::vector<ColumnAssignment>> readAssignments(const Statement& s,
                                                                           std::size_t at,
                                                                           std::size_t& end);
// condition: null for every row. Columns whose values can no longer be told have no source.
void assign(sim::Relation& relation, const std::vector<ColumnAssignment>& assignments,
            const Expr* condition);

}  // namespace console
