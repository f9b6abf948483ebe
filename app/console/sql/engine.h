// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one query over the views of the simulated server: parsed, analysed and carried out by the
// room's own engine (query/), which knows PostgreSQL's types. Bounded: a statement that works too
// long is cancelled as by a statement timeout.
#pragma once

#include <string>
#include <vector>

#include "console/shell.h"
#include "console/sql/result_table.h"
#include "console/sql/sql_error.h"

namespace console {

struct QueryContext {
  Machine& machine;
  PsqlSession& session;
  std::vector<sim::Action>& changed;
  base::SimTime& duration;
  std::string* notices = nullptr;  // where functions warn the client
};
struct QueryResult {
  bool ok = true;
  SqlError error;
  std::string tag;  // of a statement that answers with no rows: "INSERT 0 1"
  ResultTable table;
  std::vector<std::string> notices;  // "WARNING:  ..." on the way
};
[[nodiscard]] QueryResult runQuery(QueryContext context, std::string_view statement);

}  // namespace console
