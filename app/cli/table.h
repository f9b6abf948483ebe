// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of text in aligned columns for a terminal. Widths are counted in characters; control
// characters become blanks, so that no file can steer the terminal.
#pragma once

#include <string>
#include <vector>

namespace cli {

class Table {
 public:
  enum class Align { Left, Right };
  struct Column {
    std::string title;
    Align align = Align::Left;
  };
  explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
  // Missing cells are empty; those too many are dropped.
  void add(std::vector<std::string> row);
  // Header and rows; every line ends with a newline and no line with a blank.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> m_columns;
  std::vector<std::vector<std::string>> m_rows;
};

// Control characters, line ends included, become blanks.
[[nodiscard]] std::string oneLine(std::string text);

}  // namespace cli
