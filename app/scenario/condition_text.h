// SPDX-License-Identifier: GPL-3.0-or-later
// Conditions on metrics as a scenario file writes them:
//   http_request_duration_seconds{quantile="0.99"} > 2s
//   node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 10%
//   rate(node_vmstat_pgmajfault[60s]) > 5
// Labels may be left out when only one metric has the name. Only what trainees may see is known
// here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world_spec.h"

namespace scenario {

struct ConditionReading {
  std::optional<sim::MetricCondition> condition;  // or, when there is none:
  std::string found, expected;
};
[[nodiscard]] ConditionReading readCondition(std::string_view text);
// The same condition in the form above.
[[nodiscard]] std::string conditionText(const sim::MetricCondition& condition);

// A metric trainees may see, by name with or without labels.
struct MetricReading {
  std::optional<sim::Metric> metric;
  std::string expected;
};
[[nodiscard]] MetricReading readMetric(std::string_view name);

// The first mistake in an answer's {metric|unit} placeholders, or nothing.
struct PlaceholderProblem {
  std::string found, expected;
};
[[nodiscard]] std::optional<PlaceholderProblem> checkPlaceholders(const std::string& text);

}  // namespace scenario
