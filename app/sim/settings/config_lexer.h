// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a PostgreSQL configuration file. Longest match first, as the server's own scanner
// takes them: "1.5GB" is a number and a word, "8MB" is one number.
#pragma once

#include <string_view>

namespace sim::settings {

enum class Word : unsigned char {
  EndOfFile,
  EndOfLine,
  Identifier,
  QualifiedIdentifier,
  Quoted,
  Bare,
  Integer,
  Real,
  Equals,
  Stray
};

class ConfigLexer {
 public:
  explicit ConfigLexer(std::string_view text) : m_rest(text) {}
  Word next();
  [[nodiscard]] std::string_view text() const { return m_text; }
  // The line the next word is on, or one more after an end of line.
  [[nodiscard]] int line() const { return m_line; }

 private:
  Word take(std::size_t length, Word word);

  std::string_view m_rest;
  std::string_view m_text;
  int m_line = 1;
};

}  // namespace sim::settings
