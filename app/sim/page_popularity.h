// SPDX-License-Identifier: GPL-3.0-or-later
// Which pages queries touch, and how much of that a cache of some size holds: Zipf popularity and
// Che's approximation for LRU (Che et al. 2002; Fricker, Robert, Roberts, ITC 24, 2012), with the
// transient after an empty start. Tabulated once per popularity law.
#pragma once

#include <vector>

namespace sim {

// Pages of one popularity: how many, and the share of all references each one gets.
struct PageClass {
  double count = 0;
  double probability = 0;
};

class PagePopularity {
 public:
  // pages: how many pages there are; exponent: Zipf's, 0 < exponent < 3.
  PagePopularity(double pages, double exponent);
  // Any law: shares times counts sum to 1.
  explicit PagePopularity(const std::vector<PageClass>& classes);
  // Hit ratio of an LRU cache that holds this many pages (steady state = any moment of the fill
  // from empty, Che's transient form: the same function of the pages held).
  [[nodiscard]] double hitRatio(double cachedPages) const;
  // Distinct pages touched by this many references (expected), and its inverse.
  [[nodiscard]] double distinctPages(double references) const;
  [[nodiscard]] double referencesFor(double distinctPages) const;
  [[nodiscard]] double pages() const { return m_pages; }

 private:
  struct Bucket;
  void tabulate(const std::vector<Bucket>& buckets);

  double m_pages = 0;
  double m_most = 0;               // references after which every page has been touched
  std::vector<double> m_distinct;  // over a grid of references
  std::vector<double> m_hit;       // over a grid of pages
};

}  // namespace sim
