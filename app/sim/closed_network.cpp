// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/closed_network.h"

#include <algorithm>

namespace sim {
namespace {

constexpr double kShortestSeconds = 1e-6;

struct Station {
  const MultiServer& queue;
  double demand;      // seconds a request needs of it
  double others = 0;  // share of the queue that is there when one request is not

  [[nodiscard]] double most() const { return queue.servers() / std::max(demand, 1e-12); }
};

struct Number {
  double value = 0, slope = 0;  // by the throughput
  double waiting = 0;           // seen by a request: those who wait, and the chance to join them
};

Number numberAt(const Station& station, double rate) {
  const double c = station.queue.servers();
  const double a = std::min(rate * station.demand, c);
  const MultiServer::Wait wait = station.queue.waitAt(a);
  const double room = 1.0 / (c - station.others * a);
  const double queue = station.others * a * room;
  const double slope =
      1.0 + wait.slope * queue + station.others * wait.probability * c * room * room;
  return {a + wait.probability * queue, slope * station.demand, wait.probability * (1.0 + queue)};
}

double schweitzer(const MultiServer& queue, double population) {
  const double queueable = population - queue.servers() + 1.0;
  return queueable > 1.0 ? (queueable - 1.0) / queueable : 0.0;
}

double improved(const Number& number, double totalSlope) {
  if (!(number.waiting > 1e-12)) return 0.0;
  return std::clamp(1.0 - number.slope / (totalSlope * number.waiting), 0.0, 0.99999);
}

// Bracketed Newton on (number - population), multiplied by the distances from both poles as if in
// series, which makes it almost straight. At most so many times: three, and two after each
// improvement, leave 1e-6 of the rate on average and 0.3 % at the worst over random networks.
double solve(const Station& cpu, const Station& disk, double delay, double population, double high,
             double x, int times) {
  constexpr double kShort = 3e-4;  // of x: the next step would be its square
  const double cpuSlope = -cpu.others / cpu.most();
  const double diskSlope = -disk.others / disk.most();
  double low = 0;
  for (int i = 0; i < times; ++i) {
    const Number atCpu = numberAt(cpu, x);
    const Number atDisk = numberAt(disk, x);
    const double error = atCpu.value + atDisk.value + x * delay - population;
    const double errorSlope = atCpu.slope + atDisk.slope + delay;
    (error > 0 ? high : low) = x;
    const double cpuRoom = 1.0 + cpuSlope * x;
    const double diskRoom = 1.0 + diskSlope * x;
    const double sum = cpuRoom + diskRoom;
    const double room = cpuRoom * diskRoom / sum;
    const double roomSlope =
        (cpuSlope * diskRoom + diskSlope * cpuRoom - room * (cpuSlope + diskSlope)) / sum;
    const double slope = errorSlope * room + error * roomSlope;
    double next = slope > 0 ? x - error * room / slope : low;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    const bool close = next - x < kShort * x && x - next < kShort * x;
    x = next;
    if (close) break;
  }
  return x;
}

// Both stations and the delay between them.
struct TwoStations {
  Station cpu, disk;
  double delay, population, most;

  TwoStations(const MultiServer& cpuQueue, const MultiServer& diskQueue, const Demand& demand,
              double requests)
      : cpu{cpuQueue, std::max(demand.cpuSeconds, kShortestSeconds)},
        disk{diskQueue, std::max(demand.diskReads, 0.0) * std::max(demand.diskReadSeconds, 0.0)},
        delay(std::max(demand.delaySeconds, kShortestSeconds)),
        population(requests),
        most(std::min({population / (cpu.demand + disk.demand + delay), cpu.most(), disk.most()})) {
  }

  [[nodiscard]] double solveFrom(double rate, int times) const {
    return solve(cpu, disk, delay, population, most, rate, times);
  }
  // The solution, with the shares that belong to it: nearer than those it was found with.
  [[nodiscard]] ClosedNetwork at(double rate) const {
    const Number atCpu = numberAt(cpu, rate);
    const Number atDisk = numberAt(disk, rate);
    const double slope = atCpu.slope + atDisk.slope + delay;
    return {rate, atDisk.value, improved(atCpu, slope), improved(atDisk, slope)};
  }
  void take(const ClosedNetwork& better) {
    cpu.others = better.cpuOthers;
    disk.others = better.diskOthers;
  }
};

}  // namespace

ClosedNetwork closedNetwork(const MultiServer& cpu, const MultiServer& disk, const Demand& demand,
                            double population) {
  if (!(population > 0)) return {};
  TwoStations network(cpu, disk, demand, population);
  network.cpu.others = schweitzer(cpu, population);
  network.disk.others = schweitzer(disk, population);
  ClosedNetwork found = network.at(network.solveFrom(network.most, 3));
  for (int i = 0; i < 2; ++i) {
    network.take(found);
    found = network.at(network.solveFrom(found.rate, 2));
  }
  return found;
}

ClosedNetwork closedNetworkFrom(const ClosedNetwork& before, const MultiServer& cpu,
                                const MultiServer& disk, const Demand& demand, double population) {
  if (!(population > 0)) return {};
  if (!(before.rate > 0)) return closedNetwork(cpu, disk, demand, population);
  TwoStations network(cpu, disk, demand, population);
  network.take(before);
  return network.at(network.solveFrom(std::min(before.rate, 0.999 * network.most), 2));
}

}  // namespace sim
