// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "console/sql/rewrite.h"

namespace console {

std::string errorPlace(std::string_view statement, std::size_t at) {
  at = std::min(at, statement.size());
  std::size_t line = 1, start = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (statement[i] != '\n') continue;
    ++line;
    start = i + 1;
  }
  const std::size_t end = std::min(statement.find('\n', start), statement.size());
  std::string shown(statement.substr(start, end - start));
  for (char& c : shown) {
    if (c == '\t') c = ' ';
  }
  std::string head = "LINE " + std::to_string(line) + ": ";
  std::size_t place = at - start;
  constexpr std::size_t kWidth = 60, kMargin = 10;  // psql shows a window of the line
  if (shown.size() > kWidth) {
    std::size_t from = 0, to = shown.size();
    if (place + kMargin > kWidth) {
      to = std::min(shown.size(), place + kMargin);
      from = to > kWidth ? to - kWidth : 0;
    } else {
      to = kWidth;
    }
    const bool cut = to < shown.size();
    shown = shown.substr(from, to - from) + (cut ? "..." : "");
    if (from > 0) {
      shown = "..." + shown;
      place = place - from + 3;
    }
  }
  return head + shown + "\n" + std::string(head.size() + place, ' ') + "^";
}

std::string errorText(const SqlError& error, std::string_view statement) {
  std::string text = "ERROR:  " + error.text;
  if (error.at != std::string::npos) text += "\n" + errorPlace(statement, error.at);
  if (!error.detail.empty()) text += "\nDETAIL:  " + error.detail;
  if (!error.hint.empty()) text += "\nHINT:  " + error.hint;
  return text + "\n";
}

}  // namespace console
