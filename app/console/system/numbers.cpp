// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/system/numbers.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace console {
namespace {

constexpr std::int64_t kPageKb = 4;

std::int64_t kb(std::int64_t bytes) {
  return std::max<std::int64_t>(bytes, 0) / 1024 / kPageKb * kPageKb;
}

// The row at or before `ago` seconds before the last one; npos without rows.
std::size_t rowAgo(const sim::Telemetry& telemetry, int ago) {
  const auto times = telemetry.times();
  if (times.empty()) return std::string::npos;
  const std::int64_t wanted = times.back() - 1000ll * ago;
  const auto it = std::upper_bound(times.begin(), times.end(), wanted);
  return it == times.begin() ? 0 : static_cast<std::size_t>(it - times.begin()) - 1;
}

double finite(float value) {
  return std::isfinite(value) ? static_cast<double>(value) : 0.0;
}

}  // namespace

MemoryInfo memoryInfo(const sim::World& world) {
  const sim::Memory& memory = world.host().memory;
  const sim::HostSpec& spec = world.spec().host;
  MemoryInfo info;
  info.total = kb(spec.ramBytes);
  info.free = kb(memory.free);
  info.available = kb(world.host().available(spec));
  const std::int64_t fileCache = kb(memory.pageCache);
  info.shmem = kb(memory.shmem);
  info.cached = fileCache + info.shmem;
  info.buffers = kb(memory.kernel / 16);
  info.anon = kb(memory.anon);
  info.pageTables = kb(memory.pageTables);
  info.slab = kb(memory.kernel / 2);
  info.reclaimable = info.slab / 2 / kPageKb * kPageKb;
  info.kernelStack = 16 * (240 + world.postgres().connections());
  info.perCpu = 1952ll * spec.cores;
  info.mapped = std::min(info.shmem + kb(spec.fileWorkingSetBytes) / 8, info.cached + info.shmem);
  info.dirty = kb(static_cast<std::int64_t>(world.postgres().dirtyPages * 8192 * 0.02));
  info.swapTotal = kb(world.host().swapTotal);
  info.swapFree = info.swapTotal - kb(world.host().swapUsed);
  info.hugeTotal = memory.hugePages / (2 << 20);
  info.hugeFree = std::max<std::int64_t>(0, info.hugeTotal - world.host().hugePagesUsed);
  info.commitLimit =
      (spec.ramBytes - memory.hugePages) / 100 * spec.overcommitRatio / 1024 + info.swapTotal;
  const bool mapped =
      world.postgres().life != sim::Life::Stopped && !world.postgres().values.hugePages;
  info.committed = kb(memory.anon) + (mapped ? kb(world.postgres().values.sharedMemoryBytes) : 0);
  return info;
}

std::vector<std::pair<std::string, std::int64_t>> MemoryInfo::fields() const {
  const std::int64_t anonLists = anon + shmem, files = buffers + cached - shmem;
  const std::int64_t activeAnon = anonLists / 60, activeFile = files / 2;
  return {{"MemTotal", total},
          {"MemFree", free},
          {"MemAvailable", available},
          {"Buffers", buffers},
          {"Cached", cached},
          {"SwapCached", 0},
          {"Active", activeAnon + activeFile},
          {"Inactive", anonLists - activeAnon + files - activeFile},
          {"Active(anon)", activeAnon},
          {"Inactive(anon)", anonLists - activeAnon},
          {"Active(file)", activeFile},
          {"Inactive(file)", files - activeFile},
          {"Unevictable", 0},
          {"Mlocked", 0},
          {"SwapTotal", swapTotal},
          {"SwapFree", swapFree},
          {"Zswap", 0},
          {"Zswapped", 0},
          {"Dirty", dirty},
          {"Writeback", 0},
          {"AnonPages", anon},
          {"Mapped", mapped},
          {"Shmem", shmem},
          {"KReclaimable", reclaimable},
          {"Slab", slab},
          {"SReclaimable", reclaimable},
          {"SUnreclaim", slab - reclaimable},
          {"KernelStack", kernelStack},
          {"PageTables", pageTables},
          {"SecPageTables", 0},
          {"NFS_Unstable", 0},
          {"Bounce", 0},
          {"WritebackTmp", 0},
          {"CommitLimit", commitLimit},
          {"Committed_AS", committed},
          {"VmallocTotal", 34'359'738'367},
          {"VmallocUsed", 38'204},
          {"VmallocChunk", 0},
          {"Percpu", perCpu},
          {"AnonHugePages", 0},
          {"ShmemHugePages", 0},
          {"ShmemPmdMapped", 0},
          {"FileHugePages", 0},
          {"FilePmdMapped", 0},
          {"Balloon", 0},
          {"HugePages_Total", hugeTotal},
          {"HugePages_Free", hugeFree},
          {"HugePages_Rsvd", 0},
          {"HugePages_Surp", 0},
          {"Hugepagesize", 2048},
          {"Hugetlb", hugeTotal * 2048},
          {"DirectMap4k", 312'188},
          {"DirectMap2M", std::max<std::int64_t>(0, total - 312'188) / 2048 * 2048}};
}

std::vector<std::pair<std::string, std::string>> kernelParameters(const sim::World& world) {
  const sim::HostSpec& spec = world.spec().host;
  std::map<std::string, std::string> values = {
      {"fs.file-max", "9223372036854775807"},
      {"kernel.hostname", spec.name},
      {"kernel.osrelease", std::string(kKernelRelease)},
      {"kernel.ostype", "Linux"},
      {"kernel.pid_max", "4194304"},
      {"kernel.shmall", "18446744073692774399"},
      {"kernel.shmmax", "18446744073692774399"},
      {"kernel.shmmni", "4096"},
      {"kernel.yama.ptrace_scope", "3"},
      {"net.core.somaxconn", "4096"},
      {"net.ipv4.tcp_keepalive_time", "7200"},
      {"net.ipv4.tcp_max_syn_backlog", "4096"},
      {"vm.dirty_background_ratio", "10"},
      {"vm.dirty_ratio", "20"},
      {"vm.min_free_kbytes", std::to_string(sim::minWatermark(spec.ramBytes) / 1024)},
      {"vm.nr_hugepages", std::to_string(world.host().memory.hugePages / (2 << 20))},
      {"vm.oom_kill_allocating_task", "0"},
      {"vm.overcommit_kbytes", "0"},
      {"vm.overcommit_memory", std::to_string(spec.overcommitMemory)},
      {"vm.overcommit_ratio", std::to_string(spec.overcommitRatio)},
      {"vm.panic_on_oom", "0"},
      {"vm.swappiness", std::to_string(spec.swappiness)},
      {"vm.vfs_cache_pressure", "100"},
      {"vm.zone_reclaim_mode", "0"}};
  for (const auto& [key, value] : world.host().sysctl) values[key] = value;
  return {values.begin(), values.end()};
}

PressureInfo pressureInfo(const sim::World& world, const sim::Telemetry& telemetry,
                          sim::Metric counter) {
  PressureInfo info;
  const sim::Host& host = world.host();
  const double total = counter == sim::Metric::NodePsiMemoryFull ? host.psiMemoryFull
                       : counter == sim::Metric::NodePsiIoSome   ? host.psiIoSome
                                                                 : host.psiMemorySome;
  info.totalUs = static_cast<std::int64_t>(total * 1e6);
  const auto window = [&](int seconds) {
    const std::size_t from = rowAgo(telemetry, seconds), to = rowAgo(telemetry, 0);
    if (from == std::string::npos || from == to) return 0.0;
    const double span =
        static_cast<double>(telemetry.times()[to] - telemetry.times()[from]) / 1000.0;
    const double grown =
        finite(telemetry.series(counter)[to]) - finite(telemetry.series(counter)[from]);
    return std::clamp(100.0 * grown / span, 0.0, 100.0);
  };
  info.average10 = window(10);
  info.average60 = window(60);
  info.average300 = window(300);
  return info;
}

double ratePerSecond(const sim::Telemetry& telemetry, sim::Metric counter, int ago) {
  const std::size_t to = rowAgo(telemetry, ago);
  if (to == std::string::npos || to == 0) return 0;
  const double span =
      static_cast<double>(telemetry.times()[to] - telemetry.times()[to - 1]) / 1000.0;
  const double grown =
      finite(telemetry.series(counter)[to]) - finite(telemetry.series(counter)[to - 1]);
  return span > 0 ? std::max(0.0, grown / span) : 0.0;
}

double sampleAt(const sim::Telemetry& telemetry, sim::Metric gauge, int ago) {
  const std::size_t row = rowAgo(telemetry, ago);
  return row == std::string::npos ? finite(telemetry.last(gauge))
                                  : finite(telemetry.series(gauge)[row]);
}

std::int64_t uptimeMs(const sim::World& world) {
  return world.now().ms + kBootedBeforeMs;
}

std::string uptimeText(const sim::World& world) {
  const std::int64_t minutes = uptimeMs(world) / 60'000;
  const std::int64_t days = minutes / 1440, hours = minutes / 60 % 24;
  const std::string rest = std::to_string(minutes % 60);
  std::string text = " " + base::clockText(world.unixMs()) + " up ";
  if (days > 0) text += std::to_string(days) + (days == 1 ? " day, " : " days, ");
  text += hours > 0
              ? base::padLeft(std::to_string(hours), 2) + ":" + (rest.size() < 2 ? "0" : "") + rest
              : rest + " min";
  const sim::Host& host = world.host();
  return text + ",  1 user,  load average: " + base::fixedText(host.load1, 2) + ", " +
         base::fixedText(host.load5, 2) + ", " + base::fixedText(host.load15, 2);
}

}  // namespace console
