// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/station_network.h"

#include <array>
#include <cmath>

namespace sim {
namespace {

constexpr double kShortestSeconds = 1e-6;  // keeps a request that asks for nothing finite
constexpr double kNegligible = 1e-9;       // of a probability to wait
constexpr int kPerUnit = 64;
constexpr int kNormalPoints = static_cast<int>(2 * kNormalLimit) * kPerUnit + 1;
constexpr int kQueueIntervals = 512;

struct NormalTable {
  std::array<double, kNormalPoints> mass{}, distance{};
};

// With R the mass: R' = 1 + z R and R(k+1) = z R(k) + k R(k-1), so Taylor steps tabulate it
// exactly.
constexpr NormalTable makeNormalTable() {
  NormalTable table;
  double fraction = kNormalLimit;
  for (int k = 60; k >= 1; --k) fraction = kNormalLimit + k / fraction;
  double r = 1.0 / fraction;
  const double h = 1.0 / kPerUnit;
  for (int i = 0; i < kNormalPoints; ++i) {
    const double z = -kNormalLimit + i * h;
    table.mass[static_cast<std::size_t>(i)] = r;
    table.distance[static_cast<std::size_t>(i)] = z + 1.0 / r;
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

// The distance of the part whose mass is 1 / idle, over the grid of 1 / (1 + idle): the queue of a
// station, in its spreads, for the share of idle capacity, in the inverse of its spread.
constexpr std::array<double, kQueueIntervals + 1> makeQueueTable() {
  std::array<double, kQueueIntervals + 1> table{};
  std::size_t j = 0;
  for (int i = 1; i < kQueueIntervals; ++i) {
    const double u = static_cast<double>(i) / kQueueIntervals;
    const double idle = (1.0 - u) / u;
    double z = -idle;
    if (idle > 6.0) {
      for (int k = 0; k < 20; ++k) z = -(idle + 1.0 / z - 2.0 / (z * z * z));
    } else {
      while (kNormal.mass[j + 1] < 1.0 / idle) ++j;
      const double f = (1.0 / idle - kNormal.mass[j]) / (kNormal.mass[j + 1] - kNormal.mass[j]);
      z = -kNormalLimit + (static_cast<double>(j) + f) / kPerUnit;
    }
    table[static_cast<std::size_t>(i)] = idle + z;
  }
  table[kQueueIntervals] = 2.0 * table[kQueueIntervals - 1] - table[kQueueIntervals - 2];
  return table;
}

constexpr std::array<double, kQueueIntervals + 1> kQueue = makeQueueTable();

struct Value {
  double value = 0, slope = 0;
};

Value queueFor(double idle) {
  const double u = 1.0 / (1.0 + std::max(idle, 0.0));
  const double at = std::min(u * kQueueIntervals, kQueueIntervals - 0.001);
  const auto i = static_cast<std::size_t>(at);
  const double rise = kQueue[i + 1] - kQueue[i];
  return {kQueue[i] + (at - static_cast<double>(i)) * rise, -rise * kQueueIntervals * u * u};
}

// The distance alone. The density at the point, divided by the mass, is this minus z.
double normalDistance(double z) {
  if (z >= kNormalLimit) return z;
  if (z < -kNormalLimit) {
    const double s = 1.0 / (z * z);
    return -(1.0 - s * (2.0 - s * (10.0 - 74.0 * s))) / z;
  }
  const double at = (z + kNormalLimit) * kPerUnit;
  const auto i = static_cast<std::size_t>(at);
  return kNormal.distance[i] +
         (at - static_cast<double>(i)) * (kNormal.distance[i + 1] - kNormal.distance[i]);
}

double spreadOf(const MultiServer& queue, double demand, double outsideSeconds) {
  return std::sqrt(queue.servers() * std::max(outsideSeconds, kShortestSeconds) /
                   std::max(demand, kShortestSeconds));
}

}  // namespace

NormalPart normalBelow(double z) {
  const double distance = normalDistance(z);
  if (z >= kNormalLimit) return {kNormal.mass[kNormalPoints - 1], distance};
  if (z < -kNormalLimit) return {1.0 / (distance - z), distance};
  const double at = (z + kNormalLimit) * kPerUnit;
  const auto i = static_cast<std::size_t>(at);
  const double f = at - static_cast<double>(i);
  return {kNormal.mass[i] + f * (kNormal.mass[i + 1] - kNormal.mass[i]), distance};
}

StationNetwork::StationNetwork(const MultiServer& cpu, const MultiServer& disk,
                               const Demand& demand, double outsideSeconds)
    : m_delay(std::max(demand.delaySeconds, kShortestSeconds)), m_cpuFirst(true) {
  const double cpuSeconds = std::max(demand.cpuSeconds, kShortestSeconds);
  const double diskSeconds =
      std::max(demand.diskReads, 0.0) * std::max(demand.diskReadSeconds, 0.0);
  const double outside = std::max(outsideSeconds, 0.0) + m_delay;
  m_cpuFirst = cpuSeconds * disk.servers() >= diskSeconds * cpu.servers();
  const auto station = [&](const MultiServer& queue, double demandSeconds, double elsewhere) {
    const double spread = spreadOf(queue, demandSeconds, elsewhere);
    const double servers = queue.servers();
    return Station{&queue, demandSeconds, servers, 1.0 / servers, spread, 1.0 / spread};
  };
  const Station atCpu = station(cpu, cpuSeconds, outside + diskSeconds);
  const Station atDisk = station(disk, diskSeconds, outside + cpuSeconds);
  m_busiest = m_cpuFirst ? atCpu : atDisk;
  m_other = m_cpuFirst ? atDisk : atCpu;
  m_limit = m_busiest.servers / m_busiest.demand;
}

NetworkPoint StationNetwork::at(double overload) const {
  const double c = m_busiest.servers;
  const double spread = m_busiest.spread;
  const double distance = normalDistance(overload);
  const double density = distance - overload;  // at the point where the servers fall idle
  const double busy = 1.0 - density * m_busiest.inverseSpread;
  const double busySlope = distance * density * m_busiest.inverseSpread;
  const MultiServer::Wait wait = m_busiest.queue->waitAt(c * busy);
  const double queue = spread * distance;
  const double first = c * busy + wait.probability * busy * queue;
  const double firstSlope = busySlope * (c + (wait.slope * c * busy + wait.probability) * queue) +
                            wait.probability * busy * spread * (1.0 - distance * density);

  NetworkPoint point;
  point.rate = m_limit * busy;
  point.rateSlope = m_limit * busySlope;
  const double offered = point.rate * m_other.demand;
  const MultiServer::Wait otherWait = m_other.queue->waitAt(offered);
  double second = offered;
  double secondSlope = 1.0;  // by the offered load
  if (otherWait.probability > kNegligible) {
    const double use = offered * m_other.inverseServers;
    const Value idle = queueFor((1.0 - use) * m_other.spread);
    const double lengths = m_other.spread * m_other.inverseServers;
    second += otherWait.probability * use * m_other.spread * idle.value;
    secondSlope += lengths * ((otherWait.slope * offered + otherWait.probability) * idle.value -
                              otherWait.probability * use * m_other.spread * idle.slope);
  }
  point.number = first + second + point.rate * m_delay;
  const double secondOfX = point.rateSlope * secondSlope * m_other.demand;
  point.numberSlope = firstSlope + secondOfX + point.rateSlope * m_delay;
  point.disk = m_cpuFirst ? second : first;
  point.diskSlope = m_cpuFirst ? secondOfX : firstSlope;
  return point;
}

double StationNetwork::above(double number) const {
  return std::max(number / m_busiest.spread, kNormalLimit) + 1.0;
}

double StationNetwork::guess(double rate, double number) const {
  const double use = rate * m_busiest.demand * m_busiest.inverseServers;
  return use < 1.0 ? (use - 1.0) * m_busiest.spread : number * m_busiest.inverseSpread;
}

}  // namespace sim
