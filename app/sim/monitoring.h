// SPDX-License-Identifier: GPL-3.0-or-later
// The monitoring system: scrapes metrics every few seconds, evaluates rules with `for`, keeps alert
// states. Semantics are Prometheus 2.42's (look-back, rate extrapolation, pending and firing).
#pragma once

#include <cstdint>
#include <vector>

#include "base/sim_time.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

struct RuleState {
  AlertState state = AlertState::Inactive;
  base::SimTime activeAt{-1};       // since when the condition holds
  base::SimTime firingAt{-1};
  bool acknowledged = false;
  double value = 0;                 // of the condition's left side, at the last evaluation
  bool operator==(const RuleState&) const = default;
};

// Scraped samples of one metric that a rule needs a window of.
struct Sample {
  std::int64_t ms = 0;
  double value = 0;
  bool operator==(const Sample&) const = default;
};
struct ScrapedSeries {
  Metric metric = Metric::PgUp;
  std::vector<Sample> samples;      // oldest first, at most the longest window + look-back
  bool operator==(const ScrapedSeries&) const = default;
};

struct Monitoring {
  std::vector<RuleState> rules;     // parallel to MonitoringSpec::rules
  std::vector<ScrapedSeries> series;
  base::SimTime lastScrape{-1};
  bool operator==(const Monitoring&) const = default;
};

// Prepares state for the rules.
[[nodiscard]] Monitoring startMonitoring(const MonitoringSpec& spec);
// Scrapes and evaluates when due; writes alert transitions.
void stepMonitoring(Monitoring& monitoring, const MonitoringSpec& spec, base::SimTime now,
                    const MetricRow& row, Telemetry& telemetry);
// Whether a condition holds on a row (rates need the scraped window; without one they do not hold).
[[nodiscard]] bool holds(const MetricCondition& condition, const MetricRow& row);
// All alert transitions of a rule over recorded telemetry, as if it had been there from the start.
[[nodiscard]] std::vector<AlertEvent> replayRuleOver(const AlertRule& rule, const MonitoringSpec& spec,
                                                     const Telemetry& telemetry);

}  // namespace sim
