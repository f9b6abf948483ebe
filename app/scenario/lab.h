// SPDX-License-Identifier: GPL-3.0-or-later
// A free-standing server to try things on: no story, no alerts, nobody to ask. The command line's
// `lab`, the window's Sandbox and the fidelity program all work on such a world.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/scenario.h"
#include "sim/world_spec.h"

namespace scenario {

struct LabOptions {
  std::int64_t ramBytes = 64LL << 30;
  std::int64_t swapBytes = 0;
  int cores = 16;
  std::string load = "none";  // one of labLoads()
  std::string configuration;  // text of postgresql.conf; empty: the lab's own
  bool plainLayout = false;   // as initdb leaves it: postgresql.conf in the data directory
  double otherCores = 0;      // cores that other jobs of the host keep busy
  double diskFlushMs = 0.15;  // until a commit's WAL is on disk
  std::int64_t startUnixMs = 1'715'058'000'000;  // 2024-05-07 05:00 UTC
};

[[nodiscard]] std::vector<std::string> labLoads();  // "none", "shop", "report"
// The errors name the option that is wrong.
[[nodiscard]] base::Result<sim::WorldSpec> labSpec(
    const LabOptions& options, std::shared_ptr<const sim::SettingCatalogue> catalogue);

// The same server as a scenario of its own, for windows that show runs. The first minutes are past,
// so that charts have something to show.
[[nodiscard]] base::Result<std::shared_ptr<const Scenario>> labScenario(
    const LabOptions& options, std::shared_ptr<const sim::SettingCatalogue> catalogue);

}  // namespace scenario
