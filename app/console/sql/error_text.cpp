// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "console/sql/session.h"
#include "console/sql/sql_error.h"

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

std::string sqlstateOf(std::string_view text) {
  struct Class {
    std::string_view part, sqlstate;
  };
  // The first that is found counts.
  constexpr Class kClasses[] = {{"canceling statement due to lock timeout", "55P03"},
                                {"canceling statement", "57014"},
                                {"permission denied", "42501"},
                                {"must be superuser", "42501"},
                                {"unrecognized configuration parameter", "42704"},
                                {"cannot be changed", "55P02"},
                                {"cannot be set after connection start", "55P02"},
                                {"relation ", "42P01"},
                                {"syntax error", "42601"},
                                {"unterminated", "42601"},
                                {"trailing junk", "42601"},
                                {"missing FROM-clause", "42P01"},
                                {"column reference", "42702"},
                                {"column ", "42703"},
                                {"function ", "42883"},
                                {"operator does not exist", "42883"},
                                {"aggregate functions are not allowed", "42803"},
                                {"must appear in the GROUP BY", "42803"},
                                {"division by zero", "22012"},
                                {"out of range", "22003"},
                                {"requested length too large", "54000"},
                                {"array size exceeds", "54000"},
                                {"invalid input syntax", "22P02"},
                                {"invalid size", "22023"},
                                {"invalid value for parameter", "22023"},
                                {"requires a", "22023"},
                                {"outside the valid range", "22023"},
                                {"each UNION query", "42601"},
                                {"position", "42P10"},
                                {"subquery", "42601"}};
  for (const Class& one : kClasses) {
    if (base::contains(text, one.part)) return std::string(one.sqlstate);
  }
  return "XX000";
}

std::string errorText(const SqlError& error, std::string_view statement, std::string_view sqlstate,
                      std::string_view verbosity) {
  const std::string code(sqlstate);
  if (verbosity == "sqlstate") return "ERROR:  " + code + "\n";
  std::string text = "ERROR:  " + (verbosity == "verbose" ? code + ": " : "") + error.text;
  if (verbosity == "terse") {
    if (error.at != std::string::npos) text += " at character " + std::to_string(error.at + 1);
    return text + "\n";
  }
  if (error.at != std::string::npos) text += "\n" + errorPlace(statement, error.at);
  if (!error.detail.empty()) text += "\nDETAIL:  " + error.detail;
  if (!error.hint.empty()) text += "\nHINT:  " + error.hint;
  return text + "\n";
}

}  // namespace console
