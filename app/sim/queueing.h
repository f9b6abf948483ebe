// SPDX-License-Identifier: GPL-3.0-or-later
// The queueing kernel: a closed population of visitors, a pool of connections, and CPU and disk
// behind it, as a fluid at one-second grain. Pointwise stationary fluid flow with the M/M/c
// inverse, solved by backward Euler with a fixed number of iterations (Wang, Tipper, Banerjee,
// INFOCOM'96). Checked in tests/sim against Erlang C, exact product form and simulated events.
#pragma once

#include <array>
#include <cstdint>

#include "sim/closed_network.h"
#include "sim/multi_server.h"
#include "sim/station_network.h"

namespace sim {

struct FlowInput {
  double users = 0;  // population: thinking + in flight + waiting to retry
  double thinkSeconds = 10;
  double arrivalFactor = 1;    // jitter and admission: scales the rate at which thinkers ask
  int pool = 1;                // connections that can be in use
  double timeoutSeconds = 10;  // a request that has waited this long for a connection fails
  double retryShare = 0.5;     // of failures tried again, at most twice ...
  double retrySeconds = 1;     // ... after an exponential pause of this mean
  Demand demand;
  bool serving = true;  // false: every attempt fails at once (connection refused)
  double seconds = 1;   // length of the tick
};

constexpr int kTimeoutHistory = 64;  // ticks of arrivals remembered for the time-out rule

// Carried from tick to tick. Numbers of people, not integers.
struct FlowState {
  double inSystem = 0;    // waiting for a connection or holding one
  double firstRetry = 0;  // failed once, will try again
  double secondRetry = 0;
  std::array<double, kTimeoutHistory> arrivals{};  // ring, one entry per tick: attempts per second
  std::uint32_t head = 0;
  double stay = 0;     // seconds behind the pool had it no end, when that was last worked out
  ClosedNetwork full;  // the stations behind the full pool, when it last was
  bool operator==(const FlowState&) const = default;
};

struct FlowResult {
  double arrived = 0;  // attempts in this tick, retries included
  double served = 0;
  double failed = 0;          // attempts that failed: refused, or timed out
  double abandoned = 0;       // visitors who gave up (failed and did not retry, or third failure)
  double inService = 0;       // connections in use at the end
  double waiting = 0;         // for a connection, at the end
  double waitSeconds = 0;     // for a connection, an arrival now
  double serviceSeconds = 0;  // mean time holding a connection
  double cpuBusy = 0;         // mean busy servers
  double diskBusy = 0;
  double diskQueue = 0;        // mean number at the disk, waiting or in service
  double diskReadSeconds = 0;  // response time of one read, queueing included
  bool operator==(const FlowResult&) const = default;
};

class Stations {
 public:
  Stations(int cpuServers, int diskChannels);
  // Advances state by input.seconds. Deterministic: + - * / sqrt only, fixed iterations.
  FlowResult step(FlowState& state, const FlowInput& input) const;
  // Steady throughput when n requests hold connections and nothing else limits.
  [[nodiscard]] double throughput(double inService, const Demand& demand) const;
  // p-quantile (0 < p < 1) of the response time that a request arriving now will see.
  [[nodiscard]] static double quantileSeconds(const FlowResult& result, double p);
  // The same for the logarithm of 1 - p, where it is known beforehand.
  [[nodiscard]] static double secondsLeftBy(const FlowResult& result, double logTail) {
    return result.waitSeconds - logTail * result.serviceSeconds;
  }

 private:
  MultiServer m_cpu, m_disk;
};

}  // namespace sim
