// SPDX-License-Identifier: GPL-3.0-or-later
// The network between application hosts and database, with harmless oddities that look guilty.
#pragma once

namespace sim {

struct Network {
  double rttMs = 0.35;  // last tick
  double lossRatio = 0;
  double retransmits = 0;      // segments, since boot
  double otherLinkErrors = 0;  // counter of an unrelated switch port
  double otherLinkRate = 0;    // errors per second now
  bool operator==(const Network&) const = default;
};

}  // namespace sim
