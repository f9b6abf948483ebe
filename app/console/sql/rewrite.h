// SPDX-License-Identifier: GPL-3.0-or-later
// A PostgreSQL query into one SQLite understands: casts, intervals, function names, pattern
// operators, the order of nulls, names of result columns. What has no counterpart is refused here,
// in PostgreSQL's words.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "console/sql/tokens.h"

namespace console {

// A place in the statement and what is wrong there, as the server says it.
struct SqlError {
  std::string text;  // without "ERROR:  "
  std::string detail, hint;
  std::size_t at = std::string::npos;  // npos: no LINE shown
};

struct OutputHint {
  bool boolean = false;
  int decimals = -1;  // fixed digits after the point: round(x, 2), avg()
};

struct RewrittenQuery {
  bool ok = true;
  SqlError error;
  std::string sql;
  std::vector<std::pair<std::size_t, std::size_t>>
      places;                     // offset in sql -> offset in the original
  std::vector<OutputHint> hints;  // of the select list; empty when it holds a star
  std::set<std::string> tables;   // names that stand where tables stand
  [[nodiscard]] std::size_t originalPlace(std::size_t offset) const;
};
[[nodiscard]] RewrittenQuery rewriteQuery(const TokenList& list);

// "LINE 1: ..." and the caret below it.
[[nodiscard]] std::string errorPlace(std::string_view statement, std::size_t at);
[[nodiscard]] std::string errorText(const SqlError& error, std::string_view statement);

}  // namespace console
