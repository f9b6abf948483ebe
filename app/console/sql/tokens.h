// SPDX-License-Identifier: GPL-3.0-or-later
// SQL text into tokens as PostgreSQL's scanner sees them, and statements split at semicolons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace console {

enum class TokenKind : std::uint8_t { Word, Quoted, Text, Number, Operator, End };

struct SqlToken {
  TokenKind kind = TokenKind::End;
  std::string text;    // words in lower case; the inside of "quoted" and 'text'
  std::size_t at = 0;  // where it begins in the statement
  std::size_t length = 0;
  [[nodiscard]] bool is(std::string_view word) const {
    return (kind == TokenKind::Word || kind == TokenKind::Operator) && text == word;
  }
};

struct TokenList {
  std::vector<SqlToken>
      tokens;         // ends with an End token, of length 1 when a semicolon stands there
  std::string error;  // scanner error, without "ERROR:  "
  std::size_t errorAt = 0;
};
[[nodiscard]] TokenList scanSql(std::string_view sql);

// What psql keeps while reading: statements that are complete, the rest, and the prompt's mark for
// it
// ('-', ''', '"', '*', '(' or '=').
struct SplitSql {
  std::vector<std::string> statements;  // with their semicolons
  std::string rest;
  char mark = '=';
};
[[nodiscard]] SplitSql splitStatements(std::string_view text);

}  // namespace console
