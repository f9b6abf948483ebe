// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/key_pages.h"

#include <algorithm>

#include "base/portable_math.h"

namespace sim {
namespace {

constexpr int kBins = 240;

// Equal bins of the range, weighted by a density over 0 to 1.
template <typename Density>
std::vector<PageClass> binned(double pages, double from, double until, Density density) {
  const int bins = std::clamp(static_cast<int>(pages * (until - from)), 1, kBins);
  std::vector<PageClass> classes;
  double total = 0;
  for (int i = 0; i < bins; ++i) {
    const double x = from + (until - from) * (i + 0.5) / bins;
    const double mass = density(x);
    classes.push_back({pages * (until - from) / bins, mass});
    total += mass;
  }
  for (PageClass& one : classes) one.probability /= total * one.count;
  return classes;
}

// pgbench's getGaussianRand: a normal cut off at the parameter's number of deviations, stretched
// over the range.
std::vector<PageClass> gaussianPages(double pages, double parameter) {
  const double deviations = std::max(parameter, 2.0);
  const double reach = std::min(0.5, 4.5 / (2 * deviations));
  return binned(pages, 0.5 - reach, 0.5 + reach, [&](double x) {
    const double z = (x - 0.5) * 2 * deviations;
    return base::portableExp(-0.5 * z * z);
  });
}

std::vector<PageClass> exponentialPages(double pages, double parameter) {
  const double fall = std::max(parameter, 1e-6);
  return binned(pages, 0, std::min(1.0, 20 / fall),
                [&](double x) { return base::portableExp(-fall * x); });
}

// Sum of k^-s over the keys from first to last.
double zipfMass(double first, double last, double s) {
  constexpr double kSingles = 64;
  double sum = 0;
  while (first <= last && first <= kSingles) sum += base::portablePow(first++, -s);
  if (first > last) return sum;
  const double a = first - 0.5, b = last + 0.5;
  if (s > 0.999999 && s < 1.000001) return sum + base::portableLog(b / a);
  return sum + (base::portablePow(a, 1 - s) - base::portablePow(b, 1 - s)) / (s - 1);
}

std::vector<PageClass> zipfPages(double pages, double keys, double s) {
  constexpr double kSingles = 64, kGrowth = 0.06;
  const double perPage = std::max(1.0, keys / pages);
  std::vector<PageClass> classes;
  double total = 0;
  for (double page = 0; page < pages;) {
    const double count = std::min(
        page < kSingles ? 1.0 : static_cast<double>(static_cast<long long>(page * kGrowth)),
        pages - page);
    const double first = static_cast<double>(static_cast<long long>(page * perPage)) + 1;
    const double last = static_cast<double>(static_cast<long long>((page + count) * perPage));
    const double mass = zipfMass(first, std::max(first, last), s);
    classes.push_back({count, mass / count});
    total += mass;
    page += count;
  }
  for (PageClass& one : classes) one.probability /= total;
  return classes;
}

}  // namespace

std::vector<PageClass> keyPages(const PageAccess& access) {
  const double share = std::clamp(access.until - access.from, 0.0, 1.0);
  const double pages = std::max(1.0, access.pages * share);
  switch (access.law) {
    case KeyLaw::Gaussian:
      return gaussianPages(pages, access.parameter);
    case KeyLaw::Exponential:
      return exponentialPages(pages, access.parameter);
    case KeyLaw::Zipfian:
      return zipfPages(pages, std::max(1.0, access.keys * share),
                       std::clamp(access.parameter, 0.001, 1000.0));
    case KeyLaw::Uniform:
      break;
  }
  return {{pages, 1 / pages}};
}

std::vector<PageClass> pageClasses(const ScriptDemand& demand, bool changed) {
  double total = 0;
  const auto weight = [&](const PageAccess& one) {
    return one.perTransaction * (changed ? one.dirtied : 1);
  };
  for (const PageAccess& one : demand.pages) total += weight(one);
  std::vector<PageClass> classes;
  for (const PageAccess& one : demand.pages) {
    if (!(weight(one) > 0)) continue;
    for (PageClass page : keyPages(one)) {
      page.probability *= weight(one) / total;
      if (page.probability > 0) classes.push_back(page);
    }
  }
  if (classes.empty()) classes.push_back({1, 1});
  return classes;
}

}  // namespace sim
