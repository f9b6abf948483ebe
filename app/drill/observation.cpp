// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/observation.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace drill {

namespace {

using scenario::Clue;

std::string_view afterPrefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : std::string_view();
}

bool sameChart(std::string_view asked, std::string_view seen) {
  const std::string_view a = afterPrefix(asked, "chart:");
  const std::string_view b = afterPrefix(seen, "chart:");
  if (a.empty() || b.empty()) return false;
  const auto metric = sim::findMetric(a);
  return metric && metric == sim::findMetric(b);
}

bool isSource(const Clue& clue, const std::string& seen) {
  return std::any_of(clue.sources.begin(), clue.sources.end(), [&seen](const std::string& asked) {
    if (asked == seen || sameChart(asked, seen)) return true;
    return asked == "command" && !afterPrefix(seen, "file:").empty();
  });
}

// What the machine said of itself: lines that only repeat what was typed (echo, an unknown command,
// the statement of a syntax error) prove nothing.
std::string said(const Observation& observation) {
  if (observation.source != "command") return observation.text;
  std::string text;
  for (const std::string& line : base::lines(observation.text)) {
    const std::string_view bare = base::trim(line);
    const bool repeated = !bare.empty() && base::contains(observation.title, bare);
    if (repeated || base::contains(line, "command not found") || line.compare(0, 5, "LINE ") == 0) {
      continue;
    }
    text += line;
    text += '\n';
  }
  return text;
}

bool textShows(const Clue& clue, const std::string& text) {
  if (clue.anyText.empty() && clue.allText.empty()) return clue.metric.empty();
  const auto present = [&text](const std::string& part) { return base::contains(text, part); };
  return (clue.anyText.empty() || std::any_of(clue.anyText.begin(), clue.anyText.end(), present)) &&
         std::all_of(clue.allText.begin(), clue.allText.end(), present);
}

bool compares(double value, const std::string& op, double threshold) {
  if (std::isnan(value)) return false;
  if (op == ">") return value > threshold;
  if (op == ">=") return value >= threshold;
  if (op == "<") return value < threshold;
  if (op == "<=") return value <= threshold;
  if (op == "==") return value == threshold;
  return op == "!=" && value != threshold;
}

// Values of a condition's left side for the rows [first, last); NaN where there is none.
class LeftSide {
 public:
  LeftSide(const sim::MetricCondition& condition, const sim::Telemetry& telemetry)
      : m_condition(condition), m_telemetry(telemetry) {
    if (condition.rateSeconds <= 0) return;
    // Growth since the first row; a fall is a counter that began again at zero.
    double grown = 0, before = std::nan("");
    for (const float sample : telemetry.series(condition.metric)) {
      const double value = sample;
      if (!std::isnan(value)) {
        if (!std::isnan(before)) grown += value >= before ? value - before : value;
        before = value;
      }
      m_grown.push_back(grown);
    }
  }

  double at(std::size_t row) {
    double value = m_telemetry.series(m_condition.metric)[row];
    if (m_condition.rateSeconds > 0) value = rate(row);
    if (m_condition.per) {
      const double per = m_telemetry.series(*m_condition.per)[row];
      value = per == 0 ? std::nan("") : value / per;
    }
    return value;
  }

 private:
  double rate(std::size_t row) {
    const auto times = m_telemetry.times();
    const std::int64_t from = times[row] - std::int64_t{1000} * m_condition.rateSeconds;
    while (m_windowStart < row && times[m_windowStart + 1] <= from) ++m_windowStart;
    const double elapsed = static_cast<double>(times[row] - times[m_windowStart]) / 1000.0;
    if (times[m_windowStart] > from || elapsed <= 0) return std::nan("");
    return (m_grown[row] - m_grown[m_windowStart]) / elapsed;
  }

  const sim::MetricCondition& m_condition;
  const sim::Telemetry& m_telemetry;
  std::vector<double> m_grown;
  std::size_t m_windowStart = 0;
};

// Some row of the range meets all conditions at once.
bool chartShows(const Clue& clue, const Observation& observation, const sim::Telemetry& telemetry) {
  const auto times = telemetry.times();
  const auto first = static_cast<std::size_t>(
      std::lower_bound(times.begin(), times.end(), observation.from.ms) - times.begin());
  const auto last = static_cast<std::size_t>(
      std::upper_bound(times.begin(), times.end(), observation.to.ms) - times.begin());
  std::vector<LeftSide> sides;
  for (const sim::MetricCondition& condition : clue.metric)
    sides.emplace_back(condition, telemetry);
  for (std::size_t row = first; row < last; ++row) {
    bool all = true;
    for (std::size_t i = 0; i < sides.size() && all; ++i) {
      all = compares(sides[i].at(row), clue.metric[i].op, clue.metric[i].threshold);
    }
    if (all) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> cluesIn(const Observation& observation, const scenario::Scenario& scenario,
                                 const sim::Telemetry& telemetry) {
  const bool chart = !afterPrefix(observation.source, "chart:").empty();
  const std::string text = chart ? std::string() : said(observation);
  std::vector<std::string> found;
  for (const Clue& clue : scenario.clues) {
    if (!isSource(clue, observation.source)) continue;
    if (chart ? chartShows(clue, observation, telemetry) : textShows(clue, text)) {
      found.push_back(clue.id);
    }
  }
  return found;
}

std::string logExtract(const sim::Telemetry& telemetry, const sim::WorldSpec& spec,
                       sim::LogSource source, base::SimTime from, base::SimTime to,
                       std::size_t maxLines) {
  std::vector<std::string> newestFirst;
  std::size_t count = 0;
  const auto& logs = telemetry.logs();
  for (auto record = logs.rbegin(); record != logs.rend() && count < maxLines; ++record) {
    if (record->source != source || record->ms < from.ms || record->ms > to.ms) continue;
    newestFirst.push_back(sim::logText(*record, telemetry, spec));
    count += base::lines(newestFirst.back()).size();
  }
  std::string text;
  for (auto one = newestFirst.rbegin(); one != newestFirst.rend(); ++one) text += *one + "\n";
  return text;
}

}  // namespace drill
