// SPDX-License-Identifier: GPL-3.0-or-later
// Which charts there are: the table chart_table.inc as values. Holds no data and draws nothing.
#pragma once

#include <string>
#include <vector>

#include "sim/metric.h"

namespace models {

struct SeriesSpec {
  enum class Form { Value, Rate, Share, Quotient, Difference };
  std::string label;
  Form form = Form::Value;
  sim::Metric metric{}, other{};
  [[nodiscard]] std::vector<sim::Metric> metrics() const;  // without repetition
};

struct ChartSpec {
  std::string title, unit;
  double scale = 1;  // shown value = value in the metric's unit * scale
  std::vector<SeriesSpec> series;
};

struct ChartGroup {
  std::string id, title;
  std::vector<ChartSpec> charts;
};

[[nodiscard]] const std::vector<ChartGroup>& chartGroups();

}  // namespace models
