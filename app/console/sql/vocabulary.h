// SPDX-License-Identifier: GPL-3.0-or-later
// Words of SQL: which functions there are and what they are called in SQLite, which words are
// reserved, which columns hold times.
#pragma once

#include <string_view>

namespace console {

struct SqlFunction {
  std::string_view name, inner;  // PostgreSQL's name, SQLite's
  int least, most;               // arguments; most < 0: any number
  bool aggregate = false, boolean = false, time = false;
};
[[nodiscard]] const SqlFunction* findSqlFunction(std::string_view name);
[[nodiscard]] bool isInnerFunction(std::string_view inner);
[[nodiscard]] bool isReservedWord(std::string_view word);
[[nodiscard]] bool isTimeColumn(std::string_view name);

}  // namespace console
