// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/series_provider.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace models {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

// Growth of a counter; after a restart of what counts it begins at zero again.
double growth(std::span<const float> series, std::size_t from, std::size_t to) {
  const double before = static_cast<double>(series[from]);
  const double after = static_cast<double>(series[to]);
  return after < before ? after : after - before;
}

std::int64_t scrapeAtOrAfter(std::int64_t at, std::int64_t scrapeMs) {
  return (at + scrapeMs - 1) / scrapeMs * scrapeMs;
}

// The first row from `from` on that is not before `at`; rows are mostly a second apart.
std::size_t rowAtOrAfter(std::span<const std::int64_t> times, std::size_t from, std::int64_t at) {
  const std::size_t guess = from + static_cast<std::size_t>((at - times[from]) / 1000);
  if (guess < times.size() && times[guess] == at) return guess;
  const auto rest = times.subspan(from);
  return from +
         static_cast<std::size_t>(std::lower_bound(rest.begin(), rest.end(), at) - rest.begin());
}

}  // namespace

double SeriesPoints::valueAt(const sim::Telemetry& telemetry, std::size_t row) const {
  const auto series = telemetry.series(m_spec.metric);
  const auto other = telemetry.series(m_spec.other);
  if (m_spec.form == SeriesSpec::Form::Value) return static_cast<double>(series[row]);
  if (m_spec.form == SeriesSpec::Form::Difference) {
    return static_cast<double>(series[row]) - static_cast<double>(other[row]);
  }
  if (m_lastSampled == 0) return kNoValue;
  const std::size_t before = m_lastSampled - 1;
  const auto times = telemetry.times();
  const double seconds = static_cast<double>(times[row] - times[before]) / 1000;
  const double grown = growth(series, before, row);
  if (m_spec.form == SeriesSpec::Form::Rate) return grown / seconds;
  const double otherGrown = growth(other, before, row);
  const double whole = m_spec.form == SeriesSpec::Form::Share ? grown + otherGrown : otherGrown;
  return whole > 0 ? grown / whole : kNoValue;
}

std::size_t SeriesPoints::refresh(const sim::Telemetry& telemetry, const sim::TimingSpec& timing,
                                  int scrapeSeconds) {
  const auto times = telemetry.times();
  const std::size_t before = m_points.size();
  const std::int64_t scrapeMs = std::max(1, scrapeSeconds) * std::int64_t{1000};
  for (; m_nextRow < times.size(); ++m_nextRow) {
    m_nextRow = rowAtOrAfter(times, m_nextRow, scrapeAtOrAfter(times[m_nextRow], scrapeMs));
    if (m_nextRow == times.size()) break;
    const std::int64_t at = times[m_nextRow];
    if (at % scrapeMs != 0) continue;
    const double time = static_cast<double>(timing.startUnixMs + at) / 1000;
    m_points.push_back({time, valueAt(telemetry, m_nextRow) * m_scale});
    m_lastSampled = m_nextRow + 1;
  }
  return m_points.size() - before;
}

void SeriesPoints::clear() {
  m_points.clear();
  m_nextRow = 0;
  m_lastSampled = 0;
}

std::vector<Point> decimated(const std::vector<Point>& points, std::size_t maxPoints) {
  if (points.size() <= maxPoints || maxPoints < 2) return points;
  const std::size_t slices = maxPoints / 2;
  std::vector<Point> kept;
  kept.reserve(slices * 2);
  for (std::size_t slice = 0; slice < slices; ++slice) {
    const std::size_t from = slice * points.size() / slices;
    const std::size_t to = (slice + 1) * points.size() / slices;
    const auto compare = [](const Point& a, const Point& b) { return a.value < b.value; };
    const auto [low, high] =
        std::minmax_element(points.begin() + static_cast<std::ptrdiff_t>(from),
                            points.begin() + static_cast<std::ptrdiff_t>(to), compare);
    kept.push_back(low < high ? *low : *high);
    if (low != high) kept.push_back(low < high ? *high : *low);
  }
  return kept;
}

double valueAt(const std::vector<Point>& points, double time) {
  constexpr double kStale = 90;
  const auto after = std::upper_bound(points.begin(), points.end(), time,
                                      [](double t, const Point& point) { return t < point.time; });
  if (after == points.begin()) return kNoValue;
  const Point& point = *(after - 1);
  return time - point.time > kStale ? kNoValue : point.value;
}

std::string shownValue(double value) {
  if (!std::isfinite(value)) return "no value";
  const double size = std::abs(value);
  if (size >= 1000) return base::groupedText(static_cast<std::int64_t>(std::llround(value)));
  if (size == 0) return "0";
  return base::fixedText(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

}  // namespace models
