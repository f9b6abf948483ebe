// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a statement and where, and how psql shows it.
#pragma once

#include <string>
#include <string_view>

namespace console {

// A place in the statement and what is wrong there, as the server says it.
struct SqlError {
  std::string text;  // without "ERROR:  "
  std::string detail, hint;
  std::size_t at = std::string::npos;  // npos: no LINE shown
  std::string sqlstate = {};           // empty: follows from the text
};

// "LINE 1: ..." and the caret below it.
[[nodiscard]] std::string errorPlace(std::string_view statement, std::size_t at);
// verbosity: default, verbose, terse, sqlstate.
[[nodiscard]] std::string errorText(const SqlError& error, std::string_view statement,
                                    std::string_view sqlstate, std::string_view verbosity);

}  // namespace console
