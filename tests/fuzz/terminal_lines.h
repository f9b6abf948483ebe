// SPDX-License-Identifier: GPL-3.0-or-later
// Random lines for the terminal by a grammar: the commands there are with their options and fitting
// or unfitting arguments, pipes, redirections, quotes, substitutions, SQL; and lines only nearly
// so, or not at all.
#pragma once

#include <string>
#include <vector>

#include "sql_lines.h"

namespace fuzz {

// What lines may be about.
struct Surroundings {
  std::vector<std::string> settings;  // names of settings
  std::vector<std::string> files;     // paths on the host
  std::vector<std::string> pids;
  std::vector<std::string> services;
};

class TerminalLines {
 public:
  explicit TerminalLines(Surroundings around);
  // inPsql: psql's prompt is what is typed at.
  [[nodiscard]] std::string line(Dice& dice, bool inPsql) const;

 private:
  struct Known {
    std::string name;
    std::vector<std::string> words;  // of its synopsis
  };
  [[nodiscard]] std::string argument(Dice& dice, int depth) const;
  [[nodiscard]] std::string file(Dice& dice) const;
  [[nodiscard]] std::string command(Dice& dice, int depth) const;
  [[nodiscard]] std::string psql(Dice& dice) const;
  [[nodiscard]] std::string edit(Dice& dice) const;
  [[nodiscard]] std::string redirection(Dice& dice, int depth) const;
  [[nodiscard]] std::string pipeline(Dice& dice, int depth) const;
  [[nodiscard]] std::string shellLine(Dice& dice) const;
  [[nodiscard]] std::string compound(const std::string& text, Dice& dice) const;

  Surroundings m_around;
  SqlLines m_sql;
  std::vector<Known> m_commands;
};

}  // namespace fuzz
