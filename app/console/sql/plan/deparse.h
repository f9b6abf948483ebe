// SPDX-License-Identifier: GPL-3.0-or-later
// An expression as EXPLAIN prints it (ruleutils.c): parentheses around operators, types at
// literals.
#pragma once

#include <functional>
#include <string>

#include "console/sql/plan/syntax.h"

namespace console {

struct DeparseNames {
  // How a column is written: "a" or "big.a".
  std::function<std::string(const Expr& column)> column;
  // The type a quoted literal takes beside this expression: "text", "integer".
  std::function<std::string(const Expr& other)> typeOf;
};
[[nodiscard]] std::string deparse(const Expr& expr, const DeparseNames& names);

}  // namespace console
