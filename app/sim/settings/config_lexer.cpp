// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/config_lexer.h"

#include <array>
#include <cstddef>

namespace sim::settings {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isUnitLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isLetter(char c) {
  return isUnitLetter(c) || c == '_' || (c & 0x80) != 0;
}
bool isIdentifierPart(char c) {
  return isLetter(c) || isDigit(c);
}
bool isBarePart(char c) {
  return isIdentifierPart(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '/';
}
bool isHexDigit(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <typename Predicate>
std::size_t run(std::string_view text, std::size_t from, Predicate wanted) {
  while (from < text.size() && wanted(text[from])) ++from;
  return from;
}

std::size_t signLength(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
}

std::size_t identifierLength(std::string_view text) {
  return !text.empty() && isLetter(text[0]) ? run(text, 1, isIdentifierPart) : 0;
}

std::size_t qualifiedLength(std::string_view text) {
  const std::size_t first = identifierLength(text);
  if (first == 0 || first >= text.size() || text[first] != '.') return 0;
  const std::size_t second = identifierLength(text.substr(first + 1));
  return second == 0 ? 0 : first + 1 + second;
}

// Closed by a quote that is not doubled, on the same line unless a backslash hides the end.
std::size_t quotedLength(std::string_view text) {
  if (text.empty() || text[0] != '\'') return 0;
  std::size_t longest = 0;
  std::size_t i = 1;
  while (i < text.size()) {
    if (text[i] == '\\') {
      if (i + 1 >= text.size() || text[i + 1] == '\n') break;
      i += 2;
    } else if (text[i] == '\'') {
      longest = i + 1;
      if (i + 1 >= text.size() || text[i + 1] != '\'') break;
      i += 2;
    } else if (text[i] == '\n') {
      break;
    } else {
      ++i;
    }
  }
  return longest;
}

std::size_t bareLength(std::string_view text) {
  return !text.empty() && isLetter(text[0]) ? run(text, 1, isBarePart) : 0;
}

std::size_t integerLength(std::string_view text) {
  const std::size_t start = signLength(text);
  std::size_t end = run(text, start, isDigit);
  if (end == start) return 0;
  if (end == start + 1 && text[start] == '0' && end < text.size() && text[end] == 'x') {
    const std::size_t hex = run(text, end + 1, isHexDigit);
    if (hex > end + 1) end = hex;
  }
  return run(text, end, isUnitLetter);
}

std::size_t realLength(std::string_view text) {
  const std::size_t point = run(text, signLength(text), isDigit);
  if (point >= text.size() || text[point] != '.') return 0;
  const std::size_t end = run(text, point + 1, isDigit);
  if (end >= text.size() || (text[end] != 'e' && text[end] != 'E')) return end;
  const std::size_t digits = end + 1 + signLength(text.substr(end + 1));
  const std::size_t exponent = run(text, digits, isDigit);
  return exponent > digits ? exponent : end;
}

}  // namespace

Word ConfigLexer::take(std::size_t length, Word word) {
  m_text = m_rest.substr(0, length);
  m_rest.remove_prefix(length);
  return word;
}

Word ConfigLexer::next() {
  while (!m_rest.empty()) {
    const char c = m_rest.front();
    if (c == ' ' || c == '\t' || c == '\r') {
      m_rest.remove_prefix(1);
    } else if (c == '#') {
      m_rest.remove_prefix(run(m_rest, 0, [](char other) { return other != '\n'; }));
    } else {
      break;
    }
  }
  if (m_rest.empty()) return take(0, Word::EndOfFile);
  if (m_rest.front() == '\n') {
    ++m_line;
    return take(1, Word::EndOfLine);
  }
  // Among equally long matches the first of this order counts.
  struct Match {
    std::size_t length;
    Word word;
  };
  const std::array<Match, 6> matches = {{{identifierLength(m_rest), Word::Identifier},
                                         {qualifiedLength(m_rest), Word::QualifiedIdentifier},
                                         {quotedLength(m_rest), Word::Quoted},
                                         {bareLength(m_rest), Word::Bare},
                                         {integerLength(m_rest), Word::Integer},
                                         {realLength(m_rest), Word::Real}}};
  Match best{0, Word::Stray};
  for (const Match& match : matches) {
    if (match.length > best.length) best = match;
  }
  if (best.length > 0) return take(best.length, best.word);
  return take(1, m_rest.front() == '=' ? Word::Equals : Word::Stray);
}

}  // namespace sim::settings
