// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/key_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {

sim::PageAccess access(sim::KeyLaw law, double parameter, double pages, double keys) {
  sim::PageAccess one;
  one.law = law;
  one.parameter = parameter;
  one.pages = pages;
  one.keys = keys;
  one.perTransaction = 1;
  return one;
}

double total(const std::vector<sim::PageClass>& classes) {
  double sum = 0;
  for (const sim::PageClass& one : classes) sum += one.count * one.probability;
  return sum;
}

// Share of references that go to the `held` most popular pages.
double hottest(std::vector<sim::PageClass> classes, double held) {
  std::sort(classes.begin(), classes.end(),
            [](const auto& a, const auto& b) { return a.probability > b.probability; });
  double sum = 0;
  for (const sim::PageClass& one : classes) {
    const double count = std::min(one.count, held);
    sum += count * one.probability;
    held -= count;
  }
  return sum;
}

}  // namespace

TEST(KeyPages, SharesOfEveryLawAddUpToOne) {
  for (const auto& one :
       {access(sim::KeyLaw::Uniform, 0, 1000, 61'000),
        access(sim::KeyLaw::Gaussian, 10, 1000, 61'000), access(sim::KeyLaw::Gaussian, 50, 3, 100),
        access(sim::KeyLaw::Exponential, 5, 1000, 61'000),
        access(sim::KeyLaw::Zipfian, 1.1, 1000, 61'000),
        access(sim::KeyLaw::Zipfian, 1, 1000, 61'000), access(sim::KeyLaw::Zipfian, 3, 1, 5)}) {
    EXPECT_NEAR(total(sim::keyPages(one)), 1, 1e-9);
  }
}

// Drawn as pgbench's getGaussianRand and getZipfianRand draw, by the ten thousand.
TEST(KeyPages, HotPagesAreAsHotAsDrawnOnes) {
  std::mt19937_64 random(7);  // the test's own, not the program's
  std::normal_distribution<double> normal;
  constexpr int kDraws = 200'000, kKeys = 61'000, kPages = 1000;
  std::vector<double> pages(kPages);
  for (int i = 0; i < kDraws; ++i) {
    double z = normal(random);
    while (z < -10 || z >= 10) z = normal(random);
    const double key = (z + 10) / 20 * kKeys;
    pages[static_cast<std::size_t>(key / 61)] += 1.0 / kDraws;
  }
  std::sort(pages.rbegin(), pages.rend());
  double drawn = 0;
  for (std::size_t i = 0; i < 50; ++i) drawn += pages[i];
  EXPECT_NEAR(hottest(sim::keyPages(access(sim::KeyLaw::Gaussian, 10, kPages, kKeys)), 50), drawn,
              0.01);
  double sum = 0, first = 0;
  for (int key = 1; key <= kKeys; ++key) {
    const double weight = std::pow(key, -1.1);
    sum += weight;
    if (key <= 610) first += weight;
  }
  EXPECT_NEAR(hottest(sim::keyPages(access(sim::KeyLaw::Zipfian, 1.1, kPages, kKeys)), 10),
              first / sum, 0.003);
}

TEST(KeyPages, APartOfTheKeysTouchesAPartOfThePages) {
  sim::PageAccess one = access(sim::KeyLaw::Uniform, 0, 1000, 61'000);
  one.until = 0.25;
  const auto classes = sim::keyPages(one);
  ASSERT_EQ(classes.size(), 1u);
  EXPECT_EQ(classes[0].count, 250);
}

TEST(KeyPages, AccessesWeighByHowOftenTheyAreMade) {
  sim::ScriptDemand demand;
  demand.pages = {access(sim::KeyLaw::Uniform, 0, 10, 100),
                  access(sim::KeyLaw::Uniform, 0, 30, 100)};
  demand.pages[1].perTransaction = 3;
  demand.pages[1].dirtied = 0.5;
  auto classes = sim::pageClasses(demand, false);
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_DOUBLE_EQ(classes[0].probability * 10, 0.25);
  EXPECT_DOUBLE_EQ(classes[1].probability * 30, 0.75);
  classes = sim::pageClasses(demand, true);
  ASSERT_EQ(classes.size(), 1u);
  EXPECT_DOUBLE_EQ(classes[0].probability * 30, 1);
}
