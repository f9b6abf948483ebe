// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/page_popularity.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/portable_math.h"

namespace sim {

// Pages of nearly the same popularity, counted as equal.
struct PagePopularity::Bucket {
  double count = 0;
  double probability = 0;  // of one page
  double rate = 0;         // -log(1 - probability): a reference misses the page with exp(-rate)
};

namespace {

constexpr double kSingleRanks = 64;  // the hottest pages are counted one by one
constexpr double kBucketGrowth = 0.06;
constexpr double kNegligible = 40.0;  // exp(-40) is nothing

// Sum of rank^-exponent over count ranks around the middle one, to fourth order.
double weightOf(double middle, double count, double exponent) {
  const double curvature =
      exponent * (exponent + 1.0) * (count * count - 1.0) / (24.0 * middle * middle);
  return count * base::portablePow(middle, -exponent) * (1.0 + curvature);
}

double missRate(double probability) {
  if (probability < 1e-5) return probability * (1.0 + 0.5 * probability);
  if (probability > 1.0 - 1e-15) return kNegligible;
  return -base::portableLog(1.0 - probability);
}

template <typename Bucket>
std::vector<Bucket> bucketsOf(double pages, double exponent) {
  std::vector<Bucket> buckets;
  double total = 0;
  for (double first = 1; first <= pages;) {
    double count = 1;
    if (first > kSingleRanks) {
      count = static_cast<double>(static_cast<long long>(first * kBucketGrowth));
      count = std::min(std::max(count, 1.0), pages - first + 1.0);
    }
    const double weight = weightOf(first + 0.5 * (count - 1.0), count, exponent);
    buckets.push_back({count, weight / count, 0});
    total += weight;
    first += count;
  }
  for (Bucket& bucket : buckets) {
    bucket.probability /= total;
    bucket.rate = missRate(bucket.probability);
  }
  return buckets;
}

// Grid points lie at 2^e * (1 + k / 8): the point below x is read off the bits of x, no search.
// Index 0 is x = 0, index 1 is x = 1.
constexpr int kPerOctaveBits = 3;

std::size_t gridIndex(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x) >> (52 - kPerOctaveBits);
  return static_cast<std::size_t>(bits - (1023ULL << kPerOctaveBits)) + 1;
}

double gridPoint(std::size_t index) {
  if (index == 0) return 0;
  const std::uint64_t bits = (index - 1 + (1023ULL << kPerOctaveBits)) << (52 - kPerOctaveBits);
  return std::bit_cast<double>(bits);
}

// 1 / (distance to the next point): a power of two, so that multiplying is as exact as dividing.
double inverseDistance(std::size_t index) {
  if (index == 0) return 1;
  const std::uint64_t octave = (index - 1) >> kPerOctaveBits;
  return std::bit_cast<double>((1023 + kPerOctaveBits - octave) << 52);
}

// Piecewise linear; x lies inside the grid.
double interpolate(const std::vector<double>& ys, double x) {
  const std::size_t i = x < 1.0 ? 0 : gridIndex(x);
  return ys[i] + (ys[i + 1] - ys[i]) * ((x - gridPoint(i)) * inverseDistance(i));
}

// y where xs reaches x; both rise.
double inverse(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
  const auto above = std::upper_bound(xs.begin() + 1, xs.end() - 1, x);
  const auto i = static_cast<std::size_t>(above - xs.begin());
  const double span = xs[i] - xs[i - 1];
  if (!(span > 0)) return ys[i];
  return ys[i - 1] + (ys[i] - ys[i - 1]) * ((x - xs[i - 1]) / span);
}

}  // namespace

PagePopularity::PagePopularity(double pages, double exponent)
    : m_pages(static_cast<double>(static_cast<long long>(std::max(pages, 1.0)))) {
  BASE_CHECK(pages >= 0 && pages < 1e15 && exponent > 0 && exponent < 3);
  const std::vector<Bucket> buckets = bucketsOf<Bucket>(m_pages, exponent);
  m_most = kNegligible / buckets.back().rate;
  tabulate(buckets);
}

PagePopularity::PagePopularity(const std::vector<PageClass>& classes) {
  std::vector<Bucket> buckets;
  double least = kNegligible;
  for (const PageClass& one : classes) {
    buckets.push_back({one.count, one.probability, missRate(one.probability)});
    m_pages += one.count;
    least = std::min(least, buckets.back().rate);
  }
  m_pages = std::max(m_pages, 1.0);
  // Pages that are hardly ever touched must not stretch the table without end.
  m_most = std::min(kNegligible / std::max(least, 1e-12), 1e12);
  tabulate(buckets);
}

void PagePopularity::tabulate(const std::vector<Bucket>& buckets) {
  const std::size_t points = gridIndex(std::max(m_most, 1.0)) + 2;
  std::vector<double> hits(points);
  for (std::size_t i = 0; i < points; ++i) {
    const double references = gridPoint(i);
    double distinct = 0;
    for (const Bucket& bucket : buckets) {
      const double exposure = bucket.rate * references;
      const double held = exposure > kNegligible ? 1.0 : 1.0 - base::portableExp(-exposure);
      distinct += bucket.count * held;
      hits[i] += bucket.count * bucket.probability * held;
    }
    m_distinct.push_back(std::min(distinct, m_pages));
  }
  m_distinct.back() = m_pages;
  hits.back() = 1.0;
  for (std::size_t i = 0; gridPoint(i) < 2 * m_pages || i < 3; ++i) {
    const double held = std::min(gridPoint(i), m_pages);
    m_hit.push_back(std::min(inverse(m_distinct, hits, held), 1.0));
  }
}

double PagePopularity::hitRatio(double cachedPages) const {
  if (!(cachedPages > 0)) return 0.0;
  if (cachedPages >= m_pages) return 1.0;
  return interpolate(m_hit, cachedPages);
}

double PagePopularity::distinctPages(double references) const {
  if (!(references > 0)) return 0.0;
  if (references >= m_most) return m_pages;
  return interpolate(m_distinct, references);
}

double PagePopularity::referencesFor(double distinctPages) const {
  if (!(distinctPages > 0)) return 0.0;
  if (distinctPages >= m_pages) return m_most;
  // The exact inverse of the table: a fill may go back and forth between the two every tick.
  const auto above = std::upper_bound(m_distinct.begin() + 1, m_distinct.end() - 1, distinctPages);
  const auto i = static_cast<std::size_t>(above - m_distinct.begin());
  const double span = m_distinct[i] - m_distinct[i - 1];
  const double from = gridPoint(i - 1);
  return span > 0 ? from + (gridPoint(i) - from) * ((distinctPages - m_distinct[i - 1]) / span)
                  : from;
}

}  // namespace sim
