// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/parser.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "console/lexer.h"

namespace console {
namespace {

base::Error unexpected(const std::string& token) {
  return {"syntax", "", "bash: syntax error near unexpected token `" + token + "'"};
}

bool isRedirection(const std::string& op) {
  return !op.empty() && (op.find('>') != std::string::npos || op.find('<') != std::string::npos);
}

Redirection redirectionFor(const std::string& op) {
  Redirection redirection;
  if (op == "<") redirection.kind = Redirection::Kind::Read;
  if (op == "<<" || op == "<<-") redirection.kind = Redirection::Kind::Document;
  if (op == "<<<") redirection.kind = Redirection::Kind::Text;
  if (op == "2>&1") redirection.kind = Redirection::Kind::ErrorToOutput;
  if (op == ">&2" || op == "1>&2") redirection.kind = Redirection::Kind::OutputToError;
  if (op.ends_with(">>")) redirection.kind = Redirection::Kind::Append;
  redirection.output = !op.starts_with("2");
  redirection.error = op.starts_with("2") || op.starts_with("&");
  return redirection;
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
  [[noreturn]] void fail() const {
    if (ended()) {
      throw ParseFailure{
          {std::string(kUnfinished), "", "bash: syntax error: unexpected end of file"}};
    }
    const std::string word = plainWord();
    const std::string& sign = m_tokens[m_at].op;
    throw ParseFailure{unexpected(sign == "\n" ? "newline" : sign.empty() ? word : sign)};
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
      if (end == ")" || end == ";;" ? op(end) : word == end) return true;
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
      made.timed = true;
      takeWord("-p");
    }
    while (takeWord("!")) made.negated = !made.negated;
    while (true) {
      made.commands.push_back(command());
      if (!op("|") && !op("|&")) return made;
      if (op("|&")) {
        made.commands.back().redirections.push_back(
            {Redirection::Kind::ErrorToOutput, true, false, {}, "2>&1", {}});
      }
      ++m_at;
      skipNewlines();
    }
  }

  SimpleCommand command() {
    SimpleCommand made;
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
      condition(made);
    } else if (word == "case") {
      choice(made);
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
    made.written.emplace_back(m_line.substr(from, m_tokens[m_at - 1].to - from));
  }

  void condition(SimpleCommand& made) {
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
      made.parts.push_back(list({";;", "esac"}, true));
      if (op(";;")) ++m_at;
    }
    needWord("esac");
  }

  ShellWord takeAnyWord() {
    if (ended() || !m_tokens[m_at].op.empty()) fail();
    return m_tokens[m_at++].word;
  }

  void redirection(SimpleCommand& made) {
    const std::string sign = m_tokens[m_at++].op;
    Redirection one = redirectionFor(sign);
    one.written = sign;
    if (one.kind != Redirection::Kind::ErrorToOutput &&
        one.kind != Redirection::Kind::OutputToError) {
      if (ended()) throw ParseFailure{unexpected("newline")};
      if (!m_tokens[m_at].op.empty()) fail();
      one.written += (one.kind == Redirection::Kind::Document ? "" : " ") + written(m_at);
      one.document = m_tokens[m_at].document;
      one.target = m_tokens[m_at++].word;
    }
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
    if (op("(")) fail();
  }

  std::string_view m_line;
  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
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
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const bool adds = text[equals - 1] == '+';
  const std::string name = text.substr(0, equals - (adds ? 1 : 0));
  if (!isName(name)) return std::nullopt;
  return Assignment{name, adds, equals + 1};
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
