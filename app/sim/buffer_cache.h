// SPDX-License-Identifier: GPL-3.0-or-later
// Two caches above the disk: the server's shared buffers and the kernel's page cache, both filled
// by what queries touch. Says what a request costs now, and moves the caches on by one tick.
#pragma once

#include "sim/host.h"
#include "sim/model.h"
#include "sim/postgres.h"

namespace sim {

struct CacheView {
  double poolHit = 1;   // share of page accesses found in shared buffers
  double totalHit = 1;  // found in shared buffers or page cache: no disk read
};

[[nodiscard]] CacheView viewCaches(const Model& model, const Postgres& server, const Host& host);

// After a tick in which queries made so many page accesses: fills the pool, counts hits and reads.
// Returns the pages read from disk for queries.
double fillCaches(const Model& model, Postgres& server, const CacheView& view, double accesses);

// The pool is lost (crash, restart): its hottest pages were mostly not in the page cache.
void losePool(Postgres& server);

}  // namespace sim
