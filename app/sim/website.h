// SPDX-License-Identifier: GPL-3.0-or-later
// The website and its visitors: pools, time-outs, retries, the share served from cache, who is
// hurt. Requests balance exactly: arrived == served + failed + waiting, in integers, since the
// start.
#pragma once

#include <cstdint>

#include "base/sim_time.h"
#include "sim/queueing.h"

namespace sim {

struct Website {
  FlowState flow;
  FlowResult last;         // of the last tick
  std::int32_t hosts = 1;  // application hosts in service
  std::int32_t hostsStarting = 0;
  base::SimTime hostReadyAt{-1};
  std::int32_t admittedPercent = 100;
  double users = 0;  // people on the site whose visits need the database
  double latencyP50 = 0, latencyP99 = 0, errorRatio = 0;  // last tick
  // integers since the start
  std::int64_t arrived = 0, served = 0, failed = 0, waiting = 0, cached = 0;
  double arrivedExact = 0, failedExact = 0, cachedExact = 0;
  // who is hurt
  double distinctUsers = 0, distinctAffected = 0;  // from the first to the last hurt user
  double comingUsers = 0;   // came after the last bad moment: not of the incident unless it goes on
  double cleanUsers = 0;    // present visitors who need the database and have seen nothing bad
  double recentlyHurt = 0;  // share of them hurt in the last minute or so
  double affectedNow =
      0;  // share of present visitors (all of them, cached too) hurt in the last minute
  double userMinutesLost = 0;
  std::int64_t firstHurtMs = -1;
  std::int64_t objectiveMissedMs = 0;  // time with the service objective missed
  std::int64_t healthySinceMs = -1;    // objective met without a break since; -1: missed now
  double budgetBurned = 0;             // share of a 30-day budget of 99.9 %
  bool operator==(const Website&) const = default;
};

}  // namespace sim
