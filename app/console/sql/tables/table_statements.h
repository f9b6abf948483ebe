// SPDX-License-Identifier: GPL-3.0-or-later
// Statements on user tables: queries, EXPLAIN, CREATE, DROP, INSERT, UPDATE, DELETE, TRUNCATE,
// VACUUM, ANALYZE, LOCK, DO, CREATE FUNCTION, PREPARE.
#pragma once

#include <optional>

#include "console/sql/tables/table_work.h"

namespace console {

// Nothing: the statement is none of these, or names none of these tables.
[[nodiscard]] std::optional<bool> runTableStatement(const Statement& s);

// -- each kind in a file of its own --
bool runTableQuery(TableWork& work, const SelectQuery& query);
bool runExplain(TableWork& work);
bool runCreateTable(TableWork& work);
bool runCreateIndex(TableWork& work);
bool runDrop(TableWork& work);
bool runTruncate(TableWork& work);
// ALTER TABLE ... OWNER TO; nothing: it is another ALTER TABLE.
[[nodiscard]] std::optional<bool> runAlterTable(TableWork& work);
bool runInsert(TableWork& work);
bool runUpdate(TableWork& work);
bool runDelete(TableWork& work);
bool runVacuum(TableWork& work);
bool runAnalyze(TableWork& work);
// The query reads user tables or series, or calls what only the backend's model knows.
[[nodiscard]] bool isTableQuery(const TableWork& work, const SelectQuery& query);

}  // namespace console
