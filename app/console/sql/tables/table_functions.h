// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of the server that look at user tables, locks and memory.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "console/sql/plan/evaluate.h"

namespace console {

class TableWork;

[[nodiscard]] std::optional<Value> serverFunction(TableWork& work, const Expr& call,
                                                  const std::vector<Value>& args,
                                                  std::optional<SqlFailure>& failure);
// Of a scalar subquery, and of EXISTS.
[[nodiscard]] std::optional<Value> subqueryValue(TableWork& work, const Expr& expr,
                                                 std::optional<SqlFailure>& failure);
// Names only these functions and the Evaluator's know: a query that calls one is theirs.
[[nodiscard]] bool knownOnlyHere(std::string_view function);

}  // namespace console
