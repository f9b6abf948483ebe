// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_files.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/log_form.h"
#include "sim/log_loads.h"

namespace sim {
namespace {

constexpr std::int64_t kMostEntries = 50'000;
constexpr std::int64_t kMinuteMs = 60'000;

std::string two(int number) {
  return std::to_string(100 + number).substr(1);
}

// About how many entries a record gives.
std::int64_t weight(const LogRecord& record) {
  const auto shape = static_cast<LogShape>(record.shape);
  if (!isBatch(shape)) return 1;
  if (isOfLoad(record)) return loadWeight(record);
  return shape == LogShape::PgConnectionsOpened || shape == LogShape::PgConnectionsClosed
             ? record.numbers[1] * 3
             : record.numbers[0];
}

std::size_t firstRecord(const std::vector<LogRecord>& logs, std::int64_t most) {
  if (most < 0) return 0;
  std::size_t at = logs.size();
  while (at > 0) {
    if (logs[at - 1].source == LogSource::Postgres) most -= weight(logs[at - 1]);
    if (most < 0 && at < logs.size()) return at;
    --at;
  }
  return 0;
}

struct Dated {
  LogEntry entry;
  const LogSettings* settings;
};

}  // namespace

void forEachEntry(const Telemetry& telemetry, const WorldSpec& spec,
                  const std::function<void(const LogEntry&, const LogSettings&)>& visit,
                  std::int64_t most) {
  const std::vector<LogRecord>& logs = telemetry.logs();
  std::map<std::pair<std::uint32_t, std::int64_t>, std::int64_t> lines;
  std::vector<Dated> tick;
  // Batches reach back within their tick: entries are put in order among records of one time.
  const auto flush = [&] {
    std::stable_sort(tick.begin(), tick.end(),
                     [](const Dated& a, const Dated& b) { return a.entry.ms < b.entry.ms; });
    for (Dated& one : tick) {
      const LogProcess& process = one.entry.process;
      if (!one.entry.bare) one.entry.line = ++lines[{process.pid, process.startedMs}];
      visit(one.entry, *one.settings);
    }
    tick.clear();
  };
  std::int64_t time = -1;
  for (std::size_t i = firstRecord(logs, most); i < logs.size(); ++i) {
    const LogRecord& record = logs[i];
    if (record.source != LogSource::Postgres) continue;
    if (record.ms != time) flush();
    time = record.ms;
    const LogSettings& settings = telemetry.logSettings(record.sequence);
    for (LogEntry& entry : entriesOf(record, telemetry, spec)) {
      tick.push_back({std::move(entry), &settings});
    }
  }
  flush();
}

namespace {

// A moment as strftime sees it.
struct Date {
  base::CivilTime time;
  std::size_t weekday = 0;  // 0: Sunday
  int ofYear = 1;
  std::string zone;
};

Date dateOf(std::int64_t unixMs, const LogLayout& layout) {
  const ZoneTime there = localTime(layout.zone, unixMs);
  Date date{base::fromUnixMs(there.localMs), 0, 1, there.abbreviation};
  const base::CivilTime& t = date.time;
  const std::int64_t midnight = base::toUnixMs({t.year, t.month, t.day, 0, 0, 0, 0});
  const std::int64_t newYear = base::toUnixMs({t.year, 1, 1, 0, 0, 0, 0});
  date.weekday = static_cast<std::size_t>(((midnight / 86'400'000 + 4) % 7 + 7) % 7);
  date.ofYear = static_cast<int>((midnight - newYear) / 86'400'000) + 1;
  return date;
}

std::string nameOf(char conversion, const Date& date) {
  constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                     "Thursday", "Friday", "Saturday"};
  constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const std::string_view month = kMonths[static_cast<std::size_t>(date.time.month - 1)];
  const std::string_view day = kDays[date.weekday];
  if (conversion == 'A') return std::string(day);
  if (conversion == 'a') return std::string(day.substr(0, 3));
  return std::string(conversion == 'B' ? month : month.substr(0, 3));
}

std::string converted(char conversion, const Date& date) {
  const base::CivilTime& t = date.time;
  switch (conversion) {
    case 'Y':
      return std::to_string(t.year);
    case 'y':
      return two(t.year % 100);
    case 'm':
      return two(t.month);
    case 'd':
      return two(t.day);
    case 'H':
      return two(t.hour);
    case 'I':
      return two((t.hour + 11) % 12 + 1);
    case 'M':
      return two(t.minute);
    case 'S':
      return two(t.second);
    case 'p':
      return t.hour < 12 ? "AM" : "PM";
    case 'j':
      return std::to_string(1000 + date.ofYear).substr(1);
    case 'u':
      return std::to_string(date.weekday == 0 ? 7 : date.weekday);
    case 'w':
      return std::to_string(date.weekday);
    case 'a':
    case 'A':
    case 'b':
    case 'B':
    case 'h':
      return nameOf(conversion, date);
    case 'Z':
      return date.zone;
    case 'F':
      return std::to_string(t.year) + "-" + two(t.month) + "-" + two(t.day);
    case 'T':
      return two(t.hour) + ":" + two(t.minute) + ":" + two(t.second);
    case '%':
      return "%";
    default:
      return std::string("%") + conversion;
  }
}

}  // namespace

std::string logFileName(std::string_view pattern, std::int64_t unixMs, const LogLayout& layout) {
  const Date date = dateOf(unixMs, layout);
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool conversion = pattern[i] == '%' && i + 1 < pattern.size();
    out += conversion ? converted(pattern[++i], date) : std::string(1, pattern[i]);
  }
  return out;
}

namespace {

enum Stream : std::size_t { kStderr, kCsv, kJson, kStreams };
constexpr std::array<std::string_view, kStreams> kEndings = {".log", ".csv", ".json"};
constexpr std::array<std::string_view, kStreams> kStreamNames = {"stderr", "csvlog", "jsonlog"};

// Writes entries into files as the server and its collector do.
class Files {
 public:
  Files(const Telemetry& telemetry, const WorldSpec& spec)
      : m_telemetry(telemetry), m_spec(spec), m_clock{spec.timing.startUnixMs} {
    m_files.push_back({spec.database.logFile, {}, 0});
  }

  void write(const LogEntry& entry, const LogSettings& settings) {
    const LogDestination& to = settings.destination;
    if (!to.collector) {
      // csvlog and jsonlog fall back to standard error.
      if (to.toStderr || to.toCsv || to.toJson || entry.bare) {
        append(0, entry.ms, stderrText(entry, settings.layout, m_clock));
      }
      m_open = {};
      return;
    }
    if (to.toStderr || entry.bare) {
      collect(kStderr, entry, settings, stderrText(entry, settings.layout, m_clock));
    }
    if (entry.bare) return;
    if (to.toCsv) collect(kCsv, entry, settings, csvText(entry, settings.layout, m_clock));
    if (to.toJson) collect(kJson, entry, settings, jsonText(entry, settings.layout, m_clock));
  }

  [[nodiscard]] std::vector<LogFile> take() { return std::move(m_files); }
  [[nodiscard]] std::string current() const {
    std::string text;
    for (std::size_t s = 0; s < kStreams; ++s) {
      if (m_open[s].file == 0) continue;
      std::string path = m_files[m_open[s].file].path;
      const std::string lead = m_spec.database.dataDirectory + "/";
      if (path.starts_with(lead)) path = path.substr(lead.size());
      text += std::string(kStreamNames[s]) + " " + path + "\n";
    }
    return text;
  }

 private:
  struct Open {
    std::size_t file = 0;  // index; 0: none
    std::int64_t period = 0;
  };

  void append(std::size_t file, std::int64_t ms, const std::string& line) {
    m_files[file].text += line;
    m_files[file].text += '\n';
    m_files[file].changedMs = ms;
  }

  // log_rotation_age counts from midnight in log_timezone.
  [[nodiscard]] std::int64_t periodOf(std::int64_t ms, const LogSettings& settings) const {
    const std::int64_t ageMs = settings.destination.rotationMinutes * kMinuteMs;
    if (ageMs <= 0) return 0;
    return localTime(settings.layout.zone, m_clock.startUnixMs + ms).localMs / ageMs;
  }

  void collect(Stream stream, const LogEntry& entry, const LogSettings& settings,
               const std::string& line) {
    Open& open = m_open[stream];
    const std::int64_t period = periodOf(entry.ms, settings);
    const std::int64_t most = settings.destination.rotationKb * 1024;
    const bool old = open.file != 0 && open.period != period;
    const bool full = open.file != 0 && most > 0 &&
                      static_cast<std::int64_t>(m_files[open.file].text.size()) >= most;
    if (open.file == 0) {
      // The collector opens its files when the server starts.
      open = {begin(stream, m_telemetry.serverStart(entry.ms), settings, false), period};
    } else if (old || full) {
      open = {begin(stream, entry.ms, settings, old), period};
    }
    append(open.file, entry.ms, line);
  }

  // A file of the same name goes on, unless the time has come round to it again.
  std::size_t begin(Stream stream, std::int64_t ms, const LogSettings& settings, bool byTime) {
    const LogDestination& to = settings.destination;
    std::string name = logFileName(to.filename, m_clock.startUnixMs + ms, settings.layout);
    if (stream != kStderr) {
      if (name.ends_with(".log")) name.resize(name.size() - 4);
      name += kEndings[stream];
    }
    std::string path = to.directory + "/" + name;
    if (!path.starts_with('/')) path = m_spec.database.dataDirectory + "/" + path;
    for (std::size_t i = 1; i < m_files.size(); ++i) {
      if (m_files[i].path != path) continue;
      if (byTime && to.truncate) m_files[i].text.clear();
      return i;
    }
    m_files.push_back({path, {}, ms});
    return m_files.size() - 1;
  }

  const Telemetry& m_telemetry;
  const WorldSpec& m_spec;
  LogClock m_clock;
  std::vector<LogFile> m_files;
  std::array<Open, kStreams> m_open{};
};

Files filesOf(const Telemetry& telemetry, const WorldSpec& spec) {
  Files files(telemetry, spec);
  forEachEntry(
      telemetry, spec,
      [&](const LogEntry& entry, const LogSettings& settings) { files.write(entry, settings); },
      kMostEntries);
  return files;
}

}  // namespace

std::vector<LogFile> postgresLogFiles(const Telemetry& telemetry, const WorldSpec& spec) {
  return filesOf(telemetry, spec).take();
}

std::string currentLogFiles(const Telemetry& telemetry, const WorldSpec& spec) {
  return filesOf(telemetry, spec).current();
}

}  // namespace sim
