// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/awk/scanner.h"

#include <algorithm>

#include "console/text/format.h"

namespace console::awk {
namespace {

using Type = Token::Type;

constexpr std::string_view kWords[] = {
    "BEGIN", "END",  "function", "func",     "if",     "else",   "while", "for",    "do",     "in",
    "next",  "exit", "break",    "continue", "return", "delete", "print", "printf", "getline"};
constexpr std::string_view kOperators[] = {"**=", "&&", "||", "==", "!=", "<=", ">=", "++", "--",
                                           "+=",  "-=", "*=", "/=", "%=", "^=", "**", ">>", "!~",
                                           "{",   "}",  "(",  ")",  "[",  "]",  ";",  ",",  "+",
                                           "-",   "*",  "/",  "%",  "^",  "!",  ">",  "<",  "|",
                                           "?",   ":",  "~",  "$",  "="};

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}

  base::Result<std::vector<Token>> run() {
    while (skipBlanks(), m_at < m_text.size()) {
      if (auto result = one(); !result) return result.error();
    }
    add(Type::End, "");
    return std::move(m_tokens);
  }

 private:
  base::Error error(const std::string& what) const {
    return {"syntax", "", "line " + std::to_string(m_line) + ": " + what};
  }

  void add(Type type, std::string text, double number = 0) {
    m_tokens.push_back({type, std::move(text), number, m_line});
  }

  void skipBlanks() {
    while (m_at < m_text.size()) {
      const char c = m_text[m_at];
      if (c == ' ' || c == '\t' || c == '\r') {
        ++m_at;
      } else if (c == '\\' && m_text.substr(m_at, 2) == "\\\n") {
        m_at += 2;
        ++m_line;
      } else if (c == '#') {
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
      } else {
        return;
      }
    }
  }

  [[nodiscard]] bool regexMayBegin() const {
    if (m_tokens.empty()) return true;
    const Token& last = m_tokens.back();
    if (last.type == Type::Number || last.type == Type::Text || last.type == Type::Name)
      return false;
    return !(last.is(")") || last.is("]") || last.is("$") || last.is("++") || last.is("--"));
  }

  base::Result<> one() {
    const char c = m_text[m_at];
    if (c == '\n') {
      add(Type::Newline, "\n");
      ++m_line;
      ++m_at;
      return base::Nothing{};
    }
    if (c == '"') return quoted('"', Type::Text);
    if (c == '/' && regexMayBegin()) return quoted('/', Type::Regex);
    if (isDigit(c) || (c == '.' && m_at + 1 < m_text.size() && isDigit(m_text[m_at + 1]))) {
      std::size_t used = 0;
      const double value = leadingDouble(m_text.substr(m_at), &used);
      add(Type::Number, std::string(m_text.substr(m_at, used)), value);
      m_at += std::max<std::size_t>(used, 1);
      return base::Nothing{};
    }
    if (isLetter(c)) {
      word();
      return base::Nothing{};
    }
    for (const std::string_view op : kOperators) {
      if (m_text.substr(m_at, op.size()) != op) continue;
      m_at += op.size();
      add(Type::Operator, op == "**" ? "^" : op == "**=" ? "^=" : std::string(op));
      return base::Nothing{};
    }
    return error(std::string("syntax error at or near ") + c);
  }

  void word() {
    const std::size_t start = m_at;
    while (m_at < m_text.size() && (isLetter(m_text[m_at]) || isDigit(m_text[m_at]))) ++m_at;
    const std::string name(m_text.substr(start, m_at - start));
    if (std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords)) {
      add(Type::Word, name == "func" ? "function" : name);
    } else {
      add(m_at < m_text.size() && m_text[m_at] == '(' ? Type::Call : Type::Name, name);
    }
  }

  base::Result<> quoted(char quote, Type type) {
    std::string inside;
    for (++m_at; m_at < m_text.size() && m_text[m_at] != quote && m_text[m_at] != '\n'; ++m_at) {
      if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
        const bool drops = type == Type::Regex && m_text[m_at + 1] == '/';
        if (!drops) inside += m_text[m_at];
        ++m_at;
      }
      inside += m_text[m_at];
    }
    if (m_at >= m_text.size() || m_text[m_at] != quote) {
      return error(
          (type == Type::Text ? "runaway string constant \"" : "runaway regular expression /") +
          inside.substr(0, 20) + " ...");
    }
    ++m_at;
    add(type, type == Type::Text ? unescapedText(inside) : inside);
    return base::Nothing{};
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  int m_line = 1;
  std::vector<Token> m_tokens;
};

}  // namespace

base::Result<std::vector<Token>> scan(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace console::awk
