// SPDX-License-Identifier: GPL-3.0-or-later
// The host's numbers as its tools print them: /proc/meminfo, kernel parameters, times. Everything
// that shows memory takes it from here, so that free, top, vmstat and /proc agree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/telemetry.h"
#include "sim/world.h"

namespace console {

// kB throughout.
struct MemoryInfo {
  std::int64_t total = 0, free = 0, available = 0, buffers = 0, cached = 0;
  std::int64_t swapTotal = 0, swapFree = 0, dirty = 0, anon = 0, mapped = 0, shmem = 0;
  std::int64_t slab = 0, reclaimable = 0, kernelStack = 0, perCpu = 0, pageTables = 0;
  std::int64_t commitLimit = 0, committed = 0;
  std::int64_t hugeTotal = 0, hugeFree = 0;  // pages of 2 MiB
  [[nodiscard]] std::int64_t buffersAndCache() const { return buffers + cached + reclaimable; }
  [[nodiscard]] std::int64_t used() const { return total > available ? total - available : 0; }
  // /proc/meminfo: names in the kernel's order with their values.
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> fields() const;
};
[[nodiscard]] MemoryInfo memoryInfo(const sim::World& world);

// "vm.swappiness" and its value, in name order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> kernelParameters(
    const sim::World& world);

// Share of time stalled over windows of 10, 60 and 300 s and the total, from the samples so far.
struct PressureInfo {
  double average10 = 0, average60 = 0, average300 = 0;
  std::int64_t totalUs = 0;
};
[[nodiscard]] PressureInfo pressureInfo(const sim::World& world, const sim::Telemetry& telemetry,
                                        sim::Metric counter);

// Differences of a counter over the second that ended `ago` seconds before the last sample; without
// samples (a world that has not run) 0.
[[nodiscard]] double ratePerSecond(const sim::Telemetry& telemetry, sim::Metric counter, int ago);
// A gauge's value `ago` seconds before the last sample.
[[nodiscard]] double sampleAt(const sim::Telemetry& telemetry, sim::Metric gauge, int ago);

// The machine was last booted this long before the scenario's start.
constexpr std::int64_t kBootedBeforeMs = 47ll * 86'400'000 + 3 * 3'600'000 + 12 * 60'000;
[[nodiscard]] std::int64_t uptimeMs(const sim::World& world);

// " 10:45:00 up 47 days,  8:57,  1 user,  load average: 3.16, 2.98, 1.79"
[[nodiscard]] std::string uptimeText(const sim::World& world);

constexpr std::string_view kKernelRelease = "6.1.0-28-amd64";

}  // namespace console
