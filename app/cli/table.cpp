// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/table.h"

#include <algorithm>

namespace cli {

namespace {

std::size_t widthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string oneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

void Table::add(std::vector<std::string> row) {
  row.resize(m_columns.size());
  for (std::string& cell : row) cell = oneLine(std::move(cell));
  m_rows.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::string> titles;
  for (const Column& column : m_columns) titles.push_back(column.title);
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    widths.push_back(widthOf(titles[i]));
    for (const auto& row : m_rows) widths[i] = std::max(widths[i], widthOf(row[i]));
  }
  std::string text;
  const auto addLine = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - widthOf(row[i]), ' ');
      if (i > 0) line += "  ";
      line += m_columns[i].align == Align::Right ? blanks + row[i] : row[i] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  addLine(titles);
  for (const auto& row : m_rows) addLine(row);
  return text;
}

}  // namespace cli
