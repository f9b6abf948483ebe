// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/lexer.h"

#include <algorithm>

#include "console/text/format.h"

namespace console {
namespace {

bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

base::Error unmatched(char quote) {
  return {std::string(kUnfinished), "",
          std::string("bash: unexpected EOF while looking for matching `") + quote + "'"};
}

// The last line ends in a backslash.
base::Error continued() {
  return {std::string(kUnfinished), "", "bash: syntax error: unexpected end of file"};
}

// Where what was opened before from is closed, quotations inside passed over; npos: nowhere.
std::size_t closing(std::string_view line, std::size_t from, std::string_view opened, char closed) {
  int depth = 1;
  char quote = 0;
  for (std::size_t i = from; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (line.substr(i).starts_with(opened)) {
      ++depth;
      i += opened.size() - 1;
    } else if (c == closed && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// Of ${...} whose name begins at from.
std::size_t closingBrace(std::string_view line, std::size_t from) {
  return closing(line, from, "${", '}');
}

// Of a parenthesis whose inside begins at from.
std::size_t closingParenthesis(std::string_view line, std::size_t from) {
  return closing(line, from, "(", ')');
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view line) : m_line(line) {}

  base::Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      skipBlanks();
      if (m_at < m_line.size() && m_line[m_at] == '#') {
        m_at = std::min(m_line.find('\n', m_at), m_line.size());
      }
      if (m_at >= m_line.size()) break;
      Token token;
      token.from = m_at;
      if (!readSum(token) && !startsProcess()) readOperator(token);
      if (token.op.empty()) {  // a word
        const std::size_t before = m_at;
        auto word = readWord();
        if (!word) return word.error();
        token.word = std::move(word.value());
        if (!tokens.empty() && tokens.back().op.starts_with("<<") && tokens.back().op != "<<<") {
          m_documents.push_back({tokens.size(), m_line.substr(before, m_at - before)});
        }
      }
      token.to = m_at;
      tokens.push_back(std::move(token));
      if (tokens.back().op == "\n") {
        if (auto read = readDocuments(tokens); !read) return read.error();
      }
    }
    if (!m_documents.empty()) return unfinishedDocument();
    return tokens;
  }

  // All of the text as one word.
  base::Result<ShellWord> bracedWord() {
    m_wholeText = true;
    return readWord();
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

  static base::Error unfinishedDocument() {
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
      if (!closed) return unfinishedDocument();
      tokens[document.token].document = text + end;
      auto word = Tokenizer(text).documentWord(end.size() != document.delimiter.size());
      if (!word) return word.error();
      tokens[document.token].word = std::move(word.value());
    }
    m_documents.clear();
    return base::Nothing{};
  }

  void skipBlanks() {
    while (m_at < m_line.size()) {
      if (m_line.substr(m_at, 2) == "\\\n")
        ++m_at;
      else if (m_line[m_at] != ' ' && m_line[m_at] != '\t')
        return;
      ++m_at;
    }
  }

  // Where each parenthesis is closed, whatever stands between; npos: nowhere. Found once for all.
  std::size_t closeOf(std::size_t open) {
    if (m_closes.empty()) {
      m_closes.assign(m_line.size(), std::string_view::npos);
      std::vector<std::size_t> opened;
      for (std::size_t i = m_at; i < m_line.size(); ++i) {
        if (m_line[i] == '(') opened.push_back(i);
        if (m_line[i] != ')' || opened.empty()) continue;
        m_closes[opened.back()] = i;
        opened.pop_back();
      }
    }
    return m_closes[open];
  }

  // (( SUM )), when the last two parentheses close the first two.
  bool readSum(Token& token) {
    if (m_line.substr(m_at, 2) != "((") return false;
    const std::size_t close = closeOf(m_at + 1);
    if (close == std::string_view::npos || close + 1 >= m_line.size()) return false;
    if (m_line[close + 1] != ')') return false;
    token.op = "((";
    token.document = m_line.substr(m_at + 2, close - (m_at + 2));
    m_at = close + 2;
    return true;
  }

  // How many digits stand right before < or >: the descriptor that is redirected.
  [[nodiscard]] std::size_t descriptorDigits() const {
    const std::size_t sign = m_line.find_first_not_of("0123456789", m_at);
    if (sign == std::string_view::npos || (m_line[sign] != '<' && m_line[sign] != '>')) return 0;
    return m_line.substr(sign + 1, 1) == "(" ? 0 : sign - m_at;
  }

  void readOperator(Token& token) {
    static constexpr std::string_view kOperators[] = {
        "&>>", "<<<", "<<-", ";;&", "&&", "||", ">>", "<<", "&>", ">&", "<&", ">|", "|&",
        ";;",  ";&",  ">",   "<",   "|",  ";",  "&",  "\n", "(",  ")"};
    const std::size_t digits = descriptorDigits();
    for (const std::string_view op : kOperators) {
      if (m_line.substr(m_at + digits, op.size()) != op) continue;
      token.descriptor = m_line.substr(m_at, digits);
      token.op = op;
      m_at += digits + op.size();
      return;
    }
  }

  // <( ) or >( )
  [[nodiscard]] bool startsProcess() const {
    const std::string_view sign = m_line.substr(m_at, 2);
    return sign == "<(" || sign == ">(";
  }

  // What ( ) stand for where they belong to a word: the elements of NAME=( ), a process.
  base::Result<> readInParentheses(ShellWord& word, PartKind kind, std::size_t from) {
    const std::size_t close = closingParenthesis(m_line, from);
    if (close == std::string_view::npos) return unmatched(')');
    word.push_back({kind, std::string(m_line.substr(from, close - from)), false});
    if (kind == PartKind::Process) word.back().text.insert(0, 1, m_line[m_at]);
    m_at = close + 1;
    return base::Nothing{};
  }

  // NAME= or NAME+= has been read.
  static bool awaitsArray(const ShellWord& word) {
    if (word.size() != 1 || !word[0].text.ends_with('=')) return false;
    const auto assignment = assignmentIn(word);
    return assignment && assignment->text.empty() && !assignment->subscript;
  }

  base::Result<ShellWord> readWord() {
    ShellWord word;
    while (m_at < m_line.size()) {
      const char c = m_line[m_at];
      if (!m_wholeText && startsProcess()) {
        if (auto read = readInParentheses(word, PartKind::Process, m_at + 2); !read) {
          return read.error();
        }
        continue;
      }
      if (!m_wholeText && c == '(' && awaitsArray(word)) {
        if (auto read = readInParentheses(word, PartKind::Array, m_at + 1); !read) {
          return read.error();
        }
        break;
      }
      if (!m_wholeText && std::string_view(" \t\n|;&<>()").find(c) != std::string_view::npos) break;
      ++m_at;
      if (c == '\'') {
        const std::size_t close = m_line.find('\'', m_at);
        if (close == std::string_view::npos) return unmatched('\'');
        word.push_back({PartKind::Text, std::string(m_line.substr(m_at, close - m_at)), true});
        m_at = close + 1;
      } else if (c == '"') {
        if (auto result = readDoubleQuoted(word); !result) return result.error();
      } else if (c == '\\') {
        if (m_at >= m_line.size()) return continued();
        if (m_line[m_at] != '\n')
          word.push_back({PartKind::Text, std::string(1, m_line[m_at]), true});
        ++m_at;
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
        if (m_line[m_at] != '\n') addText(word, m_line[m_at], true);
        ++m_at;
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
      const std::size_t close = closingBrace(m_line, m_at + 1);
      if (close == std::string_view::npos) return unmatched('}');
      word.push_back(
          {PartKind::Variable, std::string(m_line.substr(m_at + 1, close - m_at - 1)), quoted});
      m_at = close + 1;
    } else if (std::string_view("?$#@*!-").find(next) != std::string_view::npos) {
      word.push_back({PartKind::Variable, std::string(1, next), quoted});
      ++m_at;
    } else if (next == '\'' && !quoted) {
      return readEscaped(word);
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

  // $'...': with its escapes.
  base::Result<> readEscaped(ShellWord& word) {
    std::size_t end = m_at + 1;
    while (end < m_line.size() && m_line[end] != '\'') end += m_line[end] == '\\' ? 2 : 1;
    if (end >= m_line.size()) return unmatched('\'');
    std::string text;
    for (std::size_t i = m_at + 1; i < end; ++i) {
      if (m_line[i] == '\\' && m_line[i + 1] == '\'') ++i;
      text += m_line[i];
      if (m_line[i] == '\\') text += m_line[++i];
    }
    word.push_back({PartKind::Text, unescapedText(text), true});
    m_at = end + 1;
    return base::Nothing{};
  }

  base::Result<> readSubstitution(ShellWord& word, bool quoted) {
    const std::size_t start = ++m_at;
    const std::size_t close = closingParenthesis(m_line, start);
    if (close == std::string_view::npos) return unmatched(')');
    const std::string_view inside = m_line.substr(start, close - start);
    const bool sum = inside.size() >= 2 && inside.front() == '(' && inside.back() == ')';
    word.push_back({sum ? PartKind::Arithmetic : PartKind::Substitution,
                    std::string(sum ? inside.substr(1, inside.size() - 2) : inside), quoted});
    m_at = close + 1;
    return base::Nothing{};
  }

  std::string_view m_line;
  std::size_t m_at = 0;
  bool m_wholeText = false;           // nothing ends the word but the end of the text
  std::vector<Document> m_documents;  // whose lines are still to come
  std::vector<std::size_t> m_closes;  // of parentheses, once somebody asked
};

}  // namespace

base::Result<std::vector<Token>> shellTokens(std::string_view line) {
  return Tokenizer(line).run();
}

base::Result<ShellWord> wordInBraces(std::string_view text) {
  return Tokenizer(text).bracedWord();
}

}  // namespace console
