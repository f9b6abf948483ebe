// SPDX-License-Identifier: GPL-3.0-or-later
// What /proc and /sys show.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"

namespace console {
namespace {

std::string meminfo(const sim::World& world) {
  std::string text;
  for (const auto& [name, value] : memoryInfo(world).fields()) {
    const std::string number = std::to_string(value);
    // Two names are wider than the column, and page counts carry no unit.
    const std::string head = base::padRight(name + ":", 16);
    const bool wide = name == "VmallocTotal";
    text += wide ? head + number : head + base::padLeft(number, 24 - head.size());
    text += name.starts_with("HugePages_") ? "\n" : " kB\n";
  }
  return text;
}

std::string pressureLine(std::string_view kind, const PressureInfo& info) {
  return std::string(kind) + " avg10=" + base::fixedText(info.average10, 2) +
         " avg60=" + base::fixedText(info.average60, 2) +
         " avg300=" + base::fixedText(info.average300, 2) +
         " total=" + std::to_string(info.totalUs) + "\n";
}

std::string pressure(const Machine& machine, std::string_view what) {
  const auto info = [&](sim::Metric metric) {
    return pressureInfo(machine.world, machine.telemetry, metric);
  };
  if (what == "memory") {
    return pressureLine("some", info(sim::Metric::NodePsiMemorySome)) +
           pressureLine("full", info(sim::Metric::NodePsiMemoryFull));
  }
  const PressureInfo io = info(sim::Metric::NodePsiIoSome);
  if (what == "io") return pressureLine("some", io) + pressureLine("full", io);
  return pressureLine("some", {}) + pressureLine("full", {});
}

std::string loadAverage(const sim::World& world) {
  const sim::Host& host = world.host();
  const auto tasks = processes(world).size() + 190;
  return base::fixedText(host.load1, 2) + " " + base::fixedText(host.load5, 2) + " " +
         base::fixedText(host.load15, 2) + " " +
         std::to_string(std::max(1, static_cast<int>(host.procsRunning))) + "/" +
         std::to_string(tasks) + " " + std::to_string(30'000 + world.now().seconds() % 2000) + "\n";
}

std::string vmstatFile(const sim::World& world) {
  const sim::Host& host = world.host();
  const MemoryInfo info = memoryInfo(world);
  const auto row = [](std::string_view name, double value) {
    return std::string(name) + " " + std::to_string(static_cast<std::int64_t>(value)) + "\n";
  };
  return row("nr_free_pages", static_cast<double>(info.free / 4)) +
         row("nr_anon_pages", static_cast<double>(info.anon / 4)) +
         row("nr_shmem", static_cast<double>(info.shmem / 4)) +
         row("nr_page_table_pages", static_cast<double>(info.pageTables / 4)) +
         row("pswpin", host.swapIn) + row("pswpout", host.swapOut) +
         row("pgmajfault", host.majorFaults) + row("oom_kill", static_cast<double>(host.oomKills));
}

std::string statusField(std::string_view name, std::int64_t kilobytes) {
  return std::string(name) + ":\t" + base::padLeft(std::to_string(kilobytes), 8) + " kB\n";
}

std::string processStatus(const Process& process) {
  const bool postgres = process.user == "postgres";
  const std::string user = postgres ? "107" : "0", group = postgres ? "115" : "0";
  const char* words = process.state == 'R'   ? "R (running)"
                      : process.state == 'D' ? "D (disk sleep)"
                                             : "S (sleeping)";
  const std::string pid = std::to_string(process.pid);
  std::string text = "Name:\t" + process.name + "\nUmask:\t0077\nState:\t" + words + "\nTgid:\t" +
                     pid + "\nNgid:\t0\nPid:\t" + pid + "\nPPid:\t" +
                     std::to_string(process.parent) + "\nTracerPid:\t0\nUid:\t" + user + "\t" +
                     user + "\t" + user + "\t" + user + "\nGid:\t" + group + "\t" + group + "\t" +
                     group + "\t" + group + "\nFDSize:\t64\n";
  if (process.virtualKb == 0) return text + "Threads:\t1\n";
  text += statusField("VmPeak", process.virtualKb) + statusField("VmSize", process.virtualKb) +
          statusField("VmLck", 0) + statusField("VmPin", 0) +
          statusField("VmHWM", process.residentKb()) + statusField("VmRSS", process.residentKb()) +
          statusField("RssAnon", process.anonKb) + statusField("RssFile", process.fileKb) +
          statusField("RssShmem", process.shmemKb) + statusField("VmData", process.anonKb + 1320) +
          statusField("VmStk", 132) + statusField("VmExe", 6144) + statusField("VmLib", 26'112) +
          statusField("VmPTE", process.pageTablesKb + 96) + statusField("VmSwap", 0) +
          statusField("HugetlbPages", 0);
  return text + "Threads:\t1\n";
}

// Private pages are the process's own; those of programs and shared memory are shared by all of the
// server's processes.
std::string smapsRollup(const sim::World& world, const Process& process) {
  const std::int64_t sharers =
      std::max<std::int64_t>(1, world.postgres().connections() + 7 +
                                    static_cast<std::int64_t>(world.postgres().sessions.size()));
  const bool server = process.user == "postgres";
  const std::int64_t others = server ? sharers : 1;
  const std::int64_t file = process.fileKb / others / 4 * 4;
  const std::int64_t shmem = process.shmemKb / others / 4 * 4;
  const std::int64_t shared = process.fileKb + process.shmemKb;
  const auto line = [](std::string_view name, std::int64_t kilobytes) {
    return base::padRight(std::string(name) + ":", 16) +
           base::padLeft(std::to_string(kilobytes), 8) + " kB\n";
  };
  return "55d0c0a00000-7ffd3e5f9000 ---p 00000000 00:00 0                          [rollup]\n" +
         line("Rss", process.residentKb()) + line("Pss", process.anonKb + file + shmem) +
         line("Pss_Dirty", process.anonKb + shmem) + line("Pss_Anon", process.anonKb) +
         line("Pss_File", file) + line("Pss_Shmem", shmem) + line("Shared_Clean", process.fileKb) +
         line("Shared_Dirty", others > 1 ? process.shmemKb : 0) +
         line("Private_Clean", others > 1 ? 0 : shared) + line("Private_Dirty", process.anonKb) +
         line("Referenced", process.residentKb()) + line("Anonymous", process.anonKb) +
         line("LazyFree", 0) + line("AnonHugePages", 0) + line("ShmemPmdMapped", 0) +
         line("FilePmdMapped", 0) + line("Shared_Hugetlb", 0) + line("Private_Hugetlb", 0) +
         line("Swap", 0) + line("SwapPss", 0) + line("Locked", 0);
}

Generated processFile(const Machine& machine, const std::string& path) {
  const std::size_t slash = path.find('/', 6);
  if (slash == std::string::npos || slash > 13 || slash == 6) return {};
  const std::string digits = path.substr(6, slash - 6);
  if (digits.find_first_not_of("0123456789") != std::string::npos) return {};
  const auto process = findProcess(machine.world, static_cast<std::uint32_t>(std::stoul(digits)));
  if (!process) return {};
  const std::string name = path.substr(slash + 1);
  if (name == "status") return {true, processStatus(*process)};
  if (name == "smaps_rollup" && process->virtualKb > 0) {
    return {true, smapsRollup(machine.world, *process)};
  }
  if (name == "comm") return {true, process->name + "\n"};
  if (name == "cmdline") return {true, process->command};
  if (name == "oom_score_adj") return {true, std::to_string(process->scoreAdjust) + "\n"};
  if (name == "oom_score") {
    return {true, std::to_string(killerScore(machine.world, *process)) + "\n"};
  }
  if (name == "limits") {
    return {true,
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            "Max stack size            8388608              unlimited            bytes     \n"
            "Max processes             256938               256938               processes \n"
            "Max open files            1024                 524288               files     \n"
            "Max locked memory         8388608              8388608              bytes     \n"
            "Max address space         unlimited            unlimited            bytes     \n"};
  }
  return {};
}

std::string cpuinfo(const sim::World& world) {
  std::string text;
  for (int i = 0; i < std::min(world.spec().host.cores, 256); ++i) {
    text += "processor\t: " + std::to_string(i) +
            "\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Gold 6338 CPU @ "
            "2.00GHz\ncpu MHz\t\t: "
            "2000.000\ncache size\t: 49152 KB\n\n";
  }
  return text;
}

Generated cgroupFile(const sim::World& world, std::string_view name) {
  const sim::Memory& memory = world.host().memory;
  const auto number = [](std::int64_t value) { return std::to_string(value) + "\n"; };
  if (name == "memory.max" || name == "memory.high") return {true, "max\n"};
  const std::int64_t file = memory.pageCache / 8;
  if (name == "memory.current")
    return {true, number(memory.anon + memory.shmem + memory.pageTables + file)};
  if (name == "memory.events") {
    return {true, "low 0\nhigh 0\nmax 0\noom 0\noom_kill " + number(world.host().oomKills) +
                      "oom_group_kill 0\n"};
  }
  if (name == "memory.stat") {
    return {true, "anon " + number(memory.anon) + "file " + number(file + memory.shmem) +
                      "pagetables " + number(memory.pageTables) + "shmem " + number(memory.shmem)};
  }
  return {};
}

constexpr std::string_view kCgroup =
    "/sys/fs/cgroup/system.slice/system-postgresql.slice/postgresql@15-main.service/";

}  // namespace

Generated procFile(const Machine& machine, const std::string& path) {
  const sim::World& world = machine.world;
  if (path.starts_with(kCgroup))
    return cgroupFile(world, std::string_view(path).substr(kCgroup.size()));
  if (path == "/sys/kernel/mm/transparent_hugepage/enabled")
    return {true, "always [madvise] never\n"};
  if (!path.starts_with("/proc/")) return {};
  if (path == "/proc/meminfo") return {true, meminfo(world)};
  if (path.starts_with("/proc/pressure/")) {
    const std::string what = path.substr(15);
    if (what == "memory" || what == "io" || what == "cpu") return {true, pressure(machine, what)};
    return {};
  }
  if (path == "/proc/loadavg") return {true, loadAverage(world)};
  if (path == "/proc/uptime") {
    const double up = static_cast<double>(uptimeMs(world)) / 1000.0;
    return {true, base::fixedText(up, 2) + " " +
                      base::fixedText(up * world.spec().host.cores * 0.8, 2) + "\n"};
  }
  if (path == "/proc/vmstat") return {true, vmstatFile(world)};
  if (path == "/proc/cpuinfo") return {true, cpuinfo(world)};
  if (path == "/proc/version") {
    return {
        true,
        "Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) "
        "12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 "
        "(2024-11-22)\n"};
  }
  if (path == "/proc/swaps") {
    std::string text = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    if (world.host().swapTotal > 0) {
      text += "/swapfile                               file\t\t" +
              std::to_string(world.host().swapTotal / 1024) + "\t\t" +
              std::to_string(world.host().swapUsed / 1024) + "\t\t-2\n";
    }
    return {true, text};
  }
  if (path.starts_with("/proc/sys/")) {
    const std::string key = base::replaceAll(path.substr(10), "/", ".");
    for (const auto& [name, value] : kernelParameters(world)) {
      if (name == key) return {true, value + "\n"};
    }
    return {};
  }
  return processFile(machine, path);
}

const std::vector<std::string>& procPaths() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> paths = {"/proc/cpuinfo",
                                      "/proc/loadavg",
                                      "/proc/meminfo",
                                      "/proc/pressure/cpu",
                                      "/proc/pressure/io",
                                      "/proc/pressure/memory",
                                      "/proc/swaps",
                                      "/proc/uptime",
                                      "/proc/version",
                                      "/proc/vmstat",
                                      "/sys/kernel/mm/transparent_hugepage/enabled"};
    for (const char* name :
         {"memory.current", "memory.events", "memory.high", "memory.max", "memory.stat"}) {
      paths.push_back(std::string(kCgroup) + name);
    }
    for (const char* name :
         {"dirty_background_ratio", "dirty_ratio", "min_free_kbytes", "nr_hugepages",
          "oom_kill_allocating_task", "overcommit_kbytes", "overcommit_memory", "overcommit_ratio",
          "panic_on_oom", "swappiness", "vfs_cache_pressure", "zone_reclaim_mode"}) {
      paths.push_back(std::string("/proc/sys/vm/") + name);
    }
    for (const char* name :
         {"hostname", "osrelease", "ostype", "pid_max", "shmall", "shmmax", "shmmni"}) {
      paths.push_back(std::string("/proc/sys/kernel/") + name);
    }
    return paths;
  }();
  return all;
}

}  // namespace console
