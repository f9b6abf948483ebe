// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tokens.h"

#include <algorithm>

#include "base/text.h"

namespace console {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool isWord(char c) {
  return isWordStart(c) || isDigit(c) || c == '$';
}
bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// "$$" or "$tag$" at the beginning; empty: none.
std::string_view dollarMark(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && isWord(text[end]) && text[end] != '$' &&
         (end > 1 || !isDigit(text[end]))) {
    ++end;
  }
  return end < text.size() && text[end] == '$' ? text.substr(0, end + 1) : std::string_view();
}

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : m_sql(sql) {}

  TokenList run() {
    while (m_list.error.empty()) {
      skipBlanks();
      if (m_at >= m_sql.size() || m_sql[m_at] == ';' || !m_list.error.empty()) break;
      scanOne();
    }
    const bool semicolon = m_at < m_sql.size() && m_sql[m_at] == ';';
    m_list.tokens.push_back(
        {TokenKind::End, semicolon ? ";" : "", std::min(m_at, m_sql.size()), semicolon ? 1u : 0u});
    return std::move(m_list);
  }

 private:
  void fail(std::string text, std::size_t at) {
    m_list.error = std::move(text);
    m_list.errorAt = at;
  }
  void add(TokenKind kind, std::string text, std::size_t start) {
    m_list.tokens.push_back({kind, std::move(text), start, m_at - start});
  }

  void skipBlanks() {
    while (m_at < m_sql.size()) {
      if (isBlank(m_sql[m_at])) {
        ++m_at;
      } else if (m_sql.substr(m_at, 2) == "--") {
        while (m_at < m_sql.size() && m_sql[m_at] != '\n') ++m_at;
      } else if (m_sql.substr(m_at, 2) == "/*") {
        const std::size_t close = m_sql.find("*/", m_at + 2);
        if (close == std::string_view::npos)
          return fail(
              "unterminated /* comment at or near \"" + std::string(m_sql.substr(m_at)) + "\"",
              m_at);
        m_at = close + 2;
      } else {
        return;
      }
    }
  }

  void scanOne() {
    const std::size_t start = m_at;
    const char c = m_sql[m_at];
    const bool escape =
        (c == 'e' || c == 'E') && m_at + 1 < m_sql.size() && m_sql[m_at + 1] == '\'';
    if (c == '\'' || escape) return quoted(start, '\'', TokenKind::Text, escape);
    if (c == '"') return quoted(start, '"', TokenKind::Quoted, false);
    if (isDigit(c) || (c == '.' && m_at + 1 < m_sql.size() && isDigit(m_sql[m_at + 1])))
      return number(start);
    if (c == '$' && dollarQuoted(start)) return;
    if (isWordStart(c)) {
      while (m_at < m_sql.size() && isWord(m_sql[m_at])) ++m_at;
      return add(TokenKind::Word, base::lower(m_sql.substr(start, m_at - start)), start);
    }
    constexpr std::string_view kOperators[] = {
        "!~~*", "!~*", "!~~", "~~*", "->>", "::", "||", "<=", ">=", "<>", "!=", "~*",
        "!~",   "~~",  "->",  ":=",  "#>>", "#>", "@>", "<@", "&&", "<<", ">>", "|/"};
    for (const std::string_view op : kOperators) {
      if (m_sql.substr(m_at, op.size()) != op) continue;
      m_at += op.size();
      return add(TokenKind::Operator, std::string(op), start);
    }
    ++m_at;
    add(TokenKind::Operator, std::string(1, c), start);
  }

  // $$text$$ and $tag$text$tag$.
  bool dollarQuoted(std::size_t start) {
    const std::string_view mark = dollarMark(m_sql.substr(start));
    if (mark.empty()) return false;
    const std::size_t close = m_sql.find(mark, start + mark.size());
    if (close == std::string_view::npos) {
      fail("unterminated dollar-quoted string at or near \"" + std::string(m_sql.substr(start)) +
               "\"",
           start);
      return true;
    }
    m_at = close + mark.size();
    add(TokenKind::Text,
        std::string(m_sql.substr(start + mark.size(), close - start - mark.size())), start);
    return true;
  }

  void quoted(std::size_t start, char quote, TokenKind kind, bool escapes) {
    m_at += escapes ? 2 : 1;
    std::string text;
    while (m_at < m_sql.size()) {
      const char c = m_sql[m_at++];
      if (escapes && c == '\\' && m_at < m_sql.size()) {
        const char next = m_sql[m_at++];
        text += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      } else if (c != quote) {
        text += c;
      } else if (m_at < m_sql.size() && m_sql[m_at] == quote) {
        text += quote;
        ++m_at;
      } else {
        if (kind == TokenKind::Quoted && text.empty())
          return fail("zero-length delimited identifier at or near \"\"\"\"", start);
        return add(kind, std::move(text), start);
      }
    }
    fail(std::string(quote == '"' ? "unterminated quoted identifier"
                                  : "unterminated quoted string") +
             " at or near \"" + std::string(m_sql.substr(start)) + "\"",
         start);
  }

  void number(std::size_t start) {
    while (m_at < m_sql.size() && isDigit(m_sql[m_at])) ++m_at;
    if (m_at < m_sql.size() && m_sql[m_at] == '.') {
      ++m_at;
      while (m_at < m_sql.size() && isDigit(m_sql[m_at])) ++m_at;
    }
    const auto digitAt = [&](std::size_t i) { return i < m_sql.size() && isDigit(m_sql[i]); };
    if (m_at < m_sql.size() && (m_sql[m_at] == 'e' || m_sql[m_at] == 'E')) {
      const bool sign =
          m_at + 1 < m_sql.size() && (m_sql[m_at + 1] == '-' || m_sql[m_at + 1] == '+');
      if (digitAt(m_at + (sign ? 2u : 1u))) {
        m_at += sign ? 2 : 1;
        while (digitAt(m_at)) ++m_at;
      }
    }
    if (m_at < m_sql.size() && isWord(m_sql[m_at])) {
      while (m_at < m_sql.size() && isWord(m_sql[m_at])) ++m_at;
      return fail("trailing junk after numeric literal at or near \"" +
                      std::string(m_sql.substr(start, m_at - start)) + "\"",
                  start);
    }
    add(TokenKind::Number, std::string(m_sql.substr(start, m_at - start)), start);
  }

  std::string_view m_sql;
  std::size_t m_at = 0;
  TokenList m_list;
};

}  // namespace

TokenList scanSql(std::string_view sql) {
  return Scanner(sql).run();
}

SplitSql splitStatements(std::string_view text) {
  SplitSql result;
  std::size_t start = 0;
  char inside = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside == '*') {
      if (c == '*' && i + 1 < text.size() && text[i + 1] == '/') {
        inside = 0;
        ++i;
      }
    } else if (inside != 0) {
      if (c == inside) inside = 0;
    } else if (c == '$' && (i == 0 || !isWord(text[i - 1])) &&
               !dollarMark(text.substr(i)).empty()) {
      const std::string_view mark = dollarMark(text.substr(i));
      const std::size_t close = text.find(mark, i + mark.size());
      if (close == std::string_view::npos) {
        inside = '$';
        break;
      }
      i = close + mark.size() - 1;
    } else if (c == '\'' || c == '"') {
      inside = c;
    } else if (c == '-' && i + 1 < text.size() && text[i + 1] == '-') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (c == '/' && i + 1 < text.size() && text[i + 1] == '*') {
      inside = '*';
      ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      depth = depth > 0 ? depth - 1 : 0;
    } else if (c == ';' && depth == 0) {
      result.statements.emplace_back(text.substr(start, i + 1 - start));
      start = i + 1;
    }
  }
  result.rest = std::string(text.substr(std::min(start, text.size())));
  const bool blank = base::trim(result.rest).empty();
  result.mark = inside != 0 ? inside : depth > 0 ? '(' : blank ? '=' : '-';
  return result;
}

}  // namespace console
