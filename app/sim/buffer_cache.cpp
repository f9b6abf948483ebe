// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/buffer_cache.h"

#include <algorithm>

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
// MODEL: share of the page cache's database pages that shared buffers do not hold as well.
constexpr double kExclusive = 0.75;

// Database pages in the page cache beyond the files everybody needs.
double cachedPages(const Host& host, const HostSpec& spec) {
  return std::max(0.0, static_cast<double>(host.memory.pageCache - spec.fileWorkingSetBytes)) /
         kPageBytes;
}

}  // namespace

CacheView viewCaches(const Model& model, const Postgres& server, const Host& host) {
  const PagePopularity& popularity = model.popularity;
  CacheView view;
  view.poolHit = popularity.hitRatio(server.poolPages);
  const double cached = kExclusive * cachedPages(host, model.spec.host);
  if (server.poolPages >= server.holePages) {
    view.totalHit = popularity.hitRatio(server.poolPages + cached);
    return view;
  }
  // The page cache holds what was cold for the former pool, and a little of what was hot.
  const double hole = popularity.hitRatio(server.holePages);
  const double beyond = popularity.hitRatio(server.holePages + cached) - hole;
  const double overlap = std::min(
      1.0, (1 - kExclusive) * cachedPages(host, model.spec.host) / std::max(1.0, server.holePages));
  view.totalHit = view.poolHit + overlap * (hole - view.poolHit) + beyond;
  return view;
}

double fillCaches(const Model& model, Postgres& server, const CacheView& view, double accesses) {
  const double capacity = static_cast<double>(server.values.sharedBuffersBytes) / kPageBytes;
  const double hits = accesses * view.poolHit;
  const double misses = accesses - hits;
  server.blocksHit += hits;
  server.blocksRead += misses;
  server.buffersAlloc += misses;
  // Filling changes the hit ratio within a long tick: follow the fill along the popularity curve
  // instead of taking its slope at the start.
  if (server.poolPages < capacity) {
    if (server.poolPages != server.fillPages) {
      server.fillReferences = model.popularity.referencesFor(server.poolPages);
    }
    server.fillReferences += accesses;
    const double filled = model.popularity.distinctPages(server.fillReferences);
    server.poolPages = std::min(capacity, std::max(server.poolPages, filled));
    server.fillPages = server.poolPages;
  }
  if (server.poolPages > capacity) server.poolPages = capacity;
  if (server.poolPages >= server.holePages) server.holePages = 0;
  return accesses * std::max(0.0, 1 - view.totalHit);
}

void losePool(Postgres& server) {
  server.holePages = std::max(server.holePages, server.poolPages);
  server.poolPages = 0;
  server.relationPages = 0;
}

}  // namespace sim
