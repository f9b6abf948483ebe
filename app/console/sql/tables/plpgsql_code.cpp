// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/plpgsql_code.h"

#include <algorithm>

#include "base/text.h"

namespace console {
namespace {

using Kind = CodeStatement::Kind;

// The scanner stops at semicolons; here they only end statements.
class CodeReader {
 public:
  explicit CodeReader(const std::string& text) : m_text(text) {
    std::size_t from = 0;
    while (from < text.size()) {
      TokenList list = scanSql(std::string_view(text).substr(from));
      if (!list.error.empty()) {
        m_error = list.error;
        break;
      }
      const SqlToken end = list.tokens.back();
      list.tokens.pop_back();
      for (SqlToken& token : list.tokens) {
        token.at += from;
        m_list.tokens.push_back(std::move(token));
      }
      if (end.length == 0) break;
      m_list.tokens.push_back({TokenKind::End, ";", from + end.at, 1});
      from += end.at + 1;
    }
    m_list.tokens.push_back({TokenKind::End, "", text.size(), 0});
  }

  CodeReading read() {
    CodeBlock block;
    if (accept("declare")) {
      while (m_error.empty() && !token().is("begin") && !finished()) variable(block);
    }
    if (!accept("begin")) unexpected();
    block.body = statements();
    if (!accept("end")) unexpected();
    if (!m_error.empty()) return {std::nullopt, m_error};
    return {std::move(block), {}};
  }

 private:
  [[nodiscard]] const SqlToken& token(std::size_t ahead = 0) const {
    return m_list.tokens[std::min(m_at + ahead, m_list.tokens.size() - 1)];
  }
  [[nodiscard]] bool finished() const { return m_at + 1 >= m_list.tokens.size(); }
  bool accept(std::string_view word) {
    if (!token().is(word)) return false;
    ++m_at;
    return true;
  }
  void unexpected() {
    if (!m_error.empty()) return;
    m_error = finished()
                  ? "syntax error at end of input"
                  : "syntax error at or near \"" + m_text.substr(token().at, token().length) + "\"";
  }
  void semicolon() {
    if (token().kind == TokenKind::End && !finished()) {
      ++m_at;
    } else {
      unexpected();
    }
  }

  std::optional<Expr> expression(std::string* text = nullptr) {
    SyntaxReader reader(m_list, m_text, m_at);
    std::optional<Expr> expr = reader.expression();
    if (!expr) {
      if (m_error.empty()) m_error = reader.error().text;
      return std::nullopt;
    }
    if (text != nullptr) {
      const SqlToken& last = m_list.tokens[reader.at() - 1];
      *text = m_text.substr(token().at, last.at + last.length - token().at);
    }
    m_at = reader.at();
    return expr;
  }

  void variable(CodeBlock& block) {
    CodeBlock::Variable one;
    one.name = token().text;
    ++m_at;
    SyntaxReader reader(m_list, m_text, m_at);
    const std::optional<std::string> type = reader.typeName();
    if (!type) return unexpected();
    one.type = *type;
    m_at = reader.at();
    if (accept(":=") || accept("=") || accept("default")) one.initial = expression();
    semicolon();
    block.variables.push_back(std::move(one));
  }

  std::vector<CodeStatement> statements() {
    std::vector<CodeStatement> list;
    if (++m_depth > 50) unexpected();
    while (m_error.empty() && !finished() && !token().is("end") && !token().is("else") &&
           !token().is("elsif")) {
      list.push_back(statement());
    }
    --m_depth;
    return list;
  }

  CodeStatement statement() {
    CodeStatement s;
    s.line =
        1 + static_cast<int>(std::count(
                m_text.begin(), m_text.begin() + static_cast<std::ptrdiff_t>(token().at), '\n'));
    if (accept("if")) return conditional(std::move(s));
    if (accept("for")) return counting(std::move(s));
    if (accept("while")) {
      s.kind = Kind::While;
      s.expr = expression();
      return looping(std::move(s));
    }
    if (token().is("loop")) {
      s.kind = Kind::Loop;
      return looping(std::move(s));
    }
    if (accept("exit")) {
      s.kind = Kind::Exit;
      if (accept("when")) s.expr = expression();
    } else if (accept("execute") || accept("perform") || accept("return")) {
      const std::string word = m_list.tokens[m_at - 1].text;
      s.kind = word == "execute" ? Kind::Execute : word == "perform" ? Kind::Perform : Kind::Return;
      if (token().kind != TokenKind::End) s.expr = expression(&s.text);
    } else if (accept("raise")) {
      raise(s);
    } else if (accept("null")) {
      s.kind = Kind::Nothing;
    } else if (assigns()) {
      assignment(s);
    } else {
      plain(s);
    }
    if (m_error.empty()) semicolon();
    return s;
  }

  [[nodiscard]] bool assigns() const {
    if (token().kind != TokenKind::Word) return false;
    if (token(1).is(":=") || token(1).is("=")) return true;
    return token(1).is("[");
  }

  void assignment(CodeStatement& s) {
    s.kind = Kind::Assign;
    const std::size_t start = token().at;
    s.target = token().text;
    ++m_at;
    if (accept("[")) {
      s.index = expression();
      if (!accept("]")) return unexpected();
    }
    if (!accept(":=") && !accept("=")) return unexpected();
    s.expr = expression();
    s.text = m_text.substr(start, token().at - start);
  }

  void raise(CodeStatement& s) {
    s.kind = Kind::Raise;
    s.target = token().text;
    ++m_at;
    s.expr = expression();
    while (m_error.empty() && accept(",")) {
      if (std::optional<Expr> one = expression()) s.list.push_back(std::move(*one));
    }
  }

  // An SQL statement up to its semicolon.
  void plain(CodeStatement& s) {
    s.kind = Kind::Sql;
    const std::size_t start = token().at;
    while (token().kind != TokenKind::End) ++m_at;
    s.text = std::string(base::trim(std::string_view(m_text).substr(start, token().at - start)));
  }

  CodeStatement conditional(CodeStatement s) {
    s.kind = Kind::If;
    s.expr = expression();
    if (!accept("then")) unexpected();
    s.body = statements();
    if (accept("elsif")) {
      if (++m_depth > 50) unexpected();
      s.otherwise.push_back(conditional({}));
      return s;
    }
    if (accept("else")) s.otherwise = statements();
    if (!accept("end") || !accept("if")) unexpected();
    if (m_error.empty()) semicolon();
    return s;
  }

  CodeStatement counting(CodeStatement s) {
    s.kind = Kind::For;
    s.target = token().text;
    ++m_at;
    if (!accept("in")) unexpected();
    if (m_error.empty()) s.expr = expression();
    if (!accept("@")) unexpected();
    if (m_error.empty()) s.second = expression();
    return looping(std::move(s));
  }

  CodeStatement looping(CodeStatement s) {
    if (!accept("loop")) unexpected();
    s.body = statements();
    if (!accept("end") || !accept("loop")) unexpected();
    if (m_error.empty()) semicolon();
    return s;
  }

  const std::string& m_text;
  TokenList m_list;
  std::size_t m_at = 0;
  int m_depth = 0;
  std::string m_error;
};

}  // namespace

CodeReading readCode(const std::string& text) {
  // "0..599" is two numbers, whatever a number may look like.
  const std::string spaced = base::replaceAll(text, "..", " @ ");
  CodeReading reading = CodeReader(spaced).read();
  return reading;
}

}  // namespace console
