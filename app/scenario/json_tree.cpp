// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/json_tree.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.h"

namespace scenario {
namespace {

using Json = nlohmann::json;

// Tells how far the parser has read: the events of nlohmann 3.11 carry no position.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** read) : m_at(at), m_read(read) {}
  reference operator*() const { return *m_at; }
  CountingIterator& operator++() {
    ++m_at;
    *m_read = m_at;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return m_at == other.m_at; }
  bool operator!=(const CountingIterator& other) const { return m_at != other.m_at; }

 private:
  const char* m_at;
  const char** m_read;
};

struct SyntaxError {
  std::string found = "a syntax error";
  std::string expected = "valid JSON";
};

// The parser's "[...] parse error at line 3, column 5: syntax error while parsing object -
// unexpected
// '}'; expected string literal" without what the complaint says already.
SyntaxError syntaxError(std::string message) {
  SyntaxError result;
  for (const std::string_view noise : {"] ", "column ", ": ", " - ", "unexpected "}) {
    const std::size_t at = message.find(noise);
    const bool skip = at != std::string::npos && (noise != "unexpected " || at == 0);
    if (skip) message.erase(0, at + noise.size());
  }
  if (const std::size_t at = message.rfind("; expected "); at != std::string::npos) {
    result.expected = message.substr(at + 11);
    message.erase(at);
  }
  if (result.expected == "'}'" || result.expected == "']'") result.expected.insert(0, "',' or ");
  if (const std::size_t at = message.find("; last read"); at != std::string::npos)
    message.erase(at);
  if (message.size() <= 160 && base::validUtf8(message)) result.found = message;
  return result;
}

// Builds the tree from the parser's events.
class TreeBuilder {
 public:
  TreeBuilder(Document& document, std::string_view text) : m_document(document), m_text(text) {}

  const char** readPosition() { return &m_read; }
  void begin(const char* start) { m_start = m_read = start; }
  std::optional<Node> take() { return m_failed ? std::nullopt : std::move(m_root); }

  bool null() { return leaf({}, literalStart(4)); }
  bool boolean(bool value) {
    Node node;
    node.kind = Node::Kind::Bool;
    node.truth = value;
    return leaf(std::move(node), literalStart(value ? 4 : 5));
  }
  bool number_integer(std::int64_t value) {
    Node node;
    node.kind = Node::Kind::Integer;
    node.integer = value;
    node.number = static_cast<double>(value);
    return leaf(std::move(node), numberStart());
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return number_integer(static_cast<std::int64_t>(value));
    }
    return number_float(static_cast<double>(value), "");
  }
  bool number_float(double value, const std::string& /*text*/) {
    Node node;
    node.kind = Node::Kind::Number;
    node.number = value;
    return leaf(std::move(node), numberStart());
  }
  bool string(std::string& value) {
    Node node;
    node.kind = Node::Kind::String;
    node.text = std::move(value);
    return leaf(std::move(node), stringStart());
  }
  bool binary(Json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return open(Node::Kind::Object); }
  bool start_array(std::size_t /*size*/) { return open(Node::Kind::Array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Frame& frame = m_frames.back();
    frame.duplicate = !frame.names.insert(name).second;
    frame.key = {std::move(name), stringStart()};
    if (frame.duplicate) {
      m_document.add(frame.key.offset, pointer(), "the key " + inQuotes(frame.key.name) + " again",
                     "each key once");
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& error) {
    m_failed = true;
    SyntaxError said = syntaxError(error.what());
    const std::size_t offset = static_cast<std::size_t>(m_start - m_text.data()) + position;
    m_document.add(std::min(offset > 0 ? offset - 1 : 0, m_text.size()), pointer(),
                   std::move(said.found), std::move(said.expected));
    return false;
  }

 private:
  struct Frame {
    Node node;
    Key key;  // of the member being read
    bool duplicate = false;
    std::set<std::string> names;
  };

  [[nodiscard]] std::size_t here() const {
    return static_cast<std::size_t>(m_read - m_text.data());
  }
  [[nodiscard]] std::size_t literalStart(std::size_t length) const { return here() - length; }
  // Inside a string every quote has an odd number of backslashes before it; the first has none.
  [[nodiscard]] std::size_t stringStart() const {
    std::size_t at = here() - 1;
    while (at > 0) {
      --at;
      if (m_text[at] != '"') continue;
      std::size_t slashes = 0;
      while (slashes < at && m_text[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
    }
    return at;
  }
  // The parser has read one character past a number, except at the very end.
  [[nodiscard]] std::size_t numberStart() const {
    constexpr std::string_view kOfNumbers = "+-.0123456789Ee";
    const auto ofNumber = [&](std::size_t at) {
      return kOfNumbers.find(m_text[at]) != std::string_view::npos;
    };
    std::size_t at = here();
    if (at > 0 && !ofNumber(at - 1)) --at;
    while (at > 0 && ofNumber(at - 1)) --at;
    return at;
  }

  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (const Frame& frame : m_frames) {
      if (frame.node.kind == Node::Kind::Array) {
        text += '/' + std::to_string(frame.node.items.size());
      } else if (!frame.names.empty()) {
        text += '/' + pointerPart(frame.key.name);
      }
    }
    return text;
  }

  bool counted(std::size_t offset) {
    if (++m_values <= kMaximumValues) return true;
    m_document.add(offset, pointer(), "more than " + std::to_string(kMaximumValues) + " values",
                   "a smaller file");
    m_failed = true;
    return false;
  }

  bool leaf(Node node, std::size_t offset) {
    node.offset = offset;
    if (!counted(offset)) return false;
    place(std::move(node));
    return true;
  }

  bool open(Node::Kind kind) {
    const std::size_t offset = here() - 1;
    if (!counted(offset)) return false;
    if (m_frames.size() >= kMaximumDepth) {
      m_document.add(
          offset, pointer(), "more than " + std::to_string(kMaximumDepth) + " levels",
          "objects and arrays nested at most " + std::to_string(kMaximumDepth) + " deep");
      m_failed = true;
      return false;
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.offset = offset;
    m_frames.push_back(std::move(frame));
    return true;
  }

  bool close() {
    Node node = std::move(m_frames.back().node);
    m_frames.pop_back();
    place(std::move(node));
    return true;
  }

  void place(Node node) {
    if (m_frames.empty()) {
      m_root = std::move(node);
      return;
    }
    Frame& frame = m_frames.back();
    if (frame.node.kind == Node::Kind::Object) {
      if (frame.duplicate) return;
      frame.node.keys.push_back(frame.key);
    }
    frame.node.items.push_back(std::move(node));
  }

  Document& m_document;
  std::string_view m_text;
  const char* m_start = nullptr;
  const char* m_read = nullptr;
  std::vector<Frame> m_frames;
  std::optional<Node> m_root;
  std::size_t m_values = 0;
  bool m_failed = false;
};

// First byte that does not belong to UTF-8 text.
std::size_t firstBadByte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!base::validUtf8(text.substr(at, length))) break;
    at += length;
  }
  return at;
}

}  // namespace

std::string Problem::text() const {
  std::string result = file;
  if (line > 0) result += ':' + std::to_string(line) + ':' + std::to_string(column);
  result += ": ";
  if (!pointer.empty()) result += pointer + ": ";
  return result + "found " + found + ", expected " + expected;
}

Document::Document(std::string fileName, std::string_view text)
    : m_fileName(std::move(fileName)), m_text(text) {
  m_lineStarts.push_back(base::contains(text.substr(0, 3), "\xEF\xBB\xBF") ? 3 : 0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    m_lineStarts.push_back(at + 1);
  }
}

bool Document::checkEncoding() {
  const std::string_view head = m_text.substr(0, 4);
  const bool utf16 = base::contains(head.substr(0, 2), "\xFF\xFE") ||
                     base::contains(head.substr(0, 2), "\xFE\xFF") ||
                     head.find('\0') != std::string_view::npos;
  if (utf16) {
    add(0, "", "text in UTF-16 or UTF-32", "UTF-8 text");
    return false;
  }
  if (base::validUtf8(m_text)) return true;
  const std::size_t at = firstBadByte(m_text);
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(m_text[at]);
  add(at, "", std::string("the byte 0x") + kDigits[byte >> 4] + kDigits[byte & 15], "UTF-8 text");
  return false;
}

std::optional<Node> Document::parse() {
  if (m_text.size() > kMaximumFileBytes) {
    add(0, "", std::to_string(m_text.size()) + " bytes", "a file of at most 16 MiB");
    return std::nullopt;
  }
  if (!checkEncoding()) return std::nullopt;
  const std::string_view body = m_text.substr(m_lineStarts.front());
  TreeBuilder builder(*this, m_text);
  builder.begin(body.data());
  CountingIterator first(body.data(), builder.readPosition());
  CountingIterator last(body.data() + body.size(), builder.readPosition());
  const bool complete =
      Json::sax_parse(first, last, &builder, Json::input_format_t::json, true, true);
  return complete ? builder.take() : std::nullopt;
}

void Document::add(std::size_t offset, std::string pointer, std::string found,
                   std::string expected) {
  if (m_problems.size() >= kMaximumProblems) return;
  const auto next = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset);
  const auto line = std::max<std::ptrdiff_t>(1, next - m_lineStarts.begin());
  const std::size_t start = m_lineStarts[static_cast<std::size_t>(line - 1)];
  int column = 1;  // counted in characters, as editors do
  for (std::size_t at = start; at < std::min(offset, m_text.size()); ++at) {
    if ((static_cast<unsigned char>(m_text[at]) & 0xC0) != 0x80) ++column;
  }
  m_problems.push_back({m_fileName, static_cast<int>(line), column, std::move(pointer),
                        std::move(found), std::move(expected)});
}

std::vector<Problem> Document::takeProblems() {
  std::stable_sort(m_problems.begin(), m_problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return std::move(m_problems);
}

std::string pointerPart(std::string_view key) {
  std::string part(key.substr(0, 200));
  if (!base::validUtf8(part)) part.resize(firstBadByte(part));
  return base::replaceAll(base::replaceAll(std::move(part), "~", "~0"), "/", "~1");
}

std::string inQuotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string shown(text.substr(0, kLongest));
  if (text.size() > kLongest) {
    if (!base::validUtf8(shown)) shown.resize(firstBadByte(shown));
    shown += "...";
  }
  shown = base::asUtf8(std::move(shown));
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return '"' + shown + '"';
}

}  // namespace scenario
