// SPDX-License-Identifier: GPL-3.0-or-later
// Values of a JSON document that check themselves as they are read: wrong types, ranges and units,
// missing and unknown keys become problems of the document. One problem never stops the reading.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sim_time.h"
#include "scenario/json_tree.h"
#include "sim/world_spec.h"

namespace scenario {

// Readers leave their target alone and return false when the value is absent or wrong (a wrong one
// is reported).
class Value {
 public:
  Value(Document& document, const Node* node, std::string pointer)
      : m_document(&document), m_node(node), m_pointer(std::move(pointer)) {}

  [[nodiscard]] bool present() const { return m_node != nullptr; }
  [[nodiscard]] const Node* node() const { return m_node; }
  [[nodiscard]] Document& document() const { return *m_document; }
  [[nodiscard]] const std::string& pointer() const { return m_pointer; }
  void problem(std::string found, std::string expected) const;
  void wrong(std::string expected) const;  // found: what stands there

  bool text(std::string& into) const;      // not empty
  bool anyText(std::string& into) const;   // may be empty
  bool longText(std::string& into) const;  // a text, or an array of lines
  bool flag(bool& into) const;
  bool integer(std::int64_t& into, std::int64_t minimum, std::int64_t maximum) const;
  bool integer(int& into, int minimum, int maximum) const;
  bool number(double& into, double minimum, double maximum) const;
  bool bytes(std::int64_t& into) const;
  bool seconds(int& into) const;  // whole seconds
  bool duration(double& into, double unitMicroseconds) const;
  bool share(double& into) const;  // "60%"
  // A clock time of the scenario's day, or an ISO time of another day.
  bool time(base::SimTime& into, const sim::TimingSpec& timing) const;
  // One of the names; its index.
  bool oneOf(std::size_t& into, const std::vector<std::string>& names) const;
  template <typename Enum>
  bool choice(Enum& into, const std::vector<std::string>& names) const {
    std::size_t index = 0;
    if (!oneOf(index, names)) return false;
    into = static_cast<Enum>(index);
    return true;
  }
  bool texts(std::vector<std::string>& into) const;
  [[nodiscard]] std::vector<Value> items() const;                            // of an array
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const;  // of an object
  // Complains unless word is one of names; kind: "a person".
  bool known(const std::string& word, const std::vector<std::string>& names,
             std::string_view kind) const;

 private:
  bool durationUs(std::int64_t& into) const;

  Document* m_document;
  const Node* m_node;
  std::string m_pointer;
};

constexpr double kMillisecond = 1e3, kSecond = 1e6, kMinute = 60e6;  // for Value::duration

// A text or an array of lines as a file has it: each line ended by a newline.
bool readLines(const Value& value, std::string& into);

// An object that remembers which keys were asked for; the others are complained of at its end.
class Object {
 public:
  explicit Object(const Value& value);
  ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  [[nodiscard]] Value need(std::string_view key);  // its absence is a problem
  [[nodiscard]] Value maybe(std::string_view key);
  [[nodiscard]] const Value& self() const { return m_value; }

 private:
  Value m_value;
  bool m_valid;
  std::vector<std::string> m_asked;
};

// "one of \"a\", \"b\"", or the nearest to word when one is near.
[[nodiscard]] std::string expectation(const std::string& word,
                                      const std::vector<std::string>& names);

}  // namespace scenario
