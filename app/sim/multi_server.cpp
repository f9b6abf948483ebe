// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/multi_server.h"

#include "base/check.h"

namespace sim {

MultiServer::MultiServer(int servers)
    : m_servers(servers), m_gridScale(static_cast<double>(kIntervals) / servers) {
  BASE_CHECK(servers >= 1);
  m_wait.reserve(kIntervals + 1);
  for (int i = 0; i < kIntervals; ++i) {
    const double a = static_cast<double>(servers) * i / kIntervals;
    double blocked = 1.0;
    for (int k = 1; k <= servers; ++k) blocked = a * blocked / (k + a * blocked);
    m_wait.push_back(servers * blocked / (servers - a * (1.0 - blocked)));
  }
  m_wait.push_back(1.0);
}

double MultiServer::meanNumber(double offered) const {
  constexpr double kKnee = 0.9999;  // utilisation from which the curve continues as its tangent
  const double c = m_servers;
  const double a = std::clamp(offered, 0.0, kKnee * c);
  const Wait wait = waitAt(a);
  const double queue = a / (c - a);
  const double slope = 1.0 + wait.slope * queue + wait.probability * c / ((c - a) * (c - a));
  return a + wait.probability * queue + std::max(offered - a, 0.0) * slope;
}

}  // namespace sim
