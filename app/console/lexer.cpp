// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/lexer.h"

namespace console {
namespace {

bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct Token {
  std::string op;  // empty: a word
  Word word;
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
      if (m_at >= m_line.size() || m_line[m_at] == '#') return tokens;
      Token token;
      token.op = readOperator();
      if (token.op.empty()) {
        auto word = readWord();
        if (!word) return word.error();
        token.word = std::move(word.value());
      }
      tokens.push_back(std::move(token));
    }
  }

 private:
  std::string readOperator() {
    static constexpr std::string_view kOperators[] = {
        "2>&1", "&>>", "2>>", "<<<", "1>>", "&&", "||", ">>", "&>", "2>",
        "1>",   "|&",  ">",   "<",   "|",   ";",  "&",  "\n", "(",  ")"};
    for (const std::string_view op : kOperators) {
      if (m_line.substr(m_at, op.size()) != op) continue;
      m_at += op.size();
      return std::string(op);
    }
    return {};
  }

  base::Result<Word> readWord() {
    Word word;
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

  base::Result<> readDoubleQuoted(Word& word) {
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

  static void addText(Word& word, char c, bool quoted) {
    if (word.empty() || word.back().kind != PartKind::Text || word.back().quoted != quoted) {
      word.push_back({PartKind::Text, "", quoted});
    }
    word.back().text += c;
  }

  base::Result<> readExpansion(char opener, Word& word, bool quoted) {
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

  base::Result<> readSubstitution(Word& word, bool quoted) {
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
        word.push_back(
            {PartKind::Substitution, std::string(m_line.substr(start, m_at - start)), quoted});
        ++m_at;
        return base::Nothing{};
      }
    }
    return unmatched(')');
  }

  std::string_view m_line;
  std::size_t m_at = 0;
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
  if (op == "<<<") redirection.kind = Redirection::Kind::Text;
  if (op == "2>&1") redirection.kind = Redirection::Kind::ErrorToOutput;
  if (op.ends_with(">>")) redirection.kind = Redirection::Kind::Append;
  redirection.output = !op.starts_with("2");
  redirection.error = op.starts_with("2") || op.starts_with("&");
  return redirection;
}

}  // namespace

base::Result<std::vector<Pipeline>> parseLine(std::string_view line) {
  auto read = Tokenizer(line).run();
  if (!read) return read.error();
  std::vector<Token>& tokens = read.value();
  std::vector<Pipeline> pipelines;
  Pipeline pipeline;
  SimpleCommand command;
  bool afterPipe = false;
  const auto endCommand = [&]() {
    pipeline.commands.push_back(std::move(command));
    command = {};
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string op = tokens[i].op;
    const bool empty = command.words.empty() && command.redirections.empty();
    if (op.empty()) {
      const Word& word = tokens[i].word;
      if (empty && word.size() == 1 && word[0].text == "!" && !word[0].quoted) {
        pipeline.negated = !pipeline.negated;
        continue;
      }
      command.words.push_back(word);
    } else if (isRedirection(op)) {
      Redirection redirection = redirectionFor(op);
      if (redirection.kind != Redirection::Kind::ErrorToOutput) {
        if (i + 1 >= tokens.size()) return unexpected("newline");
        if (!tokens[i + 1].op.empty()) return unexpected(tokens[i + 1].op);
        redirection.target = tokens[++i].word;
      }
      command.redirections.push_back(std::move(redirection));
    } else if (op == "(" || op == ")") {
      return unexpected(op);
    } else if (op == "|" || op == "|&") {
      if (empty) return unexpected(op);
      if (op == "|&")
        command.redirections.push_back({Redirection::Kind::ErrorToOutput, true, false, {}});
      endCommand();
      afterPipe = true;
      continue;
    } else {
      if (empty && op == "\n") continue;
      if (empty) return unexpected(op);
      endCommand();
      pipelines.push_back(std::move(pipeline));
      pipeline = {};
      if (op == "&&") pipeline.joint = Pipeline::Joint::IfSucceeded;
      if (op == "||") pipeline.joint = Pipeline::Joint::IfFailed;
    }
    afterPipe = false;
  }
  const bool empty = command.words.empty() && command.redirections.empty();
  if (empty && (afterPipe || pipeline.joint != Pipeline::Joint::Always)) {
    return base::Error{"syntax", "", "bash: syntax error: unexpected end of file"};
  }
  if (!empty) {
    endCommand();
    pipelines.push_back(std::move(pipeline));
  }
  return pipelines;
}

}  // namespace console
