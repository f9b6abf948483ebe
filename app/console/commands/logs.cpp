// SPDX-License-Identifier: GPL-3.0-or-later
// Logs kept by the kernel and the journal: dmesg, journalctl. PostgreSQL's own is a file.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/options.h"
#include "console/system/numbers.h"
#include "console/text/moment.h"
#include "console/text/pattern.h"

namespace console {
namespace {

int runDmesg(Call& call) {
  constexpr LongOption kLongs[] = {{"ctime", 'T'}, {"human", 'H'}, {"level", 'l'}, {"follow", 'w'}};
  const Options options = parseOptions(call, "THwxl:LPk", kLongs);
  if (!options.ok) return 1;
  for (const sim::LogRecord& record : call.machine.telemetry.logs()) {
    if (record.source != sim::LogSource::Kernel) continue;
    if (options.has('T')) {
      call.print(sim::logText(record, call.machine.telemetry, call.world().spec()) + "\n");
      continue;
    }
    const double up = static_cast<double>(record.ms + kBootedBeforeMs) / 1000;
    const std::string stamp = "[" + base::padLeft(base::fixedText(up, 6), 12) + "] ";
    for (const std::string& line :
         base::lines(sim::logMessage(record, call.machine.telemetry, call.world().spec()))) {
      call.print(stamp + line + "\n");
    }
  }
  return 0;
}

std::vector<std::string> journalLines(const Call& call, const sim::LogRecord& record) {
  const sim::WorldSpec& spec = call.world().spec();
  if (record.source != sim::LogSource::Kernel) {
    return base::lines(sim::logText(record, call.machine.telemetry, spec));
  }
  std::vector<std::string> lines;
  const std::string head = base::journalTimeText(spec.timing.startUnixMs + record.ms) + " " +
                           spec.host.name + " kernel: ";
  for (const std::string& line :
       base::lines(sim::logMessage(record, call.machine.telemetry, spec))) {
    lines.push_back(head + line);
  }
  return lines;
}

struct JournalFilter {
  bool kernel = true, systemd = true, unitGiven = false;
  std::int64_t from = 0, to = 0;
  int priority = 7;
  std::optional<Pattern> pattern;
};

int severityLevel(sim::Severity severity) {
  switch (severity) {
    case sim::Severity::Critical:
      return 2;
    case sim::Severity::Error:
      return 3;
    case sim::Severity::Warning:
      return 4;
    case sim::Severity::Notice:
      return 5;
    case sim::Severity::Info:
      return 6;
    default:
      return 7;
  }
}

// False after a complaint.
bool readFilter(Call& call, const Options& options, JournalFilter& filter) {
  filter.to = call.unixMs();
  for (const auto& [key, value] : options.given) {
    if (key == 'u') {
      filter.unitGiven = true;
      filter.kernel = false;
      filter.systemd = value.starts_with("postgresql");
    }
    if (key == 'k') {
      filter.systemd = false;
      filter.kernel = true;
    }
    if (key == 'S' || key == 'U') {
      const auto moment = momentFrom(value, call.unixMs());
      if (!moment) {
        call.complain("Failed to parse timestamp: " + value);
        return false;
      }
      (key == 'S' ? filter.from : filter.to) = *moment;
    }
    if (key == 'p') {
      constexpr std::string_view kNames[] = {"emerg",   "alert",  "crit", "err",
                                             "warning", "notice", "info", "debug"};
      const auto* it = std::find(std::begin(kNames), std::end(kNames), value);
      filter.priority = it != std::end(kNames) ? static_cast<int>(it - std::begin(kNames))
                                               : static_cast<int>(numberOr(value, 7, 0, 7));
    }
    if (key == 'g') {
      auto pattern = Pattern::make(value, PatternSyntax::Extended, base::lower(value) == value);
      if (!pattern) {
        call.complain("Bad pattern \"" + value + "\": " + pattern.error().message);
        return false;
      }
      filter.pattern = std::move(pattern.value());
    }
  }
  return true;
}

int runJournalctl(Call& call) {
  constexpr LongOption kLongs[] = {
      {"unit", 'u'},     {"dmesg", 'k'},    {"lines", 'n'},     {"since", 'S'},   {"until", 'U'},
      {"boot", 'b'},     {"no-pager", 'N'}, {"pager-end", 'e'}, {"reverse", 'r'}, {"grep", 'g'},
      {"priority", 'p'}, {"follow", 'f'},   {"catalog", 'x'},   {"quiet", 'q'},   {"output", 'o'}};
  std::vector<std::string> args;
  for (const std::string& argument : call.args)
    args.push_back(argument == "-xeu" || argument == "-xu" || argument == "-eu" ? "-u" : argument);
  call.args = args;
  const Options options = parseOptions(call, "u:kn:S:U:bNerg:p:fxqo:a", kLongs);
  if (!options.ok) return 1;
  JournalFilter filter;
  if (!readFilter(call, options, filter)) return 1;
  std::vector<std::string> lines;
  for (const sim::LogRecord& record : call.machine.telemetry.logs()) {
    const bool wanted = (record.source == sim::LogSource::Kernel && filter.kernel) ||
                        (record.source == sim::LogSource::Systemd && filter.systemd);
    const std::int64_t unixMs = call.world().spec().timing.startUnixMs + record.ms;
    if (!wanted || unixMs < filter.from || unixMs > filter.to) continue;
    if (severityLevel(record.severity) > filter.priority) continue;
    for (std::string& line : journalLines(call, record)) {
      if (!filter.pattern || filter.pattern->matches(line)) lines.push_back(std::move(line));
    }
  }
  std::size_t from = 0;
  if (options.has('n')) {
    const auto most = static_cast<std::size_t>(numberOr(options.value('n'), 10, 0, 1'000'000));
    from = lines.size() - std::min(most, lines.size());
  }
  if (options.has('r'))
    std::reverse(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end());
  for (std::size_t i = from; i < lines.size(); ++i) call.print(lines[i] + "\n");
  if (lines.empty()) call.print("-- No entries --\n");
  return 0;
}

constexpr Command kCommands[] = {
    {"dmesg", "dmesg [-T]", "the kernel's messages; -T with times of day", runDmesg},
    {"journalctl",
     "journalctl [-u UNIT] [-k] [-n LINES] [--since TIME] [--until TIME] [-g PATTERN]",
     "the journal of services and kernel", runJournalctl}};

}  // namespace

std::span<const Command> logCommands() {
  return kCommands;
}

}  // namespace console
