// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/memory_settlement.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::int64_t kPage = 4096;
constexpr std::int64_t kHugePage = 2 * 1024 * 1024;

// MODEL: file pages that cannot be reclaimed in time: mapped, dirty or under write-back.
constexpr std::int64_t kUnreclaimableCache = 96LL * 1024 * 1024;

std::int64_t wholePages(std::int64_t bytes) {
  return std::max<std::int64_t>(0, bytes) / kPage * kPage;
}

}  // namespace

Settlement settleMemory(Host& host, const HostSpec& spec, const MemoryClaim& claim) {
  Settlement result;
  Memory next;
  next.kernel = wholePages(spec.kernelBytes);
  next.hugePages = spec.hugePages * kHugePage;
  next.anon = wholePages(claim.anon);
  next.shmem = wholePages(claim.shmem);
  next.pageTables = wholePages(claim.pageTables);

  const std::int64_t fixed = next.kernel + next.hugePages + next.pageTables;
  const std::int64_t least = minWatermark(spec.ramBytes);
  const std::int64_t floor = least + kUnreclaimableCache;
  const std::int64_t movable = next.anon + next.shmem;
  const std::int64_t over = fixed + movable + floor - spec.ramBytes;
  if (over > host.swapTotal) {
    result.outOfMemory = true;
    return result;
  }
  // Swap is used only for what does not fit: with little swap the cliff is the same, only later.
  const std::int64_t swapped = wholePages(std::max<std::int64_t>(0, over) + kPage - 1);
  const std::int64_t fromAnon = std::min(swapped, next.anon);
  next.anon -= fromAnon;
  next.shmem -= swapped - fromAnon;
  result.swappedOut = std::max<std::int64_t>(0, swapped - host.swapUsed);

  const std::int64_t left = spec.ramBytes - fixed - next.anon - next.shmem;
  const std::int64_t keepFree = std::min(left, lowWatermark(least));
  next.pageCache = wholePages(std::min(left - keepFree, claim.fileWanted));
  next.free = left - next.pageCache;
  result.reclaimed = std::max<std::int64_t>(0, host.memory.pageCache - next.pageCache);

  host.memory = next;
  host.swapUsed = swapped;
  host.hugePagesUsed = claim.hugePagesUsed;
  return result;
}

double filePressure(const Host& host, const HostSpec& spec) {
  if (spec.fileWorkingSetBytes <= 0) return 0;
  const double missing = static_cast<double>(spec.fileWorkingSetBytes - host.memory.pageCache);
  return std::clamp(missing / static_cast<double>(spec.fileWorkingSetBytes), 0.0, 1.0);
}

}  // namespace sim
