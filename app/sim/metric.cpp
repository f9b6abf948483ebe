// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/metric.h"

#include <array>

#include "base/check.h"

namespace sim {

namespace {

constexpr std::array<MetricInfo, kMetricCount> kMetrics = {{
#define METRIC(id, name, labels, type, unit, audience, help) \
  MetricInfo{name, labels, MetricType::type, MetricUnit::unit, Audience::audience, help},
#include "sim/metric_table.inc"
#undef METRIC
}};

}  // namespace

std::string MetricInfo::fullName() const {
  std::string text(name);
  if (!labels.empty()) text.append("{").append(labels).append("}");
  return text;
}

const MetricInfo& metricInfo(Metric metric) {
  const auto index = static_cast<std::size_t>(metric);
  BASE_CHECK(index < kMetricCount);
  return kMetrics[index];
}

std::optional<Metric> findMetric(std::string_view name) {
  std::optional<Metric> bare;
  bool unique = true;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const MetricInfo& info = kMetrics[i];
    if (!name.starts_with(info.name)) continue;
    if (name.size() == info.name.size()) {
      if (info.labels.empty()) return static_cast<Metric>(i);
      unique = !bare.has_value();
      bare = static_cast<Metric>(i);
    } else if (name == info.fullName()) {
      return static_cast<Metric>(i);
    }
    if (!unique) return std::nullopt;
  }
  return bare;
}

}  // namespace sim
