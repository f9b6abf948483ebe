// SPDX-License-Identifier: GPL-3.0-or-later
// PL/pgSQL text into statements.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "console/sql/plan/syntax.h"

namespace console {

struct CodeStatement {
  enum class Kind : std::uint8_t {
    Assign,   // target [index] := expr
    If,       // expr; body, otherwise
    For,      // target in expr .. second; body
    While,    // expr; body
    Loop,     // body
    Exit,     // [when expr]
    Execute,  // expr
    Perform,  // expr
    Return,   // [expr]
    Raise,    // target: level; expr: message; list
    Sql,      // text
    Nothing,
  };
  Kind kind = Kind::Nothing;
  int line = 1;
  std::string target, text;  // text: of the expression or statement, as written
  std::optional<Expr> expr, second, index;
  std::vector<Expr> list;
  std::vector<CodeStatement> body, otherwise;
};

struct CodeBlock {
  struct Variable {
    std::string name, type;
    std::optional<Expr> initial;
  };
  std::vector<Variable> variables;
  std::vector<CodeStatement> body;
};
// Or what the server says about it.
struct CodeReading {
  std::optional<CodeBlock> block;
  std::string error;
};
[[nodiscard]] CodeReading readCode(const std::string& text);

}  // namespace console
