// SPDX-License-Identifier: GPL-3.0-or-later
// Points for charts, as the monitoring system has them: sampled at the scrape interval, counters
// turned into rates. Grows with the telemetry; a view asks for what it has not drawn yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/chart_catalogue.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace models {

struct Point {
  double time = 0;   // seconds since 1970
  double value = 0;  // in the chart's unit; NaN: no value (a gap)
};

// The points of one series of one chart.
class SeriesPoints {
 public:
  SeriesPoints(const SeriesSpec& spec, double scale) : m_spec(spec), m_scale(scale) {}
  // Reads what telemetry has gained; returns how many points came.
  std::size_t refresh(const sim::Telemetry& telemetry, const sim::TimingSpec& timing,
                      int scrapeSeconds);
  [[nodiscard]] const std::vector<Point>& points() const { return m_points; }
  void clear();

 private:
  [[nodiscard]] double valueAt(const sim::Telemetry& telemetry, std::size_t row) const;

  SeriesSpec m_spec;
  double m_scale = 1;
  std::vector<Point> m_points;
  std::size_t m_nextRow = 0;
  std::size_t m_lastSampled = 0;  // row + 1; 0: none yet
};

// At most about maxPoints points that keep every peak: the lowest and the highest of each slice.
[[nodiscard]] std::vector<Point> decimated(const std::vector<Point>& points, std::size_t maxPoints);
// The last value at or before time; NaN when there is none within a minute and a half.
[[nodiscard]] double valueAt(const std::vector<Point>& points, double time);
// "12.3", "1,234", "0.02": three significant digits, for read-outs. "no value" for NaN.
[[nodiscard]] std::string shownValue(double value);

}  // namespace models
