// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/result_table.h"

#include <algorithm>

#include "base/text.h"

namespace console {
namespace {

// Columns a terminal uses: bytes that do not continue a UTF-8 character.
std::size_t shownWidth(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t shown = shownWidth(text);
  const std::string blanks(width > shown ? width - shown : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::vector<std::string> cellLines(const std::optional<std::string>& cell) {
  if (!cell || cell->empty()) return {""};
  return base::split(*cell, '\n');
}

std::string rowCount(std::size_t rows) {
  return "(" + std::to_string(rows) + (rows == 1 ? " row)" : " rows)");
}

std::string centered(const std::string& text, std::size_t width) {
  const std::size_t shown = shownWidth(text);
  if (shown >= width) return text;
  const std::size_t left = (width - shown) / 2;
  return std::string(left, ' ') + text + std::string(width - shown - left, ' ');
}

std::string aligned(const ResultTable& table, const PsqlFormat& format) {
  const std::size_t count = table.columns.size();
  std::vector<std::size_t> widths(count);
  for (std::size_t i = 0; i < count; ++i) widths[i] = shownWidth(table.columns[i].name);
  std::vector<std::vector<std::vector<std::string>>> cells;
  for (const ResultRow& row : table.rows) {
    auto& lines = cells.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      lines.push_back(cellLines(row[i]));
      for (const std::string& line : lines.back())
        widths[i] = std::max(widths[i], shownWidth(line));
    }
  }
  std::string text;
  if (!format.tuplesOnly) {
    std::string head, rule;
    for (std::size_t i = 0; i < count; ++i) {
      head += (i > 0 ? "|" : "") + (" " + centered(table.columns[i].name, widths[i])) + " ";
      rule += (i > 0 ? "+" : "") + std::string(widths[i] + 2, '-');
    }
    if (!table.title.empty()) text += centered(table.title, shownWidth(rule)) + "\n";
    while (text.ends_with(" \n")) text.erase(text.size() - 2, 1);
    text += head + "\n" + rule + "\n";
  }
  for (const auto& row : cells) {
    std::size_t height = 1;
    for (const auto& lines : row) height = std::max(height, lines.size());
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t i = 0; i < count; ++i) {
        const bool last = i + 1 == count;
        const bool more = line + 1 < row[i].size();
        const std::string value = line < row[i].size() ? row[i][line] : "";
        const bool right = table.columns[i].rightAligned;
        text += (i > 0 ? "| " : " ");
        text += last && !right && !more ? value : padded(value, widths[i], right);
        text += more ? "+" : last ? "" : " ";
      }
      text += "\n";
    }
  }
  if (!format.tuplesOnly && table.footer) text += rowCount(table.rows.size()) + "\n";
  return text + "\n";
}

std::string expanded(const ResultTable& table, const PsqlFormat& format) {
  if (table.rows.empty()) return format.tuplesOnly ? "" : "(0 rows)\n\n";
  std::size_t names = 0, values = 0;
  for (const ResultColumn& column : table.columns) names = std::max(names, shownWidth(column.name));
  for (const ResultRow& row : table.rows) {
    for (const auto& cell : row) {
      for (const std::string& line : cellLines(cell)) values = std::max(values, shownWidth(line));
    }
  }
  std::string text;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (!format.tuplesOnly) {
      // The record's heading is as wide as the rule: name column, "-+-", values.
      const std::string label = "-[ RECORD " + std::to_string(r + 1) + " ]";
      std::string rule = std::string(names + 1, '-') + "+" + std::string(values + 1, '-');
      if (rule.size() < label.size()) {
        rule = label;
      } else {
        rule.replace(0, label.size(), label);
        if (label.size() > names + 1 && rule.size() > label.size()) rule[label.size()] = '-';
      }
      text += rule + "\n";
    } else if (r > 0) {
      text += "\n";
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto lines = cellLines(table.rows[r][i]);
      for (std::size_t line = 0; line < lines.size(); ++line) {
        const bool more = line + 1 < lines.size();
        text += padded(line == 0 ? table.columns[i].name : "", names, false) + " | " +
                (more ? padded(lines[line], values, false) + "+" : lines[line]) + "\n";
      }
    }
  }
  return text + "\n";
}

std::string unaligned(const ResultTable& table, const PsqlFormat& format) {
  std::string text;
  const auto line = [&](const auto& value) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      text += (i > 0 ? format.separator : "") + value(i);
    text += "\n";
  };
  if (format.expanded) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r > 0) text += "\n";
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        text += table.columns[i].name + format.separator + table.rows[r][i].value_or("") + "\n";
      }
    }
    return text;
  }
  if (!format.tuplesOnly) line([&](std::size_t i) { return table.columns[i].name; });
  for (const ResultRow& row : table.rows) line([&](std::size_t i) { return row[i].value_or(""); });
  if (!format.tuplesOnly && table.footer) text += rowCount(table.rows.size()) + "\n";
  return text;
}

}  // namespace

std::string formatTable(const ResultTable& table, const PsqlFormat& format) {
  if (format.unaligned) return unaligned(table, format);
  if (format.expanded) return expanded(table, format);
  return aligned(table, format);
}

}  // namespace console
