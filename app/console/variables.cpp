// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/variables.h"

#include <charconv>
#include <utility>

namespace console {
namespace {

constexpr std::size_t kMostVariables = 200;
constexpr std::size_t kMostBytes = 8u << 20;
constexpr std::size_t kBytesOfElement = 64;

std::int64_t numberOf(const std::string& key) {
  std::int64_t number = 0;
  std::from_chars(key.data(), key.data() + key.size(), number);
  return number;
}

}  // namespace

const std::string* ShellVariable::plain() const {
  if (blank) return nullptr;
  return kind == Kind::Text ? &text : element("0");
}

const std::string* ShellVariable::element(const std::string& key) const {
  if (blank) return nullptr;
  if (kind == Kind::Keyed) {
    const auto found = keyed.find(key);
    return found == keyed.end() ? nullptr : &found->second;
  }
  std::int64_t number = numberOf(key);
  if (kind == Kind::Text) return number == 0 || number == -1 ? &text : nullptr;
  // Negative ones count from the end.
  if (number < 0 && !indexed.empty()) number += indexed.rbegin()->first + 1;
  const auto found = indexed.find(number);
  return found == indexed.end() ? nullptr : &found->second;
}

std::vector<std::string> ShellVariable::keys() const {
  std::vector<std::string> all;
  if (kind == Kind::Text && !blank) all.emplace_back("0");
  for (const auto& [key, value] : indexed) all.push_back(std::to_string(key));
  for (const auto& [key, value] : keyed) all.push_back(key);
  return all;
}

std::vector<std::string> ShellVariable::values() const {
  std::vector<std::string> all;
  if (kind == Kind::Text && !blank) all.push_back(text);
  for (const auto& [key, value] : indexed) all.push_back(value);
  for (const auto& [key, value] : keyed) all.push_back(value);
  return all;
}

std::size_t ShellVariable::bytes() const {
  std::size_t sum = kBytesOfElement + text.size();
  for (const auto& [key, value] : indexed) sum += kBytesOfElement + value.size();
  for (const auto& [key, value] : keyed) sum += kBytesOfElement + key.size() + value.size();
  return sum;
}

std::string ShellVariable::flags() const {
  std::string letters = kind == Kind::Indexed ? "a" : kind == Kind::Keyed ? "A" : "";
  if (integer) letters += 'i';
  if (readOnly) letters += 'r';
  if (exported) letters += 'x';
  return letters;
}

const ShellVariable* ShellVariables::find(const std::string& name) const {
  const auto found = m_all.find(name);
  return found == m_all.end() ? nullptr : &found->second;
}

const std::string* ShellVariables::text(const std::string& name) const {
  const ShellVariable* variable = find(name);
  return variable == nullptr ? nullptr : variable->plain();
}

std::map<std::string, std::string> ShellVariables::exported() const {
  std::map<std::string, std::string> given;
  for (const auto& [name, variable] : m_all) {
    if (variable.exported && !variable.blank && variable.kind == ShellVariable::Kind::Text) {
      given[name] = variable.text;
    }
  }
  return given;
}

void ShellVariables::set(const std::string& name, std::string text) {
  const auto known = m_all.find(name);
  if (known != m_all.end() && known->second.kind != ShellVariable::Kind::Text) {
    return setElement(name, "0", std::move(text));
  }
  if (known == m_all.end()) {
    ShellVariable fresh;
    fresh.text = std::move(text);
    return put(name, std::move(fresh));
  }
  const std::size_t after = m_bytes - known->second.text.size() + text.size();
  if (after > kMostBytes) return;
  m_bytes = after;
  known->second.blank = false;
  known->second.text = std::move(text);
}

void ShellVariables::setElement(const std::string& name, const std::string& key, std::string text) {
  if (m_bytes + kBytesOfElement + key.size() + text.size() > kMostBytes) return;
  if (!m_all.contains(name)) {
    ShellVariable fresh;
    fresh.kind = ShellVariable::Kind::Indexed;
    put(name, std::move(fresh));
  }
  const auto known = m_all.find(name);
  if (known == m_all.end()) return;
  ShellVariable& variable = known->second;
  if (variable.kind == ShellVariable::Kind::Text) {
    variable.kind = ShellVariable::Kind::Indexed;
    if (!variable.blank) {
      m_bytes += kBytesOfElement;
      variable.indexed[0] = std::exchange(variable.text, {});
    }
  }
  variable.blank = false;
  const std::size_t size = text.size();
  std::int64_t number = numberOf(key);
  if (number < 0 && !variable.indexed.empty()) number += variable.indexed.rbegin()->first + 1;
  const bool keyed = variable.kind == ShellVariable::Kind::Keyed;
  if (!keyed && number < 0) return;
  const bool there = keyed ? variable.keyed.contains(key) : variable.indexed.contains(number);
  std::string& place = keyed ? variable.keyed[key] : variable.indexed[number];
  m_bytes += size - place.size() + (there ? 0 : kBytesOfElement + (keyed ? key.size() : 0));
  place = std::move(text);
}

void ShellVariables::put(const std::string& name, ShellVariable variable) {
  const auto known = m_all.find(name);
  const std::size_t before = known == m_all.end() ? 0 : known->second.bytes();
  const std::size_t after = m_bytes - before + variable.bytes();
  if (after > kMostBytes || (known == m_all.end() && m_all.size() >= kMostVariables)) return;
  m_bytes = after;
  m_all[name] = std::move(variable);
}

void ShellVariables::erase(const std::string& name) {
  const auto known = m_all.find(name);
  if (known == m_all.end()) return;
  m_bytes -= known->second.bytes();
  m_all.erase(known);
}

void ShellVariables::eraseElement(const std::string& name, const std::string& key) {
  const auto known = m_all.find(name);
  if (known == m_all.end()) return;
  ShellVariable& variable = known->second;
  m_bytes -= variable.bytes();
  std::int64_t number = numberOf(key);
  if (number < 0 && !variable.indexed.empty()) number += variable.indexed.rbegin()->first + 1;
  variable.keyed.erase(key);
  variable.indexed.erase(number);
  m_bytes += variable.bytes();
}

void ShellVariables::keep(const std::string& name, KeptVariables& kept) const {
  const ShellVariable* known = find(name);
  kept.try_emplace(name, known == nullptr ? std::nullopt : std::optional(*known));
}

void ShellVariables::putBack(const KeptVariables& kept) {
  for (const auto& [name, variable] : kept) {
    if (variable) {
      put(name, *variable);
    } else {
      erase(name);
    }
  }
}

}  // namespace console
