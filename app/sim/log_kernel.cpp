// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's out-of-memory report in Linux 6.1's order, from the numbers the world keeps of it.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sim/log_shapes.h"

namespace sim {

namespace {

using Number = std::int64_t;

struct Field {
  std::string_view key;
  Number OomReport::*member;
};
constexpr Field kFields[] = {
    {"ram", &OomReport::ramKb},
    {"free", &OomReport::freeKb},
    {"anon", &OomReport::anonKb},
    {"shmem", &OomReport::shmemKb},
    {"file", &OomReport::fileKb},
    {"pagetables", &OomReport::pageTablesKb},
    {"slab", &OomReport::slabKb},
    {"dirty", &OomReport::dirtyKb},
    {"swap", &OomReport::swapTotalKb},
    {"swapfree", &OomReport::swapFreeKb},
    {"huge", &OomReport::hugePages},
    {"hugefree", &OomReport::hugePagesFree},
    {"triggerpid", &OomReport::triggerPid},
    {"postmaster", &OomReport::postmasterPid},
    {"segment", &OomReport::segmentKb},
    {"backends", &OomReport::backends},
    {"firstbackend", &OomReport::firstBackendPid},
    {"pid", &OomReport::victimPid},
    {"vm", &OomReport::victimVmKb},
    {"victimanon", &OomReport::victimAnonKb},
    {"victimfile", &OomReport::victimFileKb},
    {"victimshmem", &OomReport::victimShmemKb},
    {"victimpagetables", &OomReport::victimPageTablesKb},
};

// What the report prints in kB and in pages: the two must agree.
constexpr Number OomReport::*kWholePages[] = {
    &OomReport::victimVmKb,    &OomReport::victimAnonKb,       &OomReport::victimFileKb,
    &OomReport::victimShmemKb, &OomReport::victimPageTablesKb, &OomReport::swapFreeKb,
    &OomReport::swapTotalKb};

constexpr std::string_view kCallTrace =
    "Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1 04/01/2014\n"
    "Call Trace:\n"
    " <TASK>\n"
    " dump_stack_lvl+0x44/0x5c\n"
    " dump_header+0x4a/0x211\n"
    " oom_kill_process.cold+0xb/0x10\n"
    " out_of_memory+0x1fd/0x4c0\n"
    " __alloc_pages_slowpath.constprop.0+0xc6e/0xe00\n"
    " __alloc_pages+0x305/0x330\n"
    " folio_alloc+0x17/0x50\n"
    " __filemap_get_folio+0x155/0x340\n"
    " filemap_fault+0x139/0x910\n"
    " __do_fault+0x33/0x110\n"
    " do_fault+0x1b9/0x410\n"
    " __handle_mm_fault+0x660/0xfa0\n"
    " handle_mm_fault+0xdb/0x2d0\n"
    " do_user_addr_fault+0x191/0x550\n"
    " exc_page_fault+0x70/0x170\n"
    " asm_exc_page_fault+0x22/0x30\n"
    "RIP: 0033:0x55d0c1a3f2b0\n"
    "Code: Unable to access opcode bytes at 0x55d0c1a3f286.\n"
    "RSP: 002b:00007ffc5e1b7a48 EFLAGS: 00010206\n"
    "RAX: 0000000000000000 RBX: 000055d0c33a1f20 RCX: 0000000000000040\n"
    "RDX: 0000000000000001 RSI: 000055d0c33a1f20 RDI: 000055d0c33a2188\n"
    "RBP: 00007ffc5e1b7a90 R08: 0000000000000000 R09: 0000000000000001\n"
    "R10: 0000000000000000 R11: 0000000000000246 R12: 000055d0c33a2188\n"
    "R13: 0000000000000000 R14: 000055d0c33a1f20 R15: 0000000000000000\n"
    " </TASK>\n";

std::string text(Number number) {
  return std::to_string(number);
}

std::string kb(std::string_view name, Number value) {
  return std::string(name) + ":" + text(value) + "kB";
}

// One memory zone's share of the whole.
struct Zone {
  std::string_view name;
  Number managed = 0, present = 0, free = 0, minimum = 0;
  Number activeAnon = 0, inactiveAnon = 0, activeFile = 0, inactiveFile = 0, dirty = 0;
};

struct Sums {
  Number activeAnon = 0, inactiveAnon = 0, activeFile = 0, inactiveFile = 0;
  Number slabReclaimable = 0, slabUnreclaimable = 0, kernelStack = 0, mapped = 0;
};

// All values are whole pages: the report prints the same numbers in pages and in kB.
Number wholePages(Number kilobytes) {
  return std::max<Number>(kilobytes, 0) / 4 * 4;
}

Sums sumsOf(const OomReport& r) {
  Sums s;
  const Number anonLists = wholePages(r.anonKb) + wholePages(r.shmemKb);
  s.activeAnon = wholePages(anonLists / 60);
  s.inactiveAnon = anonLists - s.activeAnon;
  s.activeFile = wholePages(r.fileKb / 2);
  s.inactiveFile = wholePages(r.fileKb) - s.activeFile;
  s.slabReclaimable = wholePages(r.slabKb * 4 / 9);
  s.slabUnreclaimable = wholePages(r.slabKb) - s.slabReclaimable;
  s.kernelStack = wholePages((180 + r.backends + 8) * 16);
  s.mapped = wholePages(r.shmemKb) + wholePages(r.fileKb / 2);
  return s;
}

std::array<Zone, 3> zonesOf(const OomReport& r, const Sums& s) {
  constexpr Number kDma = 15360, kDma32 = 3'063'660;
  Zone dma{"DMA"}, dma32{"DMA32"}, normal{"Normal"};
  const Number ram = wholePages(r.ramKb);
  dma.managed = std::min(kDma, ram);
  dma32.managed = std::min(kDma32, ram - dma.managed);
  normal.managed = ram - dma.managed - dma32.managed;
  // mm/page_alloc.c: min_free_kbytes = sqrt(16 * kB), shared out by size.
  const auto minimum = static_cast<Number>(std::sqrt(static_cast<double>(ram) * 16.0));
  const Number free = wholePages(r.freeKb);
  dma.free = std::min(dma.managed, wholePages(free / 4));
  normal.minimum = ram > 0 ? wholePages(minimum * normal.managed / ram) : 0;
  normal.free = std::min(wholePages((free - dma.free) * 3 / 4), wholePages(normal.minimum * 7 / 8));
  dma32.free = free - dma.free - normal.free;
  for (Zone* zone : {&dma, &dma32, &normal}) {
    zone->minimum = ram > 0 ? wholePages(minimum * zone->managed / ram) : 0;
    zone->present = zone->managed + (zone == &dma ? 632 : wholePages(zone->managed / 34));
  }
  // What is on the lists lies in DMA32 and Normal, by size.
  const auto part = [&](Number total) {
    const Number both = std::max<Number>(dma32.managed + normal.managed, 1);
    return wholePages(
        static_cast<Number>(static_cast<double>(total) * static_cast<double>(dma32.managed) /
                            static_cast<double>(both)));
  };
  const auto share = [&](Number Zone::*member, Number total) {
    dma32.*member = part(total);
    normal.*member = total - part(total);
  };
  share(&Zone::activeAnon, s.activeAnon);
  share(&Zone::inactiveAnon, s.inactiveAnon);
  share(&Zone::activeFile, s.activeFile);
  share(&Zone::inactiveFile, s.inactiveFile);
  share(&Zone::dirty, wholePages(r.dirtyKb));
  return {dma, dma32, normal};
}

void addTotals(std::string& out, const OomReport& r, const Sums& s) {
  const auto pages = [](std::string_view name, Number value) {
    return std::string(name) + ":" + text(value / 4);
  };
  out += "Mem-Info:\n";
  out += pages("active_anon", s.activeAnon) + " " + pages("inactive_anon", s.inactiveAnon) +
         " isolated_anon:0\n";
  out += " " + pages("active_file", s.activeFile) + " " + pages("inactive_file", s.inactiveFile) +
         " isolated_file:0\n";
  out += " unevictable:0 " + pages("dirty", r.dirtyKb) + " writeback:0\n";
  out += " " + pages("slab_reclaimable", s.slabReclaimable) + " " +
         pages("slab_unreclaimable", s.slabUnreclaimable) + "\n";
  out += " " + pages("mapped", s.mapped) + " " + pages("shmem", r.shmemKb) + " " +
         pages("pagetables", r.pageTablesKb) + "\n";
  out += " sec_pagetables:0 bounce:0\n kernel_misc_reclaimable:0\n";
  out += " " + pages("free", r.freeKb) + " free_pcp:0 free_cma:0\n";
  out += "Node 0 " + kb("active_anon", s.activeAnon) + " " + kb("inactive_anon", s.inactiveAnon) +
         " " + kb("active_file", s.activeFile) + " " + kb("inactive_file", s.inactiveFile) +
         " unevictable:0kB isolated(anon):0kB isolated(file):0kB " + kb("mapped", s.mapped) + " " +
         kb("dirty", wholePages(r.dirtyKb)) + " writeback:0kB " +
         kb("shmem", wholePages(r.shmemKb)) +
         " shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB " +
         kb("kernel_stack", s.kernelStack) + " " + kb("pagetables", wholePages(r.pageTablesKb)) +
         " sec_pagetables:0kB all_unreclaimable? yes\n";
}

void addZone(std::string& out, const Zone& z, const std::array<Number, 3>& reserves) {
  out += "Node 0 " + std::string(z.name) + " " + kb("free", z.free) + " boost:0kB " +
         kb("min", z.minimum) + " " + kb("low", z.minimum * 5 / 4) + " " +
         kb("high", z.minimum * 3 / 2) + " reserved_highatomic:0KB " +
         kb("active_anon", z.activeAnon) + " " + kb("inactive_anon", z.inactiveAnon) + " " +
         kb("active_file", z.activeFile) + " " + kb("inactive_file", z.inactiveFile) +
         " unevictable:0kB " + kb("writepending", z.dirty) + " " + kb("present", z.present) + " " +
         kb("managed", z.managed) +
         " mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB\n";
  out += "lowmem_reserve[]: " + text(reserves[0]) + " " + text(reserves[1]) + " " +
         text(reserves[2]) + " " + text(reserves[2]) + " " + text(reserves[2]) + "\n";
}

void addZones(std::string& out, const std::array<Zone, 3>& zones) {
  const Number dma32 = zones[1].managed / 1024, normal = zones[2].managed / 1024;
  addZone(out, zones[0], {0, dma32, dma32 + normal});
  addZone(out, zones[1], {0, 0, normal});
  addZone(out, zones[2], {0, 0, 0});
}

// A free list whose blocks add up to the zone's free memory.
std::string buddyLine(const Zone& zone) {
  std::array<Number, 11> counts{};
  Number rest = zone.free;
  const bool fragmented = zone.name != "DMA";
  for (int order = 10; order >= 0; --order) {
    const Number block = Number{4} << order;
    // A host out of memory has few large blocks: at most a fifth of what is left goes to each
    // order.
    const Number most = fragmented && order > 0 ? rest / 5 / block : rest / block;
    counts[static_cast<std::size_t>(order)] = most;
    rest -= most * block;
  }
  std::string line = "Node 0 " + std::string(zone.name) + ": ";
  for (std::size_t order = 0; order < counts.size(); ++order) {
    line += text(counts[order]) + "*" + text(Number{4} << order) + "kB ";
    if (counts[order] > 0) line += fragmented ? "(UME) " : "(U) ";
  }
  return line + "= " + text(zone.free) + "kB\n";
}

void addPages(std::string& out, const OomReport& r, const std::array<Zone, 3>& zones) {
  for (const Zone& zone : zones) out += buddyLine(zone);
  out += "Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB\n";
  out += "Node 0 hugepages_total=" + text(r.hugePages) +
         " hugepages_free=" + text(r.hugePagesFree) + " hugepages_surp=0 hugepages_size=2048kB\n";
  out += text((wholePages(r.fileKb) + wholePages(r.shmemKb)) / 4) + " total pagecache pages\n";
  out += "0 pages in swap cache\n";
  out += "Free swap  = " + text(r.swapFreeKb) + "kB\nTotal swap = " + text(r.swapTotalKb) + "kB\n";
  Number present = 0, managed = 0;
  for (const Zone& zone : zones) present += zone.present, managed += zone.managed;
  out += text(present / 4) + " pages RAM\n0 pages HighMem/MovableOnly\n";
  out += text(present / 4 - managed / 4) + " pages reserved\n0 pages hwpoisoned\n";
}

void addTask(std::string& out, const OomTask& task) {
  const auto right = [](Number value, std::size_t width) {
    return base::padLeft(text(value), width);
  };
  const Number pid = task.pid;
  out += "[" + right(pid, 7) + "] " + right(task.uid, 5) + " " + right(pid, 5) + " " +
         right(task.vmKb / 4, 8) + " " + right(task.residentKb() / 4, 8) + " " +
         right(task.pageTablesKb * 1024, 8) + " " + right(task.swapKb / 4, 8) + " " +
         right(task.adjust, 13) + " " + task.name + "\n";
}

OomTask serverTask(Number pid, Number vmKb, Number residentKb, Number pageTablesKb,
                   Number adjust = 0) {
  OomTask task;
  task.pid = static_cast<std::uint32_t>(pid);
  task.uid = 107;
  task.vmKb = vmKb;
  task.anonKb = residentKb;
  task.pageTablesKb = pageTablesKb;
  task.adjust = adjust;
  return task;
}

OomTask victimTask(const OomReport& r) {
  OomTask task = serverTask(r.victimPid, r.victimVmKb, r.victimAnonKb, r.victimPageTablesKb);
  task.fileKb = r.victimFileKb;
  task.shmemKb = r.victimShmemKb;
  return task;
}

// When nobody kept the processes: the server's own, the victim, and some that are nearly as large.
std::vector<OomTask> guessedTasks(const OomReport& r) {
  constexpr Number kCodeKb = 48'000;
  const Number mapped = r.segmentKb + kCodeKb;
  const Number base = r.postmasterPid;
  const Number shmem = r.victimShmemKb;
  const auto tables = [](Number touchedKb) { return 92 + touchedKb / 512 / 4 * 4; };
  std::vector<OomTask> tasks = {
      serverTask(base, mapped, 16'844, 440, -900),
      serverTask(base + 1, mapped + 448, shmem * 3 / 5 + 3600, tables(shmem * 3 / 5)),
      serverTask(base + 2, mapped + 268, shmem / 8 + 3600, tables(shmem / 8)),
      serverTask(base + 3, mapped, 20'008, 168),
      serverTask(base + 4, mapped + 1660, 3684, 192),
      serverTask(base + 5, mapped + 1532, 3244, 176),
  };
  constexpr std::array<Number, 6> kSizes = {985, 971, 963, 942, 917, 884};  // thousandths
  const auto shown = std::min<Number>(r.backends - 1, static_cast<Number>(kSizes.size()));
  const OomTask victim = victimTask(r);
  std::vector<OomTask> backends = {victim};
  for (Number i = 0, pid = r.firstBackendPid; i < shown; ++pid) {
    if (pid == r.victimPid) continue;
    const Number size = kSizes[static_cast<std::size_t>(i++)];
    backends.push_back(serverTask(pid, r.victimVmKb - (1000 - size) * 4,
                                  victim.residentKb() * size / 1000,
                                  r.victimPageTablesKb * size / 4000 * 4));
  }
  std::sort(backends.begin(), backends.end(),
            [](const OomTask& a, const OomTask& b) { return a.pid < b.pid; });
  tasks.insert(tasks.end(), backends.begin(), backends.end());
  return tasks;
}

void addTasks(std::string& out, const std::vector<OomTask>& server) {
  out += "Tasks state (memory values in pages):\n";
  out += "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n";
  for (const OomTask& task : daemonTasks()) addTask(out, task);
  for (const OomTask& task : server) addTask(out, task);
}

void addVerdict(std::string& out, const OomReport& r) {
  const std::string pid = text(r.victimPid);
  const std::string resident =
      ", file-rss:" + text(r.victimFileKb) + "kB, shmem-rss:" + text(r.victimShmemKb) + "kB";
  out +=
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
      "task_memcg=/system.slice/system-postgresql.slice/postgresql@15-main.service,"
      "task=postgres,pid=" +
      pid + ",uid=107\n";
  out += "Out of memory: Killed process " + pid + " (postgres) total-vm:" + text(r.victimVmKb) +
         "kB, anon-rss:" + text(r.victimAnonKb) + "kB" + resident +
         ", UID:107 pgtables:" + text(r.victimPageTablesKb) + "kB oom_score_adj:0\n";
  out += "oom_reaper: reaped process " + pid + " (postgres), now anon-rss:0kB" + resident;
}

}  // namespace

std::string oomReportText(const OomReport& report) {
  std::string out = "trigger=" + report.trigger;
  for (const Field& field : kFields) {
    out.append(" ").append(field.key).append("=").append(text(report.*field.member));
  }
  return out;
}

OomReport oomReportFrom(std::string_view compact) {
  OomReport report;
  report.trigger = std::string(compactValue(compact, "trigger"));
  for (const Field& field : kFields) report.*field.member = compactNumber(compact, field.key);
  return report;
}

const std::vector<OomTask>& daemonTasks() {
  const auto task = [](std::uint32_t pid, Number uid, Number pages, Number resident,
                       Number tablesKb, Number adjust, const char* name) {
    OomTask one;
    one.pid = pid;
    one.uid = uid;
    one.vmKb = pages * 4;
    one.anonKb = resident * 4;
    one.pageTablesKb = tablesKb;
    one.adjust = adjust;
    one.name = name;
    return one;
  };
  static const std::vector<OomTask> kDaemons = {
      task(231, 0, 12'412, 310, 100, -250, "systemd-journal"),
      task(262, 0, 6512, 402, 68, -1000, "systemd-udevd"),
      task(611, 100, 2265, 268, 56, -900, "dbus-daemon"),
      task(640, 0, 55'021, 421, 80, 0, "rsyslogd"),
      task(702, 0, 3857, 311, 68, -1000, "sshd"),
      task(705, 0, 309'201, 3120, 148, 0, "node_exporter")};
  return kDaemons;
}

namespace {

// What the processes took in the second since the figures were read: the report adds up to RAM.
void balance(OomReport& r) {
  const Number kernel = 2 * r.slabKb, huge = r.hugePages * 2048;
  const Number counted =
      r.freeKb + r.anonKb + r.shmemKb + r.fileKb + r.pageTablesKb + kernel + huge;
  const Number rest = r.ramKb - counted;
  (r.shmemKb > 0 ? r.shmemKb : r.anonKb) += std::max<Number>(rest, 0);
}

void takeVictim(OomReport& r, const std::vector<OomTask>& tasks) {
  for (const OomTask& task : tasks) {
    if (task.pid != static_cast<std::uint32_t>(r.victimPid)) continue;
    r.victimVmKb = task.vmKb;
    r.victimAnonKb = task.anonKb;
    r.victimFileKb = task.fileKb;
    r.victimShmemKb = task.shmemKb;
    r.victimPageTablesKb = task.pageTablesKb;
  }
}

}  // namespace

std::string kernelOomLines(const OomReport& given, const std::vector<OomTask>& tasks) {
  OomReport r = given;
  if (r.slabKb == 0) r.slabKb = r.ramKb / 100;
  if (r.victimFileKb == 0) r.victimFileKb = 4408;
  if (r.victimVmKb == 0) r.victimVmKb = r.segmentKb + r.victimAnonKb + 60'000;
  if (r.triggerPid == 0) r.triggerPid = r.victimPid;
  if (!tasks.empty()) {
    takeVictim(r, tasks);
    balance(r);
  }
  for (Number OomReport::*size : kWholePages) r.*size = wholePages(r.*size);
  const Sums sums = sumsOf(r);
  const std::array<Zone, 3> zones = zonesOf(r, sums);
  std::string out = r.trigger +
                    " invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), "
                    "order=0, oom_score_adj=0\n";
  out += "CPU: " + text(r.triggerPid % 8) + " PID: " + text(r.triggerPid) + " Comm: " + r.trigger +
         " Not tainted 6.1.0-28-amd64 #1  Debian 6.1.119-1\n";
  out += kCallTrace;
  addTotals(out, r, sums);
  addZones(out, zones);
  addPages(out, r, zones);
  addTasks(out, tasks.empty() ? guessedTasks(r) : tasks);
  addVerdict(out, r);
  return out;
}

}  // namespace sim
