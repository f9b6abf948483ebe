// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/chart_catalogue.h"

namespace models {

std::vector<sim::Metric> SeriesSpec::metrics() const {
  if (metric == other) return {metric};
  return {metric, other};
}

const std::vector<ChartGroup>& chartGroups() {
  static const std::vector<ChartGroup> kGroups = [] {
    std::vector<ChartGroup> groups;
#define GROUP(id, title) groups.push_back({#id, title, {}});
#define CHART(title, unit, scale) groups.back().charts.push_back({title, unit, scale, {}});
#define SERIES(label, form, metric, other)      \
  groups.back().charts.back().series.push_back( \
      {label, SeriesSpec::Form::form, sim::Metric::metric, sim::Metric::other});
#include "models/chart_table.inc"
#undef GROUP
#undef CHART
#undef SERIES
    return groups;
  }();
  return kGroups;
}

}  // namespace models
