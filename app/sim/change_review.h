// SPDX-License-Identifier: GPL-3.0-or-later
// What a careful reviewer computes before approving a memory setting: the whole memory budget of
// the host (outage catalogue 2.1), and a verdict by the bands of 3.2. Used by the review in the
// world and by the grader.
#pragma once

#include <string>

#include "sim/model.h"
#include "sim/postgres.h"

namespace sim {

struct MemoryBudget {
  double sharedBytes = 0, pageTableBytes = 0, backendBytes = 0, sortBytes = 0, maintenanceBytes = 0,
         kernelBytes = 0;
  double ramBytes = 0;
  [[nodiscard]] double total() const {
    return sharedBytes + pageTableBytes + backendBytes + sortBytes + maintenanceBytes + kernelBytes;
  }
  [[nodiscard]] double share() const { return ramBytes > 0 ? total() / ramBytes : 0; }
  double sharedBuffersShare = 0;  // shared_buffers / RAM
};

// At full load: every application host with its whole pool connected, the pool filled.
[[nodiscard]] MemoryBudget budgetOf(const Model& model, const RunningValues& values);

enum class Band : std::uint8_t { Green, Amber, Red };
[[nodiscard]] Band bandOf(const MemoryBudget& budget, const SafetySpec& safety);

// Verdict over a requested value of a setting. Empty text: nothing against it.
struct ReviewVerdict {
  bool approved = false;
  std::string text;
};
[[nodiscard]] ReviewVerdict reviewChange(const Model& model, const Postgres& server,
                                         const std::string& setting, const std::string& value,
                                         const std::string& impact, const std::string& rollback);

}  // namespace sim
