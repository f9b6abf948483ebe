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

std::vector<std::string> cellLines(const std::string& cell) {
  if (cell.empty()) return {""};
  return base::split(cell, '\n');
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

std::string titled(const ResultTable& table, const PsqlFormat& format) {
  return table.title.empty() ? format.title : table.title;
}

std::string shownCell(const std::optional<std::string>& cell, const PsqlFormat& format) {
  return cell ? *cell : format.null;
}

// A table with lines between its columns; \pset border says how many of them.
class Grid {
 public:
  Grid(const ResultTable& table, const PsqlFormat& format) : m_table(table), m_format(format) {
    m_widths.resize(table.columns.size());
    for (std::size_t i = 0; i < m_widths.size(); ++i) {
      m_widths[i] = shownWidth(table.columns[i].name);
    }
    for (const ResultRow& row : table.rows) {
      auto& lines = m_cells.emplace_back();
      for (std::size_t i = 0; i < m_widths.size(); ++i) {
        lines.push_back(cellLines(shownCell(row[i], format)));
        for (const std::string& line : lines.back()) {
          m_widths[i] = std::max(m_widths[i], shownWidth(line));
        }
      }
    }
  }

  std::string text() {
    if (!m_format.tuplesOnly) head();
    for (const auto& row : m_cells) addRow(row);
    if (m_format.border == 2) m_text += rule() + "\n";
    if (!m_format.tuplesOnly && m_table.footer && m_format.footer) {
      m_text += rowCount(m_table.rows.size()) + "\n";
    }
    return m_text + "\n";
  }

 private:
  [[nodiscard]] bool bare() const { return m_format.border == 0; }
  [[nodiscard]] bool boxed() const { return m_format.border == 2; }

  [[nodiscard]] std::string rule() const {
    std::string text = boxed() ? "+" : "";
    for (std::size_t i = 0; i < m_widths.size(); ++i) {
      if (i > 0) text += bare() ? " " : "+";
      text += std::string(m_widths[i] + (bare() ? 0 : 2), '-');
    }
    return text + (boxed() ? "+" : "");
  }

  void head() {
    const std::string line = rule(), title = titled(m_table, m_format);
    if (!title.empty()) {
      m_text += centered(title, shownWidth(line)) + "\n";
      while (m_text.ends_with(" \n")) m_text.erase(m_text.size() - 2, 1);
    }
    if (boxed()) m_text += line + "\n";
    std::string names = boxed() ? "| " : bare() ? "" : " ";
    for (std::size_t i = 0; i < m_widths.size(); ++i) {
      if (i > 0) names += bare() ? " " : "| ";
      names += centered(m_table.columns[i].name, m_widths[i]) + (bare() ? "" : " ");
    }
    m_text += names + (boxed() ? "|" : "") + "\n" + line + "\n";
  }

  void addRow(const std::vector<std::vector<std::string>>& row) {
    std::size_t height = 1;
    for (const auto& lines : row) height = std::max(height, lines.size());
    for (std::size_t line = 0; line < height; ++line) {
      if (boxed()) m_text += "|";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool last = i + 1 == row.size();
        const bool more = line + 1 < row[i].size();
        const std::string value = line < row[i].size() ? row[i][line] : "";
        const bool right = m_table.columns[i].rightAligned;
        if (!bare()) m_text += (i > 0 ? "| " : " ");
        if (bare() && i > 0) m_text += " ";
        m_text += last && !right && !more && !boxed() ? value : padded(value, m_widths[i], right);
        m_text += more ? "+" : last && !boxed() ? "" : bare() ? "" : " ";
      }
      m_text += boxed() ? "|\n" : "\n";
    }
  }

  const ResultTable& m_table;
  const PsqlFormat& m_format;
  std::vector<std::size_t> m_widths;
  std::vector<std::vector<std::vector<std::string>>> m_cells;
  std::string m_text;
};

// The heading of a record is as wide as the rule: name column, "-+-", values.
std::string recordHead(std::size_t number, std::size_t names, std::size_t values, int border) {
  const std::string label = border == 0 ? "* Record " + std::to_string(number)
                                        : "-[ RECORD " + std::to_string(number) + " ]";
  if (border == 0) return label;
  std::string rule = std::string(names + 1, '-') + "+" + std::string(values + 1, '-');
  if (rule.size() < label.size()) return label;
  rule.replace(0, label.size(), label);
  if (label.size() > names + 1 && rule.size() > label.size()) rule[label.size()] = '-';
  return rule;
}

std::string expanded(const ResultTable& table, const PsqlFormat& format) {
  if (table.rows.empty()) return format.tuplesOnly ? "" : "(0 rows)\n\n";
  std::size_t names = 0, values = 0;
  for (const ResultColumn& column : table.columns) names = std::max(names, shownWidth(column.name));
  for (const ResultRow& row : table.rows) {
    for (const auto& cell : row) {
      for (const std::string& line : cellLines(shownCell(cell, format))) {
        values = std::max(values, shownWidth(line));
      }
    }
  }
  std::string text;
  if (const std::string title = titled(table, format); !title.empty() && !format.tuplesOnly) {
    text += title + "\n";
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (!format.tuplesOnly) {
      text += recordHead(r + 1, names, values, format.border) + "\n";
    } else if (r > 0) {
      text += "\n";
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto lines = cellLines(shownCell(table.rows[r][i], format));
      for (std::size_t line = 0; line < lines.size(); ++line) {
        const bool more = line + 1 < lines.size();
        text += padded(line == 0 ? table.columns[i].name : "", names, false) +
                (format.border == 0 ? " " : " | ") +
                (more ? padded(lines[line], values, false) + "+" : lines[line]) + "\n";
      }
    }
  }
  return text + "\n";
}

std::string unaligned(const ResultTable& table, const PsqlFormat& format) {
  std::string text;
  bool first = true;
  const auto end = [&]() {  // the separator stands between records, a line feed at the end
    if (!first) text += format.recordSeparator;
    first = false;
  };
  const std::string title = titled(table, format);
  if (!title.empty() && !format.tuplesOnly) {
    end();
    text += title;
  }
  const auto line = [&](const auto& value) {
    end();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += (i > 0 ? format.separator : "") + value(i);
    }
  };
  if (format.expanded) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r > 0) text += "\n";
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        end();
        text += table.columns[i].name + format.separator + shownCell(table.rows[r][i], format);
      }
    }
    return first ? text : text + "\n";
  }
  if (!format.tuplesOnly) line([&](std::size_t i) { return table.columns[i].name; });
  for (const ResultRow& row : table.rows) {
    line([&](std::size_t i) { return shownCell(row[i], format); });
  }
  if (!format.tuplesOnly && table.footer && format.footer) {
    end();
    text += rowCount(table.rows.size());
  }
  return first ? text : text + "\n";
}

std::string commaSeparated(const ResultTable& table, const PsqlFormat& format) {
  const auto written = [&](const std::string& cell) {
    const bool quote = cell.find_first_of("\"\r\n") != std::string::npos ||
                       cell.find(format.csvSeparator) != std::string::npos || cell == "\\.";
    return quote ? "\"" + base::replaceAll(cell, "\"", "\"\"") + "\"" : cell;
  };
  std::string text;
  if (format.expanded) {
    for (const ResultRow& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        text += written(table.columns[i].name) + format.csvSeparator +
                written(shownCell(row[i], format)) + "\n";
      }
    }
    return text;
  }
  const auto line = [&](const auto& value) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += (i > 0 ? format.csvSeparator : "") + written(value(i));
    }
    text += "\n";
  };
  if (!format.tuplesOnly) line([&](std::size_t i) { return table.columns[i].name; });
  for (const ResultRow& row : table.rows) {
    line([&](std::size_t i) { return shownCell(row[i], format); });
  }
  return text;
}

}  // namespace

std::string formatTable(const ResultTable& table, const PsqlFormat& format) {
  if (format.csv) return commaSeparated(table, format);
  if (format.unaligned) return unaligned(table, format);
  if (format.expanded && !table.plain) return expanded(table, format);
  std::string text = Grid(table, format).text();
  if (format.expandedAuto && !table.plain) {
    constexpr std::size_t kColumns = 80;  // of the terminal
    for (const std::string& line : base::lines(text)) {
      if (shownWidth(line) > kColumns) return expanded(table, format);
    }
  }
  return text;
}

}  // namespace console
