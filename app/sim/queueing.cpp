// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/queueing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "base/portable_math.h"

namespace sim {
namespace {

constexpr int kWaitIntervals = 1024;
constexpr double kKnee = 0.9999;           // utilisation from which meanNumber() is extrapolated
constexpr double kShortestService = 1e-6;  // seconds; keeps an idle demand finite

// The part of a normal distribution below a point z, by its density there: R = Phi / phi, and how
// far its mean lies from the point: T = z + 1 / R. R' = 1 + z R, so Taylor steps tabulate it
// exactly.
constexpr double kNormalLimit = 6.0;
constexpr int kNormalPerUnit = 64;
constexpr int kNormalPoints = static_cast<int>(2 * kNormalLimit) * kNormalPerUnit + 1;

struct NormalTable {
  std::array<double, kNormalPoints> mass{}, distance{};
};

constexpr NormalTable makeNormalTable() {
  NormalTable table;
  double fraction = kNormalLimit;
  for (int k = 60; k >= 1; --k) fraction = kNormalLimit + k / fraction;
  double r = 1.0 / fraction;
  const double h = 1.0 / kNormalPerUnit;
  for (int i = 0; i < kNormalPoints; ++i) {
    const double z = -kNormalLimit + i * h;
    table.mass[static_cast<std::size_t>(i)] = r;
    table.distance[static_cast<std::size_t>(i)] = z + 1.0 / r;
    // Derivatives: R(k+1) = z R(k) + k R(k-1).
    double before = r;
    double now = 1.0 + z * r;
    double power = h;
    double sum = r + now * power;
    for (int k = 1; k <= 7; ++k) {
      const double next = z * now + k * before;
      before = now;
      now = next;
      power *= h / (k + 1);
      sum += now * power;
    }
    r = sum;
  }
  return table;
}

constexpr NormalTable kNormal = makeNormalTable();

struct NormalPart {
  double mass = 0;      // R
  double distance = 0;  // T
};

NormalPart normalBelow(double z) {
  if (z < -kNormalLimit) {
    const double s = 1.0 / (z * z);
    const double mass = (1.0 - s * (1.0 - 3.0 * s)) / -z;
    return {mass, (1.0 - 2.0 * s) / -z};
  }
  const double at = (std::min(z, kNormalLimit - 1e-9) + kNormalLimit) * kNormalPerUnit;
  const auto i = static_cast<std::size_t>(at);
  const double f = at - static_cast<double>(i);
  return {kNormal.mass[i] + f * (kNormal.mass[i + 1] - kNormal.mass[i]),
          kNormal.distance[i] + f * (kNormal.distance[i + 1] - kNormal.distance[i])};
}

// (M - 1) / M of the customers that can queue at a station: what an arrival finds there is the
// network without itself (Schweitzer).
double othersShare(double population, int servers) {
  const double queueable = population - servers + 1.0;
  return queueable > 1.0 ? (queueable - 1.0) / queueable : 0.0;
}

struct Number {
  double value = 0, slope = 0;
};

// Mean number at a station at an offered load, with its derivative.
Number numberAt(const MultiServer& station, double offered, double others) {
  const double c = station.servers();
  const double a = std::min(offered, c);
  const MultiServer::Wait wait = station.waitAt(a);
  const double room = 1.0 / (c - others * a);
  const double queue = others * a * room;
  return {a + wait.probability * queue,
          1.0 + wait.slope * queue + others * wait.probability * c * room * room};
}

// The stations behind the pool, for one demand and one population.
struct Inner {
  const MultiServer& cpuStation;
  const MultiServer& diskStation;
  double cpu, disk, delay;  // seconds a request needs of each
  double cpuOthers, diskOthers;
  double limit;  // no station can carry more requests per second

  Inner(const MultiServer& cpuServers, const MultiServer& diskServers, const Demand& demand,
        double population)
      : cpuStation(cpuServers),
        diskStation(diskServers),
        cpu(std::max(demand.cpuSeconds, 0.0)),
        disk(std::max(demand.diskReads, 0.0) * std::max(demand.diskReadSeconds, 0.0)),
        delay(std::max(demand.delaySeconds, kShortestService)),
        cpuOthers(othersShare(population, cpuServers.servers())),
        diskOthers(othersShare(population, diskServers.servers())),
        limit(population / (cpu + disk + delay)) {
    if (limit * cpu > cpuServers.servers()) limit = cpuServers.servers() / cpu;
    if (limit * disk > diskServers.servers()) limit = diskServers.servers() / disk;
  }

  [[nodiscard]] Number number(double x) const {
    const Number atCpu = numberAt(cpuStation, x * cpu, cpuOthers);
    const Number atDisk = numberAt(diskStation, x * disk, diskOthers);
    return {atCpu.value + atDisk.value + x * delay,
            atCpu.slope * cpu + atDisk.slope * disk + delay};
  }
  // Proportional to the distance from the pole of either station: multiplied with it, a mean number
  // becomes almost straight.
  [[nodiscard]] Number room(double x) const {
    const double c = cpuStation.servers();
    const double d = diskStation.servers();
    const double cpuRoom = 1.0 - cpuOthers * x * cpu / c;
    const double diskRoom = 1.0 - diskOthers * x * disk / d;
    return {cpuRoom * diskRoom,
            -(cpuOthers * cpu / c * diskRoom + diskOthers * disk / d * cpuRoom)};
  }
};

// Bracketed Newton on f times room, a fixed number of times. f rises from below zero at low.
template <typename Function>
double solve(const Inner& inner, double low, double high, double x, int times, Function f) {
  for (int i = 0; i < times; ++i) {
    const Number value = f(x);
    const Number room = inner.room(x);
    (value.value > 0 ? high : low) = x;
    const double slope = value.slope * room.value + value.value * room.slope;
    double next = slope > 0 ? x - value.value * room.value / slope : low;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    x = next;
  }
  return x;
}

// Requests per second when exactly this many hold connections.
double closedThroughput(const Inner& inner, double population) {
  if (!(population > 0)) return 0.0;
  return solve(inner, 0.0, inner.limit, inner.limit, 7, [&](double x) {
    const Number n = inner.number(x);
    return Number{n.value - population, n.slope};
  });
}

// The number in the system for a throughput that nothing limits, with the pool in the way: below
// the pool's size the unlimited network's normal distribution, above it that of a queue which
// drains at the full pool's rate, joined where they meet (Halfin and Whitt's argument for any inner
// network).
struct Pool {
  double size = 0;        // where the two parts meet
  double rate = 0;        // throughput of the full pool
  double perThinker = 0;  // requests per second of one who thinks
  double spread = 0;      // standard deviation of the upper part
};

struct Filled {
  double number = 0;   // in the system
  double rate = 0;     // requests per second
  double waiting = 0;  // for a connection
  double full = 0;     // probability that the pool is full
};

Filled fill(const Pool& pool, double unlimitedRate, const Number& unlimited) {
  const double b = unlimited.value;
  const double variance =
      unlimitedRate * unlimited.slope / (1.0 + pool.perThinker * unlimited.slope);
  const double sigma = std::sqrt(std::max(variance, 1e-12));
  const double beta = (pool.size - b) / sigma;
  if (beta >= kNormalLimit) return {b, unlimitedRate, 0, 0};
  const double upper = b - (pool.rate - unlimitedRate) / pool.perThinker;
  const double gamma = (upper - pool.size) / pool.spread;
  if (gamma >= kNormalLimit) return {upper, pool.rate, upper - pool.size, 1};
  const NormalPart below = normalBelow(beta);
  const NormalPart above = normalBelow(gamma);
  const double lowMass = sigma * below.mass;
  const double highMass = pool.spread * above.mass;
  const double full = highMass / (lowMass + highMass);
  const double waiting = full * pool.spread * above.distance;
  const double number = pool.size + waiting - (1.0 - full) * sigma * below.distance;
  return {number, unlimitedRate - pool.perThinker * (number - b), waiting, full};
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
struct Outcome {
  double number = 0, firstRetry = 0, secondRetry = 0, attempts = 0, failed = 0, abandoned = 0;
};

// Everybody in the system fails, and so does every attempt, at once.
Outcome refuseAll(const Tick& tick) {
  const double dt = tick.seconds;
  const double s = tick.retryShare;
  const auto pools = [&](double firstAttempts) {
    Outcome o;
    o.firstRetry = tick.pool(tick.firstRetry, s * (firstAttempts + tick.firstShare * tick.before));
    const double again = dt * tick.retryRate * o.firstRetry;
    o.secondRetry = tick.pool(tick.secondRetry, s * (again + tick.secondShare * tick.before));
    return o;
  };
  // Linear in the first attempts: two points give the line.
  const auto asked = [&](const Outcome& o) {
    return dt * tick.perThinker * (tick.users - o.firstRetry - o.secondRetry);
  };
  const double atZero = asked(pools(0));
  const double slope = asked(pools(1)) - atZero;
  const double first = std::max(atZero / (1.0 - slope), 0.0);
  Outcome o = pools(first);
  const double again = dt * tick.retryRate * o.firstRetry;
  const double last = dt * tick.retryRate * o.secondRetry;
  o.attempts = first + again + last;
  o.failed = o.attempts + tick.before;
  const double retried = s * (first + again + (tick.firstShare + tick.secondShare) * tick.before);
  o.abandoned = std::max(o.failed - retried, 0.0);
  return o;
}

// The tick when those who wait have reached the time-out: nobody older than that is left.
Outcome timeOut(const Tick& tick, double inService, double rate, double pastWaiting) {
  const double dt = tick.seconds;
  const double recent = std::min(dt, tick.input.timeoutSeconds);
  const auto at = [&](double attemptRate) {
    Outcome o;
    o.attempts = dt * attemptRate;
    o.number = inService + pastWaiting + recent * attemptRate;
    o.failed = tick.before + o.attempts - o.number - dt * rate;
    const double came = tick.retryShare * o.failed;
    o.firstRetry = tick.pool(tick.firstRetry, came * tick.firstShare);
    o.secondRetry = tick.pool(tick.secondRetry, came * tick.secondShare);
    o.abandoned = o.failed - came * (tick.firstShare + tick.secondShare);
    return o;
  };
  const auto asked = [&](const Outcome& o) {
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

// The root of a rising function that room straightens, between two points: false position with the
// Illinois rule, a fixed number of times.
template <typename Function>
Filled solvePool(const Inner& inner, double low, double high, double atLow, Function f,
                 double wanted) {
  constexpr int kTimes = 9;
  Filled filled;
  double lowValue = (atLow - wanted) * inner.room(low).value;
  double highValue = 0;
  double x = high;
  int side = 0;
  for (int i = 0; i < kTimes; ++i) {
    const auto [at, sum] = f(x);
    filled = at;
    const double value = (sum - wanted) * inner.room(x).value;
    if (value > 0) {
      high = x;
      highValue = value;
      if (side == 1) lowValue *= 0.5;
      side = 1;
    } else {
      low = x;
      lowValue = value;
      if (side == -1) highValue *= 0.5;
      side = -1;
    }
    const double width = highValue - lowValue;
    if (!(width > 0)) break;  // the unlimited solution was the root, or nobody is there
    x = low - lowValue * (high - low) / width;
  }
  return filled;
}

// Solves number + seconds * (departures) = supply for the pool and what is behind it.
struct Flow {
  const MultiServer& cpu;
  const MultiServer& disk;
  const Tick& tick;
  double supply;  // people in the system if nobody left and nobody in it had been thinking

  [[nodiscard]] double numberAtRate(double rate) const {
    return std::max(supply - tick.seconds * rate, 0.0) / (1.0 + tick.seconds * tick.perThinker);
  }

  // Fills in the pool's own throughput, which the result's times need as well.
  [[nodiscard]] Filled solveAll(Pool& pool) const {
    const double connections = tick.input.pool;
    if (connections <= 0) return {numberAtRate(0), 0, numberAtRate(0), 1};
    const Inner open(cpu, disk, tick.input.demand, tick.users);
    const double keep = 1.0 + tick.seconds * tick.perThinker;
    const double service = open.cpu + open.disk + open.delay;
    const double start = std::min(supply / (service * keep + tick.seconds), open.limit);
    const double free = solve(open, 0.0, open.limit, start, 6, [&](double x) {
      const Number n = open.number(x);
      return Number{n.value * keep + tick.seconds * x - supply, n.slope * keep + tick.seconds};
    });
    const Number unlimited = open.number(free);
    pool = {connections, open.limit, std::max(tick.perThinker, 1e-7), 1};
    if (connections >= tick.users) return {unlimited.value, free, 0, 0};
    const Filled quiet = fill(pool, free, unlimited);
    if (quiet.full == 0) return quiet;
    return solveFull(pool, open, free, keep);
  }

  [[nodiscard]] Filled solveFull(Pool& pool, const Inner& open, double free, double keep) const {
    const Inner full(cpu, disk, tick.input.demand, pool.size);
    pool.rate = closedThroughput(full, pool.size);
    pool.spread = std::sqrt(pool.rate / pool.perThinker);
    const double saturated = numberAtRate(pool.rate);
    if (saturated >= pool.size + kNormalLimit * pool.spread) {
      return {saturated, pool.rate, saturated - pool.size, 1};
    }
    Filled filled = solvePool(
        open, 0.0, free, 0.0,
        [&](double x) {
          const Filled at = fill(pool, x, open.number(x));
          return std::pair<Filled, double>(at, at.number * keep + tick.seconds * at.rate);
        },
        supply);
    if (filled.full > 0.5) {  // here the balance fixes the number better than the rate does
      const double balanced = numberAtRate(filled.rate);
      filled.waiting = std::max(filled.waiting + balanced - filled.number, 0.0);
      filled.number = balanced;
    }
    return filled;
  }
};

// What the tick did, from what it ended with. Keeps the balances exact.
void settle(FlowState& state, FlowResult& result, const Tick& tick, Outcome& o) {
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
  result.arrived = o.attempts;
  result.served = served;
  result.failed += o.failed;
  result.abandoned += o.abandoned;
  state.inSystem = o.number;
  state.firstRetry = o.firstRetry;
  state.secondRetry = o.secondRetry;
  state.arrivals[state.head] = o.attempts / tick.seconds;
  state.head = (state.head + 1U) % static_cast<std::uint32_t>(kTimeoutHistory);
}

// What the stations show at the end of the tick.
void observe(FlowResult& result, const Inner& open, const Demand& demand, const Pool& pool,
             const Filled& filled, double timeoutSeconds) {
  const double idle = open.cpu + open.disk + open.delay;
  const double rate = filled.rate;
  result.waiting = filled.waiting;
  result.inService = std::max(filled.number - filled.waiting, 0.0);
  result.serviceSeconds = rate > 1e-9 ? std::max(result.inService / rate, idle) : idle;
  result.waitSeconds = timeoutSeconds;
  if (pool.rate > 0) {
    result.waitSeconds = std::min((filled.waiting + filled.full) / pool.rate, timeoutSeconds);
  }
  result.cpuBusy = rate * open.cpu;
  result.diskBusy = rate * open.disk;
  const double others =
      open.diskOthers +
      filled.full * (othersShare(pool.size, open.diskStation.servers()) - open.diskOthers);
  result.diskQueue = numberAt(open.diskStation, rate * open.disk, others).value;
  const double reads = rate * demand.diskReads;
  result.diskReadSeconds = reads > 1e-9 && demand.diskReadSeconds > 0
                               ? std::max(result.diskQueue / reads, demand.diskReadSeconds)
                               : demand.diskReadSeconds;
}

}  // namespace

MultiServer::MultiServer(int servers)
    : m_servers(servers), m_gridScale(static_cast<double>(kWaitIntervals) / servers) {
  BASE_CHECK(servers >= 1);
  m_wait.reserve(kWaitIntervals + 1);
  for (int i = 0; i < kWaitIntervals; ++i) {
    const double a = static_cast<double>(servers) * i / kWaitIntervals;
    double blocked = 1.0;
    for (int k = 1; k <= servers; ++k) blocked = a * blocked / (k + a * blocked);
    m_wait.push_back(servers * blocked / (servers - a * (1.0 - blocked)));
  }
  m_wait.push_back(1.0);
}

MultiServer::Wait MultiServer::waitAt(double offered) const {
  const double at = std::clamp(offered * m_gridScale, 0.0, static_cast<double>(kWaitIntervals));
  const auto i =
      std::min(static_cast<std::size_t>(at), static_cast<std::size_t>(kWaitIntervals - 1));
  const double rise = m_wait[i + 1] - m_wait[i];
  return {m_wait[i] + (at - static_cast<double>(i)) * rise, rise * m_gridScale};
}

double MultiServer::waitProbability(double offered) const {
  return waitAt(offered).probability;
}

double MultiServer::meanNumber(double offered) const {
  const double knee = kKnee * m_servers;
  const double a = std::clamp(offered, 0.0, knee);
  const Number number = numberAt(*this, a, 1.0);
  return number.value + std::max(offered - knee, 0.0) * number.slope;
}

Stations::Stations(int cpuServers, int diskChannels) : m_cpu(cpuServers), m_disk(diskChannels) {}

double Stations::throughput(double inService, const Demand& demand) const {
  if (!(inService > 0)) return 0.0;
  return closedThroughput(Inner(m_cpu, m_disk, demand, inService), inService);
}

FlowResult Stations::step(FlowState& state, const FlowInput& input) const {
  FlowResult result;
  result.failed = dropSurplus(state, std::max(input.users, 0.0));
  result.abandoned = result.failed;
  const Tick tick(state, input);
  const Inner open(m_cpu, m_disk, input.demand, tick.users);
  if (!input.serving) {
    Outcome refused = refuseAll(tick);
    settle(state, result, tick, refused);
    observe(result, open, input.demand, Pool{}, Filled{}, 0.0);
    return result;
  }
  Outcome o;
  o.firstRetry = tick.pool(tick.firstRetry, 0);
  o.secondRetry = tick.pool(tick.secondRetry, 0);
  const double pausing = o.firstRetry + o.secondRetry;
  const double offered = tick.perThinker * (tick.users - pausing) + tick.retryRate * pausing;
  Pool pool;
  Filled filled = Flow{m_cpu, m_disk, tick, tick.before + tick.seconds * offered}.solveAll(pool);
  o.number = filled.number;
  o.attempts = tick.seconds * std::max(offered - tick.perThinker * o.number, 0.0);
  const double timeout = std::max(input.timeoutSeconds, 0.0);
  if (filled.waiting > 1e-6) {
    const double recent = std::min(tick.seconds, timeout);
    const double past = recentArrivals(state, tick.seconds, timeout - recent);
    if (filled.waiting > past + recent * o.attempts / tick.seconds) {
      const Outcome capped = timeOut(tick, filled.number - filled.waiting, filled.rate, past);
      if (capped.failed > 0) {
        filled.waiting += capped.number - filled.number;
        filled.number = capped.number;
        o = capped;
      }
    }
  }
  settle(state, result, tick, o);
  observe(result, open, input.demand, pool, filled, timeout);
  return result;
}

// MODEL: the wait for a connection is the same for everybody who arrives now, and the time a
// request holds one is exponential. A geometric number of visits to the stations makes it nearly
// so.
double Stations::quantileSeconds(const FlowResult& result, double p) {
  const double tail = std::clamp(1.0 - p, 1e-12, 1.0);
  return result.waitSeconds - base::portableLog(tail) * result.serviceSeconds;
}

}  // namespace sim
