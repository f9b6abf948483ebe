// SPDX-License-Identifier: GPL-3.0-or-later
// Random SQL and psql commands by a grammar: whole statements as trainees type them, and ones that
// are only nearly right.
#pragma once

#include <string>
#include <vector>

#include "dice.h"

namespace fuzz {

class SqlLines {
 public:
  explicit SqlLines(std::vector<std::string> settings) : m_settings(std::move(settings)) {}
  [[nodiscard]] std::string statement(Dice& dice) const;  // without a semicolon
  [[nodiscard]] std::string meta(Dice& dice) const;       // "\d pg_stat_activity"
  // What is typed at psql's prompt: statements with and without their end, halves of them.
  [[nodiscard]] std::string line(Dice& dice) const;

 private:
  [[nodiscard]] std::string select(Dice& dice, int depth) const;
  [[nodiscard]] std::string query(Dice& dice, int depth) const;
  [[nodiscard]] std::string expression(Dice& dice, int depth) const;
  [[nodiscard]] std::string call(Dice& dice, int depth) const;
  [[nodiscard]] std::string source(Dice& dice, int depth) const;
  [[nodiscard]] std::string literal(Dice& dice) const;
  [[nodiscard]] std::string column(Dice& dice) const;
  [[nodiscard]] std::string setting(Dice& dice) const;
  [[nodiscard]] std::string value(Dice& dice) const;
  [[nodiscard]] std::string change(Dice& dice) const;

  std::vector<std::string> m_settings;
};

}  // namespace fuzz
