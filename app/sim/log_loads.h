// SPDX-License-Identifier: GPL-3.0-or-later
// What the clients of a load (client_load.h) write to the log when the log_* settings ask for it:
// like the website's statements (log_batches.h) one record a tick, from which entries are drawn.
// Such a record's pid is the first of the load's.
//
// The counts are exact: each transaction that pg_stat_database counts has its statements, each
// temporary file its line.
//
// MODEL: a statement's share of a transaction's latency is that of its work; durations are
// exponential about their mean. Transactions go round the clients. Clients that use the extended
// protocol write what its messages do: parse, bind, execute.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/client_load.h"
#include "sim/log_entry.h"
#include "sim/server.h"

namespace sim {

// Whether a record is one of these; its entries in the order of their times; about how many.
[[nodiscard]] bool isOfLoad(const LogRecord& record);
[[nodiscard]] std::vector<LogEntry> loadEntries(const LogRecord& record,
                                                const Telemetry& telemetry);
[[nodiscard]] std::int64_t loadWeight(const LogRecord& record);

// Tells the telemetry of the load and its clients' processes, once.
void noteLoadClients(ServerContext& context, const ClientLoad& load);
void logLoadConnections(ServerContext& context, const ClientLoad& load);
// A tick's transactions, of so many seconds each, done in so many seconds.
void logLoadStatements(ServerContext& context, const ClientLoad& load, std::int64_t transactions,
                       double latency, double seconds);
// Books so many temporary files and their bytes in pg_stat_database and in the log; the bytes.
std::int64_t bookLoadFiles(ServerContext& context, const ClientLoad& load, std::int64_t files,
                           double seconds);

}  // namespace sim
