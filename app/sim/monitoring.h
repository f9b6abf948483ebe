// SPDX-License-Identifier: GPL-3.0-or-later
// The monitoring system: scrapes metrics every few seconds, evaluates rules with `for`, keeps alert
// states. Semantics are Prometheus 2.42's (look-back, rate extrapolation, pending and firing).
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/sim_time.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

struct RuleState {
  AlertState state = AlertState::Inactive;
  base::SimTime activeAt{-1};  // since when the condition holds
  base::SimTime firingAt{-1};
  bool acknowledged = false;
  double value = 0;  // of the condition's left side, when it last had one
  bool operator==(const RuleState&) const = default;
};

// A scraped sample of a metric that a rule needs. NaN: the metric was absent (a stale marker).
struct Sample {
  std::int64_t ms = 0;
  double value = 0;
  // By bits: equal worlds may hold stale markers.
  bool operator==(const Sample& other) const {
    return ms == other.ms &&
           std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(other.value);
  }
};
struct ScrapedSeries {
  Metric metric = Metric::PgUp;
  std::vector<Sample> samples;  // oldest first, at most the longest window + look-back
  bool operator==(const ScrapedSeries&) const = default;
};

struct Monitoring {
  std::vector<RuleState> rules;  // parallel to MonitoringSpec::rules
  std::vector<ScrapedSeries> series;
  base::SimTime nextScrape{-1}, nextEvaluation{-1};  // not before
  bool operator==(const Monitoring&) const = default;
};

// Prepares state for the rules.
[[nodiscard]] Monitoring startMonitoring(const MonitoringSpec& spec);
// Whether stepMonitoring will read the row at this time.
[[nodiscard]] inline bool scrapes(const Monitoring& monitoring, base::SimTime now) {
  return now >= monitoring.nextScrape;
}
// Scrapes and evaluates when due, on the grid of simulated time from 0 (at the first row after it
// where rows are further apart); writes alert transitions. A rule that starts or stops firing is
// also announced: from "monitoring", topic = the rule's name, text "firing: <summary>" or
// "resolved".
void stepMonitoring(Monitoring& monitoring, const MonitoringSpec& spec, base::SimTime now,
                    const MetricRow& row, Telemetry& telemetry);
// Whether a condition holds on a row (rates need the scraped window; without one they do not hold).
[[nodiscard]] bool holds(const MetricCondition& condition, const MetricRow& row);
// All alert transitions of a rule over recorded telemetry, as if it had been there from the start.
// Their rule index is 0.
[[nodiscard]] std::vector<AlertEvent> replayRuleOver(const AlertRule& rule,
                                                     const MonitoringSpec& spec,
                                                     const Telemetry& telemetry);

// Prometheus' look-back: how old an instant value may be, boundary included.
constexpr std::int64_t kLookBackMs = 300'000;
// The value a query at a time sees: the last sample, unless it is stale or too old.
[[nodiscard]] std::optional<double> instantValue(std::span<const Sample> samples,
                                                 std::int64_t atMs);
// rate(series[window]) at a time: the window is closed on both sides, extrapolated towards its
// edges.
[[nodiscard]] std::optional<double> rateOver(std::span<const Sample> samples, std::int64_t atMs,
                                             std::int64_t windowMs);
// "<", ">=" and so on; false for an operator that does not exist.
[[nodiscard]] bool compares(double left, std::string_view op, double right);

}  // namespace sim
