// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run_file.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/fingerprint.h"
#include "base/text.h"
#include "drill/notebook.h"
#include "drill/run_text.h"
#include "scenario/json_tree.h"

namespace drill {

namespace {

using Fields = std::map<std::string, std::string>;

using scenario::inQuotes;

constexpr std::string_view kFormat = "outage-drill-run";
constexpr std::size_t kHeaderFields = 7;
constexpr std::int64_t kMostRewinds = 1'000'000;
constexpr std::size_t kLargestFile = std::size_t{256} << 20;

// Reads one file, line by line, into a record; stops at the first damage.
class TextReader {
 public:
  TextReader(std::string_view text, const std::string& fileName)
      : m_text(text), m_fileName(fileName) {}

  base::Result<RunRecord> read() {
    if (m_text.find('\n') == std::string_view::npos) {
      m_line = 1;
      return damage("found no complete first line, expected the header of a run");
    }
    while (!m_text.empty() && m_fault.message.empty()) {
      const auto end = m_text.find('\n');
      if (end == std::string_view::npos) break;  // torn by a crash: nobody was promised this line
      const std::string_view line = m_text.substr(0, end);
      m_text.remove_prefix(end + 1);
      ++m_line;
      readLine(line);
    }
    if (!m_fault.message.empty()) return m_fault;
    return std::move(m_record);
  }

 private:
  base::Error damage(const std::string& what) {
    m_fault = {"damaged-run", m_fileName + ":" + std::to_string(m_line),
               m_fileName + ":" + std::to_string(m_line) + ": " + what};
    return m_fault;
  }

  void readLine(std::string_view line) {
    if (m_record.ended) {
      damage("found " + inQuotes(line) + " after the end, expected nothing more");
    } else if (m_line > 1 && base::contains(line, "\"do\"")) {
      readAction(line);
    } else if (const auto fields = scenario::readFlatObject(line); !fields.ok()) {
      damage("found " + inQuotes(line) + ", expected a JSON object (" + fields.error().message +
             ")");
    } else if (m_line == 1) {
      readHeader(fields.value());
    } else {
      readMark(fields.value(), line);
    }
  }

  void readHeader(const Fields& fields) {
    const auto value = [&fields](const char* name) {
      const auto found = fields.find(name);
      return found == fields.end() ? std::string() : found->second;
    };
    if (value("format") != kFormat) {
      damage("found format " + inQuotes(value("format")) + ", expected " + inQuotes(kFormat));
      return;
    }
    const auto version = wholeNumber(value("version"));
    if (!version || *version != 1) {
      damage("found version " + inQuotes(value("version")) + ", expected 1" +
             (version && *version > 1 ? " (a newer program wrote this run)" : ""));
      return;
    }
    m_record.scenarioId = value("scenario");
    m_record.scenarioHash = value("scenario_hash");
    if (m_record.scenarioId.empty() || m_record.scenarioHash.empty()) {
      damage("found no scenario, expected \"scenario\" and \"scenario_hash\"");
      return;
    }
    const std::string seed = value("seed");
    const auto [end, fault] =
        std::from_chars(seed.data(), seed.data() + seed.size(), m_record.key.seed);
    if (seed.empty() || fault != std::errc() || end != seed.data() + seed.size()) {
      damage("found seed " + inQuotes(seed) + ", expected a whole number");
      return;
    }
    const auto mode = modeFrom(value("mode"));
    if (!mode.ok()) {
      damage("found mode " + inQuotes(value("mode")) + ", expected watch, practice or assessment");
      return;
    }
    m_record.key.mode = mode.value();
    const auto rewinds = wholeNumber(value("rewinds"));
    if (!rewinds || *rewinds > kMostRewinds || fields.size() != kHeaderFields) {
      damage(
          "found another set of header fields, expected format, version, scenario, "
          "scenario_hash, seed, mode and rewinds");
      return;
    }
    m_record.rewinds = static_cast<int>(*rewinds);
  }

  // Moves time forward; whole seconds only.
  bool reach(base::SimTime time) {
    if (time < m_record.reached) {
      damage("found time " + std::to_string(time.ms) + ", expected at least " +
             std::to_string(m_record.reached.ms) + " (time went backwards)");
      return false;
    }
    if (time.ms % 1000 != 0) {
      damage("found time " + std::to_string(time.ms) + ", expected whole seconds");
      return false;
    }
    m_record.reached = time;
    return true;
  }

  void readAction(std::string_view line) {
    auto action = scenario::readActionLine(line);
    if (!action.ok()) {
      damage("found " + inQuotes(line) + ", expected an action (" + action.error().message + ")");
    } else if (reach(action.value().at)) {
      m_record.actions.push_back(std::move(action.value()));
    }
  }

  void readMark(const Fields& fields, std::string_view line) {
    const bool end = fields.count("end") == 1 && fields.count("fingerprint") == 1;
    const bool at = fields.count("at") == 1;
    const bool minute = at && fields.count("ticks") == 1 && fields.count("fields") == 1;
    if (!((end && fields.size() == 2) || (minute && fields.size() == 3) ||
          (at && fields.size() == 1))) {
      damage("found " + inQuotes(line) + ", expected an action, \"at\", \"ticks\" or \"end\"");
      return;
    }
    const std::string& timeText = fields.at(end ? "end" : "at");
    const auto time = wholeNumber(timeText);
    if (!time) {
      damage("found time " + inQuotes(timeText) + ", expected milliseconds");
      return;
    }
    if (!reach({*time})) return;
    if (minute) readMinute(fields, {*time});
    if (end) readEnd(fields.at("fingerprint"));
  }

  void readMinute(const Fields& fields, base::SimTime time) {
    RunRecord::Minute minute;
    minute.at = time;
    if (!readWords(fields.at("ticks"), minute.ticks) ||
        !readWords(fields.at("fields"), minute.fields)) {
      return;
    }
    if (minute.ticks.empty() || minute.ticks.size() > 60) {
      damage("found " + std::to_string(minute.ticks.size()) + " ticks, expected 1 to 60");
    } else {
      m_record.minutes.push_back(std::move(minute));
    }
  }

  bool readWords(const std::string& hex, std::vector<std::uint16_t>& words) {
    if (hex.size() % 4 != 0) {
      damage("found " + std::to_string(hex.size()) + " hex digits, expected a multiple of 4");
      return false;
    }
    for (std::size_t i = 0; i < hex.size(); i += 4) {
      const auto word = hexNumber(std::string_view(hex).substr(i, 4));
      if (!word) return false;
      words.push_back(static_cast<std::uint16_t>(*word));
    }
    return true;
  }

  std::optional<std::uint64_t> hexNumber(std::string_view digits) {
    if (digits.empty() || digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
      damage("found " + inQuotes(digits) + ", expected hex digits");
      return std::nullopt;
    }
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
  }

  void readEnd(const std::string& hex) {
    if (hex.size() != 16) {
      damage("found fingerprint " + inQuotes(hex) + ", expected 16 hex digits");
    } else if (const auto value = hexNumber(hex)) {
      m_record.fingerprint = *value;
      m_record.ended = true;
    }
  }

  std::string_view m_text;
  const std::string& m_fileName;
  int m_line = 0;
  RunRecord m_record;
  base::Error m_fault;
};

std::string hex4(std::uint16_t word) {
  return base::hexText(word).substr(12);
}

// The first tick whose hash differs, else the whole minute's first; the first field likewise.
std::string differenceIn(const RunRecord::Minute& recorded, const RunRecord::Minute& again,
                         const Run& run) {
  std::size_t tick = 0;
  while (tick < recorded.ticks.size() && recorded.ticks[tick] == again.ticks[tick]) ++tick;
  if (tick == recorded.ticks.size()) tick = 0;
  const auto last = static_cast<std::int64_t>(recorded.ticks.size()) - 1;
  const base::SimTime time = recorded.at - base::seconds(last - static_cast<std::int64_t>(tick));
  const std::string place =
      "first difference at " + base::clockText(run.scenario().world.timing.startUnixMs + time.ms);
  for (std::size_t i = 0; i < recorded.fields.size(); ++i) {
    if (recorded.fields[i] == again.fields[i]) continue;
    return place + " in " + sim::metricInfo(static_cast<sim::Metric>(i)).fullName() +
           ": recorded hash " + hex4(recorded.fields[i]) + ", recomputed " + hex4(again.fields[i]);
  }
  return place + ": recorded hash " + hex4(recorded.ticks[tick]) + ", recomputed " +
         hex4(again.ticks[tick]);
}

}  // namespace

base::Result<RunRecord> readRunText(std::string_view text, const std::string& fileName) {
  return TextReader(text, fileName).read();
}

base::Result<RunRecord> readRunFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad()) return base::Error{"unreadable", path, path + ": cannot be read"};
  if (text.view().size() > kLargestFile) {
    return base::Error{"damaged-run", path, path + ": found more than 256 MiB, expected a run"};
  }
  return readRunText(text.view(), path);
}

Run recompute(const RunRecord& record, const std::shared_ptr<const scenario::Scenario>& scenario,
              base::SimTime until) {
  Run run(scenario, record.key);
  const base::SimTime end = std::min(until, record.reached);
  for (const sim::TimedAction& timed : record.actions) {
    if (timed.at > end) break;
    run.advanceTo(timed.at);
    run.perform(timed.action, timed.who);
  }
  run.advanceTo(end);
  for (int i = 0; i < record.rewinds; ++i) run.countRewind();
  return run;
}

std::string firstDifference(const RunRecord& record, const Run& recomputed) {
  for (const RunRecord::Minute& minute : record.minutes) {
    if (minute.at > recomputed.now()) break;
    const auto ticks = static_cast<std::int64_t>(minute.ticks.size());
    const RunRecord::Minute again =
        minuteOf(recomputed.telemetry(), minute.at - base::seconds(ticks), minute.at);
    if (again.ticks.size() != minute.ticks.size() || again.fields.size() != minute.fields.size()) {
      return "the minute up to " +
             base::clockText(recomputed.scenario().world.timing.startUnixMs + minute.at.ms) +
             " has " + std::to_string(minute.ticks.size()) + " ticks of " +
             std::to_string(minute.fields.size()) + " metrics in the record, recomputed " +
             std::to_string(again.ticks.size()) + " of " + std::to_string(again.fields.size());
    }
    if (again.ticks != minute.ticks || again.fields != minute.fields) {
      return differenceIn(minute, again, recomputed);
    }
  }
  const bool whole = recomputed.journal().size() == record.actions.size();
  if (!record.ended || !whole) return {};
  if (recomputed.now() < record.reached && !recomputed.finished()) return {};
  if (recomputed.now() == record.reached && recomputed.fingerprint() == record.fingerprint) {
    return {};
  }
  return "all recorded metrics agree, but the end differs: recorded fingerprint " +
         base::hexText(record.fingerprint) + ", recomputed " +
         base::hexText(recomputed.fingerprint()) + " (state, logs or journal)";
}

}  // namespace drill
