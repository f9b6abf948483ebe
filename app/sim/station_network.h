// SPDX-License-Identifier: GPL-3.0-or-later
// CPU, disk and a pure delay behind the pool, visited by a closed population: the mean number of
// requests there for a throughput, as one smooth curve. Each station is an M/M/c whose queue, seen
// from above, is a normal distribution cut off where the servers fall idle: whoever queues is
// missing among those who could still arrive, which bounds the queue even at full load (where the
// open M/M/c diverges). The pool and the passage of time are in queueing.h.
#pragma once

#include "sim/multi_server.h"

namespace sim {

// What one request asks of the stations behind the pool. CPU is visited diskReads + 1 times.
struct Demand {
  double cpuSeconds = 0;       // total CPU time
  double diskReads = 0;        // random reads that reach the disk
  double diskReadSeconds = 0;  // mean service time of one
  double delaySeconds = 0;     // pure delay while holding the connection (network round trips)
};

// The part of a normal distribution below a point z standard deviations above its mean.
struct NormalPart {
  double mass = 0;      // divided by the density at the point
  double distance = 0;  // from the part's mean up to the point, in standard deviations
};
[[nodiscard]] NormalPart normalBelow(double z);
constexpr double kNormalLimit = 6.0;  // from here on the part is the whole

// A point of the curve, with derivatives by the parameter that runs along it.
struct NetworkPoint {
  double rate = 0;    // requests per second
  double number = 0;  // requests at the stations and in the delay
  double rateSlope = 0, numberSlope = 0;
  double disk = 0, diskSlope = 0;  // of them at the disk
  // The tangent at this point.
  [[nodiscard]] NetworkPoint moved(double by) const {
    return {rate + by * rateSlope, number + by * numberSlope, rateSlope,
            numberSlope,           disk + by * diskSlope,     diskSlope};
  }
};

class StationNetwork {
 public:
  // outsideSeconds: mean time between a request's end and the next one's start, of one customer.
  StationNetwork(const MultiServer& cpu, const MultiServer& disk, const Demand& demand,
                 double outsideSeconds);
  // The parameter is how overloaded the busiest station is, in standard deviations of its queue:
  // from lowest() (nobody there) without an upper end.
  [[nodiscard]] NetworkPoint at(double overload) const;
  [[nodiscard]] double lowest() const { return -m_busiest.spread; }
  // A parameter at which at least this many requests are there.
  [[nodiscard]] double above(double number) const;
  // A parameter near the one that gives this throughput, or this number when that is out of reach.
  [[nodiscard]] double guess(double rate, double number) const;

  // No throughput is above this one.
  [[nodiscard]] double limit() const { return m_limit; }
  [[nodiscard]] double cpuSeconds() const { return m_cpuFirst ? m_busiest.demand : m_other.demand; }
  [[nodiscard]] double diskSeconds() const {
    return m_cpuFirst ? m_other.demand : m_busiest.demand;
  }
  [[nodiscard]] double idleSeconds() const { return m_busiest.demand + m_other.demand + m_delay; }

 private:
  struct Station {
    const MultiServer* queue = nullptr;
    double demand = 0;  // seconds a request needs of it
    double servers = 1, inverseServers = 1;
    double spread = 0;  // standard deviation of its queue when all servers are busy
    double inverseSpread = 0;
  };
  double m_delay;
  double m_limit = 0;
  bool m_cpuFirst;  // the CPU is the busiest station
  Station m_busiest, m_other;
};

}  // namespace sim
