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

struct Solution {
  double rate = 0, step = 0;  // and the last step to it, from where the numbers were taken
  Number atCpu, atDisk;
};

// Bracketed Newton on (number - population), multiplied by the distances from both poles as if in
// series, which makes it almost straight. At most so many times: three, and two after each
// improvement, leave 1e-6 of the rate on average and 0.3 % at the worst over random networks.
Solution solve(const Station& cpu, const Station& disk, double delay, double population,
               double high, double x, int times) {
  constexpr double kShort = 3e-4;  // of x: the next step would be its square
  const double cpuSlope = -cpu.others / cpu.most();
  const double diskSlope = -disk.others / disk.most();
  double low = 0;
  Solution found;
  for (int i = 0; i < times; ++i) {
    found.atCpu = numberAt(cpu, x);
    found.atDisk = numberAt(disk, x);
    const double error = found.atCpu.value + found.atDisk.value + x * delay - population;
    const double errorSlope = found.atCpu.slope + found.atDisk.slope + delay;
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
    found.step = next - x;
    x = found.rate = next;
    if (found.step < kShort * x && -found.step < kShort * x) break;
  }
  return found;
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

  // From a rate near the solution. Its shares are nearer than those it was found with; the last
  // step is so short that they, and the tangents, are as good as at its end.
  [[nodiscard]] ClosedNetwork solveFrom(double start, int times) const {
    const auto [rate, step, atCpu, atDisk] =
        solve(cpu, disk, delay, population, most, start, times);
    const double slope = atCpu.slope + atDisk.slope + delay;
    return {rate, std::max(atDisk.value + step * atDisk.slope, 0.0), improved(atCpu, slope),
            improved(atDisk, slope)};
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
  ClosedNetwork found = network.solveFrom(network.most, 3);
  for (int i = 0; i < 2; ++i) {
    network.take(found);
    found = network.solveFrom(found.rate, 2);
  }
  return found;
}

ClosedNetwork closedNetworkFrom(const ClosedNetwork& before, const MultiServer& cpu,
                                const MultiServer& disk, const Demand& demand, double population) {
  if (!(population > 0)) return {};
  if (!(before.rate > 0)) return closedNetwork(cpu, disk, demand, population);
  TwoStations network(cpu, disk, demand, population);
  network.take(before);
  return network.solveFrom(std::min(before.rate, 0.999 * network.most), 2);
}

}  // namespace sim
