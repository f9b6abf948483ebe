// SPDX-License-Identifier: GPL-3.0-or-later
// Temporary tables of a session without tables of its own: few rows, kept in the session as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/shell_state.h"
#include "console/sql/engine.h"
#include "console/sql/query/plan.h"
#include "console/sql/tokens.h"

namespace console {

struct TemporaryTable {
  std::string name;
  std::vector<query::OutputColumn> columns;
  std::vector<Row> rows;
};
[[nodiscard]] std::optional<TemporaryTable> temporaryTable(const PsqlSession& session,
                                                           const std::string& name);
// CREATE TEMP TABLE name (...) or AS query; INSERT INTO name ...
[[nodiscard]] QueryResult changeTemporaryTables(QueryContext& context, const TokenList& list,
                                                std::string_view statement);

}  // namespace console
