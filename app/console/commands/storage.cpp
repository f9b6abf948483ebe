// SPDX-License-Identifier: GPL-3.0-or-later
// Disks: df, iostat, lsblk, du.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"
#include "sim/cluster_files.h"
#include "sim/postmaster.h"
#include "sim/wal_space.h"

namespace console {
namespace {

constexpr std::int64_t kGib = std::int64_t{1} << 30;

struct Mount {
  std::string device, place;
  std::int64_t size = 0, used = 0;
  [[nodiscard]] std::int64_t available() const { return std::max<std::int64_t>(0, size - used); }
};

std::vector<Mount> mounts(const sim::World& world) {
  const sim::HostSpec& spec = world.spec().host;
  const std::int64_t ram = spec.ramBytes;
  const std::int64_t shared = world.host().tmpfsSize(spec, "/dev/shm").value_or(ram / 2);
  const std::int64_t held =
      world.postgres().life == sim::Life::Stopped ? 0 : sim::dynamicSharedBytes(world.postgres());
  std::vector<Mount> all = {
      {"udev", "/dev", ram / 2, 0},
      {"tmpfs", "/run", ram / 10, 2 << 20},
      {"/dev/nvme0n1p1", "/", 40 * kGib, 9 * kGib},
      {"/dev/nvme0n1p2", "/var/lib/postgresql", spec.diskBytes, spec.diskUsedBytes},
      {"tmpfs", "/dev/shm", shared, std::min(shared, held)}};
  for (const auto& [place, size] : world.host().tmpfs) {
    if (place == "/dev/shm") continue;
    const bool wal = place == world.spec().database.dataDirectory + "/pg_wal";
    const sim::WalFiles files = sim::walFiles(world.postgres());
    const std::int64_t used = (files.highest - files.oldest + 1) * sim::kWalSegmentBytes;
    all.push_back({"tmpfs", place, size, wal ? std::min(size, used) : 0});
  }
  return all;
}

// -- mount --

// "64M", "8388608", "10%" of the RAM.
std::optional<std::int64_t> tmpfsBytes(const std::string& text, std::int64_t ram) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value <= 0 || value > (std::int64_t{1} << 40)) return std::nullopt;
  const std::string unit = base::lower(std::string(end, text.data() + text.size()));
  if (unit.empty()) return value;
  if (unit == "%") return ram / 100 * value;
  const std::size_t shift = unit.size() == 1 ? std::string_view("kmg").find(unit[0]) : 3;
  if (shift > 2) return std::nullopt;
  return value << (10 * (shift + 1));
}

int listMounts(Call& call) {
  for (const Mount& mount : mounts(call.world())) {
    const bool memory = mount.device == "tmpfs";
    call.print(mount.device + " on " + mount.place + " type " +
               (memory ? "tmpfs (rw,nosuid,nodev,size=" + std::to_string(mount.size / 1024) + "k)"
                : mount.device == "udev" ? std::string("devtmpfs (rw,nosuid,relatime)")
                                         : std::string("ext4 (rw,relatime)")) +
               "\n");
  }
  return 0;
}

int changeMount(Call& call, sim::Action action) {
  action.verb = sim::Verb::Mount;
  const sim::Outcome outcome = call.apply(action);
  if (outcome.accepted) return 0;
  call.complain(outcome.text);
  return outcome.exitCode == 0 ? 32 : outcome.exitCode;
}

int runMount(Call& call) {
  const Options options = parseOptions(call, "o:t:");
  if (!options.ok) return 1;
  if (options.rest.empty()) return listMounts(call);
  const std::string given = options.rest.back();
  const FileView files(call.machine, call.state);
  const std::string place = files.resolve(given);
  if (call.state.user != "root") {
    return call.fail(given + ": must be superuser to use mount.", 32);
  }
  if (!files.isDirectory(place) && place != "/dev/shm") {
    return call.fail(given + ": mount point does not exist.", 32);
  }
  std::string size;
  bool remount = false;
  for (const std::string& option : base::split(options.value('o'), ',')) {
    if (option == "remount") remount = true;
    if (option.starts_with("size=")) size = option.substr(5);
  }
  const auto& there = call.world().host().tmpfs;
  if (remount && place != "/dev/shm" && !there.contains(place)) {
    return call.fail(given + ": mount point not mounted or bad option.", 32);
  }
  if (!remount && options.value('t') != "tmpfs") {
    return call.fail(
        options.rest.front() + ": special device " + options.rest.front() + " does not exist.", 32);
  }
  const std::int64_t ram = call.world().spec().host.ramBytes;
  // No size that can be read is one the kernel refuses.
  const std::int64_t bytes = size.empty() ? ram / 2 : tmpfsBytes(size, ram).value_or(0);
  sim::Action action;
  action.target = place;
  action.text = std::to_string(bytes);
  return changeMount(call, std::move(action));
}

int runUmount(Call& call) {
  const Options options = parseOptions(call, "fl");
  if (!options.ok) return 1;
  if (options.rest.empty()) return call.fail("bad usage", 1);
  if (call.state.user != "root") {
    return call.fail(options.rest.front() + ": must be superuser to unmount.", 32);
  }
  sim::Action action;
  action.target = FileView(call.machine, call.state).resolve(options.rest.front());
  action.fields["remove"] = "yes";
  return changeMount(call, std::move(action));
}

// df -h rounds up and keeps one decimal below ten.
std::string human(std::int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes);
  std::int64_t unit = 1024;
  std::size_t index = 0;
  while (index < 4 && (bytes + unit - 1) / unit >= 1024) {
    unit *= 1024;
    ++index;
  }
  const std::int64_t tenths = (bytes * 10 + unit - 1) / unit;
  const std::string suffix(1, "KMGTP"[index]);
  if (tenths < 100) return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + suffix;
  return std::to_string((tenths + 9) / 10) + suffix;
}

int runDf(Call& call) {
  constexpr LongOption kLongs[] = {{"human-readable", 'h'}, {"inodes", 'i'}};
  const Options options = parseOptions(call, "hikmTal", kLongs);
  if (!options.ok) return 1;
  const FileView files(call.machine, call.state);
  std::vector<std::array<std::string, 6>> rows;
  const bool inodes = options.has('i');
  rows.push_back(
      inodes ? std::array<std::string, 6>{"Filesystem", "Inodes", "IUsed", "IFree", "IUse%",
                                          "Mounted on"}
      : options.has('h')
          ? std::array<std::string, 6>{"Filesystem", "Size", "Used", "Avail", "Use%", "Mounted on"}
          : std::array<std::string, 6>{"Filesystem", options.has('m') ? "1M-blocks" : "1K-blocks",
                                       "Used", "Available", "Use%", "Mounted on"});
  const auto all = mounts(call.world());
  for (const Mount& mount : all) {
    const bool wanted =
        options.rest.empty() ||
        std::any_of(options.rest.begin(), options.rest.end(), [&](const std::string& path) {
          const std::string full = files.resolve(path);
          const Mount* best = &all[2];
          for (const Mount& other : all) {
            if (full.starts_with(other.place) && other.place.size() > best->place.size())
              best = &other;
          }
          return best == &mount;
        });
    if (!wanted) continue;
    const std::int64_t size = inodes ? mount.size / 16'384 : mount.size;
    const std::int64_t used =
        inodes ? std::max<std::int64_t>(mount.used / 4'000'000, 1) : mount.used;
    const std::int64_t percent = size > 0 ? (used * 100 + size - 1) / size : 0;
    const auto text = [&](std::int64_t value) {
      if (inodes) return std::to_string(value);
      if (options.has('h')) return value == 0 ? std::string("0") : human(value);
      return std::to_string(value / (options.has('m') ? 1 << 20 : 1024));
    };
    rows.push_back({mount.device, text(size), text(used), text(size - used),
                    std::to_string(percent) + "%", mount.place});
  }
  std::array<std::size_t, 6> widths = {14, inodes ? 6u : 5u, 5, 5, 4, 0};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < 5; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line = base::padRight(row[0], widths[0]);
    for (std::size_t i = 1; i < 5; ++i) line += " " + base::padLeft(row[i], widths[i]);
    call.print(line + " " + row[5] + "\n");
  }
  return 0;
}

struct DiskRates {
  double reads = 0, readKb = 0, writes = 0, writtenKb = 0, wait = 0, queue = 0, busy = 0;
  double user = 0, system = 0, iowait = 0, idle = 100;
};

void setCpu(DiskRates& rates, double user, double system, double wait, double idle) {
  const double total = user + system + wait + idle;
  if (total <= 0) return;
  rates.user = 100 * user / total;
  rates.system = 100 * system / total;
  rates.iowait = 100 * wait / total;
  rates.idle = 100 * idle / total;
}

DiskRates sinceBoot(const sim::World& world) {
  DiskRates rates;
  const sim::Host& host = world.host();
  const double up = static_cast<double>(std::max<std::int64_t>(world.now().ms, 1000)) / 1000;
  rates.reads = host.diskReads / up;
  rates.readKb = host.diskReadBytes / 1024 / up;
  rates.writtenKb = host.diskWrittenBytes / 1024 / up;
  rates.wait = host.diskReads > 0 ? 1000 * host.diskReadSeconds / host.diskReads : 0;
  rates.queue = host.diskReadSeconds / up;
  rates.busy = 100 * host.diskBusySeconds / up;
  setCpu(rates, host.cpuUser, host.cpuSystem, host.cpuIowait, host.cpuIdle);
  return rates;
}

DiskRates secondsAgo(const sim::Telemetry& telemetry, int ago) {
  using sim::Metric;
  const auto rate = [&](Metric metric) { return ratePerSecond(telemetry, metric, ago); };
  DiskRates rates;
  rates.reads = rate(Metric::NodeDiskReads);
  rates.readKb = rate(Metric::NodeDiskReadBytes) / 1024;
  rates.writtenKb = rate(Metric::NodeDiskWrittenBytes) / 1024;
  rates.wait = rates.reads > 0 ? 1000 * rate(Metric::NodeDiskReadTime) / rates.reads : 0;
  rates.queue = sampleAt(telemetry, Metric::NodeDiskQueue, ago);
  rates.busy = std::min(100.0, 100 * rate(Metric::NodeDiskIoTime));
  setCpu(rates, rate(Metric::NodeCpuUser), rate(Metric::NodeCpuSystem), rate(Metric::NodeCpuIowait),
         rate(Metric::NodeCpuIdle));
  return rates;
}

void printRates(Call& call, const DiskRates& r, bool extended) {
  const auto fixed = [](double value, std::size_t width, int decimals = 2) {
    return base::padLeft(base::fixedText(value, decimals), width);
  };
  call.print("avg-cpu:  %user   %nice %system %iowait  %steal   %idle\n       " + fixed(r.user, 8) +
             fixed(0, 8) + fixed(r.system, 8) + fixed(r.iowait, 8) + fixed(0, 8) +
             fixed(r.idle, 8) + "\n\n");
  const double writes = r.writtenKb / 64;  // checkpoints and WAL write in runs of some pages
  if (!extended) {
    call.print(
        "Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    "
        "kB_dscd\n"
        "nvme0n1       " +
        fixed(r.reads + writes, 8) + fixed(r.readKb, 13) + fixed(r.writtenKb, 13) + fixed(0, 13) +
        fixed(r.readKb, 11, 0) + fixed(r.writtenKb, 11, 0) + fixed(0, 11, 0) + "\n\n\n");
    return;
  }
  call.print(
      "Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s "
      " %wrqm "
      "w_await wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz "
      " %util\n");
  const auto group = [&](double count, double kilobytes, double wait) {
    return fixed(count, 8) + fixed(kilobytes, 10) + fixed(0, 9) + fixed(0, 7) + fixed(wait, 8) +
           fixed(count > 0 ? kilobytes / count : 0, 9);
  };
  call.print("nvme0n1      " + group(r.reads, r.readKb, r.wait) +
             group(writes, r.writtenKb, writes > 0 ? 0.9 : 0) + group(0, 0, 0) + fixed(0, 8) +
             fixed(0, 8) + fixed(r.queue, 8) + fixed(r.busy, 7) + "\n\n\n");
}

int runIostat(Call& call) {
  const Options options = parseOptions(call, "xkmdctyzhN");
  if (!options.ok) return 1;
  std::vector<std::int64_t> numbers;
  for (const std::string& text : options.rest) {
    if (isNumber(text)) numbers.push_back(numberOr(text, 1, 1, 3600));
  }
  const std::int64_t delay = numbers.empty() ? 0 : numbers[0];
  const std::int64_t count = numbers.empty()      ? 1
                             : numbers.size() > 1 ? std::min<std::int64_t>(numbers[1], 100)
                                                  : 3;
  const base::CivilTime civil = base::fromUnixMs(call.unixMs());
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  call.print("Linux " + std::string(kKernelRelease) + " (" + call.world().spec().host.name +
             ") \t" + two(civil.month) + "/" + two(civil.day) + "/" + two(civil.year % 100) +
             " \t_x86_64_\t(" + std::to_string(call.world().spec().host.cores) + " CPU)\n\n");
  for (std::int64_t i = 0; i < count; ++i) {
    const auto ago = static_cast<int>((count - 1 - i) * std::max<std::int64_t>(delay, 1));
    if (i == 0 && options.has('y') && count > 1) continue;
    printRates(call, i == 0 ? sinceBoot(call.world()) : secondsAgo(call.machine.telemetry, ago),
               options.has('x'));
  }
  call.duration = call.duration + base::seconds((count - 1) * delay);
  return 0;
}

int runLsblk(Call& call) {
  const sim::HostSpec& spec = call.world().spec().host;
  const std::string data = base::padLeft(human(spec.diskBytes), 5);
  call.print("NAME        MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS\nnvme0n1     259:0    0" +
             base::padLeft(human(spec.diskBytes + 40 * kGib), 5) +
             "  0 disk \n├─nvme0n1p1 259:1    0   40G  0 part /\n└─nvme0n1p2 259:2    0" + data +
             "  0 part /var/lib/postgresql\n");
  return 0;
}

// "Linux 6.1.0-28-amd64 (db1) 	05/07/24 	_x86_64_	(16 CPU)"
std::string sysstatHead(const Call& call) {
  const base::CivilTime now = base::fromUnixMs(call.unixMs());
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "Linux " + std::string(kKernelRelease) + " (" + call.world().spec().host.name + ") \t" +
         two(now.month) + "/" + two(now.day) + "/" + two(now.year % 100) + " \t_x86_64_\t(" +
         std::to_string(call.world().spec().host.cores) + " CPU)\n\n";
}

std::string number(double value, std::size_t width, int decimals = 2) {
  return base::padLeft(base::fixedText(value, decimals), width);
}

// Seconds and how many of them, of the last two arguments; without them the mean since boot.
struct Rounds {
  std::int64_t delay = 1, count = 1;
  bool sampled = false;
};
Rounds roundsOf(const Options& options) {
  Rounds rounds;
  rounds.sampled = !options.rest.empty();
  if (rounds.sampled) rounds.delay = numberOr(options.rest[0], 1, 1, 3600);
  rounds.count = options.rest.size() > 1 ? numberOr(options.rest[1], 1, 1, 300) : 1;
  return rounds;
}

void processorLine(Call& call, const std::string& stamp, const std::string& name,
                   const DiskRates& r) {
  call.print(stamp + base::padLeft(name, 8) + number(r.user, 8) + number(0, 8) +
             number(r.system, 8) + number(r.iowait, 8) + number(0, 8) + number(0, 8) +
             number(0, 8) + number(0, 8) + number(0, 8) + number(r.idle, 8) + "\n");
}

// The processors share the load evenly, as far as these counters tell.
int runMpstat(Call& call) {
  const Options options = parseOptions(call, "P:uA");
  if (!options.ok) return 1;
  const Rounds rounds = roundsOf(options);
  call.print(sysstatHead(call));
  const bool each = options.has('P');
  const auto block = [&](const std::string& stamp, const std::string& head, const DiskRates& r) {
    call.print(head +
               "     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   "
               "%idle\n");
    processorLine(call, stamp, "all", r);
    for (int i = 0; each && i < call.world().spec().host.cores; ++i) {
      processorLine(call, stamp, std::to_string(i), r);
    }
    call.print("\n");
  };
  if (!rounds.sampled) {
    const std::string stamp = base::clockText(call.unixMs());
    block(stamp, stamp, sinceBoot(call.world()));
    return 0;
  }
  DiskRates sum;
  sum.idle = 0;
  for (std::int64_t i = 0; i < rounds.count; ++i) {
    const auto ago = static_cast<int>((rounds.count - 1 - i) * rounds.delay);
    const DiskRates r = secondsAgo(call.machine.telemetry, ago);
    sum.user += r.user;
    sum.system += r.system;
    sum.iowait += r.iowait;
    sum.idle += r.idle;
    const std::int64_t at = call.unixMs() - std::int64_t{ago} * 1000;
    block(base::clockText(at), base::clockText(at - rounds.delay * 1000), r);
  }
  const auto n = static_cast<double>(rounds.count);
  for (double* part : {&sum.user, &sum.system, &sum.iowait, &sum.idle}) *part /= n;
  block("Average:", "Average:", sum);
  call.duration = call.duration + base::seconds((rounds.count - 1) * rounds.delay);
  return 0;
}

std::string memoryLine(const sim::Telemetry& telemetry, const sim::World& world, int ago) {
  using sim::Metric;
  const auto kb = [&](Metric metric) { return sampleAt(telemetry, metric, ago) / 1024; };
  const double total = kb(Metric::NodeMemTotal), available = kb(Metric::NodeMemAvailable);
  const double used = std::max(0.0, total - available), commit = kb(Metric::NodeMemCommitted);
  const double whole = total + static_cast<double>(world.host().swapTotal) / 1024;
  const double anon = kb(Metric::NodeMemAnon), cached = kb(Metric::NodeMemCached);
  return number(kb(Metric::NodeMemFree), 13, 0) + number(available, 10, 0) + number(used, 10, 0) +
         number(total > 0 ? 100 * used / total : 0, 10) + number(total / 600, 10, 0) +
         number(cached, 10, 0) + number(commit, 10, 0) +
         number(whole > 0 ? 100 * commit / whole : 0, 10) + number(anon + cached * 0.3, 10, 0) +
         number(cached * 0.6, 10, 0) + number(kb(Metric::NodeMemDirty), 10, 0) + "\n";
}

// sar -u (processors), -r (memory), -q (load), -b (disk): from the samples of these seconds.
int runSar(Call& call) {
  const Options options = parseOptions(call, "urqbAn:dpS");
  if (!options.ok) return 1;
  const Rounds rounds = roundsOf(options);
  if (!rounds.sampled) {
    call.complain("Cannot open /var/log/sysstat/sa" +
                  std::to_string(base::fromUnixMs(call.unixMs()).day) +
                  ": No such file or directory\nPlease check if data collecting is enabled");
    return 2;
  }
  const char* head = "        CPU     %user     %nice   %system   %iowait    %steal     %idle\n";
  if (options.has('r')) {
    head =
        "    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit  "
        "kbactive   kbinact   kbdirty\n";
  } else if (options.has('q')) {
    head = "      runq-sz  plist-sz   ldavg-1   ldavg-5  ldavg-15   blocked\n";
  } else if (options.has('b')) {
    head = "          tps      rtps      wtps      dtps   bread/s   bwrtn/s   bdscd/s\n";
  }
  call.print(sysstatHead(call) +
             base::clockText(call.unixMs() - rounds.count * rounds.delay * 1000) + head);
  for (std::int64_t i = 0; i < rounds.count; ++i) {
    const auto ago = static_cast<int>((rounds.count - 1 - i) * rounds.delay);
    const sim::Telemetry& telemetry = call.machine.telemetry;
    const DiskRates r = secondsAgo(telemetry, ago);
    std::string line = base::clockText(call.unixMs() - std::int64_t{ago} * 1000);
    if (options.has('r')) {
      line += memoryLine(telemetry, call.world(), ago);
    } else if (options.has('q')) {
      const auto gauge = [&](sim::Metric metric) { return sampleAt(telemetry, metric, ago); };
      line += number(gauge(sim::Metric::NodeProcsRunning), 13, 0) +
              number(140 + call.world().postgres().connections(), 10, 0) +
              number(gauge(sim::Metric::NodeLoad1), 10) +
              number(gauge(sim::Metric::NodeLoad5), 10) +
              number(gauge(sim::Metric::NodeLoad15), 10) +
              number(gauge(sim::Metric::NodeProcsBlocked), 10, 0) + "\n";
    } else if (options.has('b')) {
      const double writes = r.writtenKb / 64;
      line += number(r.reads + writes, 13) + number(r.reads, 10) + number(writes, 10) +
              number(0, 10) + number(r.readKb * 2, 10) + number(r.writtenKb * 2, 10) +
              number(0, 10) + "\n";
    } else {
      line += base::padLeft("all", 11) + number(r.user, 10) + number(0, 10) + number(r.system, 10) +
              number(r.iowait, 10) + number(0, 10) + number(r.idle, 10) + "\n";
    }
    call.print(line);
  }
  call.duration = call.duration + base::seconds((rounds.count - 1) * rounds.delay);
  return 0;
}

// pidstat [-u] [-r] [-p PID]: processes that work, or the one named.
int runPidstat(Call& call) {
  const Options options = parseOptions(call, "urdp:lh");
  if (!options.ok) return 1;
  const Rounds rounds = roundsOf(options);
  call.print(sysstatHead(call));
  const bool memory = options.has('r');
  const double total = static_cast<double>(call.world().spec().host.ramBytes) / 1024;
  const std::vector<Process> all = processes(call.world());
  const auto uidOf = [](const std::string& user) {
    return user == "root" ? 0 : user == "postgres" ? 107 : user == "oncall" ? 1000 : 110;
  };
  // MODEL: nobody reads more lines than these; later rounds are as the last.
  constexpr std::size_t kMostBytes = 100'000;
  for (std::int64_t i = 0; i < rounds.count && call.out.size() < kMostBytes; ++i) {
    const std::int64_t ago = (rounds.count - 1 - i) * rounds.delay * 1000;
    const std::string stamp = base::padRight(base::clockText(call.unixMs() - ago), 11);
    call.print(stamp + "   UID       PID" +
               (memory ? "  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n"
                       : "    %usr %system  %guest   %wait    %CPU   CPU  Command\n"));
    for (const Process& p : all) {
      const bool named = options.has('p') && options.value('p') != "ALL";
      if (named ? std::to_string(p.pid) != options.value('p')
                : !options.has('p') && (memory ? p.residentKb() == 0 : p.cpuPercent < 0.005)) {
        continue;
      }
      // MODEL: of a backend's time in the processor a quarter is the kernel's.
      const double system = p.cpuPercent / 4;
      call.print(stamp + base::padLeft(std::to_string(uidOf(p.user)), 6) +
                 base::padLeft(std::to_string(p.pid), 10));
      if (memory) {
        call.print(number(p.cpuPercent * 10, 10) + number(0, 10) +
                   base::padLeft(std::to_string(p.virtualKb), 8) +
                   base::padLeft(std::to_string(p.residentKb()), 8) +
                   number(100 * static_cast<double>(p.residentKb()) / total, 7));
      } else {
        const auto core = p.pid % static_cast<std::uint32_t>(call.world().spec().host.cores);
        call.print(number(p.cpuPercent - system, 8) + number(system, 8) + number(0, 8) +
                   number(0, 8) + number(p.cpuPercent, 8) + base::padLeft(std::to_string(core), 6));
      }
      call.print("  " + (options.has('l') ? p.command : p.name) + "\n");
    }
    call.print("\n");
  }
  if (rounds.sampled) call.duration = call.duration + base::seconds(rounds.count * rounds.delay);
  return 0;
}

int runDu(Call& call) {
  const Options options = parseOptions(call, "shcakmd:x");
  if (!options.ok) return 1;
  const FileView files(call.machine, call.state);
  const sim::DatabaseSpec& database = call.world().spec().database;
  int code = 0;
  for (const std::string& path :
       options.rest.empty() ? std::vector<std::string>{"."} : options.rest) {
    if (!files.exists(path)) {
      code = call.fail("cannot access '" + path + "': No such file or directory");
      continue;
    }
    std::int64_t bytes = 0;
    const std::string full = files.resolve(path);
    for (const std::string& one : files.below(path))
      bytes += (files.info(one).size + 4095) / 4096 * 4096;
    // The relations' files are not listed one by one.
    if (database.dataDirectory.starts_with(full == "/" ? full : full + "/") ||
        full == database.dataDirectory || full == database.dataDirectory + "/base") {
      bytes += database.databaseBytes;
    }
    if (!files.isDirectory(path)) bytes = (files.info(path).size + 4095) / 4096 * 4096;
    const std::string size = options.has('h')   ? human(bytes)
                             : options.has('m') ? std::to_string((bytes + (1 << 20) - 1) >> 20)
                                                : std::to_string(bytes / 1024);
    call.print(size + "\t" + path + "\n");
  }
  return code;
}

constexpr Command kCommands[] = {
    {"df", "df [-h] [-i] [PATH...]", "file systems and their space", runDf},
    {"du", "du [-s] [-h] [PATH...]", "space that files take", runDu},
    {"iostat", "iostat [-x] [SECONDS [COUNT]]", "disk and CPU use", runIostat},
    {"lsblk", "lsblk", "disks and partitions", runLsblk},
    {"mount", "mount [-t tmpfs] [-o size=SIZE|remount,size=SIZE] [tmpfs] DIRECTORY",
     "file systems: list, or put one in memory on a directory", runMount},
    {"mpstat", "mpstat [-P ALL] [SECONDS [COUNT]]", "use of the processors", runMpstat},
    {"pidstat", "pidstat [-u|-r] [-p PID] [SECONDS [COUNT]]", "what processes use", runPidstat},
    {"sar", "sar [-u|-r|-q|-b] SECONDS [COUNT]", "processors, memory, load and disk over time",
     runSar},
    {"umount", "umount DIRECTORY", "take a file system away", runUmount}};

}  // namespace

std::span<const Command> storageCommands() {
  return kCommands;
}

}  // namespace console
