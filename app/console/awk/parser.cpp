// SPDX-License-Identifier: GPL-3.0-or-later
// Awk's grammar by recursive descent, bounded in depth.
#include <algorithm>

#include "console/awk/program.h"
#include "console/awk/scanner.h"

namespace console::awk {
namespace {

using Type = Token::Type;
constexpr int kDepthLimit = 100;

struct SyntaxError {
  std::string text;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

  Program run() {
    Program program;
    for (skipEnds(); token().type != Type::End; skipEnds()) {
      if (token().is("function")) {
        function(program);
      } else {
        rule(program);
      }
    }
    return program;
  }

 private:
  [[nodiscard]] const Token& token(std::size_t ahead = 0) const {
    return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
  }
  bool take(std::string_view what) {
    if (!token().is(what)) return false;
    ++m_at;
    return true;
  }
  void need(std::string_view what) {
    if (!take(what)) fail();
  }
  [[noreturn]] void fail() const {
    const Token& t = token();
    const std::string near = t.type == Type::End       ? "end of file"
                             : t.type == Type::Newline ? "unexpected newline"
                                                       : t.text;
    throw SyntaxError{"line " + std::to_string(t.line) + ": syntax error at or near " + near};
  }
  void skipNewlines() {
    while (token().type == Type::Newline) ++m_at;
  }
  void skipEnds() {
    while (token().type == Type::Newline || token().is(";")) ++m_at;
  }

  static Node node(Kind kind, std::string text, std::vector<Node> kids = {}) {
    Node made;
    made.kind = kind;
    made.text = std::move(text);
    made.kids = std::move(kids);
    return made;
  }
  template <typename... Nodes>
  static std::vector<Node> kids(Nodes&&... nodes) {
    std::vector<Node> all;
    (all.push_back(std::forward<Nodes>(nodes)), ...);
    return all;
  }

  std::string name() {
    if (token().type != Type::Name && token().type != Type::Call) fail();
    return m_tokens[m_at++].text;
  }

  void function(Program& program) {
    need("function");
    Function made;
    const std::string called = name();
    need("(");
    while (!take(")")) {
      made.parameters.push_back(name());
      if (!token().is(")")) need(",");
    }
    skipNewlines();
    made.body = block();
    program.functions[called] = std::move(made);
  }

  void rule(Program& program) {
    Rule made;
    if (take("BEGIN")) {
      made.when = Rule::When::Begin;
    } else if (take("END")) {
      made.when = Rule::When::End;
    } else if (!token().is("{")) {
      made.when = Rule::When::Pattern;
      made.patterns.push_back(expression());
      if (take(",")) {
        skipNewlines();
        made.when = Rule::When::Range;
        made.patterns.push_back(expression());
      }
    }
    if (token().is("{")) {
      made.action = block();
    } else if (made.when == Rule::When::Begin || made.when == Rule::When::End) {
      fail();
    }
    program.rules.push_back(std::move(made));
  }

  // -- statements --
  Node block() {
    need("{");
    Node made = node(Kind::Block, "");
    for (skipEnds(); !token().is("}"); skipEnds()) {
      if (token().type == Type::End) fail();
      made.kids.push_back(statement());
    }
    need("}");
    return made;
  }

  void endStatement() {
    if (token().is("}") || token().type == Type::End) return;
    if (token().type != Type::Newline && !token().is(";")) fail();
    ++m_at;
  }

  Node body() {
    skipNewlines();
    if (take(";")) return node(Kind::Block, "");
    return statement();
  }

  Node condition() {
    need("(");
    Node made = expression();
    need(")");
    return made;
  }

  Node statement() {
    const Depth deeper(*this);
    if (token().is("{")) return block();
    if (take("if")) {
      Node test = condition();
      Node made = node(Kind::If, "", kids(std::move(test), body()));
      const std::size_t before = m_at;
      skipEnds();
      if (take("else")) {
        made.kids.push_back(body());
      } else {
        m_at = before;
      }
      return made;
    }
    if (take("while")) {
      Node test = condition();
      return node(Kind::While, "", kids(std::move(test), body()));
    }
    if (take("do")) {
      Node inner = body();
      skipEnds();
      need("while");
      return node(Kind::Do, "", kids(std::move(inner), condition()));
    }
    if (take("for")) return loop();
    Node made = simple();
    endStatement();
    return made;
  }

  Node loop() {
    need("(");
    if (token().type == Type::Name && token(1).is("in") && token(2).type == Type::Name &&
        token(3).is(")")) {
      Node made = node(Kind::ForIn, token().text, kids(node(Kind::Name, token(2).text)));
      m_at += 4;
      made.kids.push_back(body());
      return made;
    }
    const auto part = [&](std::string_view end, bool test) {
      Node inner = node(Kind::Block, "");
      if (!token().is(end)) inner = test ? expression() : simple();
      if (test && inner.kind == Kind::Block) {
        inner.kind = Kind::Number;
        inner.number = 1;
      }
      need(end);
      return inner;
    };
    Node first = part(";", false);
    Node test = part(";", true);
    Node step = part(")", false);
    return node(Kind::For, "", kids(std::move(first), std::move(test), std::move(step), body()));
  }

  Node simple() {
    static constexpr std::pair<std::string_view, Kind> kWords[] = {
        {"next", Kind::Next}, {"break", Kind::Break}, {"continue", Kind::Continue}};
    for (const auto& [word, kind] : kWords) {
      if (take(word)) return node(kind, "");
    }
    if (token().is("exit") || token().is("return")) {
      Node made = node(token().is("exit") ? Kind::Exit : Kind::Return, "");
      ++m_at;
      const bool ends = token().is("}") || token().is(";") || token().type == Type::Newline ||
                        token().type == Type::End;
      if (!ends) made.kids.push_back(expression());
      return made;
    }
    if (take("delete")) {
      Node made = node(Kind::Delete, name());
      if (token().is("[")) made.kids = subscripts();
      return made;
    }
    if (token().is("print") || token().is("printf")) return print();
    return node(Kind::Expression, "", kids(expression()));
  }

  Node print() {
    Node made = node(token().is("print") ? Kind::Print : Kind::PrintFormat, "");
    ++m_at;
    const bool before = m_noGreater;
    m_noGreater = true;
    Node list = node(Kind::Block, "");
    if (token().is("(") && closesStatement()) {
      m_noGreater = false;
      ++m_at;
      list.kids = arguments(")");
    } else {
      while (!endsPrint()) {
        list.kids.push_back(expression());
        if (!take(",")) break;
        skipNewlines();
      }
    }
    m_noGreater = true;
    made.kids.push_back(std::move(list));
    for (const std::string_view op : {">>", ">", "|"}) {
      if (!take(op)) continue;
      made.text = op;
      made.kids.push_back(concatenation());
      break;
    }
    m_noGreater = before;
    if (made.kind == Kind::PrintFormat && made.kids[0].kids.empty()) fail();
    return made;
  }

  [[nodiscard]] bool endsPrint() const {
    const Token& t = token();
    return t.type == Type::Newline || t.type == Type::End || t.is(";") || t.is("}") || t.is(">") ||
           t.is(">>") || t.is("|");
  }

  // Whether the parenthesis here holds all that is printed: print (a, b) > "file".
  [[nodiscard]] bool closesStatement() const {
    int depth = 0;
    for (std::size_t i = m_at; i < m_tokens.size(); ++i) {
      if (m_tokens[i].is("(")) ++depth;
      if (m_tokens[i].is(")") && --depth == 0) {
        const Token& t = m_tokens[std::min(i + 1, m_tokens.size() - 1)];
        return t.type == Type::Newline || t.type == Type::End || t.is(";") || t.is("}") ||
               t.is(">") || t.is(">>") || t.is("|");
      }
    }
    return false;
  }

  std::vector<Node> arguments(std::string_view end) {
    std::vector<Node> all;
    skipNewlines();
    while (!take(end)) {
      all.push_back(expression());
      skipNewlines();
      if (!token().is(end)) need(",");
      skipNewlines();
    }
    return all;
  }
  std::vector<Node> subscripts() {
    need("[");
    std::vector<Node> all = arguments("]");
    if (all.empty()) fail();
    return all;
  }

  // -- expressions, loosest first --
  Node expression() {
    const Depth deeper(*this);
    Node left = conditional();
    static constexpr std::string_view kAssignments[] = {"=", "+=", "-=", "*=", "/=", "%=", "^="};
    for (const std::string_view op : kAssignments) {
      if (!token().is(op)) continue;
      if (left.kind != Kind::Name && left.kind != Kind::Element && left.kind != Kind::Field) fail();
      ++m_at;
      skipNewlines();
      return node(Kind::Assign, std::string(op), kids(std::move(left), expression()));
    }
    return left;
  }

  Node conditional() {
    Node test = either();
    if (!take("?")) return test;
    skipNewlines();
    Node yes = expression();
    skipNewlines();
    need(":");
    skipNewlines();
    return node(Kind::Conditional, "", kids(std::move(test), std::move(yes), expression()));
  }

  Node either() {
    Node left = both();
    while (take("||")) {
      skipNewlines();
      left = node(Kind::Or, "", kids(std::move(left), both()));
    }
    return left;
  }

  Node both() {
    Node left = membership();
    while (take("&&")) {
      skipNewlines();
      left = node(Kind::And, "", kids(std::move(left), membership()));
    }
    return left;
  }

  Node membership() {
    Node left = matching();
    while (take("in")) {
      const std::string array = name();
      left = node(Kind::In, array, kids(std::move(left)));
    }
    return left;
  }

  Node matching() {
    Node left = comparison();
    while (token().is("~") || token().is("!~")) {
      const Kind kind = token().is("~") ? Kind::Match : Kind::NoMatch;
      ++m_at;
      left = node(kind, "", kids(std::move(left), comparison()));
    }
    return left;
  }

  Node comparison() {
    Node left = concatenation();
    for (const std::string_view op : {"<", "<=", "==", "!=", ">", ">="}) {
      if (!token().is(op) || (op == ">" && m_noGreater)) continue;
      ++m_at;
      return node(Kind::Compare, std::string(op), kids(std::move(left), concatenation()));
    }
    return left;
  }

  [[nodiscard]] bool operandBegins() const {
    const Token& t = token();
    return t.type == Type::Number || t.type == Type::Text || t.type == Type::Name ||
           t.type == Type::Call || t.is("$") || t.is("(") || t.is("!") || t.is("++") || t.is("--");
  }

  Node concatenation() {
    Node left = additive();
    while (operandBegins()) left = node(Kind::Concatenate, "", kids(std::move(left), additive()));
    return left;
  }

  Node additive() {
    Node left = multiplicative();
    while (token().is("+") || token().is("-")) {
      const std::string op = m_tokens[m_at++].text;
      left = node(Kind::Arithmetic, op, kids(std::move(left), multiplicative()));
    }
    return left;
  }

  Node multiplicative() {
    Node left = unary();
    while (token().is("*") || token().is("/") || token().is("%")) {
      const std::string op = m_tokens[m_at++].text;
      left = node(Kind::Arithmetic, op, kids(std::move(left), unary()));
    }
    return left;
  }

  Node unary() {
    const Depth deeper(*this);
    if (take("!")) return node(Kind::Not, "", kids(unary()));
    if (take("-")) return node(Kind::Negate, "", kids(unary()));
    if (take("+")) return node(Kind::Plus, "", kids(unary()));
    Node left = postfix();
    if (take("^")) return node(Kind::Arithmetic, "^", kids(std::move(left), unary()));
    return left;
  }

  Node postfix() {
    if (token().is("++") || token().is("--")) {
      const std::string op = m_tokens[m_at++].text;
      Node made = node(Kind::Increment, op, kids(primary()));
      made.prefix = true;
      return made;
    }
    Node left = primary();
    const bool place =
        left.kind == Kind::Name || left.kind == Kind::Element || left.kind == Kind::Field;
    if (place && (token().is("++") || token().is("--"))) {
      const std::string op = m_tokens[m_at++].text;
      return node(Kind::Increment, op, kids(std::move(left)));
    }
    return left;
  }

  Node regex(const std::string& text) {
    auto pattern = Pattern::make(text, PatternSyntax::Extended, false);
    if (!pattern) {
      throw SyntaxError{"line " + std::to_string(token().line) +
                        ": regular expression compile failed (" + pattern.error().message + ")\n" +
                        text};
    }
    Node made = node(Kind::Regex, text);
    made.pattern = std::move(pattern.value());
    return made;
  }

  Node primary() {
    const Token t = token();
    if (t.type == Type::Number || t.type == Type::Text) {
      ++m_at;
      Node made = node(t.type == Type::Number ? Kind::Number : Kind::Text, t.text);
      made.number = t.number;
      return made;
    }
    if (t.type == Type::Regex) {
      ++m_at;
      return regex(t.text);
    }
    if (take("$")) {
      const Depth deeper(*this);
      return node(
          Kind::Field, "",
          kids(token().is("++") || token().is("--") || token().is("-") ? unary() : primary()));
    }
    if (take("(")) return grouped();
    if (t.type == Type::Name || t.type == Type::Call) return named(t);
    if (take("getline")) return node(Kind::GetLine, "");
    fail();
  }

  Node grouped() {
    const bool before = m_noGreater;
    m_noGreater = false;
    std::vector<Node> inner = arguments(")");
    m_noGreater = before;
    if (inner.empty()) fail();
    if (inner.size() == 1) return node(Kind::Group, "", std::move(inner));
    need("in");  // (i, j) in array
    const std::string array = name();
    return node(Kind::In, array, std::move(inner));
  }

  Node named(const Token& t) {
    ++m_at;
    const bool bareLength = t.text == "length" && !token().is("(");
    if (bareLength) return node(Kind::Call, "length");
    if (t.type == Type::Call) {
      need("(");
      const bool before = m_noGreater;
      m_noGreater = false;
      Node made = node(Kind::Call, t.text, arguments(")"));
      m_noGreater = before;
      return made;
    }
    if (token().is("[")) return node(Kind::Element, t.text, subscripts());
    return node(Kind::Name, t.text);
  }

  struct Depth {
    explicit Depth(Parser& p) : parser(p) {
      if (++parser.m_depth > kDepthLimit) throw SyntaxError{"line 1: program is nested too deeply"};
    }
    ~Depth() { --parser.m_depth; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Parser& parser;
  };

  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
  bool m_noGreater = false;  // a > sends what is printed to a file
};

}  // namespace

base::Result<Program> parse(std::string_view text) {
  auto tokens = scan(text);
  if (!tokens) return tokens.error();
  try {
    return Parser(std::move(tokens.value())).run();
  } catch (const SyntaxError& error) {
    return base::Error{"syntax", "", error.text};
  }
}

bool readsInput(const Program& program) {
  return std::any_of(program.rules.begin(), program.rules.end(),
                     [](const Rule& rule) { return rule.when != Rule::When::Begin; });
}

}  // namespace console::awk
