// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL's log as files: which entries went where under log_destination, logging_collector,
// log_directory, log_filename and the log_rotation_* settings in force when they were written.
// Without the collector everything is in the file that pg_ctlcluster gives the server as standard
// error; csvlog and jsonlog need the collector.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/log_entry.h"
#include "sim/log_policy.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

// Calls visit for every PostgreSQL entry in order of time, its line counted within its process.
// most >= 0: only (about) so many entries at the end; lines are then counted from there.
void forEachEntry(const Telemetry& telemetry, const WorldSpec& spec,
                  const std::function<void(const LogEntry&, const LogSettings&)>& visit,
                  std::int64_t most = -1);

struct LogFile {
  std::string path;
  std::string text;
  std::int64_t changedMs = 0;  // when it was last written to, simulated time
};
// In the order of their creation; the first is the file of standard error. The text of a file never
// holds more than its last 50,000 entries or so: reading must not take longer because a trainee
// logs every statement.
[[nodiscard]] std::vector<LogFile> postgresLogFiles(const Telemetry& telemetry,
                                                    const WorldSpec& spec);
// What <data directory>/current_logfiles says: "stderr log/postgresql-2024-05-07_050000.log\n".
// Empty without a collector.
[[nodiscard]] std::string currentLogFiles(const Telemetry& telemetry, const WorldSpec& spec);

// log_filename with its strftime conversions, at a time of the layout's zone.
[[nodiscard]] std::string logFileName(std::string_view pattern, std::int64_t unixMs,
                                      const LogLayout& layout);

}  // namespace sim
