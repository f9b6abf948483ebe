// SPDX-License-Identifier: GPL-3.0-or-later
// Crashes, starts, stops, reloads, connections, time-outs, autovacuum and checkpoints.
#include "runtime_cases.h"

namespace fidelity {

std::span<const RuntimeFamily> lifeFamilies() {
  return {};
}

}  // namespace fidelity
