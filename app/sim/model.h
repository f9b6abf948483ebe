// SPDX-License-Identifier: GPL-3.0-or-later
// A world's specification with everything that can be computed once: popularity and queueing
// tables, averages of the query mix. Immutable and shared by all runs of a scenario.
#pragma once

#include <memory>

#include "sim/page_popularity.h"
#include "sim/queueing.h"
#include "sim/world_spec.h"

namespace sim {

// Averages over the query classes, weighted by their shares.
struct QueryMix {
  double cpuSeconds = 0, pages = 0, pagesDirtied = 0, walBytes = 0;
  double sortNodes = 0;  // nodes running per request in execution
  double nodeBytes = 0;  // mean wish of a node
};

class Model {
 public:
  static std::shared_ptr<const Model> make(WorldSpec spec);
  WorldSpec spec;
  QueryMix mix;
  PagePopularity popularity;
  Stations stations;
  double meanNodeBytes(double workMemBytes) const;  // what a node takes under a work_mem
  double spilledBytes(double workMemBytes) const;   // written to temporary files per request

 private:
  explicit Model(WorldSpec spec);
};

}  // namespace sim
