// SPDX-License-Identifier: GPL-3.0-or-later
// The variables of the shell: texts, arrays by number (a=(1 2)) and by key (declare -A), and what
// declare says of them. A plain value; what its memory may hold is bounded, and what would be more
// is not kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace console {

struct ShellVariable {
  enum class Kind : std::uint8_t { Text, Indexed, Keyed };
  Kind kind = Kind::Text;
  std::string text;
  std::map<std::int64_t, std::string> indexed;
  std::map<std::string, std::string> keyed;
  bool exported = false, readOnly = false, integer = false;
  bool blank = false;  // declared, but nothing has been assigned
  bool operator==(const ShellVariable&) const = default;

  // What $NAME stands for: of an array, its element 0. Null: not set.
  [[nodiscard]] const std::string* plain() const;
  [[nodiscard]] const std::string* element(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] std::vector<std::string> values() const;
  [[nodiscard]] std::size_t bytes() const;
  // "rx" of declare -p; empty: none.
  [[nodiscard]] std::string flags() const;
};

// Variables as they were before somebody changed them; nothing: not set.
using KeptVariables = std::map<std::string, std::optional<ShellVariable>>;

class ShellVariables {
 public:
  [[nodiscard]] const ShellVariable* find(const std::string& name) const;
  [[nodiscard]] bool contains(const std::string& name) const { return find(name) != nullptr; }
  // Null: not set.
  [[nodiscard]] const std::string* text(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, ShellVariable>& all() const { return m_all; }
  // Those that commands are given.
  [[nodiscard]] std::map<std::string, std::string> exported() const;

  void set(const std::string& name, std::string text);
  // key: a number's text, or of a Keyed anything. A text becomes an array.
  void setElement(const std::string& name, const std::string& key, std::string text);
  void put(const std::string& name, ShellVariable variable);
  void erase(const std::string& name);
  void eraseElement(const std::string& name, const std::string& key);

  void keep(const std::string& name, KeptVariables& kept) const;  // the first time counts
  void putBack(const KeptVariables& kept);
  bool operator==(const ShellVariables&) const = default;

 private:
  std::map<std::string, ShellVariable> m_all;
  std::size_t m_bytes = 0;
};

}  // namespace console
