// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "sim/log_entry.h"
#include "sim/log_form.h"
#include "sim/log_shapes.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

namespace {

constexpr LogShapeInfo kShapes[] = {
#define SHAPE(id, number, source, severity, takes, pattern) \
  {LogShape::id, LogSource::source, Severity::severity, takes, pattern},
#include "sim/log_shape_table.inc"
#undef SHAPE
};

constexpr bool ascending() {
  for (std::size_t i = 1; i < std::size(kShapes); ++i) {
    if (kShapes[i - 1].shape >= kShapes[i].shape) return false;
  }
  return true;
}
static_assert(ascending(), "shapes are found by bisection");

constexpr std::string_view kUnit = "postgresql@15-main.service";

// What a template can refer to.
struct Place {
  const LogRecord& record;
  const std::string& text;
  const WorldSpec& spec;
};

std::string secondsText(std::int64_t ms, int decimals) {
  return base::fixedText(static_cast<double>(ms) / 1000.0, decimals);
}

// "12min 9.877s", as systemd writes spans of CPU time.
std::string cpuTimeText(std::int64_t ms) {
  std::string text;
  if (ms >= 3'600'000) text += std::to_string(ms / 3'600'000) + "h ";
  if (ms >= 60'000) text += std::to_string(ms / 60'000 % 60) + "min ";
  return text + secondsText(ms % 60'000, 3) + "s";
}

std::string formatted(std::int64_t number, std::string_view form, const WorldSpec& spec) {
  if (form.empty()) return std::to_string(number);
  if (form == "lsn") return lsnText(static_cast<std::uint64_t>(number));
  if (form == "s2") return secondsText(number, 2);
  if (form == "s3" || form == "ms3") return secondsText(number, 3);
  if (form == "tenth") return base::fixedText(static_cast<double>(number) / 10.0, 1);
  if (form == "cpu") return cpuTimeText(number);
  // "2024-05-07 10:45:00.123 UTC" without the milliseconds
  const std::string stamp = base::logTimeText(spec.timing.startUnixMs + number);
  return stamp.substr(0, 19) + " UTC";
}

std::string placeText(std::string_view what, std::string_view form, const Place& place) {
  if (what.size() == 1 && what[0] >= '0' && what[0] <= '3') {
    return formatted(place.record.numbers[static_cast<std::size_t>(what[0] - '0')], form,
                     place.spec);
  }
  if (what == "text") return base::replaceAll(place.text, "\n", "\n\t");
  if (what == "pid") return std::to_string(place.record.pid);
  if (what == "version") return place.spec.database.version;
  if (what == "unit") return std::string(kUnit);
  if (what == "host") return place.spec.host.name;
  if (what == "seconds") return place.record.numbers[0] == 1 ? "second" : "seconds";
  return formatted(compactNumber(place.text, what), form, place.spec);
}

std::string expand(std::string_view pattern, const Place& place) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    out.append(pattern.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    const std::string_view inside = pattern.substr(open + 1, close - open - 1);
    const std::size_t colon = inside.find(':');
    const bool plain = colon == std::string_view::npos;
    out += placeText(inside.substr(0, colon), plain ? std::string_view() : inside.substr(colon + 1),
                     place);
    pattern.remove_prefix(close + 1);
  }
  return out;
}

// Whether a text begins with a tag of PostgreSQL's, as "LOG:  " or "DETAIL:  ".
bool tagged(std::string_view text) {
  const std::size_t colon = text.find(":  ");
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::string_view tagOf(Severity severity) {
  switch (severity) {
    case Severity::Debug:
      return "DEBUG";
    case Severity::Notice:
      return "NOTICE";
    case Severity::Warning:
      return "WARNING";
    case Severity::Error:
      return "ERROR";
    case Severity::Critical:
      return "FATAL";
    default:
      return "LOG";
  }
}

std::string plainMessage(const LogRecord& record, const std::string& text) {
  if (record.source != LogSource::Postgres || tagged(text)) return text;
  return std::string(tagOf(record.severity)) + ":  " + text;
}

// DETAIL and STATEMENT lines that would be empty are not written.
std::string withoutEmptyLines(std::string text) {
  for (const std::string_view tail :
       {"\nDETAIL:  Failed process was running: ", "\nSTATEMENT:  "}) {
    if (text.ends_with(tail)) text.resize(text.size() - tail.size());
  }
  return text;
}

std::string prefix(const LogRecord& record, const WorldSpec& spec) {
  const std::int64_t unixMs = spec.timing.startUnixMs + record.ms;
  const std::string pid = "[" + std::to_string(record.pid) + "]";
  if (record.source == LogSource::Kernel) return "[" + base::ctimeText(unixMs) + "] ";
  std::string text = base::journalTimeText(unixMs) + " ";
  if (record.source == LogSource::Systemd) return text + spec.host.name + " systemd[1]: ";
  if (record.source == LogSource::Network) {
    text += "sw2 portd";
  } else {
    text += "app" + std::to_string(std::max<std::int64_t>(record.numbers[3], 1)) + " shop";
  }
  return text + (record.pid != 0 ? pid : std::string()) + ": ";
}

}  // namespace

std::string_view logSourceName(LogSource source) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(LogSource::Count)> kNames = {
      "postgresql", "kernel", "systemd", "website", "network"};
  const auto index = static_cast<std::size_t>(source);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

std::string_view severityName(Severity severity) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Severity::Count)> kNames = {
      "debug", "info", "notice", "warning", "error", "critical"};
  const auto index = static_cast<std::size_t>(severity);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

Severity severityOfTag(std::string_view tag) {
  if (tag.starts_with("DEBUG")) return Severity::Debug;
  if (tag == "NOTICE") return Severity::Notice;
  if (tag == "WARNING") return Severity::Warning;
  if (tag == "ERROR") return Severity::Error;
  if (tag == "FATAL" || tag == "PANIC") return Severity::Critical;
  return Severity::Info;
}

const LogShapeInfo* logShapeInfo(std::uint16_t shape) {
  const auto* const found = std::lower_bound(std::begin(kShapes), std::end(kShapes), shape,
                                             [](const LogShapeInfo& info, std::uint16_t n) {
                                               return static_cast<std::uint16_t>(info.shape) < n;
                                             });
  const bool hit = found != std::end(kShapes) && static_cast<std::uint16_t>(found->shape) == shape;
  return hit ? found : nullptr;
}

LogRecord logRecord(LogShape shape, base::SimTime at, std::uint32_t pid,
                    std::array<std::int64_t, 4> numbers, std::uint32_t textIndex) {
  LogRecord record;
  record.ms = at.ms;
  record.pid = pid;
  record.shape = static_cast<std::uint16_t>(shape);
  record.textIndex = textIndex;
  record.numbers = numbers;
  if (const LogShapeInfo* info = logShapeInfo(record.shape)) {
    record.source = info->source;
    record.severity = info->severity;
  }
  return record;
}

LogRecord plainRecord(LogSource source, Severity severity, base::SimTime at, std::uint32_t pid,
                      std::uint32_t textIndex) {
  LogRecord record = logRecord(LogShape::Plain, at, pid, {}, textIndex);
  record.source = source;
  record.severity = severity;
  return record;
}

std::string recordText(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec) {
  const std::string& text = telemetry.text(record.textIndex);
  const LogShapeInfo* info = logShapeInfo(record.shape);
  if (info == nullptr) return plainMessage(record, text);
  if (info->shape == LogShape::KernelOomReport) {
    return kernelOomLines(oomReportFrom(text), telemetry.oomTasks(record.sequence));
  }
  return withoutEmptyLines(expand(info->pattern, {record, text, spec}));
}

namespace {

template <typename Form>
std::string postgresText(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec,
                         Form form) {
  const LogLayout& layout = telemetry.logSettings(record.sequence).layout;
  std::string out;
  for (const LogEntry& entry : entriesOf(record, telemetry, spec)) {
    if (!out.empty()) out += '\n';
    out += form(entry, layout);
  }
  return out;
}

}  // namespace

std::string logMessage(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec) {
  if (record.source != LogSource::Postgres) return recordText(record, telemetry, spec);
  return postgresText(record, telemetry, spec, messageText);
}

std::string logText(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec) {
  if (record.source == LogSource::Postgres) {
    const LogClock clock{spec.timing.startUnixMs};
    return postgresText(record, telemetry, spec,
                        [clock](const LogEntry& entry, const LogLayout& layout) {
                          return stderrText(entry, layout, clock);
                        });
  }
  const std::string head = prefix(record, spec);
  std::string out;
  for (const std::string& line : base::lines(recordText(record, telemetry, spec))) {
    if (!out.empty()) out += '\n';
    if (!line.starts_with('\t')) out += head;
    out += line;
  }
  return out.empty() ? head : out;
}

std::string_view compactValue(std::string_view text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view pair = text.substr(at, end - at);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == key) {
      return pair.substr(equals + 1);
    }
    at = end + 1;
  }
  return {};
}

std::int64_t compactNumber(std::string_view text, std::string_view key) {
  const std::string_view value = compactValue(text, key);
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

std::string lsnText(std::uint64_t lsn) {
  const auto hex = [](std::uint64_t part) {
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), part, 16).ptr;
    std::string text(digits.data(), end);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
  };
  return hex(lsn >> 32) + "/" + hex(lsn & 0xFFFFFFFFU);
}

std::string checkpointText(const CheckpointNumbers& n) {
  const std::int64_t share =
      n.poolBuffers > 0 ? (n.buffers * 1000 + n.poolBuffers / 2) / n.poolBuffers : 0;
  std::string text;
  const auto add = [&text](std::string_view key, std::int64_t value) {
    if (!text.empty()) text += ' ';
    text.append(key).append("=").append(std::to_string(value));
  };
  add("buffers", n.buffers), add("share", share);
  add("added", n.added), add("removed", n.removed), add("recycled", n.recycled);
  add("write", n.writeMs), add("sync", n.syncMs), add("total", n.totalMs);
  add("files", n.files), add("longest", n.longestMs), add("average", n.averageMs);
  add("distance", n.distanceKb), add("estimate", n.estimateKb);
  return text;
}

}  // namespace sim
