// SPDX-License-Identifier: GPL-3.0-or-later
#include "product_form.h"

#include <algorithm>
#include <cstddef>

namespace product_form {
namespace {

// Weights of 0 .. population requests at a station with this many servers (0: no waiting at all).
std::vector<double> weights(double demand, int servers, int population) {
  std::vector<double> result = {1.0};
  for (int k = 1; k <= population; ++k) {
    const int busy = servers > 0 ? std::min(k, servers) : k;
    result.push_back(result.back() * demand / busy);
  }
  return result;
}

std::vector<double> convolve(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size(), 0.0);
  for (std::size_t n = 0; n < a.size(); ++n) {
    for (std::size_t k = 0; k <= n; ++k) result[n] += a[k] * b[n - k];
  }
  return result;
}

}  // namespace

OpenStation multiServer(int servers, double offered) {
  double term = 1.0;
  double below = 0.0;
  for (int k = 0; k < servers; ++k) {
    below += term;
    term *= offered / (k + 1);
  }
  const double full = term / (1.0 - offered / servers);
  const double wait = full / (below + full);
  return {wait, offered + wait * offered / (servers - offered)};
}

std::vector<double> closedThroughputs(int cpuServers, int diskChannels, const sim::Demand& demand,
                                      int population) {
  const double disk = demand.diskReads * demand.diskReadSeconds;
  // Scaled so that the busiest station's weights neither overflow nor vanish.
  const double scale = 1.0 / std::max({demand.cpuSeconds / cpuServers, disk / diskChannels,
                                       demand.delaySeconds / population});
  const std::vector<double> constant =
      convolve(convolve(weights(demand.cpuSeconds * scale, cpuServers, population),
                        weights(disk * scale, diskChannels, population)),
               weights(demand.delaySeconds * scale, 0, population));
  std::vector<double> result = {0.0};
  for (std::size_t n = 1; n < constant.size(); ++n) {
    result.push_back(scale * constant[n - 1] / constant[n]);
  }
  return result;
}

Steady closedSystem(int cpuServers, int diskChannels, const sim::FlowInput& input) {
  const int users = static_cast<int>(input.users);
  const int pool = std::min(input.pool, users);
  const std::vector<double> rate = closedThroughputs(cpuServers, diskChannels, input.demand, pool);
  const double perThinker = input.arrivalFactor / input.thinkSeconds;
  double weight = 1.0;
  double total = 1.0;
  Steady sums;
  for (int k = 1; k <= users; ++k) {
    const double out = rate[static_cast<std::size_t>(std::min(k, pool))];
    weight *= perThinker * (users - k + 1) / out;
    if (weight > 1e200) {
      for (double* sum : {&weight, &total, &sums.throughput, &sums.inSystem}) *sum *= 1e-200;
    }
    total += weight;
    sums.throughput += weight * out;
    sums.inSystem += weight * k;
  }
  const double throughput = sums.throughput / total;
  const double inSystem = sums.inSystem / total;
  return {throughput, inSystem, inSystem / throughput};
}

}  // namespace product_form
