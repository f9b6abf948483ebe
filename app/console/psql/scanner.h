// SPDX-License-Identifier: GPL-3.0-or-later
// What psql makes of typed lines: statements that end in semicolons, backslash commands, and
// variables that are put in. Works a character at a time on a state that is kept between lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell_state.h"

namespace console {

// A variable's value; nothing: there is none of that name.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

// Goes through a line from `at` on and adds what belongs to the statement to `buffer`. Stops behind
// a semicolon that ends a statement, before a backslash, or at the end of the line.
enum class ScanStop : char { LineEnd, Semicolon, Backslash };
ScanStop scanLine(std::string_view line, std::size_t& at, ScanState& state, std::string& buffer,
                  const VariableLookup& variable);

// The mark of the prompt for what is open: = - ( ' " $ *.
[[nodiscard]] char promptMark(const ScanState& state, const std::string& buffer);

// A backslash command and its arguments, read from the line at the backslash; at moves past them.
struct MetaWords {
  std::string name;
  std::vector<std::string> args;
  std::string raw;    // everything to the end of the line, variables not put in
  std::string error;  // an unterminated quotation
};
[[nodiscard]] MetaWords readMeta(std::string_view line, std::size_t& at,
                                 const VariableLookup& variable);

// 'text' and "name" with what stands inside doubled.
[[nodiscard]] std::string quotedLiteral(std::string_view text);
[[nodiscard]] std::string quotedName(std::string_view text);

}  // namespace console
