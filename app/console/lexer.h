// SPDX-License-Identifier: GPL-3.0-or-later
// A line of shell into operators and words with their quoting, here-documents included. What the
// tokens make together is parser.h's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/parser.h"

namespace console {

struct Token {
  std::string op;          // empty: a word
  std::string descriptor;  // digits right before a redirection's sign
  ShellWord word;
  std::size_t from = 0, to = 0;  // where it stands in the line
  std::string document;          // of a here-document's delimiter: the lines as they were written
};

// Errors as parser.h has them.
[[nodiscard]] base::Result<std::vector<Token>> shellTokens(std::string_view line);
// What the tokens of a line make together.
[[nodiscard]] ParsedLine parsedTokens(std::string_view line, std::vector<Token> tokens);
// The word after the operator inside of ${NAME:-WORD}: blanks are part of it.
[[nodiscard]] base::Result<ShellWord> wordInBraces(std::string_view text);

}  // namespace console
