// SPDX-License-Identifier: GPL-3.0-or-later
// The database host: memory that adds up exactly at every tick, swap, pressure, the OOM killer's
// bookkeeping, CPU and disk counters, load averages.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/world_spec.h"

namespace sim {

// Bytes. kernel + hugePages + anon + shmem + pageTables + pageCache + free == RAM, always.
struct Memory {
  std::int64_t kernel = 0;     // slab, stacks, per-CPU, daemons that never shrink
  std::int64_t hugePages = 0;  // reserved, used or not
  std::int64_t anon = 0;       // private memory of backends and their sorts
  std::int64_t shmem = 0;      // touched part of the shared segment (4 kB pages only)
  std::int64_t pageTables = 0;
  std::int64_t pageCache = 0;  // file pages, reclaimable
  std::int64_t free = 0;
  [[nodiscard]] std::int64_t sum() const {
    return kernel + hugePages + anon + shmem + pageTables + pageCache + free;
  }
  bool operator==(const Memory&) const = default;
};

struct Host {
  Memory memory;
  std::int64_t swapTotal = 0, swapUsed = 0;
  std::int64_t hugePagesUsed = 0;           // 2 MiB pages in use by the shared segment
  double pressure = 0;                      // share of the file working set that is evicted, 0 to 1
  double stalledSome = 0, stalledFull = 0;  // PSI memory shares of the last tick, 0 to 1
  std::int64_t oomKills = 0;
  // counters since boot
  double majorFaults = 0, swapIn = 0, swapOut = 0;
  double psiMemorySome = 0, psiMemoryFull = 0, psiIoSome = 0;     // seconds
  double cpuUser = 0, cpuSystem = 0, cpuIowait = 0, cpuIdle = 0;  // seconds
  double diskReads = 0, diskReadSeconds = 0, diskBusySeconds = 0, diskReadBytes = 0,
         diskWrittenBytes = 0;
  double receiveBytes = 0, transmitBytes = 0;
  double load1 = 0, load5 = 0, load15 = 0;
  double procsRunning = 0, procsBlocked = 0;  // last tick
  double diskReadLatency = 0;                 // seconds, one read, last tick
  double diskQueue = 0, diskBusy = 0;         // last tick
  std::map<std::string, std::string> sysctl;  // what differs from the defaults
  std::map<std::string, std::int64_t> tmpfs;  // mounted or resized by people: directory, bytes
  bool operator==(const Host&) const = default;

  // Linux's MemAvailable estimate: free + reclaimable cache above the low watermark.
  [[nodiscard]] std::int64_t available(const HostSpec& spec) const;
  // Size of the tmpfs a path lies on; nothing: it is on a disk.
  [[nodiscard]] std::optional<std::int64_t> tmpfsSize(const HostSpec& spec,
                                                      std::string_view path) const;
};

// Linux 6.1's watermarks for this much RAM, bytes.
[[nodiscard]] std::int64_t minWatermark(std::int64_t ramBytes);
[[nodiscard]] constexpr std::int64_t lowWatermark(std::int64_t minWatermark) {
  return minWatermark * 5 / 4;
}

}  // namespace sim
