// SPDX-License-Identifier: GPL-3.0-or-later
// An awk program as a tree. Nodes are plain values: a kind, a word, a number and children.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/text/pattern.h"

namespace console::awk {

enum class Kind : std::uint8_t {
  // expressions
  Number,
  Text,
  Regex,
  Name,
  Element,
  Field,
  Assign,
  Conditional,
  And,
  Or,
  Not,
  Negate,
  Plus,
  In,
  Match,
  NoMatch,
  Compare,
  Concatenate,
  Arithmetic,
  Increment,
  Call,
  Function,
  Group,
  GetLine,
  // statements
  Block,
  If,
  While,
  Do,
  For,
  ForIn,
  Next,
  Exit,
  Break,
  Continue,
  Return,
  Delete,
  Print,
  PrintFormat,
  Expression
};

struct Node {
  Kind kind = Kind::Number;
  std::string text;  // a name, an operator, a text
  double number = 0;
  std::vector<Node> kids;
  std::optional<Pattern> pattern;  // of a Regex
  bool prefix = false;             // ++x rather than x++
};

struct Rule {
  enum class When : std::uint8_t { Begin, Always, Pattern, Range, End } when = When::Always;
  std::vector<Node> patterns;  // one, or two of a range
  std::optional<Node> action;  // without: print
};

struct Function {
  std::vector<std::string> parameters;
  Node body;
};

struct Program {
  std::vector<Rule> rules;
  std::map<std::string, Function> functions;
};

// Errors carry mawk's words after "awk: ".
[[nodiscard]] base::Result<Program> parse(std::string_view text);

// Whether the program reads input at all: one of BEGIN rules alone does not.
[[nodiscard]] bool readsInput(const Program& program);

}  // namespace console::awk
