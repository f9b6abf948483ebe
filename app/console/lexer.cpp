// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/lexer.h"

#include <algorithm>
#include <iterator>

namespace console {
namespace {

bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct Token {
  std::string op;  // empty: a word
  ShellWord word;
};

base::Error unmatched(char quote) {
  return {"syntax", "",
          std::string("bash: unexpected EOF while looking for matching `") + quote + "'"};
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view line) : m_line(line) {}

  base::Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      while (m_at < m_line.size() && (m_line[m_at] == ' ' || m_line[m_at] == '\t')) ++m_at;
      if (m_at < m_line.size() && m_line[m_at] == '#') {
        m_at = std::min(m_line.find('\n', m_at), m_line.size());
      }
      if (m_at >= m_line.size()) break;
      Token token;
      token.op = readOperator();
      if (token.op.empty()) {
        const std::size_t before = m_at;
        auto word = readWord();
        if (!word) return word.error();
        token.word = std::move(word.value());
        if (!tokens.empty() && tokens.back().op.starts_with("<<") && tokens.back().op != "<<<") {
          m_documents.push_back({tokens.size(), m_line.substr(before, m_at - before)});
        }
      }
      tokens.push_back(std::move(token));
      if (tokens.back().op == "\n") {
        if (auto read = readDocuments(tokens); !read) return read.error();
      }
    }
    if (!m_documents.empty()) return unfinishedDocument(tokens);
    return tokens;
  }

  // A here-document's lines: as they are when its delimiter was quoted.
  base::Result<ShellWord> documentWord(bool quoted) {
    ShellWord word{{PartKind::Text, "", true}};
    while (m_at < m_line.size()) {
      const char c = m_line[m_at++];
      if (!quoted && c == '\\' && m_at < m_line.size() &&
          std::string_view("\\$`\n").find(m_line[m_at]) != std::string_view::npos) {
        if (m_line[m_at] != '\n') addText(word, m_line[m_at], true);
        ++m_at;
      } else if (!quoted && (c == '$' || c == '`')) {
        if (auto result = readExpansion(c, word, true); !result) return result.error();
      } else {
        addText(word, c, true);
      }
    }
    return word;
  }

 private:
  struct Document {
    std::size_t token = 0;       // of its delimiter
    std::string_view delimiter;  // as it was written
  };

  static std::string plainDelimiter(std::string_view written) {
    std::string text;
    for (const char c : written) {
      if (c != '\'' && c != '"' && c != '\\') text += c;
    }
    return text;
  }

  static base::Error unfinishedDocument(const std::vector<Token>&) {
    return {std::string(kUnfinished), "", "bash: warning: here-document delimited by end-of-file"};
  }

  // After a newline: the lines of the here-documents that its line asked for.
  base::Result<> readDocuments(std::vector<Token>& tokens) {
    for (const Document& document : m_documents) {
      const std::string end = plainDelimiter(document.delimiter);
      const bool tabs = tokens[document.token - 1].op == "<<-";
      std::string text;
      bool closed = false;
      while (m_at < m_line.size() && !closed) {
        const std::size_t stop = std::min(m_line.find('\n', m_at), m_line.size());
        std::string_view line = m_line.substr(m_at, stop - m_at);
        m_at = std::min(stop + 1, m_line.size());
        while (tabs && line.starts_with('\t')) line.remove_prefix(1);
        closed = line == end;
        if (!closed) text += std::string(line) + "\n";
      }
      if (!closed) return unfinishedDocument(tokens);
      auto word = Tokenizer(text).documentWord(end.size() != document.delimiter.size());
      if (!word) return word.error();
      tokens[document.token].word = std::move(word.value());
    }
    m_documents.clear();
    return base::Nothing{};
  }

  std::string readOperator() {
    static constexpr std::string_view kOperators[] = {
        "2>&1", "&>>", "2>>", "<<<", "<<-", "1>>", "&&", "||", ">>", "<<", "&>", "2>",
        "1>",   "|&",  ";;",  ">",   "<",   "|",   ";",  "&",  "\n", "(",  ")"};
    for (const std::string_view op : kOperators) {
      if (m_line.substr(m_at, op.size()) != op) continue;
      m_at += op.size();
      return std::string(op);
    }
    return {};
  }

  base::Result<ShellWord> readWord() {
    ShellWord word;
    while (m_at < m_line.size()) {
      const char c = m_line[m_at];
      if (std::string_view(" \t\n|;&<>()").find(c) != std::string_view::npos) break;
      ++m_at;
      if (c == '\'') {
        const std::size_t close = m_line.find('\'', m_at);
        if (close == std::string_view::npos) return unmatched('\'');
        word.push_back({PartKind::Text, std::string(m_line.substr(m_at, close - m_at)), true});
        m_at = close + 1;
      } else if (c == '"') {
        if (auto result = readDoubleQuoted(word); !result) return result.error();
      } else if (c == '\\') {
        if (m_at < m_line.size())
          word.push_back({PartKind::Text, std::string(1, m_line[m_at++]), true});
      } else if (c == '$' || c == '`') {
        if (auto result = readExpansion(c, word, false); !result) return result.error();
      } else {
        addText(word, c, false);
      }
    }
    return word;
  }

  base::Result<> readDoubleQuoted(ShellWord& word) {
    word.push_back({PartKind::Text, "", true});
    while (m_at < m_line.size()) {
      const char c = m_line[m_at++];
      if (c == '"') return base::Nothing{};
      if (c == '\\' && m_at < m_line.size() &&
          std::string_view("\"\\$`\n").find(m_line[m_at]) != std::string_view::npos) {
        addText(word, m_line[m_at++], true);
      } else if (c == '$' || c == '`') {
        if (auto result = readExpansion(c, word, true); !result) return result;
      } else {
        addText(word, c, true);
      }
    }
    return unmatched('"');
  }

  static void addText(ShellWord& word, char c, bool quoted) {
    if (word.empty() || word.back().kind != PartKind::Text || word.back().quoted != quoted) {
      word.push_back({PartKind::Text, "", quoted});
    }
    word.back().text += c;
  }

  base::Result<> readExpansion(char opener, ShellWord& word, bool quoted) {
    if (opener == '`') {
      const std::size_t close = m_line.find('`', m_at);
      if (close == std::string_view::npos) return unmatched('`');
      word.push_back(
          {PartKind::Substitution, std::string(m_line.substr(m_at, close - m_at)), quoted});
      m_at = close + 1;
      return base::Nothing{};
    }
    const char next = m_at < m_line.size() ? m_line[m_at] : ' ';
    if (next == '(') return readSubstitution(word, quoted);
    if (next == '{') {
      const std::size_t close = m_line.find('}', m_at);
      if (close == std::string_view::npos) return unmatched('}');
      word.push_back(
          {PartKind::Variable, std::string(m_line.substr(m_at + 1, close - m_at - 1)), quoted});
      m_at = close + 1;
    } else if (next == '?' || next == '$' || next == '#') {
      word.push_back({PartKind::Variable, std::string(1, next), quoted});
      ++m_at;
    } else if (isNameByte(next)) {
      std::string name;
      const bool positional = next >= '0' && next <= '9';
      do {
        name += m_line[m_at++];
      } while (!positional && m_at < m_line.size() && isNameByte(m_line[m_at]));
      word.push_back({PartKind::Variable, name, quoted});
    } else {
      addText(word, '$', quoted);
    }
    return base::Nothing{};
  }

  base::Result<> readSubstitution(ShellWord& word, bool quoted) {
    const std::size_t start = ++m_at;
    int depth = 1;
    char quote = 0;
    for (; m_at < m_line.size(); ++m_at) {
      const char c = m_line[m_at];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        const std::string_view inside = m_line.substr(start, m_at - start);
        const bool sum = inside.size() >= 2 && inside.front() == '(' && inside.back() == ')';
        word.push_back({sum ? PartKind::Arithmetic : PartKind::Substitution,
                        std::string(sum ? inside.substr(1, inside.size() - 2) : inside), quoted});
        ++m_at;
        return base::Nothing{};
      }
    }
    return unmatched(')');
  }

  std::string_view m_line;
  std::size_t m_at = 0;
  std::vector<Document> m_documents;  // whose lines are still to come
};

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
  explicit LineParser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

  base::Result<std::vector<Pipeline>> run() {
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
    while (takeWord("!")) made.negated = !made.negated;
    while (true) {
      made.commands.push_back(command());
      if (!op("|") && !op("|&")) return made;
      if (op("|&")) {
        made.commands.back().redirections.push_back(
            {Redirection::Kind::ErrorToOutput, true, false, {}});
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
      made.kind = SimpleCommand::Kind::Group;
      made.parts.push_back(list({round ? ")" : "}"}));
      ++m_at;
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
    made.variable = plainWord();
    if (made.variable.empty()) fail();
    ++m_at;
    if (takeWord("in")) {
      while (!ended() && m_tokens[m_at].op.empty()) made.words.push_back(m_tokens[m_at++].word);
    }
    body(made);
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
    made.words.push_back(takeAnyWord());
    skipNewlines();
    needWord("in");
    for (skipNewlines(); plainWord() != "esac"; skipNewlines()) {
      if (op("(")) ++m_at;
      std::vector<ShellWord>& patterns = made.patterns.emplace_back();
      patterns.push_back(takeAnyWord());
      while (op("|")) {
        ++m_at;
        patterns.push_back(takeAnyWord());
      }
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
    Redirection one = redirectionFor(m_tokens[m_at++].op);
    if (one.kind != Redirection::Kind::ErrorToOutput) {
      if (ended()) throw ParseFailure{unexpected("newline")};
      if (!m_tokens[m_at].op.empty()) fail();
      one.target = m_tokens[m_at++].word;
    }
    made.redirections.push_back(std::move(one));
  }

  void plain(SimpleCommand& made) {
    while (!ended()) {
      const std::string& sign = m_tokens[m_at].op;
      if (sign.empty()) {
        made.words.push_back(m_tokens[m_at++].word);
      } else if (isRedirection(sign)) {
        redirection(made);
      } else {
        break;
      }
    }
    if (made.words.empty() && made.redirections.empty()) fail();
    if (op("(")) fail();
  }

  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
};

}  // namespace

base::Result<std::vector<Pipeline>> parseLine(std::string_view line) {
  auto read = Tokenizer(line).run();
  if (!read) return read.error();
  return LineParser(std::move(read.value())).run();
}

}  // namespace console
