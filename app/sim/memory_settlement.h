// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets the host's memory: processes first, the page cache what is left, swap when there is any,
// and the OOM killer when nothing is.
#pragma once

#include <cstdint>

#include "sim/host.h"

namespace sim {

// What the processes hold or ask for in this tick, bytes.
struct MemoryClaim {
  std::int64_t anon = 0;
  std::int64_t shmem = 0;  // in 4 kB pages
  std::int64_t pageTables = 0;
  std::int64_t hugePagesUsed = 0;  // count of 2 MiB pages
  std::int64_t fileWanted = 0;     // page cache the file system would like to hold
};

struct Settlement {
  bool outOfMemory = false;     // the claim cannot be met: somebody has to die
  std::int64_t reclaimed = 0;   // bytes taken from the page cache in this tick
  std::int64_t swappedOut = 0;  // bytes moved to swap in this tick
};

// Applies the claim to host.memory (which adds up to RAM again) or reports out of memory, then
// leaving the memory as it was.
Settlement settleMemory(Host& host, const HostSpec& spec, const MemoryClaim& claim);

// Share of the file working set that does not fit into the page cache, 0 to 1.
[[nodiscard]] double filePressure(const Host& host, const HostSpec& spec);

}  // namespace sim
