// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of the host: free, vmstat, swapon.
#include <algorithm>

#include "base/text.h"
#include "console/options.h"
#include "console/system/numbers.h"

namespace console {
namespace {

// procps: the first unit in which the number takes at most five characters.
std::string humanKb(std::int64_t kilobytes) {
  const auto bytes = std::to_string(kilobytes * 1024) + "B";
  if (bytes.size() <= 4) return bytes;
  double value = static_cast<double>(kilobytes);
  for (const char* unit : {"Ki", "Mi", "Gi", "Ti", "Pi"}) {
    const std::string precise = base::fixedText(value, 1) + unit;
    if (precise.size() <= 5) return precise;
    const std::string whole = std::to_string(static_cast<std::int64_t>(value)) + unit;
    if (whole.size() <= 5) return whole;
    value /= 1024;
  }
  return bytes;
}

int runFree(Call& call) {
  constexpr LongOption kLongs[] = {{"human", 'h'}, {"mebi", 'm'},  {"gibi", 'g'},   {"kibi", 'k'},
                                   {"bytes", 'b'}, {"wide", 'w'},  {"total", 't'},  {"mega", 'm'},
                                   {"giga", 'g'},  {"count", 'c'}, {"seconds", 's'}};
  const Options options = parseOptions(call, "hmgkbwtc:s:", kLongs);
  if (!options.ok) return 1;
  const auto shown = [&](std::int64_t kilobytes) {
    if (options.has('h')) return humanKb(kilobytes);
    if (options.has('g')) return std::to_string(kilobytes / (1 << 20));
    if (options.has('m')) return std::to_string(kilobytes / 1024);
    if (options.has('b')) return std::to_string(kilobytes * 1024);
    return std::to_string(kilobytes);
  };
  const auto row = [&](std::string_view label, const std::vector<std::int64_t>& values) {
    std::string line = base::padRight(label, 8);
    for (const std::int64_t value : values) line += " " + base::padLeft(shown(value), 11);
    call.print(line + "\n");
  };
  const MemoryInfo info = memoryInfo(call.world());
  const std::int64_t swapUsed = info.swapTotal - info.swapFree;
  if (options.has('w')) {
    call.print(
        "               total        used        free      shared     buffers       cache   "
        "available\n");
    row("Mem:", {info.total, info.used(), info.free, info.shmem, info.buffers,
                 info.cached + info.reclaimable, info.available});
  } else {
    call.print(
        "               total        used        free      shared  buff/cache   available\n");
    row("Mem:",
        {info.total, info.used(), info.free, info.shmem, info.buffersAndCache(), info.available});
  }
  row("Swap:", {info.swapTotal, swapUsed, info.swapFree});
  if (options.has('t')) {
    row("Total:", {info.total + info.swapTotal, info.used() + swapUsed, info.free + info.swapFree});
  }
  return 0;
}

struct VmstatLine {
  double running = 0, blocked = 0, swapIn = 0, swapOut = 0, blocksIn = 0, blocksOut = 0,
         interrupts = 0, switches = 0, user = 0, system = 0, idle = 0, wait = 0;
  std::int64_t swapped = 0, free = 0, buffers = 0, cache = 0;
};

void setShares(VmstatLine& line, double user, double system, double wait, double idle) {
  const double total = user + system + wait + idle;
  if (total <= 0) {
    line.idle = 100;
    return;
  }
  line.user = 100 * user / total;
  line.system = 100 * system / total;
  line.wait = 100 * wait / total;
  line.idle = std::max(0.0, 100 - line.user - line.system - line.wait);
}

VmstatLine now(const sim::World& world) {
  const MemoryInfo info = memoryInfo(world);
  VmstatLine line;
  line.running = world.host().procsRunning;
  line.blocked = world.host().procsBlocked;
  line.swapped = info.swapTotal - info.swapFree;
  line.free = info.free;
  line.buffers = info.buffers;
  line.cache = info.cached + info.reclaimable;
  return line;
}

VmstatLine sinceBoot(const sim::World& world) {
  VmstatLine line = now(world);
  const sim::Host& host = world.host();
  const double up = static_cast<double>(std::max<std::int64_t>(world.now().ms, 1000)) / 1000;
  line.swapIn = host.swapIn * 4 / up;
  line.swapOut = host.swapOut * 4 / up;
  line.blocksIn = host.diskReadBytes / 1024 / up;
  line.blocksOut = host.diskWrittenBytes / 1024 / up;
  line.interrupts = 380 + (host.diskReads + host.receiveBytes / 900) / up;
  line.switches = line.interrupts * 2.1;
  setShares(line, host.cpuUser, host.cpuSystem, host.cpuIowait, host.cpuIdle);
  return line;
}

VmstatLine secondsAgo(const Call& call, int ago) {
  const sim::Telemetry& telemetry = call.machine.telemetry;
  VmstatLine line = now(call.world());
  if (telemetry.times().empty()) return sinceBoot(call.world());
  const auto rate = [&](sim::Metric metric) { return ratePerSecond(telemetry, metric, ago); };
  using sim::Metric;
  if (ago > 0) {
    line.running = sampleAt(telemetry, Metric::NodeProcsRunning, ago);
    line.blocked = sampleAt(telemetry, Metric::NodeProcsBlocked, ago);
    line.free = static_cast<std::int64_t>(sampleAt(telemetry, Metric::NodeMemFree, ago)) / 4096 * 4;
    line.cache =
        static_cast<std::int64_t>(sampleAt(telemetry, Metric::NodeMemCached, ago)) / 4096 * 4 +
        memoryInfo(call.world()).reclaimable;
  }
  line.swapIn = rate(Metric::NodeSwapIn) * 4;
  line.swapOut = rate(Metric::NodeSwapOut) * 4;
  line.blocksIn = rate(Metric::NodeDiskReadBytes) / 1024;
  line.blocksOut = rate(Metric::NodeDiskWrittenBytes) / 1024;
  line.interrupts = 380 + rate(Metric::NodeDiskReads) + rate(Metric::NetReceiveBytes) / 900;
  line.switches = line.interrupts * 2.1;
  setShares(line, rate(Metric::NodeCpuUser), rate(Metric::NodeCpuSystem),
            rate(Metric::NodeCpuIowait), rate(Metric::NodeCpuIdle));
  return line;
}

std::string vmstatText(const VmstatLine& line, bool wide, std::int64_t divisor) {
  const auto number = [](double value, std::size_t width) {
    return base::padLeft(std::to_string(static_cast<std::int64_t>(value + 0.5)), width);
  };
  const std::size_t process = wide ? 4 : 2, memory = wide ? 12 : 6, share = wide ? 3 : 2;
  std::string text = number(line.running, process) + " " + number(line.blocked, process);
  for (const std::int64_t value : {line.swapped, line.free, line.buffers, line.cache}) {
    text += " " + base::padLeft(std::to_string(value / divisor), memory);
  }
  text += " " + number(line.swapIn, 4) + " " + number(line.swapOut, 4) + " " +
          number(line.blocksIn, 5) + " " + number(line.blocksOut, 5) + " " +
          number(line.interrupts, 4) + " " + number(line.switches, 4);
  for (const double value : {line.user, line.system, line.idle, line.wait, 0.0})
    text += " " + number(value, share);
  return text + (wide ? "   0" : "");
}

int runVmstat(Call& call) {
  const Options options = parseOptions(call, "wtS:an");
  if (!options.ok) return 1;
  for (const std::string& text : options.rest) {
    if (!isNumber(text)) return call.fail("failed to parse argument: '" + text + "'");
  }
  if (options.rest.size() > 2) return call.fail("extra operand '" + options.rest[2] + "'");
  const std::int64_t delay = options.rest.empty() ? 0 : numberOr(options.rest[0], 1, 1, 3600);
  // Without a count vmstat runs until it is interrupted: five lines here.
  const std::int64_t count = options.rest.empty()      ? 1
                             : options.rest.size() < 2 ? 5
                                                       : numberOr(options.rest[1], 1, 1, 300);
  const bool wide = options.has('w'), stamp = options.has('t');
  const std::string unit = base::lower(options.value('S', "k"));
  const std::int64_t divisor = unit == "m" ? 1024 : 1;
  if (wide) {
    call.print(
        "--procs-- -----------------------memory---------------------- ---swap-- -----io---- "
        "-system-- "
        "----------cpu----------" +
        std::string(stamp ? " -----timestamp-----" : "") + "\n" +
        "   r    b         swpd         free         buff        cache   si   so    bi    bo   in  "
        " cs  "
        "us  sy  id  wa  st  gu" +
        (stamp ? "                 UTC" : "") + "\n");
  } else {
    call.print("procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----" +
               std::string(stamp ? " -----timestamp-----" : "") + "\n" +
               " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st" +
               (stamp ? "                 UTC" : "") + "\n");
  }
  // The lines after the first show the seconds just gone by: what the host measured.
  for (std::int64_t i = 0; i < count; ++i) {
    const auto ago = static_cast<int>((count - 1 - i) * std::max<std::int64_t>(delay, 1));
    const VmstatLine line = i == 0 ? sinceBoot(call.world()) : secondsAgo(call, ago);
    std::string text = vmstatText(line, wide, divisor);
    if (stamp) text += " " + base::logTimeText(call.unixMs() + 1000 * i * delay).substr(0, 19);
    call.print(text + "\n");
  }
  call.duration = call.duration + base::seconds((count - 1) * delay);
  return 0;
}

int runSwapon(Call& call) {
  constexpr LongOption kLongs[] = {{"show", 's'}, {"size", 'z'}, {"all", 'a'}, {"summary", 's'}};
  const Options options = parseOptions(call, "saz:", kLongs);
  if (!options.ok) return 1;
  if (options.has('z')) {
    sim::Action action;
    action.verb = sim::Verb::AddSwap;
    action.text = options.value('z');
    const sim::Outcome outcome = call.apply(action);
    if (!outcome.accepted)
      return call.fail(outcome.text.empty() ? "swapon failed: Invalid argument" : outcome.text,
                       255);
    call.duration = call.duration + base::seconds(1);
    return 0;
  }
  const MemoryInfo info = memoryInfo(call.world());
  if (info.swapTotal > 0) {
    call.print("NAME      TYPE SIZE USED PRIO\n/swapfile file " +
               humanKb(info.swapTotal).substr(0, 4) + " " +
               humanKb(info.swapTotal - info.swapFree) + "   -2\n");
  }
  return 0;
}

constexpr Command kCommands[] = {
    {"free", "free [-h|-b|-k|-m|-g] [-w] [-t]", "memory: used, free, shared, cache, available",
     runFree},
    {"swapon", "swapon [--show] [--size SIZE]", "swap areas; --size 8GB adds one of that size",
     runSwapon},
    {"vmstat", "vmstat [-w] [-t] [-S M] [DELAY [COUNT]]",
     "processes, memory, swap, disk and CPU by the second", runVmstat}};

}  // namespace

std::span<const Command> memoryCommands() {
  return kCommands;
}

}  // namespace console
