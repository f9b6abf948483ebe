// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of PostgreSQL's log in the three forms it writes them: standard error with any
// log_line_prefix, csvlog (26 columns), jsonlog. PostgreSQL 15's utils/error/elog.c, csvlog.c and
// jsonlog.c are followed; of "verbose" the line LOCATION is left out, as nobody knows places in the
// source from the messages.
#pragma once

#include <string>
#include <string_view>

#include "sim/log_entry.h"
#include "sim/log_policy.h"

namespace sim {

// What the forms need to know besides the entry.
struct LogClock {
  std::int64_t startUnixMs = 0;  // wall clock of SimTime 0
};

// log_line_prefix with its escapes expanded: %a %b %c %d %e %h %i %l %m %n %p %P %q %Q %r %s %t %u
// %v %x %%, padded as in "%-10u". An unknown escape gives nothing.
[[nodiscard]] std::string linePrefix(std::string_view pattern, const LogEntry& entry,
                                     const LogLayout& layout, LogClock clock);
// Lines separated by \n, none at the end; each tag with its own prefix.
[[nodiscard]] std::string stderrText(const LogEntry& entry, const LogLayout& layout,
                                     LogClock clock);
// The same without prefixes.
[[nodiscard]] std::string messageText(const LogEntry& entry, const LogLayout& layout);
// One record; statements may hold line ends.
[[nodiscard]] std::string csvText(const LogEntry& entry, const LogLayout& layout, LogClock clock);
// One line.
[[nodiscard]] std::string jsonText(const LogEntry& entry, const LogLayout& layout, LogClock clock);

// "2024-05-07 10:45:00.123 UTC" in the zone of the layout; "2024-05-07 10:45:00 UTC".
[[nodiscard]] std::string logTimestamp(std::int64_t unixMs, const LogLayout& layout);
[[nodiscard]] std::string logTimestampSeconds(std::int64_t unixMs, const LogLayout& layout);
// "6639f2e8.3f1": start of the process in seconds and its pid, in hex.
[[nodiscard]] std::string sessionId(const LogProcess& process, LogClock clock);

}  // namespace sim
