// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/page_popularity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "base/random.h"

namespace {

constexpr int kPages = 100'000;

// Independent references with Zipf popularity, and the reuse distances (in different pages) they
// have in an LRU stack: one pass gives the hits of every cache size.
class LruReference {
 public:
  LruReference(double exponent, int references) : m_tree(static_cast<std::size_t>(references) + 1) {
    std::vector<double> cumulative;
    double total = 0;
    for (int i = 1; i <= kPages; ++i) cumulative.push_back(total += std::pow(i, -exponent));
    std::vector<int> last(kPages, -1);
    for (int t = 0; t < references; ++t) {
      const double u = base::uniform(11, base::Stream::Noise, t) * total;
      const auto page = static_cast<std::size_t>(
          std::upper_bound(cumulative.begin(), cumulative.end(), u) - cumulative.begin());
      const int before = last[std::min<std::size_t>(page, kPages - 1)];
      if (before < 0) {
        m_distances.push_back(kPages);  // never seen: a miss in every cache that is not complete
        ++m_distinct;
      } else {
        m_distances.push_back(m_distinct - sumTo(before));
        add(before, -1);
      }
      add(t, 1);
      last[std::min<std::size_t>(page, kPages - 1)] = t;
      m_distinctAfter.push_back(m_distinct);
    }
  }
  [[nodiscard]] double hitRatio(int cached, int from, int to) const {
    const auto hits = std::count_if(m_distances.begin() + from, m_distances.begin() + to,
                                    [&](int distance) { return distance < cached; });
    return static_cast<double>(hits) / (to - from);
  }
  [[nodiscard]] int distinctAfter(int references) const {
    return m_distinctAfter[static_cast<std::size_t>(references) - 1];
  }

 private:
  void add(int at, int value) {
    for (auto i = static_cast<std::size_t>(at) + 1; i < m_tree.size(); i += i & (~i + 1)) {
      m_tree[i] += value;
    }
  }
  [[nodiscard]] int sumTo(int at) const {
    int sum = 0;
    for (auto i = static_cast<std::size_t>(at) + 1; i > 0; i -= i & (~i + 1)) sum += m_tree[i];
    return sum;
  }
  std::vector<int> m_tree, m_distances, m_distinctAfter;
  int m_distinct = 0;
};

}  // namespace

TEST(PagePopularity, HitRatioIsThatOfASimulatedLruCache) {
  constexpr int kReferences = 1'600'000;
  constexpr double kLimit = 0.005;
  std::printf("condition, reference, ours, error, limit, verdict\n");
  const auto check = [&](const char* what, double exponent, double size, double exact,
                         double ours) {
    const double error = ours - exact;
    std::printf("%s zipf %.1f at %g, %.4f, %.4f, %+.4f, %.3f, %s\n", what, exponent, size, exact,
                ours, error, kLimit, std::fabs(error) <= kLimit ? "pass" : "FAIL");
    EXPECT_NEAR(ours, exact, kLimit) << what << exponent << " " << size;
  };
  for (const double exponent : {0.8, 1.0, 1.2}) {
    const LruReference lru(exponent, kReferences);
    const sim::PagePopularity ours(kPages, exponent);
    for (const int cached : {300, 1000, 5000, 20'000, 50'000}) {
      check("steady", exponent, cached, lru.hitRatio(cached, kReferences / 2, kReferences),
            ours.hitRatio(cached));
    }
    for (const int references : {60'000, 150'000, 400'000}) {
      const int width = references / 8;
      check("filling", exponent, references,
            lru.hitRatio(kPages, references - width, references + width),
            ours.hitRatio(ours.distinctPages(references)));
      EXPECT_NEAR(ours.distinctPages(references) / lru.distinctAfter(references), 1.0, 0.02);
    }
  }
}

TEST(PagePopularity, GroupedRanksGiveTheSameAsAllRanks) {
  for (const double exponent : {0.5, 1.0, 1.7, 2.9}) {
    const sim::PagePopularity ours(kPages, exponent);
    double total = 0;
    for (int i = 1; i <= kPages; ++i) total += std::pow(i, -exponent);
    for (const double references : {1.0, 30.0, 1e3, 1e5, 1e7}) {
      double distinct = 0, hit = 0;
      for (int i = 1; i <= kPages; ++i) {
        const double p = std::pow(i, -exponent) / total;
        const double held = -std::expm1(references * std::log1p(-p));
        distinct += held;
        hit += p * held;
      }
      EXPECT_NEAR(ours.distinctPages(references) / distinct, 1.0, 0.003) << exponent << references;
      EXPECT_NEAR(ours.hitRatio(distinct), hit, 0.002) << exponent << " " << references;
    }
  }
}

TEST(PagePopularity, RisesFromNothingToEverything) {
  const sim::PagePopularity large(52.4e6, 1.0);
  EXPECT_EQ(large.hitRatio(0), 0.0);
  EXPECT_EQ(large.hitRatio(-5), 0.0);
  EXPECT_EQ(large.hitRatio(large.pages()), 1.0);
  EXPECT_EQ(large.distinctPages(1e30), large.pages());
  double before = 0;
  for (double cached = 1; cached < 52e6; cached *= 1.37) {
    const double hit = large.hitRatio(cached);
    EXPECT_GT(hit, before);
    before = hit;
    EXPECT_NEAR(large.distinctPages(large.referencesFor(cached)) / cached, 1.0, 1e-9);
  }
  EXPECT_GT(large.hitRatio(52e6), 0.99);
}

TEST(PagePopularity, FewPages) {
  for (const double pages : {0.0, 1.0, 2.0, 3.0, 65.0, 66.5}) {
    const sim::PagePopularity few(pages, 0.9);
    EXPECT_EQ(few.hitRatio(100), 1.0) << pages;
    EXPECT_LE(few.distinctPages(3), few.pages());
    EXPECT_GE(few.hitRatio(0.5), 0.0);
  }
}
