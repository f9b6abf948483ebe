// SPDX-License-Identifier: GPL-3.0-or-later
// Log records: kept as numbers when they are born, turned into text when somebody reads them.
// Text follows PostgreSQL 15.18's and Linux 6.1's own words.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

enum class LogSource : std::uint8_t { Postgres, Kernel, Systemd, Website, Network, Count };
enum class Severity : std::uint8_t { Debug, Info, Notice, Warning, Error, Critical, Count };

// "postgresql", "kernel", "systemd", "website", "network".
[[nodiscard]] std::string_view logSourceName(LogSource source);
[[nodiscard]] std::string_view severityName(Severity severity);

struct LogRecord {
  std::int64_t ms = 0;      // simulated time
  std::uint32_t pid = 0;    // 0: none
  std::uint16_t shape = 0;  // which template (log.cpp), 0: the text itself
  LogSource source = LogSource::Postgres;
  Severity severity = Severity::Info;
  std::uint32_t textIndex = 0;  // index into Telemetry::texts(), 0: none
  std::uint32_t sequence = 0;   // order of birth within the run
  std::array<std::int64_t, 4> numbers{};
  std::uint32_t sqlstate = 0;  // packed (log_entry.h); 0: what the shape or severity implies
  bool operator==(const LogRecord&) const = default;
};

}  // namespace sim
