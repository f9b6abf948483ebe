// SPDX-License-Identifier: GPL-3.0-or-later
// The log_* settings of a running server: which entries they let through, in which form and into
// which files these go. Names and rules are PostgreSQL 15's (utils/error/elog.c, tcop/postgres.c).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/log.h"
#include "sim/time_zone.h"

namespace sim {

class ServerSettings;

// Severities in the order log_min_messages and log_min_error_statement compare them for the log:
// LOG is above ERROR there.
enum class LogLevel : std::uint8_t {
  Debug5,
  Debug4,
  Debug3,
  Debug2,
  Debug1,
  Info,
  Notice,
  Warning,
  Error,
  Log,
  Fatal,
  Panic
};
[[nodiscard]] LogLevel logLevel(std::string_view name);  // any case; unknown: Warning
[[nodiscard]] LogLevel logLevel(Severity severity);      // of a record: Info is LOG

enum class LoggedStatements : std::uint8_t { None, Ddl, Mod, All };
enum class LogVerbosity : std::uint8_t { Terse, Default, Verbose };

struct LogPolicy {
  LogLevel minMessages = LogLevel::Warning, minErrorStatement = LogLevel::Error;
  bool connections = false, disconnections = false, checkpoints = true, lockWaits = false;
  bool duration = false, hostname = false;
  LoggedStatements statement = LoggedStatements::None;
  std::int64_t tempFilesKb = -1;                      // -1: none
  std::int64_t minDurationMs = -1, minSampleMs = -1;  // log_min_duration_statement, _sample
  double sampleRate = 1, transactionSampleRate = 0;   // log_statement_, log_transaction_...
  std::int64_t autovacuumMinMs = 600'000;             // -1: none
  std::int64_t parameterBytes = -1;                   // log_parameter_max_length
  bool operator==(const LogPolicy&) const = default;
};

struct LogLayout {
  std::string linePrefix = "%m [%p] ";
  std::string timezone = "UTC";
  TimeZone zone;
  LogVerbosity verbosity = LogVerbosity::Default;
  bool queryIds = false;  // compute_query_id, or a library that turns it on
  bool operator==(const LogLayout&) const = default;
};

struct LogDestination {
  bool toStderr = true, toCsv = false, toJson = false, toSyslog = false;  // log_destination
  bool collector = false;
  std::string directory = "log", filename = "postgresql-%Y-%m-%d_%H%M%S.log";
  std::int64_t rotationMinutes = 1440, rotationKb = 10'240;  // 0: never for this reason
  bool truncate = false;
  bool operator==(const LogDestination&) const = default;
};

struct LogSettings {
  LogPolicy policy;
  LogLayout layout;
  LogDestination destination;
  std::uint64_t id = 0;  // a hash of all others: two settings are equal when these are
  bool operator==(const LogSettings& other) const { return id == other.id; }
};
// From a server's running values; a catalogue without a setting (a small test's) gives the default.
[[nodiscard]] LogSettings logSettings(const ServerSettings& settings);

// What check_log_duration() decides of a finished statement.
enum class DurationLine : std::uint8_t { None, DurationOnly, WithStatement };
// draw: uniform in [0, 1), of this statement's own, for the samples. alreadyLogged: log_statement
// has written its text.
[[nodiscard]] DurationLine durationLine(const LogPolicy& policy, std::int64_t microseconds,
                                        double draw, bool alreadyLogged);
// Whether log_statement writes a statement's text before it runs.
[[nodiscard]] bool logsStatement(const LogPolicy& policy, std::string_view statement);
// Whether a temporary file of so many bytes is logged when it is removed.
[[nodiscard]] bool logsTemporaryFile(const LogPolicy& policy, std::int64_t bytes);
// Whether a record may be written at all: log_min_messages, log_checkpoints.
[[nodiscard]] bool lets(const LogPolicy& policy, const LogRecord& record);

}  // namespace sim
