// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/page_popularity.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"
#include "base/portable_math.h"

namespace sim {
namespace {

constexpr int kGridPoints = 500;
constexpr double kSingleRanks = 64;  // the hottest pages are counted one by one
constexpr double kBucketGrowth = 0.06;
constexpr double kNegligible = 40.0;  // exp(-40) is nothing

// Pages of nearly the same popularity, counted as equal.
struct Bucket {
  double count = 0;
  double probability = 0;  // of one page
  double rate = 0;         // -log(1 - probability): a reference misses the page with exp(-rate)
};

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

// Piecewise linear y at x; both grids rise. x lies inside the grid.
double interpolate(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
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
  const std::vector<Bucket> buckets = bucketsOf(m_pages, exponent);
  const double top = base::portableLog(kNegligible / buckets.back().rate);
  m_references.push_back(0);
  m_distinct.push_back(0);
  m_hit.push_back(0);
  for (int i = 0; i < kGridPoints; ++i) {
    const double references = base::portableExp(top * i / (kGridPoints - 1));
    double distinct = 0;
    double hit = 0;
    for (const Bucket& bucket : buckets) {
      const double exposure = bucket.rate * references;
      const double held = exposure > kNegligible ? 1.0 : 1.0 - base::portableExp(-exposure);
      distinct += bucket.count * held;
      hit += bucket.count * bucket.probability * held;
    }
    m_references.push_back(references);
    m_distinct.push_back(std::min(distinct, m_pages));
    m_hit.push_back(std::min(hit, 1.0));
  }
  m_distinct.back() = m_pages;
  m_hit.back() = 1.0;
}

double PagePopularity::hitRatio(double cachedPages) const {
  if (!(cachedPages > 0)) return 0.0;
  if (cachedPages >= m_pages) return 1.0;
  return interpolate(m_distinct, m_hit, cachedPages);
}

double PagePopularity::distinctPages(double references) const {
  if (!(references > 0)) return 0.0;
  if (references >= m_references.back()) return m_pages;
  return interpolate(m_references, m_distinct, references);
}

double PagePopularity::referencesFor(double distinctPages) const {
  if (!(distinctPages > 0)) return 0.0;
  if (distinctPages >= m_pages) return m_references.back();
  return interpolate(m_distinct, m_references, distinctPages);
}

}  // namespace sim
