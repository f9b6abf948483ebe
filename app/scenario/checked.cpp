// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/checked.h"

#include <algorithm>
#include <cmath>

#include "base/quantity.h"
#include "base/text.h"

namespace scenario {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

std::string numberText(double value) {
  std::string text = base::fixedText(value, 6);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return "null";
    case Node::Kind::Bool:
      return node.truth ? "true" : "false";
    case Node::Kind::Integer:
      return std::to_string(node.integer);
    case Node::Kind::Number:
      return std::abs(node.number) < 1e15 ? numberText(node.number) : "a huge number";
    case Node::Kind::String:
      return inQuotes(node.text);
    case Node::Kind::Array:
      return "an array";
    case Node::Kind::Object:
      return "an object";
  }
  return "nothing";
}

bool isNumber(const Node& node) {
  return node.kind == Node::Kind::Integer || node.kind == Node::Kind::Number;
}

}  // namespace

std::string expectation(const std::string& word, const std::vector<std::string>& names) {
  if (names.empty()) return "none: there are none";
  const std::string near = word.size() <= 80 ? base::nearest(word, names) : std::string();
  if (!near.empty()) return inQuotes(near);
  std::string text = names.size() == 1 ? "" : "one of ";
  for (std::size_t i = 0; i < names.size() && i < 40; ++i)
    text += (i == 0 ? "" : ", ") + inQuotes(names[i]);
  return names.size() > 40 ? text + " ..." : text;
}

void Value::problem(std::string found, std::string expected) const {
  m_document->add(m_node == nullptr ? 0 : m_node->offset, m_pointer, std::move(found),
                  std::move(expected));
}

void Value::wrong(std::string expected) const {
  problem(m_node == nullptr ? "nothing" : describe(*m_node), std::move(expected));
}

bool Value::text(std::string& into) const {
  if (!present()) return false;
  if (m_node->kind != Node::Kind::String || base::trim(m_node->text).empty()) {
    wrong("a text");
    return false;
  }
  into = m_node->text;
  return true;
}

bool Value::anyText(std::string& into) const {
  if (!present()) return false;
  if (m_node->kind != Node::Kind::String) {
    wrong("a text");
    return false;
  }
  into = m_node->text;
  return true;
}

bool Value::longText(std::string& into) const {
  if (!present()) return false;
  if (m_node->kind == Node::Kind::String) return text(into);
  if (m_node->kind != Node::Kind::Array || m_node->items.empty()) {
    wrong("a text or an array of lines");
    return false;
  }
  std::string all;
  bool good = true;
  for (const Value& item : items()) {
    std::string line;
    good = item.anyText(line) && good;
    if (item.node() != m_node->items.data()) all += '\n';
    all += line;
  }
  if (good) into = std::move(all);
  return good;
}

bool readLines(const Value& value, std::string& into) {
  std::string all;
  if (!value.longText(all)) return false;
  if (all.empty() || all.back() != '\n') all += '\n';
  into = std::move(all);
  return true;
}

bool Value::flag(bool& into) const {
  if (!present()) return false;
  if (m_node->kind != Node::Kind::Bool) {
    wrong("true or false");
    return false;
  }
  into = m_node->truth;
  return true;
}

bool Value::integer(std::int64_t& into, std::int64_t minimum, std::int64_t maximum) const {
  if (!present()) return false;
  if (m_node->kind != Node::Kind::Integer || m_node->integer < minimum ||
      m_node->integer > maximum) {
    wrong("a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    return false;
  }
  into = m_node->integer;
  return true;
}

bool Value::integer(int& into, int minimum, int maximum) const {
  std::int64_t wide = 0;
  if (!integer(wide, static_cast<std::int64_t>(minimum), static_cast<std::int64_t>(maximum)))
    return false;
  into = static_cast<int>(wide);
  return true;
}

bool Value::number(double& into, double minimum, double maximum) const {
  if (!present()) return false;
  if (!isNumber(*m_node) || !(m_node->number >= minimum) || !(m_node->number <= maximum)) {
    wrong("a number from " + numberText(minimum) + " to " + numberText(maximum));
    return false;
  }
  into = m_node->number;
  return true;
}

bool Value::bytes(std::int64_t& into) const {
  if (!present()) return false;
  if (m_node->kind == Node::Kind::String) {
    if (const auto size = base::parseBytes(m_node->text)) {
      into = size.value();
      return true;
    }
  }
  wrong("a size with a unit (B, kB, MB, GB, TB) such as \"64GB\"");
  return false;
}

bool Value::durationUs(std::int64_t& into) const {
  if (!present()) return false;
  if (m_node->kind == Node::Kind::String) {
    if (const auto duration = base::parseDurationUs(m_node->text)) {
      into = duration.value();
      return true;
    }
  }
  wrong("a duration with a unit (us, ms, s, min, h, d) such as \"15s\"");
  return false;
}

bool Value::seconds(int& into) const {
  std::int64_t us = 0;
  if (!durationUs(us)) return false;
  if (us % 1'000'000 != 0 || us / 1'000'000 > std::numeric_limits<int>::max()) {
    wrong("a duration of whole seconds");
    return false;
  }
  into = static_cast<int>(us / 1'000'000);
  return true;
}

bool Value::duration(double& into, double unitMicroseconds) const {
  std::int64_t us = 0;
  if (!durationUs(us)) return false;
  into = static_cast<double>(us) / unitMicroseconds;
  return true;
}

bool Value::share(double& into) const {
  if (!present()) return false;
  if (m_node->kind == Node::Kind::String) {
    if (const auto part = base::parsePercent(m_node->text)) {
      into = part.value();
      return true;
    }
  }
  wrong("a percentage from \"0%\" to \"100%\"");
  return false;
}

bool Value::time(base::SimTime& into, const sim::TimingSpec& timing) const {
  if (!present()) return false;
  if (m_node->kind == Node::Kind::String) {
    const std::string& word = m_node->text;
    if (const auto clock = base::parseClock(word)) {
      const std::int64_t midnight = timing.startUnixMs - timing.startUnixMs % kDayMs;
      into.ms = midnight + clock.value() - timing.startUnixMs;
      return true;
    }
    if (const auto iso = base::parseIso(word)) {
      into.ms = iso.value() - timing.startUnixMs;
      return true;
    }
  }
  wrong("a time of day such as \"10:45\" or \"10:45:30\", or \"2024-05-03T14:12:00Z\"");
  return false;
}

bool Value::oneOf(std::size_t& into, const std::vector<std::string>& names) const {
  if (!present()) return false;
  if (m_node->kind != Node::Kind::String) {
    wrong(expectation("", names));
    return false;
  }
  const auto at = std::find(names.begin(), names.end(), m_node->text);
  if (at == names.end()) {
    wrong(expectation(m_node->text, names));
    return false;
  }
  into = static_cast<std::size_t>(at - names.begin());
  return true;
}

bool Value::texts(std::vector<std::string>& into) const {
  if (!present()) return false;
  bool good = true;
  std::vector<std::string> all;
  for (const Value& item : items()) {
    std::string word;
    good = item.text(word) && good;
    all.push_back(std::move(word));
  }
  if (good) into = std::move(all);
  return good;
}

std::vector<Value> Value::items() const {
  std::vector<Value> all;
  if (!present()) return all;
  if (m_node->kind != Node::Kind::Array) {
    wrong("an array");
    return all;
  }
  for (std::size_t i = 0; i < m_node->items.size(); ++i) {
    all.emplace_back(*m_document, &m_node->items[i], m_pointer + '/' + std::to_string(i));
  }
  return all;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
  std::vector<std::pair<std::string, Value>> all;
  if (!present()) return all;
  if (m_node->kind != Node::Kind::Object) {
    wrong("an object");
    return all;
  }
  for (std::size_t i = 0; i < m_node->keys.size(); ++i) {
    const std::string& name = m_node->keys[i].name;
    all.emplace_back(name,
                     Value(*m_document, &m_node->items[i], m_pointer + '/' + pointerPart(name)));
  }
  return all;
}

bool Value::known(const std::string& word, const std::vector<std::string>& names,
                  std::string_view kind) const {
  // An empty name is one that could not be read: it has its own complaint.
  for (const std::string& name : names) {
    if (name == word || name.empty()) return true;
  }
  problem(inQuotes(word), std::string(kind) + ": " + expectation(word, names));
  return false;
}

Object::Object(const Value& value) : m_value(value), m_valid(false) {
  if (!value.present()) return;
  m_valid = value.node()->kind == Node::Kind::Object;
  if (!m_valid) value.wrong("an object");
}

Object::~Object() {
  if (!m_valid) return;
  const Node& node = *m_value.node();
  for (const Key& key : node.keys) {
    if (std::find(m_asked.begin(), m_asked.end(), key.name) != m_asked.end()) continue;
    m_value.document().add(key.offset, m_value.pointer() + '/' + pointerPart(key.name),
                           "the unknown key " + inQuotes(key.name), expectation(key.name, m_asked));
  }
}

Value Object::need(std::string_view key) {
  Value value = maybe(key);
  if (m_valid && !value.present()) m_value.problem("nothing", "the key " + inQuotes(key));
  return value;
}

Value Object::maybe(std::string_view key) {
  m_asked.emplace_back(key);
  const std::string pointer = m_value.pointer() + '/' + pointerPart(key);
  if (m_valid) {
    const Node& node = *m_value.node();
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (node.keys[i].name == key) return {m_value.document(), &node.items[i], pointer};
    }
  }
  return {m_value.document(), nullptr, pointer};
}

}  // namespace scenario
