// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/parser.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "console/lexer.h"

namespace console {
namespace {

bool isRedirection(const std::string& op) {
  return !op.empty() && (op.find('>') != std::string::npos || op.find('<') != std::string::npos);
}

Redirection redirectionFor(const Token& token) {
  using Kind = Redirection::Kind;
  const std::string& op = token.op;
  Redirection made;
  if (op == "<") made.kind = Kind::Read;
  if (op == "<<" || op == "<<-") made.kind = Kind::Document;
  if (op == "<<<") made.kind = Kind::Text;
  if (op.ends_with(">>")) made.kind = Kind::Append;
  if (op == ">&" || op == "<&") made.kind = Kind::Duplicate;
  made.both = op.starts_with('&');
  made.descriptor = op.starts_with('<') ? 0 : 1;
  made.numbered = !token.descriptor.empty();
  // A number that no descriptor has is one that is not open.
  constexpr std::size_t kMostDigits = 7;
  if (made.numbered) made.descriptor = std::stoi(token.descriptor.substr(0, kMostDigits));
  made.sign = op;
  return made;
}

// 2>&1
Redirection errorsToOutput() {
  Redirection made;
  made.kind = Redirection::Kind::Duplicate;
  made.descriptor = 2;
  made.numbered = true;
  made.sign = ">&";
  made.typed = "1";
  made.target = {{PartKind::Text, "1", false}};
  return made;
}

struct ParseFailure {
  base::Error error;
};

class LineParser {
 public:
  LineParser(std::string_view line, std::vector<Token> tokens)
      : m_line(line), m_tokens(std::move(tokens)) {}

  ParsedLine run() {
    try {
      std::vector<Pipeline> all = list({});
      if (!ended()) fail();
      return all;
    } catch (const ParseFailure& failure) {
      return failure.error;
    }
  }

 private:
  [[nodiscard]] bool ended() const { return m_at >= m_tokens.size(); }
  [[nodiscard]] bool op(std::string_view what) const {
    return !ended() && m_tokens[m_at].op == what;
  }
  // The reserved word that stands here; empty when it is none or quoted.
  [[nodiscard]] std::string plainWord() const {
    if (ended() || !m_tokens[m_at].op.empty()) return {};
    const ShellWord& word = m_tokens[m_at].word;
    return word.size() == 1 && word[0].kind == PartKind::Text && !word[0].quoted ? word[0].text
                                                                                 : "";
  }
  [[noreturn]] void unexpected(const std::string& token) {
    throw ParseFailure{{"syntax", std::to_string(line()),
                        "bash: syntax error near unexpected token `" + token + "'"}};
  }
  [[noreturn]] void fail() {
    if (ended()) {
      throw ParseFailure{
          {std::string(kUnfinished), "", "bash: syntax error: unexpected end of file"}};
    }
    const std::string word = plainWord();
    const std::string& sign = m_tokens[m_at].op;
    unexpected(sign == "\n"    ? "newline"
               : !sign.empty() ? sign
               : word.empty()  ? written(m_at)
                               : word);
  }
  void skipNewlines() {
    while (op("\n")) ++m_at;
  }
  bool takeWord(std::string_view word) {
    if (plainWord() != word) return false;
    ++m_at;
    return true;
  }
  void needWord(std::string_view word) {
    if (!takeWord(word)) fail();
  }

  using Ends = std::vector<std::string_view>;
  [[nodiscard]] bool at(const Ends& ends) const {
    const std::string word = plainWord();
    for (const std::string_view end : ends) {
      if (end == ")" || end.starts_with(';') ? op(end) : word == end) return true;
    }
    return false;
  }

  // Pipelines up to one of the words that end the list.
  std::vector<Pipeline> list(const Ends& ends, bool mayBeEmpty = false) {
    if (++m_depth > 50) throw ParseFailure{{"syntax", "", "bash: maximum nesting exceeded"}};
    std::vector<Pipeline> all;
    auto joint = Pipeline::Joint::Always;
    for (skipNewlines(); !ended() && !at(ends); skipNewlines()) {
      Pipeline next = pipeline();
      next.joint = joint;
      all.push_back(std::move(next));
      joint = Pipeline::Joint::Always;
      if (ended() || at(ends)) break;
      const std::string sign = m_tokens[m_at].op;
      if (sign == "&&") joint = Pipeline::Joint::IfSucceeded;
      if (sign == "||") joint = Pipeline::Joint::IfFailed;
      if (joint == Pipeline::Joint::Always && sign != ";" && sign != "&" && sign != "\n") fail();
      if (sign == "&") toBackground(all);
      ++m_at;
      if (joint == Pipeline::Joint::Always) continue;
      skipNewlines();
      if (ended() || at(ends)) fail();
    }
    if (!ends.empty() && (ended() || (all.empty() && !mayBeEmpty))) fail();
    --m_depth;
    return all;
  }

  // a && b &: the whole list of ands and ors is one job.
  static void toBackground(std::vector<Pipeline>& all) {
    std::size_t first = all.size() - 1;
    while (first > 0 && all[first].joint != Pipeline::Joint::Always) --first;
    if (first + 1 < all.size()) {
      SimpleCommand group;
      group.kind = SimpleCommand::Kind::Group;
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
      group.parts.emplace_back(std::make_move_iterator(from), std::make_move_iterator(all.end()));
      all.erase(from, all.end());
      Pipeline one;
      one.commands.push_back(std::move(group));
      all.push_back(std::move(one));
    }
    all.back().background = true;
  }

  Pipeline pipeline() {
    Pipeline made;
    if (takeWord("time")) {
      made.timed = takeWord("-p") ? Pipeline::Timed::Portable : Pipeline::Timed::Yes;
    }
    while (takeWord("!")) made.negated = !made.negated;
    while (true) {
      made.commands.push_back(command());
      if (!op("|") && !op("|&")) return made;
      if (op("|&")) made.commands.back().redirections.push_back(errorsToOutput());
      ++m_at;
      skipNewlines();
    }
  }

  SimpleCommand command() {
    SimpleCommand made;
    made.line = line();
    const std::string word = plainWord();
    if (op("(") || word == "{") {
      const bool round = op("(");
      ++m_at;
      made.kind = round ? SimpleCommand::Kind::Subshell : SimpleCommand::Kind::Group;
      made.parts.push_back(list({round ? ")" : "}"}));
      ++m_at;
    } else if (op("((")) {
      made.kind = SimpleCommand::Kind::Sum;
      made.sums.push_back(m_tokens[m_at++].document);
    } else if (word == "for") {
      loop(made);
    } else if (word == "while" || word == "until") {
      ++m_at;
      made.kind = word == "while" ? SimpleCommand::Kind::While : SimpleCommand::Kind::Until;
      made.parts.push_back(list({"do"}));
      body(made);
    } else if (word == "if") {
      choiceByCommand(made);
    } else if (word == "case") {
      choice(made);
    } else if (word == "[[") {
      test(made);
    } else if (startsFunction()) {
      function(made);
      return made;
    } else if (at({"do", "done", "then", "else", "elif", "fi", "}", "esac"})) {
      fail();
    } else {
      plain(made);
      return made;
    }
    while (!ended() && isRedirection(m_tokens[m_at].op)) redirection(made);
    return made;
  }

  void body(SimpleCommand& made) {
    while (op(";") || op("\n")) ++m_at;
    needWord("do");
    made.parts.push_back(list({"done"}));
    ++m_at;
  }

  void loop(SimpleCommand& made) {
    made.kind = SimpleCommand::Kind::For;
    ++m_at;
    if (op("((")) {
      made.kind = SimpleCommand::Kind::Count;
      made.sums = base::split(m_tokens[m_at].document, ';');
      if (made.sums.size() != 3) fail();
      ++m_at;
      return body(made);
    }
    made.variable = plainWord();
    if (made.variable.empty()) fail();
    ++m_at;
    skipNewlines();
    if (takeWord("in")) {
      while (!ended() && m_tokens[m_at].op.empty()) takeWordOf(made);
    } else {  // all arguments
      made.words.push_back({{PartKind::Variable, "@", true}});
      made.written.emplace_back("\"$@\"");
    }
    body(made);
  }

  [[nodiscard]] std::string written(std::size_t token) const {
    const Token& one = m_tokens[token];
    return std::string(m_line.substr(one.from, one.to - one.from));
  }
  void takeWordOf(SimpleCommand& made) {
    made.written.push_back(written(m_at));
    made.words.push_back(m_tokens[m_at++].word);
  }

  // NAME ( ), or the word function.
  [[nodiscard]] bool startsFunction() const {
    const std::string word = plainWord();
    const auto sign = [this](std::size_t ahead, std::string_view what) {
      return m_at + ahead < m_tokens.size() && m_tokens[m_at + ahead].op == what;
    };
    return word == "function" || (!word.empty() && sign(1, "(") && sign(2, ")"));
  }

  void function(SimpleCommand& made) {
    made.kind = SimpleCommand::Kind::Function;
    if (plainWord() == "function") ++m_at;
    made.variable = plainWord();
    if (made.variable.empty()) fail();
    ++m_at;
    if (op("(")) {
      ++m_at;
      if (!op(")")) fail();
      ++m_at;
    }
    skipNewlines();
    if (ended()) fail();
    const std::size_t from = m_tokens[m_at].from, first = m_at;
    const auto kind = command().kind;
    if (kind == SimpleCommand::Kind::Words || kind == SimpleCommand::Kind::Function) {
      m_at = first;
      fail();
    }
    // Its lines keep their numbers.
    made.written.push_back(std::string(static_cast<std::size_t>(made.line) - 1, '\n') +
                           std::string(m_line.substr(from, m_tokens[m_at - 1].to - from)));
  }

  void choiceByCommand(SimpleCommand& made) {
    made.kind = SimpleCommand::Kind::If;
    do {
      ++m_at;
      made.parts.push_back(list({"then"}));
      ++m_at;
      made.parts.push_back(list({"elif", "else", "fi"}));
    } while (plainWord() == "elif");
    if (takeWord("else")) made.parts.push_back(list({"fi"}));
    needWord("fi");
  }

  // case WORD in [(] PATTERN [| PATTERN]...) LIST ;; ... esac
  void choice(SimpleCommand& made) {
    made.kind = SimpleCommand::Kind::Case;
    ++m_at;
    made.written.push_back(written(m_at < m_tokens.size() ? m_at : m_at - 1));
    made.words.push_back(takeAnyWord());
    skipNewlines();
    needWord("in");
    for (skipNewlines(); plainWord() != "esac"; skipNewlines()) {
      if (op("(")) ++m_at;
      std::vector<ShellWord>& patterns = made.patterns.emplace_back();
      const std::size_t from = m_at;
      patterns.push_back(takeAnyWord());
      while (op("|")) {
        ++m_at;
        patterns.push_back(takeAnyWord());
      }
      std::string& text = made.patternsWritten.emplace_back();
      for (std::size_t i = from; i < m_at; ++i) text += (i > from ? " " : "") + written(i);
      if (!op(")")) fail();
      ++m_at;
      made.parts.push_back(list({";;", ";&", ";;&", "esac"}, true));
      const bool last = plainWord() == "esac";
      made.endings.push_back(last ? ";;" : m_tokens[m_at].op);
      if (!last) ++m_at;
    }
    needWord("esac");
  }

  ShellWord takeAnyWord() {
    if (ended() || !m_tokens[m_at].op.empty()) fail();
    return m_tokens[m_at++].word;
  }

  void redirection(SimpleCommand& made) {
    Redirection one = redirectionFor(m_tokens[m_at++]);
    if (ended()) unexpected("newline");
    if (!m_tokens[m_at].op.empty()) fail();
    one.typed = written(m_at);
    one.document = m_tokens[m_at].document;
    one.target = m_tokens[m_at++].word;
    made.redirections.push_back(std::move(one));
  }

  void plain(SimpleCommand& made) {
    while (!ended()) {
      const std::string& sign = m_tokens[m_at].op;
      if (sign.empty()) {
        takeWordOf(made);
      } else if (isRedirection(sign)) {
        redirection(made);
      } else {
        break;
      }
    }
    if (made.words.empty() && made.redirections.empty()) fail();
    if (op("(") || misplacedArray(made)) unexpected("(");
  }

  // NAME=( ) is for assignments and for the words that declare.
  static bool misplacedArray(const SimpleCommand& made) {
    bool allowed = true, declared = false;
    for (const ShellWord& word : made.words) {
      const bool array = !word.empty() && word.back().kind == PartKind::Array;
      if (array && !allowed) return true;
      if (!allowed || declared || assignmentIn(word)) continue;
      declared = word.size() == 1 && word[0].kind == PartKind::Text && declares(word[0].text);
      allowed = declared;
    }
    return false;
  }

  // Where the token that comes stands.
  int line() {
    const std::size_t at = ended() ? m_line.size() : m_tokens[m_at].from;
    if (at < m_counted) m_counted = 0, m_lines = 1;
    m_lines += static_cast<int>(std::count(m_line.begin() + static_cast<std::ptrdiff_t>(m_counted),
                                           m_line.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    m_counted = at;
    return m_lines;
  }

  // [[ CONDITION ]]
  void test(SimpleCommand& made) {
    made.kind = SimpleCommand::Kind::Test;
    const std::size_t from = m_tokens[m_at].from;
    ++m_at;
    made.conditions.push_back(conditions(Condition::Kind::Or));
    needWord("]]");
    made.written.emplace_back(m_line.substr(from, m_tokens[m_at - 1].to - from));
  }

  // Conditions joined by || (of each: by &&).
  Condition conditions(Condition::Kind joint) {
    const bool either = joint == Condition::Kind::Or;
    Condition made;
    made.kind = joint;
    while (true) {
      skipNewlines();
      made.parts.push_back(either ? conditions(Condition::Kind::And) : condition());
      skipNewlines();
      if (!op(either ? "||" : "&&")) break;
      ++m_at;
    }
    return made.parts.size() == 1 ? Condition(made.parts[0]) : made;
  }

  Condition condition() {
    if (++m_depth > 50) throw ParseFailure{{"syntax", "", "bash: maximum nesting exceeded"}};
    Condition made;
    if (takeWord("!")) {
      made.kind = Condition::Kind::Not;
      made.parts.push_back(condition());
    } else if (op("(")) {
      ++m_at;
      made = conditions(Condition::Kind::Or);
      if (!op(")")) fail();
      ++m_at;
    } else {
      comparison(made);
    }
    --m_depth;
    return made;
  }

  // WORD, -f WORD or WORD == WORD.
  void comparison(Condition& made) {
    const std::string first = plainWord();
    if (first == "]]") fail();
    made.words.push_back(takeAnyWord());
    const std::string second = plainWord();
    constexpr std::string_view kLetters = "abcdefghknoprstuvwxzGLNORS";
    const bool unary = first.size() == 2 && first[0] == '-' &&
                       kLetters.find(first[1]) != std::string_view::npos && second != "]]" &&
                       !ended() && m_tokens[m_at].op.empty();
    if (unary) {
      made.op = first;
      made.words[0] = takeAnyWord();
      return;
    }
    const bool order = op("<") || op(">");
    if (!order && (second.empty() || second == "]]")) return;
    made.op = order ? m_tokens[m_at].op : second;
    ++m_at;
    made.words.push_back(made.op == "=~" ? expression() : takeAnyWord());
  }

  // A regular expression is a word with whatever signs are in it.
  ShellWord expression() {
    if (ended()) fail();
    const std::size_t from = m_tokens[m_at].from;
    std::size_t to = m_tokens[m_at++].to;
    while (!ended() && m_tokens[m_at].from == to && m_tokens[m_at].op != "\n") {
      to = m_tokens[m_at++].to;
    }
    auto word = wordInBraces(m_line.substr(from, to - from));
    if (!word) throw ParseFailure{word.error()};
    return std::move(word.value());
  }

  std::string_view m_line;
  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
  std::size_t m_counted = 0;  // how far newlines have been counted
  int m_lines = 1;
};

}  // namespace

bool isName(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<Assignment> assignmentIn(const ShellWord& word) {
  if (word.empty() || word[0].kind != PartKind::Text || word[0].quoted) return std::nullopt;
  const std::string& text = word[0].text;
  const std::size_t end = std::min(text.find_first_of("=+["), text.size());
  Assignment made;
  made.name = text.substr(0, end);
  if (end == text.size() || !isName(made.name)) return std::nullopt;
  std::size_t part = 0, at = end;
  if (text[end] == '[') {  // up to ]= or ]+=, in whatever part
    ShellWord& subscript = made.subscript.emplace();
    for (std::size_t from = end + 1; part < word.size(); ++part, from = 0) {
      const WordPart& one = word[part];
      const bool plain = one.kind == PartKind::Text && !one.quoted;
      at = plain ? std::min(one.text.find("]=", from), one.text.find("]+=", from))
                 : std::string::npos;
      WordPart piece = one;
      piece.text = one.text.substr(from, at == std::string::npos ? at : at - from);
      subscript.push_back(std::move(piece));
      if (at != std::string::npos) break;
    }
    if (part == word.size()) return std::nullopt;
    ++at;
  }
  const std::string& rest = word[part].text;
  made.adds = rest[at] == '+';
  if (made.adds) ++at;
  if (at >= rest.size() || rest[at] != '=') return std::nullopt;
  if (at + 1 < rest.size()) made.text.push_back({PartKind::Text, rest.substr(at + 1), false});
  made.text.insert(made.text.end(), word.begin() + static_cast<std::ptrdiff_t>(part) + 1,
                   word.end());
  return made;
}

bool declares(std::string_view command) {
  static constexpr std::string_view kWords[] = {"declare", "typeset", "local", "export",
                                                "readonly"};
  return std::find(std::begin(kWords), std::end(kWords), command) != std::end(kWords);
}

ParsedLine parsedTokens(std::string_view line, std::vector<Token> tokens) {
  return LineParser(line, std::move(tokens)).run();
}

ParsedLine parseLine(std::string_view line) {
  auto read = shellTokens(line);
  if (!read) return read.error();
  return parsedTokens(line, std::move(read.value()));
}

}  // namespace console
