// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of PostgreSQL's log as a value: what was said, by which process, on whose behalf. The
// world keeps LogRecords (log.h); entriesOf() makes entries of them, log_form.h writes entries as
// the server does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct LogRecord;
struct WorldSpec;
class Telemetry;

// A process of the server that may write. Times are milliseconds since the scenario's start.
struct LogProcess {
  std::uint32_t pid = 0;
  std::int64_t startedMs = 0;
  std::string backendType = "client backend";  // as pg_stat_activity names it
  std::uint32_t leaderPid = 0;                 // of a parallel worker
  // of a client; host "[local]" for a Unix socket, then port is 0; empty: serves no client
  std::string user, database, application, host;
  std::uint16_t port = 0;
  bool operator==(const LogProcess&) const = default;
  [[nodiscard]] bool servesClient() const { return !host.empty(); }
};

struct LogEntry {
  std::int64_t ms = 0;
  LogProcess process;
  std::string severity;  // "LOG", "ERROR"; empty: the message stands without one
  std::string sqlstate = "00000";
  std::string message, detail, hint, query, context, statement;
  std::int64_t cursor = 0;  // position in statement, 0: none
  std::string commandTag;   // what %i shows: "SELECT", "idle", "authentication"
  std::string virtualTransaction;
  std::int64_t transaction = 0;
  std::int64_t queryId = 0;
  std::int64_t line = 1;  // within the process, from 1
  bool bare = false;      // written to standard error past the logging system: no prefix, no form
  bool operator==(const LogEntry&) const = default;
};

// The entries of a PostgreSQL record, in the order they are written; line is 1 in each (log_files.h
// counts). Most records give one entry, batches of statements many.
[[nodiscard]] std::vector<LogEntry> entriesOf(const LogRecord& record, const Telemetry& telemetry,
                                              const WorldSpec& spec);
// The same from a text with tags ("ERROR:  no\nDETAIL:  because"), without process and time. Lines
// that start with a tab continue the one before.
[[nodiscard]] std::vector<LogEntry> entriesFromText(std::string_view text);

// "57P03" <-> a number, as PostgreSQL's MAKE_SQLSTATE packs it. 0: none, empty.
[[nodiscard]] std::uint32_t packedSqlstate(std::string_view sqlstate);
[[nodiscard]] std::string sqlstateText(std::uint32_t packed);

// Where a client of an application host comes from. MODEL: addresses 10.0.0.21 and up, ports from
// the kernel's ephemeral range by process number.
[[nodiscard]] std::string applicationAddress(std::size_t host);
[[nodiscard]] std::uint16_t clientPort(std::uint32_t pid);

}  // namespace sim
