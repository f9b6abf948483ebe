// SPDX-License-Identifier: GPL-3.0-or-later
// The memory contexts of a backend, as pg_log_backend_memory_contexts() and a context dump show
// them: those of every idle session, and what its statement adds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "console/sql/session.h"
#include "console/sql/virtual_tables.h"

namespace console {

struct MemoryContextLine {
  int level = 0;
  std::string text;   // "TopMemoryContext: 97680 total in 5 blocks; 16912 free (22 chunks); ..."
  bool more = false;  // stands for the children of a context beyond the first hundred
};
// Contexts that are counted, not listed.
struct ContextSum {
  std::int64_t count = 0, bytes = 0, blocks = 0, free = 0, chunks = 0;
};
// What a session's doings add to the contexts of an idle one. Lines are relative: two blanks for
// each level below where the list begins.
struct ContextUse {
  std::vector<std::string> top;     // below TopMemoryContext, newest first
  std::vector<std::string> portal;  // of the statement: below ExecutorState, or the portal
  std::vector<std::string> cache;   // below CacheMemoryContext
  ContextSum cached;                // older than those
  bool executes = false;            // a plan is being run
  std::int64_t nodes = 0;           // of that plan
  bool code = false;                // PL/pgSQL is being run
  bool operators = false;           // operators were looked up by name
  bool compares = true;             // rows of tables were sorted, hashed or grouped
  bool defines = false;             // the session has made or dropped tables or indexes
  bool fresh = false;               // the session has touched no table yet
  bool starting = false;            // the backend is not ready yet
  std::string transaction = "7736 free (1 chunks); 456 used";
};
[[nodiscard]] std::vector<MemoryContextLine> memoryContexts(const ContextUse& use);
// The same as a dump shows it: a hundred children of each context, the others as a sum
// (MemoryContextStatsDetail with max_children = 100).
[[nodiscard]] std::vector<MemoryContextLine> dumpedContexts(const ContextUse& use);
// Of a session in which PL/pgSQL code runs that has computed these expressions.
[[nodiscard]] ContextUse codeContexts(const std::vector<std::string>& expressions);
// "Grand total: N bytes in N blocks; N free (N chunks); N used".
[[nodiscard]] std::string grandTotal(const std::vector<MemoryContextLine>& lines);
// pg_backend_memory_contexts of the session.
[[nodiscard]] std::vector<Row> memoryContextRows(const TableContext& context);
// The dump on the server's standard error that comes before "out of memory".
void logMemoryContexts(SqlSession& session, ContextUse use);

}  // namespace console
