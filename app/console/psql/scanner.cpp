// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql/scanner.h"

#include "base/text.h"

namespace console {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// ":name", ":'name'", ":\"name\"" or ":{?name}" at the beginning: what it becomes, and how long it
// is. Nothing: no such variable, or no reference to one.
std::optional<std::string> reference(std::string_view text, std::size_t& length,
                                     const VariableLookup& variable) {
  if (text.size() < 2 || text[0] != ':') return std::nullopt;
  if (text.starts_with(":{?")) {
    const std::size_t close = text.find('}', 3);
    if (close == kNone) return std::nullopt;
    length = close + 1;
    return variable(std::string(text.substr(3, close - 3))) ? "TRUE" : "FALSE";
  }
  const char quote = text[1] == '\'' || text[1] == '"' ? text[1] : ' ';
  const std::size_t from = quote == ' ' ? 1 : 2;
  std::size_t end = from;
  while (end < text.size() && isNameByte(text[end])) ++end;
  if (end == from || (quote != ' ' && (end >= text.size() || text[end] != quote))) {
    return std::nullopt;
  }
  std::optional<std::string> value = variable(std::string(text.substr(from, end - from)));
  if (!value) return std::nullopt;
  length = quote == ' ' ? end : end + 1;
  return quote == '\'' ? quotedLiteral(*value) : quote == '"' ? quotedName(*value) : *value;
}

// "$$" or "$tag$" at the beginning; empty: none.
std::string_view dollarQuote(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && isNameByte(text[end]) &&
         (end > 1 || !(text[end] >= '0' && text[end] <= '9'))) {
    ++end;
  }
  return end < text.size() && text[end] == '$' ? text.substr(0, end + 1) : std::string_view();
}

class LineScanner {
 public:
  LineScanner(std::string_view line, std::size_t& at, ScanState& state, std::string& buffer,
              const VariableLookup& variable)
      : m_line(line), m_at(at), m_state(state), m_buffer(buffer), m_variable(variable) {}

  ScanStop run() {
    while (m_at < m_line.size()) {
      if (m_state.comment > 0) {
        comment();
      } else if (!m_state.inside.empty()) {
        quotation();
      } else if (const std::optional<ScanStop> stop = plain()) {
        return *stop;
      }
    }
    return ScanStop::LineEnd;
  }

 private:
  [[nodiscard]] std::string_view rest() const { return m_line.substr(m_at); }
  void take(std::size_t count) {
    m_buffer += m_line.substr(m_at, count);
    m_at += count;
  }

  void comment() {
    if (rest().starts_with("*/")) {
      --m_state.comment;
      return take(2);
    }
    if (rest().starts_with("/*")) {
      ++m_state.comment;
      return take(2);
    }
    take(1);
  }

  void quotation() {
    if (m_state.escapes && m_line[m_at] == '\\' && m_at + 1 < m_line.size()) return take(2);
    if (!rest().starts_with(m_state.inside)) return take(1);
    take(m_state.inside.size());
    m_state.inside.clear();
    m_state.escapes = false;
  }

  void open(std::string_view ends, bool escapes) {
    take(ends.size());
    m_state.inside = ends;
    m_state.escapes = escapes;
  }

  std::optional<ScanStop> plain() {
    const char c = m_line[m_at];
    const bool afterName = !m_buffer.empty() && isNameByte(m_buffer.back());
    if (c == '\\') return ScanStop::Backslash;
    if (rest().starts_with("--")) {
      take(m_line.size() - m_at);
    } else if (rest().starts_with("/*")) {
      ++m_state.comment;
      take(2);
    } else if (c == '\'') {
      const bool escapes = afterName && (m_buffer.back() == 'e' || m_buffer.back() == 'E') &&
                           (m_buffer.size() < 2 || !isNameByte(m_buffer[m_buffer.size() - 2]));
      open("'", escapes);
    } else if (c == '"') {
      open("\"", false);
    } else if (c == '$' && !afterName && !dollarQuote(rest()).empty()) {
      open(dollarQuote(rest()), false);
    } else if (c == ':') {
      colon();
    } else if (c == ';' && m_state.depth == 0) {
      take(1);
      return ScanStop::Semicolon;
    } else {
      if (c == '(') ++m_state.depth;
      if (c == ')' && m_state.depth > 0) --m_state.depth;
      take(1);
    }
    return std::nullopt;
  }

  void colon() {
    if (rest().starts_with("::") || rest().starts_with(":=")) return take(2);
    std::size_t length = 0;
    if (const std::optional<std::string> value = reference(rest(), length, m_variable)) {
      m_buffer += *value;
      m_at += length;
      return;
    }
    take(1);
  }

  std::string_view m_line;
  std::size_t& m_at;
  ScanState& m_state;
  std::string& m_buffer;
  const VariableLookup& m_variable;
};

// One argument of a backslash command; at stands at its first character.
std::string readArgument(std::string_view line, std::size_t& at, const VariableLookup& variable,
                         std::string& error) {
  std::string word;
  while (at < line.size() && !isBlank(line[at]) && line[at] != '\\') {
    const char c = line[at];
    std::size_t length = 0;
    if (c == '\'' || c == '"' || c == '`') {
      const std::size_t start = at++;
      if (c == '"') word += c;  // kept: names are folded by whoever reads them
      bool closed = false;
      while (at < line.size() && !closed) {
        if (line[at] == c && at + 1 < line.size() && line[at + 1] == c) {
          word += c;
          at += 2;
        } else if (line[at] == c) {
          closed = true;
          ++at;
        } else if (c == '\'' && line[at] == '\\' && at + 1 < line.size()) {
          const char next = line[at + 1];
          word += next == 'n' ? '\n' : next == 't' ? '\t' : next;
          at += 2;
        } else {
          word += line[at++];
        }
      }
      if (c == '"') word += c;
      if (!closed) {
        error = "unterminated quoted string";
        at = line.size();
        return std::string(line.substr(start));
      }
    } else if (const auto value = reference(line.substr(at), length, variable)) {
      word += *value;
      at += length;
    } else {
      word += c;
      ++at;
    }
  }
  return word;
}

}  // namespace

ScanStop scanLine(std::string_view line, std::size_t& at, ScanState& state, std::string& buffer,
                  const VariableLookup& variable) {
  return LineScanner(line, at, state, buffer, variable).run();
}

char promptMark(const ScanState& state, const std::string& buffer) {
  if (state.comment > 0) return '*';
  if (!state.inside.empty()) return state.inside[0];
  if (state.depth > 0) return '(';
  return base::trim(buffer).empty() ? '=' : '-';
}

MetaWords readMeta(std::string_view line, std::size_t& at, const VariableLookup& variable) {
  MetaWords words;
  ++at;  // the backslash
  if (at < line.size() && line[at] == '\\') {
    ++at;
    words.name = "\\";
    return words;
  }
  const std::size_t start = at;
  if (at < line.size() && (line[at] == '!' || line[at] == '?')) {
    ++at;  // these need no blank behind them
  } else {
    while (at < line.size() && !isBlank(line[at]) && line[at] != '\\') ++at;
  }
  words.name = line.substr(start, at - start);
  words.raw = base::trim(line.substr(at));
  // These take the whole line as it is.
  if (words.name == "!" || words.name == "copy" || words.name == "h" || words.name == "help") {
    at = line.size();
    return words;
  }
  while (true) {
    while (at < line.size() && isBlank(line[at])) ++at;
    if (at >= line.size()) break;
    if (line[at] == '\\') {
      if (at + 1 < line.size() && line[at + 1] == '\\') at += 2;
      break;
    }
    words.args.push_back(readArgument(line, at, variable, words.error));
  }
  return words;
}

std::string quotedLiteral(std::string_view text) {
  const bool escapes = text.find('\\') != kNone;
  std::string inner = base::replaceAll(std::string(text), "'", "''");
  if (escapes) inner = base::replaceAll(std::move(inner), "\\", "\\\\");
  return (escapes ? " E'" : "'") + inner + "'";
}

std::string quotedName(std::string_view text) {
  return "\"" + base::replaceAll(std::string(text), "\"", "\"\"") + "\"";
}

}  // namespace console
