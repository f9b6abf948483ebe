// SPDX-License-Identifier: GPL-3.0-or-later
// Entries that come by the hundred: what the website's statements of one tick write when the log_*
// settings ask for it. The world knows how many there were and how long they took on average; one
// record keeps that, and the entries are drawn from it when somebody reads them, the same each
// time.
//
// The counts are exact: with log_min_duration_statement = 0 there is one duration line for each
// transaction that pg_stat_database counts, and with log_temp_files = 0 one line for each temporary
// file, with sizes that add up to temp_bytes.
//
// MODEL: a class's durations are exponential about a mean in proportion to its demand of CPU and
// disk; no statement runs longer than the application waits. Statements go round the backends.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/log_entry.h"
#include "sim/log_shapes.h"
#include "sim/server.h"

namespace sim {

[[nodiscard]] constexpr bool isBatch(LogShape shape) {
  return shape == LogShape::PgConnectionsOpened || shape == LogShape::PgConnectionsClosed ||
         shape == LogShape::PgStatements || shape == LogShape::PgTemporaryFiles;
}

// The entries of a batch in the order of their times; fields that follow from the text are left to
// entriesOf().
[[nodiscard]] std::vector<LogEntry> batchEntries(const LogRecord& record,
                                                 const Telemetry& telemetry, const WorldSpec& spec);

// Of a record of shape PgStatements: the pool's ROLLBACKs, not the statements themselves.
[[nodiscard]] bool holdsRollbacks(const LogRecord& record);

// What the website's pool did with the server in one tick.
struct SiteStatements {
  double seconds = 1;           // length of the tick
  std::int64_t committed = 0;   // transactions of one statement each
  std::int64_t rolledBack = 0;  // given up by the application, which sends ROLLBACK
  double meanSeconds = 0;       // that a statement takes, over all classes
  double diskSeconds = 0;       // that one page from the disk takes
  double missRatio = 0;         // of page accesses, that reach the disk
};
// Writes the records that the running settings ask for.
void logSiteStatements(ServerContext& context, const SiteStatements& statements);

// The temporary files of one class's statements in a tick: counts them in pg_stat_database and
// writes their record if log_temp_files asks for it. Returns the bytes.
std::int64_t bookTemporaryFiles(ServerContext& context, std::size_t queryClass, double expected,
                                double seconds);
// Bytes of the files that a class spills. MODEL: what a node wants, in whole blocks.
[[nodiscard]] std::int64_t temporaryFileBytes(const QueryClass& queryClass);

// "0:12:05.250", as log_disconnections writes a session's length.
[[nodiscard]] std::string sessionTimeText(std::int64_t ms);

// Connections of an application host that begin or end now, by pid: log_connections and
// log_disconnections.
void logConnectionsOpened(ServerContext& context, std::uint32_t firstPid, std::int32_t count);
void logConnectionsClosed(ServerContext& context, std::uint32_t firstPid, std::int32_t count,
                          std::int64_t startedMs);

}  // namespace sim
