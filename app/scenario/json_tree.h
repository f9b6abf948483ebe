// SPDX-License-Identifier: GPL-3.0-or-later
// A JSON text as a tree that remembers where each key and value stands, so that every complaint can
// name its line and column. It knows JSON only; what a scenario may contain is checked elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/reader.h"

namespace scenario {

constexpr std::size_t kMaximumFileBytes = 16u << 20;
constexpr std::size_t kMaximumDepth = 64;
constexpr std::size_t kMaximumValues = 250'000;
constexpr std::size_t kMaximumProblems = 500;

struct Key {
  std::string name;
  std::size_t offset = 0;
};

struct Node {
  enum class Kind : std::uint8_t { Null, Bool, Integer, Number, String, Array, Object };
  Kind kind = Kind::Null;
  bool truth = false;
  std::int64_t integer = 0;
  double number = 0;  // of integers too
  std::string text;
  std::vector<Node> items;  // elements of an array; values of an object, parallel to keys
  std::vector<Key> keys;
  std::size_t offset = 0;
};

// A text being read, with the complaints about it.
class Document {
 public:
  Document(std::string fileName, std::string_view text);

  // The tree, or nothing when the text is not JSON (then problems() says why). Repeated keys are
  // problems; the first of them counts.
  [[nodiscard]] std::optional<Node> parse();
  void add(std::size_t offset, std::string pointer, std::string found, std::string expected);
  // Ordered by place.
  [[nodiscard]] std::vector<Problem> takeProblems();
  [[nodiscard]] bool clean() const { return m_problems.empty(); }

 private:
  bool checkEncoding();

  std::string m_fileName;
  std::string_view m_text;
  std::vector<std::size_t> m_lineStarts;
  std::vector<Problem> m_problems;
};

// A key as part of a JSON pointer: ~ and / escaped.
[[nodiscard]] std::string pointerPart(std::string_view key);
// "text" in quotes for a complaint: one line of UTF-8 whatever the text is, shortened when long.
[[nodiscard]] std::string inQuotes(std::string_view text);

}  // namespace scenario
