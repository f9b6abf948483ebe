// SPDX-License-Identifier: GPL-3.0-or-later
// An expected refusal as a value: a code for programs, a place for the eye, a sentence for people.
// Programmer errors are asserted, never returned.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace base {

struct Error {
  std::string code;     // stable word, e.g. "not-found"
  std::string place;    // file:line:column, a JSON pointer, or empty
  std::string message;  // one English sentence
  bool operator==(const Error&) const = default;
};

struct Nothing {
  bool operator==(const Nothing&) const = default;
};

template <typename T = Nothing>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_state(std::move(value)) {}      // NOLINT: a value is a result
  Result(Error error) : m_state(std::move(error)) {}  // NOLINT: so is an error
  [[nodiscard]] bool ok() const { return m_state.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const T& value() const { return std::get<0>(m_state); }
  [[nodiscard]] T& value() { return std::get<0>(m_state); }
  [[nodiscard]] const Error& error() const { return std::get<1>(m_state); }

 private:
  std::variant<T, Error> m_state;
};

}  // namespace base
