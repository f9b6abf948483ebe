// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/host.h"

#include <algorithm>
#include <cmath>

#include "sim/disk.h"

namespace sim {

// mm/page_alloc.c, init_per_zone_wmark_min: min_free_kbytes = 4 * sqrt(lowmem_kbytes), 128 kB to
// 256 MB; low = min * 5 / 4. Transparent huge pages raise it on real hosts; not modelled.
std::int64_t minWatermark(std::int64_t ramBytes) {
  const double kib = 4.0 * std::sqrt(static_cast<double>(ramBytes) / 1024.0);
  return static_cast<std::int64_t>(std::clamp(kib, 128.0, 262144.0)) * 1024;
}

// mm/show_mem.c, si_mem_available: free - reserve + cache - min(cache / 2, low watermark).
std::int64_t Host::available(const HostSpec& spec) const {
  const std::int64_t least = minWatermark(spec.ramBytes);
  const std::int64_t low = lowWatermark(least);
  const std::int64_t cache = memory.pageCache - std::min(memory.pageCache / 2, low);
  return std::max<std::int64_t>(0, memory.free - least + cache);
}

std::optional<std::int64_t> Host::tmpfsSize(const HostSpec& spec, std::string_view path) const {
  constexpr std::string_view kShared = "/dev/shm";  // half of the RAM, unless it was resized
  std::string_view best;
  std::optional<std::int64_t> size;
  const auto consider = [&](std::string_view place, std::int64_t bytes) {
    if (path != place && !liesBelow(path, place)) return;
    if (place.size() < best.size()) return;
    best = place;
    size = bytes;
  };
  consider(kShared, spec.ramBytes / 2);
  for (const auto& [place, bytes] : tmpfs) consider(place, bytes);
  return size;
}

}  // namespace sim
