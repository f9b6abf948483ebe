// SPDX-License-Identifier: GPL-3.0-or-later
// One tick of the website: how many people are there, what they ask, what the pools and the server
// make of it, and who is hurt.
#pragma once

#include "sim/host.h"
#include "sim/model.h"
#include "sim/network.h"
#include "sim/postgres.h"
#include "sim/website.h"

namespace sim {

struct SiteTick {
  std::uint64_t chance = 0;  // random bits
  base::SimTime now;         // end of the tick
  double seconds = 1;
  double trafficFactor = 1;  // happenings
  Demand demand;             // of one request, now
};

// People whose visits need the database, at a time (piecewise linear; flat outside).
[[nodiscard]] double usersAt(const WorkloadSpec& spec, base::SimTime time);
// The autoscaler: one host more when each has more visitors than it is made for.
void scaleHosts(Website& site, const WebsiteSpec& spec, const WorkloadSpec& workload,
                base::SimTime now);
// Lets the visitors act; site.last and the counters are up to date afterwards.
void stepVisitors(Website& site, const Model& model, const Postgres& server, const SiteTick& tick);

}  // namespace sim
