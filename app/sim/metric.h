// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of the world: one float per metric per second, named as the exporters name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

enum class MetricType : std::uint8_t { Gauge, Counter };
enum class MetricUnit : std::uint8_t { Count, Bytes, Seconds, Ratio, PerSecond };
enum class Audience : std::uint8_t { Trainee, Truth };

enum class Metric : std::uint16_t {
#define METRIC(id, name, labels, type, unit, audience, help) id,
#include "sim/metric_table.inc"
#undef METRIC
  Count
};
constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::Count);

struct MetricInfo {
  std::string_view name;
  std::string_view labels;  // without braces; may be empty
  MetricType type;
  MetricUnit unit;
  Audience audience;
  std::string_view help;
  // name{labels}
  [[nodiscard]] std::string fullName() const;
};

[[nodiscard]] const MetricInfo& metricInfo(Metric metric);
// By fullName(), or by the bare name when only one metric has it.
[[nodiscard]] std::optional<Metric> findMetric(std::string_view name);

}  // namespace sim
