// SPDX-License-Identifier: GPL-3.0-or-later
// A small PL/pgSQL: DO blocks and functions with variables, IF, loops, EXECUTE, PERFORM, RAISE,
// RETURN and plain SQL statements. Loops that only let an array grow are gone through in leaps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/evaluate.h"

namespace console {

class TableWork;

// Runs a DO block; false: it failed, and that was told.
bool runBlock(TableWork& work, const std::string& body);
// A function of the server, by its stored definition; nothing when there is none of that name.
[[nodiscard]] std::optional<Value> callFunction(TableWork& work, const Expr& call,
                                                const std::vector<Value>& args,
                                                std::optional<SqlFailure>& failure);

struct FunctionDefinition {
  std::string name, language, body, signature;                 // signature: "recinf()"
  std::vector<std::pair<std::string, std::string>> arguments;  // name, type
};
// CREATE [OR REPLACE] FUNCTION read apart; nothing when it has another form.
[[nodiscard]] std::optional<FunctionDefinition> readFunction(const std::string& statement);

}  // namespace console
