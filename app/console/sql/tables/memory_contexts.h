// SPDX-License-Identifier: GPL-3.0-or-later
// The memory contexts of a backend, as pg_log_backend_memory_contexts() and a context dump show
// them: those of every idle session, and what its statement adds.
#pragma once

#include <string>
#include <vector>

#include "console/sql/session.h"
#include "console/sql/virtual_tables.h"

namespace console {

struct MemoryContextLine {
  int level = 0;
  std::string text;  // "TopMemoryContext: 97680 total in 5 blocks; 16912 free (22 chunks); ..."
};
// fresh: the session has touched no table yet. own: lines of the statement, two blanks for each
// level below ExecutorState's or the portal's.
[[nodiscard]] std::vector<MemoryContextLine> memoryContexts(const std::vector<std::string>& own,
                                                            bool executes, bool fresh = false);
// "Grand total: N bytes in N blocks; N free (N chunks); N used".
[[nodiscard]] std::string grandTotal(const std::vector<MemoryContextLine>& lines);
// pg_backend_memory_contexts of the session.
[[nodiscard]] std::vector<SqlRow> memoryContextRows(const sim::World& world,
                                                    const PsqlSession& session);
// The dump on the server's standard error that comes before "out of memory".
void logMemoryContexts(SqlSession& session, const std::vector<std::string>& own, bool executes);

}  // namespace console
