// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run_text.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/fingerprint.h"
#include "scenario/reader.h"

namespace drill {

namespace {

constexpr base::SimTime kMinute{60'000};

// "No value" has many bit patterns and compilers differ in which they make.
std::uint32_t bitsOf(float value) {
  return std::isnan(value) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(value);
}

std::uint16_t folded(std::uint64_t value) {
  return static_cast<std::uint16_t>(value ^ (value >> 16) ^ (value >> 32) ^ (value >> 48));
}

std::string hexWords(const std::vector<std::uint16_t>& words) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(words.size() * 4);
  for (const std::uint16_t word : words) {
    for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[(word >> shift) & 15];
  }
  return text;
}

std::string minuteLine(const RunRecord::Minute& minute) {
  return "{\"at\":" + std::to_string(minute.at.ms) + ",\"ticks\":\"" + hexWords(minute.ticks) +
         "\",\"fields\":\"" + hexWords(minute.fields) + "\"}\n";
}

base::SimTime endOfMinute(const Run& run, std::size_t number) {
  return run.scenario().world.timing.opensAt + base::minutes(static_cast<std::int64_t>(number) + 1);
}

}  // namespace

RunRecord::Minute minuteOf(const sim::Telemetry& telemetry, base::SimTime from, base::SimTime to) {
  RunRecord::Minute minute;
  minute.at = to;
  const auto times = telemetry.times();
  const auto first = static_cast<std::size_t>(
      std::upper_bound(times.begin(), times.end(), from.ms) - times.begin());
  const auto last =
      static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), to.ms) - times.begin());
  if (first >= last) return minute;
  std::vector<base::Fingerprint> rows(last - first);
  for (std::size_t i = 0; i < sim::kMetricCount; ++i) {
    const auto column = telemetry.series(static_cast<sim::Metric>(i));
    base::Fingerprint field;
    for (std::size_t row = first; row < last; ++row) {
      const std::uint32_t bits = bitsOf(column[row]);
      field.add(bits);
      rows[row - first].add(bits);
    }
    minute.fields.push_back(folded(field.value()));
  }
  for (const base::Fingerprint& row : rows) minute.ticks.push_back(folded(row.value()));
  return minute;
}

std::string headerLine(const Run& run) {
  std::string text = scenario::flatObject({{"format", "outage-drill-run"},
                                           {"scenario", run.scenario().id},
                                           {"scenario_hash", run.scenario().hash},
                                           {"mode", std::string(modeName(run.startKey().mode))},
                                           {"seed", std::to_string(run.key().seed)}});
  text.pop_back();  // numbers follow; the seed stays text, as it may not fit a JSON number
  return text + ",\"version\":1,\"rewinds\":" + std::to_string(run.rewinds()) + "}\n";
}

std::string newLines(const Run& run, RunCursor& cursor) {
  std::string text;
  const auto addMinutesUntil = [&](base::SimTime time) {
    for (; endOfMinute(run, cursor.minutes) <= time; ++cursor.minutes) {
      const base::SimTime end = endOfMinute(run, cursor.minutes);
      const RunRecord::Minute minute = minuteOf(run.telemetry(), end - kMinute, end);
      if (!minute.ticks.empty()) text += minuteLine(minute);
    }
  };
  for (; cursor.entries < run.journal().size(); ++cursor.entries) {
    const sim::TimedAction& timed = run.journal()[cursor.entries].timed;
    addMinutesUntil(timed.at);
    text += scenario::actionLine(timed) + "\n";
  }
  addMinutesUntil(run.now());
  if (run.now() > cursor.reached) {
    cursor.reached = run.now();
    text += "{\"at\":" + std::to_string(cursor.reached.ms) + "}\n";
  }
  return text;
}

std::string endLines(const Run& run, RunCursor& cursor) {
  std::string text;
  const base::SimTime from = endOfMinute(run, cursor.minutes) - kMinute;
  if (run.now() > from) {
    const RunRecord::Minute minute = minuteOf(run.telemetry(), from, run.now());
    if (!minute.ticks.empty()) text += minuteLine(minute);
    ++cursor.minutes;
  }
  text += "{\"end\":" + std::to_string(run.now().ms) + ",\"fingerprint\":\"" +
          base::hexText(run.fingerprint()) + "\"}\n";
  return text;
}

std::string runText(const Run& run, bool ended) {
  RunCursor cursor;
  std::string text = headerLine(run) + newLines(run, cursor);
  if (ended) text += endLines(run, cursor);
  return text;
}

}  // namespace drill
