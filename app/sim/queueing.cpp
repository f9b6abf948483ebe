// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/queueing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/portable_math.h"
#include "sim/closed_network.h"

namespace sim {
namespace {

// The number in the system for a throughput that nothing limits, with the pool in the way: below
// the pool's size the unlimited network's normal distribution, above it that of a queue which
// drains at the full pool's rate, joined where they meet (Halfin and Whitt's argument for any inner
// network).
struct Pool {
  double size = 0;        // connections
  double rate = 0;        // throughput of the full pool
  double limit = 0;       // that no pool could exceed
  double disk = 0;        // of its requests at the disk
  double perThinker = 0;  // requests per second of one who thinks
};

struct Filled {
  double number = 0;   // in the system
  double rate = 0;     // requests per second
  double waiting = 0;  // for a connection
  double full = 0;     // probability that the pool is full
  double disk = 0;     // at the disk
};

Filled fill(const Pool& pool, const NetworkPoint& free) {
  const double b = free.number;
  const double variance =
      free.rate * free.numberSlope / (free.rateSlope + pool.perThinker * free.numberSlope);
  const double sigma = std::sqrt(std::max(variance, 1e-12));
  const double edge = pool.size - 0.5;
  const double beta = (edge - b) / sigma;
  if (beta >= kNormalLimit) return {b, free.rate, 0, 0, free.disk};
  const double upper = b - (pool.rate - free.rate) / pool.perThinker;
  const double meanRate = 0.5 * (pool.rate + std::min(pool.rate, free.rate));
  const double spread = std::sqrt(meanRate / pool.perThinker);
  const double gamma = (upper - edge) / spread;
  if (gamma >= kNormalLimit) return {upper, pool.rate, upper - pool.size, 1, pool.disk};
  const NormalPart below = normalBelow(beta);
  const NormalPart above = normalBelow(gamma);
  const double lowMass = sigma * below.mass;
  const double highMass = spread * above.mass;
  const double full = highMass / (lowMass + highMass);
  const double excess = full * spread * above.distance;
  const double limited = edge + excess - (1.0 - full) * sigma * below.distance;
  // Where the stations saturate before the pool does, whoever waits for a connection would have
  // waited for a station instead: the number stays what it is without a pool.
  const double slack = pool.limit - pool.rate;
  const double blur = (1.0 - full) * spread * pool.perThinker + 1e-9;
  const double number = b + (limited - b) * slack / (slack + blur);
  const double waiting = std::max({excess - 0.5 * full, number - pool.size, 0.0});
  return {number, free.rate - pool.perThinker * (number - b), waiting, full,
          free.disk + full * (pool.disk - free.disk)};
}

// One tick's equations. Everybody is thinking, in the system, or waiting to try again.
struct Tick {
  const FlowInput& input;
  double users, seconds, perThinker, retryRate, retryShare;
  double before;                   // in the system at the start
  double firstRetry, secondRetry;  // at the start
  double firstShare, secondShare;  // of attempts: first ones, first retries

  Tick(const FlowState& state, const FlowInput& in)
      : input(in),
        users(std::max(in.users, 0.0)),
        seconds(std::max(in.seconds, 1e-3)),
        perThinker(std::max(in.arrivalFactor, 0.0) / std::max(in.thinkSeconds, 1e-3)),
        retryRate(1.0 / std::max(in.retrySeconds, 1e-3)),
        retryShare(std::clamp(in.retryShare, 0.0, 1.0)),
        before(state.inSystem),
        firstRetry(state.firstRetry),
        secondRetry(state.secondRetry),
        firstShare(1),
        secondShare(0) {
    const double first = perThinker * std::max(users - before - firstRetry - secondRetry, 0.0);
    const double all = first + retryRate * (firstRetry + secondRetry);
    if (all > 0) {
      firstShare = first / all;
      secondShare = retryRate * firstRetry / all;
    }
  }
  // A retry pool at the end, from what it held and what came in (backward Euler).
  [[nodiscard]] double pool(double held, double came) const {
    return (held + came) / (1.0 + seconds * retryRate);
  }
};

// How the tick ends.
struct TickFlow {
  double number = 0, firstRetry = 0, secondRetry = 0, attempts = 0, failed = 0, abandoned = 0;
};

// Everybody in the system fails, and so does every attempt, at once.
TickFlow refuseAll(const Tick& tick) {
  const double dt = tick.seconds;
  const double s = tick.retryShare;
  const auto pools = [&](double firstAttempts) {
    TickFlow o;
    o.firstRetry = tick.pool(tick.firstRetry, s * (firstAttempts + tick.firstShare * tick.before));
    const double again = dt * tick.retryRate * o.firstRetry;
    o.secondRetry = tick.pool(tick.secondRetry, s * (again + tick.secondShare * tick.before));
    return o;
  };
  // Linear in the first attempts: two points give the line.
  const auto asked = [&](const TickFlow& o) {
    return dt * tick.perThinker * (tick.users - o.firstRetry - o.secondRetry);
  };
  const double atZero = asked(pools(0));
  const double slope = asked(pools(1)) - atZero;
  const double first = std::max(atZero / (1.0 - slope), 0.0);
  TickFlow o = pools(first);
  const double again = dt * tick.retryRate * o.firstRetry;
  const double last = dt * tick.retryRate * o.secondRetry;
  o.attempts = first + again + last;
  o.failed = o.attempts + tick.before;
  const double retried = s * (first + again + (tick.firstShare + tick.secondShare) * tick.before);
  o.abandoned = std::max(o.failed - retried, 0.0);
  return o;
}

// The tick when those who wait have reached the time-out: nobody older than that is left.
TickFlow timeOut(const Tick& tick, double inService, double rate, double pastWaiting) {
  const double dt = tick.seconds;
  const double recent = std::min(dt, tick.input.timeoutSeconds);
  const auto at = [&](double attemptRate) {
    TickFlow o;
    o.attempts = dt * attemptRate;
    o.number = inService + pastWaiting + recent * attemptRate;
    o.failed = tick.before + o.attempts - o.number - dt * rate;
    const double came = tick.retryShare * o.failed;
    o.firstRetry = tick.pool(tick.firstRetry, came * tick.firstShare);
    o.secondRetry = tick.pool(tick.secondRetry, came * tick.secondShare);
    o.abandoned = o.failed - came * (tick.firstShare + tick.secondShare);
    return o;
  };
  const auto asked = [&](const TickFlow& o) {
    return tick.perThinker * (tick.users - o.number - o.firstRetry - o.secondRetry) +
           tick.retryRate * (o.firstRetry + o.secondRetry);
  };
  const double atZero = asked(at(0));
  const double slope = asked(at(1)) - atZero;
  return at(std::max(atZero / (1.0 - slope), 0.0));
}

// People who arrived in the last seconds before this tick.
double recentArrivals(const FlowState& state, double tickSeconds, double seconds) {
  double sum = 0;
  for (int i = 0; i < kTimeoutHistory && seconds > 0; ++i) {
    const auto at = (state.head + kTimeoutHistory - 1U - static_cast<std::uint32_t>(i)) %
                    static_cast<std::uint32_t>(kTimeoutHistory);
    const double span = i + 1 == kTimeoutHistory ? seconds : std::min(seconds, tickSeconds);
    sum += span * state.arrivals[at];
    seconds -= span;
  }
  return sum;
}

// Fewer users than people under way: those without a place leave, retries first. Returns how many
// requests in the system were given up.
double dropSurplus(FlowState& state, double users) {
  double surplus = state.inSystem + state.firstRetry + state.secondRetry - users;
  for (double* held : {&state.secondRetry, &state.firstRetry}) {
    const double gone = std::clamp(surplus, 0.0, *held);
    *held -= gone;
    surplus -= gone;
  }
  const double gone = std::clamp(surplus, 0.0, state.inSystem);
  state.inSystem -= gone;
  return gone;
}

// Solves number + seconds * (departures) = supply for the pool and what is behind it.
struct Flow {
  const MultiServer& cpu;
  const MultiServer& disk;
  const Tick& tick;
  double supply;        // people in the system if nobody left and nobody in it had been thinking
  double& stay;         // seconds behind the pool: in, of an earlier tick; out, of this one
  ClosedNetwork& full;  // in: of an earlier tick

  [[nodiscard]] double keep() const { return 1.0 + tick.seconds * tick.perThinker; }
  [[nodiscard]] double numberAtRate(double rate) const {
    return std::max(supply - tick.seconds * rate, 0.0) / keep();
  }

  struct Free {
    double x = 0;
    NetworkPoint point;
  };
  // As if the pool had no end: bracketed Newton from where requests stay as long as they last did.
  // One step in a tick is the rule; where the load jumps, it takes more. The last step is so short
  // that the tangent is as good as the curve: 3e-4 of the number at the worst.
  [[nodiscard]] Free solveFree(const StationNetwork& network) const {
    constexpr int kTimes = 8;
    constexpr double kShort = 0.05;  // standard deviations of the busiest station's queue
    const double k = keep();
    double low = network.lowest();
    double high = network.above(supply / k);
    const double idle = network.idleSeconds();
    const double most = supply / (std::max(stay, idle) * k + tick.seconds);
    Free free;
    free.x = std::min(network.guess(most, numberAtRate(network.limit())), high);
    for (int i = 0; i < kTimes; ++i) {
      free.point = network.at(free.x);
      const NetworkPoint& p = free.point;
      const double error = p.number * k + tick.seconds * p.rate - supply;
      (error > 0 ? high : low) = free.x;
      double next = free.x - error / (p.numberSlope * k + tick.seconds * p.rateSlope);
      if (!(next >= low && next <= high)) next = 0.5 * (low + high);
      const double step = next - free.x;
      free.point = p.moved(step);
      free.x = next;
      if (step < kShort && step > -kShort) break;
    }
    if (free.point.rate > 0) stay = free.point.number / free.point.rate;
    return free;
  }

  // Fills in the pool's own throughput, which the result's times need as well.
  [[nodiscard]] Filled solveAll(Pool& pool, const StationNetwork& network) const {
    const double connections = tick.input.pool;
    if (connections <= 0) return {numberAtRate(0), 0, numberAtRate(0), 1, 0};
    pool.size = connections;
    pool.perThinker = std::max(tick.perThinker, 1e-7);
    // A pool that was far too small a tick ago mostly still is: then what it lets through is all.
    const bool wasFull = connections < tick.users && tick.before > 1.5 * connections;
    if (wasFull && saturates(pool)) return saturated(pool);
    const auto [free, point] = solveFree(network);
    pool.rate = network.limit();
    pool.limit = pool.rate;
    if (connections >= tick.users) return {point.number, point.rate, 0, 0, point.disk};
    const Filled quiet = fill(pool, point);
    if (quiet.full == 0) return quiet;
    if (saturates(pool)) return saturated(pool);
    return solveFull(pool, network, free);
  }

  // Finds what a full pool lets through; true when so many wait that it surely is full.
  [[nodiscard]] bool saturates(Pool& pool) const {
    full = closedNetworkFrom(full, cpu, disk, tick.input.demand, pool.size);
    pool.rate = full.rate;
    pool.disk = full.disk;
    const double slack = kNormalLimit * std::sqrt(pool.rate / pool.perThinker);
    return numberAtRate(pool.rate) >= pool.size + slack;
  }
  [[nodiscard]] Filled saturated(const Pool& pool) const {
    const double number = numberAtRate(pool.rate);
    return {number, pool.rate, number - pool.size, 1, pool.disk};
  }

  // False position with the Illinois rule, a fixed number of times.
  [[nodiscard]] Filled solveFull(Pool& pool, const StationNetwork& network, double free) const {
    constexpr int kTimes = 8;
    Filled filled;
    double low = network.lowest();
    double high = free;
    double lowError = -supply;
    double highError = 0;
    double x = high;
    int side = 0;
    for (int i = 0; i < kTimes; ++i) {
      filled = fill(pool, network.at(x));
      const double error = filled.number * keep() + tick.seconds * filled.rate - supply;
      const int now = error > 0 ? 1 : -1;
      (now > 0 ? high : low) = x;
      (now > 0 ? highError : lowError) = error;
      if (side == now) (now > 0 ? lowError : highError) *= 0.5;
      side = now;
      const double width = highError - lowError;
      if (!(width > 0)) break;  // the free solution was the root, or nobody is there
      x = low - lowError * (high - low) / width;
    }
    if (filled.full > 0.5) {  // here the balance fixes the number better than the rate does
      const double balanced = numberAtRate(filled.rate);
      filled.waiting = std::max(filled.waiting + balanced - filled.number, 0.0);
      filled.number = balanced;
    }
    return filled;
  }
};

// How many were served, from how the tick ended. Keeps the balances exact.
double settle(FlowState& state, const Tick& tick, TickFlow& o) {
  double served = tick.before + o.attempts - o.number - o.failed;
  if (served < 0) {
    o.number = std::max(o.number + served, 0.0);
    served = tick.before + o.attempts - o.number - o.failed;
  }
  const double surplus = o.number + o.firstRetry + o.secondRetry - tick.users;
  if (surplus > 0) {
    const double gone = std::min(surplus, o.number);
    o.number -= gone;
    served += gone;
  }
  state.inSystem = o.number;
  state.firstRetry = o.firstRetry;
  state.secondRetry = o.secondRetry;
  state.arrivals[state.head] = o.attempts / tick.seconds;
  state.head = (state.head + 1U) % static_cast<std::uint32_t>(kTimeoutHistory);
  return std::max(served, 0.0);
}

// What was counted in the tick, and what the stations show at its end.
FlowResult observe(const TickFlow& o, double served, const StationNetwork& network,
                   const Demand& demand, const Pool& pool, const Filled& filled,
                   double timeoutSeconds) {
  const double idle = network.idleSeconds();
  const double rate = filled.rate;
  const double inService = std::max(filled.number - filled.waiting, 0.0);
  const double diskBusy = rate * network.diskSeconds();
  const double diskQueue = std::max(filled.disk, diskBusy);
  const double reads = rate * demand.diskReads;
  return {.arrived = o.attempts,
          .served = served,
          .failed = o.failed,
          .abandoned = o.abandoned,
          .inService = inService,
          .waiting = filled.waiting,
          .waitSeconds = pool.rate > 0
                             ? std::min((filled.waiting + filled.full) / pool.rate, timeoutSeconds)
                             : timeoutSeconds,
          .serviceSeconds = rate > 1e-9 ? std::max(inService / rate, idle) : idle,
          .cpuBusy = rate * network.cpuSeconds(),
          .diskBusy = diskBusy,
          .diskQueue = diskQueue,
          .diskReadSeconds = reads > 1e-9 && demand.diskReadSeconds > 0
                                 ? std::max(diskQueue / reads, demand.diskReadSeconds)
                                 : demand.diskReadSeconds};
}

}  // namespace

Stations::Stations(int cpuServers, int diskChannels) : m_cpu(cpuServers), m_disk(diskChannels) {}

double Stations::throughput(double inService, const Demand& demand) const {
  if (!(inService > 0)) return 0.0;
  return closedNetwork(m_cpu, m_disk, demand, inService).rate;
}

FlowResult Stations::step(FlowState& state, const FlowInput& input) const {
  const double dropped = dropSurplus(state, std::max(input.users, 0.0));
  const Tick tick(state, input);
  const StationNetwork network(m_cpu, m_disk, input.demand, 1.0 / std::max(tick.perThinker, 1e-7));
  if (!input.serving) {
    TickFlow refused = refuseAll(tick);
    const double served = settle(state, tick, refused);
    refused.failed += dropped;
    refused.abandoned += dropped;
    return observe(refused, served, network, input.demand, Pool{}, Filled{}, 0.0);
  }
  TickFlow o;
  o.firstRetry = tick.pool(tick.firstRetry, 0);
  o.secondRetry = tick.pool(tick.secondRetry, 0);
  const double pausing = o.firstRetry + o.secondRetry;
  const double offered = tick.perThinker * (tick.users - pausing) + tick.retryRate * pausing;
  Pool pool;
  Filled filled =
      Flow{m_cpu, m_disk, tick, tick.before + tick.seconds * offered, state.stay, state.full}
          .solveAll(pool, network);
  filled.number = std::max(filled.number, 0.0);  // rounding, when nobody is there
  filled.waiting = std::min(filled.waiting, filled.number);
  filled.rate = std::clamp(filled.rate, 0.0, network.limit());
  o.number = filled.number;
  o.attempts = tick.seconds * std::max(offered - tick.perThinker * o.number, 0.0);
  const double timeout = std::max(input.timeoutSeconds, 0.0);
  if (filled.waiting > 1e-6) {
    const double recent = std::min(tick.seconds, timeout);
    const double past = recentArrivals(state, tick.seconds, timeout - recent);
    if (filled.waiting > past + recent * o.attempts / tick.seconds) {
      const TickFlow capped = timeOut(tick, filled.number - filled.waiting, filled.rate, past);
      if (capped.failed > 0) {
        filled.waiting = std::max(filled.waiting + capped.number - filled.number, 0.0);
        filled.number = capped.number;
        o = capped;
      }
    }
  }
  const double served = settle(state, tick, o);
  o.failed += dropped;
  o.abandoned += dropped;
  return observe(o, served, network, input.demand, pool, filled, timeout);
}

// MODEL: the wait for a connection is the same for everybody who arrives now, and the time a
// request holds one is exponential. A geometric number of visits to the stations makes it nearly
// so.
double Stations::quantileSeconds(const FlowResult& result, double p) {
  const double tail = std::clamp(1.0 - p, 1e-12, 1.0);
  return secondsLeftBy(result, base::portableLog(tail));
}

}  // namespace sim
