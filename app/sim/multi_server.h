// SPDX-License-Identifier: GPL-3.0-or-later
// The M/M/c queue in steady state, tabulated once per number of servers. What a closed population
// makes of it is in station_network.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sim {

class MultiServer {
 public:
  explicit MultiServer(int servers);
  // Mean number in the system at an offered load in Erlangs (arrival rate x mean service time).
  // At or above the number of servers: extrapolated steeply but finite.
  [[nodiscard]] double meanNumber(double offered) const;
  // Erlang C: probability that an arrival waits.
  [[nodiscard]] double waitProbability(double offered) const { return waitAt(offered).probability; }
  [[nodiscard]] int servers() const { return m_servers; }

  // The same probability and its derivative by the offered load, 0 <= offered <= servers.
  struct Wait {
    double probability = 0, slope = 0;
  };
  [[nodiscard]] Wait waitAt(double offered) const {
    const double at = std::clamp(offered * m_gridScale, 0.0, kIntervals - 0.001);
    const auto i = static_cast<std::size_t>(at);
    const double rise = m_wait[i + 1] - m_wait[i];
    return {m_wait[i] + (at - static_cast<double>(i)) * rise, rise * m_gridScale};
  }

 private:
  static constexpr int kIntervals = 1024;
  int m_servers;
  double m_gridScale;          // intervals per Erlang
  std::vector<double> m_wait;  // Erlang C over a uniform grid of offered loads
};

}  // namespace sim
