// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/oom_report.h"

#include <algorithm>
#include <array>

#include "base/random.h"

namespace sim {
namespace {

constexpr std::int64_t kPageKb = 4;
constexpr std::int64_t kServerUid = 107;

std::int64_t wholePages(std::int64_t kb) {
  return std::max<std::int64_t>(kb, 0) / kPageKb * kPageKb;
}

// Postmaster and auxiliary processes: private memory (MODEL: 60 MB in all, as server_backends.cpp
// counts), and what each has touched of the shared pages that a busy backend has touched: the
// checkpointer and the background writer write buffers, the others hardly look at them.
struct Helper {
  std::uint32_t offset;  // from the postmaster's pid, 0: itself
  std::int64_t anonKb, sharedTenths, adjust;
};
constexpr std::array<Helper, 6> kHelpers = {{{0, 16'844, 0, -900},
                                             {1, 9'908, 6, 0},
                                             {2, 8'744, 1, 0},
                                             {3, 9'216, 0, 0},
                                             {4, 8'512, 0, 0},
                                             {5, 8'216, 0, 0}}};
constexpr std::int64_t kFreshPageTablesKb = 200;  // of a process without shared pages

struct Backend {
  std::uint32_t pid;
  double pageTables;  // kB, before they are made to add up
  std::int64_t sharedKb;
};

std::vector<Backend> backendsOf(const ServerContext& c) {
  std::vector<Backend> all;
  const auto touched = static_cast<double>(c.host.memory.shmem);
  for (const Cohort& cohort : c.server.cohorts) {
    const double distinct =
        std::min(c.model.popularity.distinctPages(cohort.references), c.server.poolPages);
    const bool small = !c.server.values.hugePages;
    const double tables = small ? pageTableBytes(distinct, touched) / 1024 : 0;
    const auto shared =
        small ? static_cast<std::int64_t>(std::min(distinct * 8192, touched) / 1024) : 0;
    for (std::int32_t i = 0; i < cohort.connections; ++i) {
      all.push_back({cohort.firstPid + static_cast<std::uint32_t>(i),
                     tables + static_cast<double>(kFreshPageTablesKb), shared});
    }
  }
  return all;
}

std::vector<OomTask> helperTasks(const ServerContext& c, const OomReport& r,
                                 std::int64_t sharedKb) {
  std::vector<OomTask> tasks;
  for (const Helper& helper : kHelpers) {
    OomTask task;
    task.pid =
        helper.offset == 0 ? c.server.postmasterPid : c.server.auxiliaryPid + helper.offset - 1;
    task.uid = kServerUid;
    task.adjust = helper.adjust;
    task.anonKb = helper.anonKb;
    task.fileKb = 12'400;
    task.shmemKb = wholePages(sharedKb * helper.sharedTenths / 10);
    task.vmKb = wholePages(r.segmentKb + 48'000 + helper.anonKb);
    // 4 kB of table for each 2 MiB touched.
    task.pageTablesKb = wholePages(kFreshPageTablesKb + task.shmemKb / 512);
    tasks.push_back(task);
  }
  return tasks;
}

}  // namespace

OomReport oomReport(const ServerContext& c, const OomVictim& victim) {
  const HostSpec& spec = c.model.spec.host;
  const Memory& m = c.host.memory;
  OomReport report;
  report.ramKb = spec.ramBytes / 1024;
  report.freeKb = minWatermark(spec.ramBytes) / 1024;
  report.anonKb = m.anon / 1024;
  report.shmemKb = m.shmem / 1024;
  report.fileKb = m.pageCache / 1024;
  report.pageTablesKb = m.pageTables / 1024;
  report.slabKb = m.kernel / 2048;
  report.swapTotalKb = c.host.swapTotal / 1024;
  report.swapFreeKb = (c.host.swapTotal - c.host.swapUsed) / 1024;
  report.hugePages = spec.hugePages;
  report.hugePagesFree = spec.hugePages - c.host.hugePagesUsed;
  const auto backends = static_cast<std::uint64_t>(std::max(1, c.server.connections()));
  report.triggerPid =
      backendPid(c.server, static_cast<std::int32_t>(base::below(
                               backends, c.seed, base::Stream::OomVictim, c.now.seconds(), 1)));
  report.postmasterPid = c.server.postmasterPid;
  report.segmentKb = c.server.values.sharedMemoryBytes / 1024;
  report.backends = c.server.connections();
  report.firstBackendPid = backendPid(c.server, 0);
  report.victimPid = victim.pid;
  report.victimVmKb = victim.totalVmKb;
  report.victimAnonKb = victim.anonKb;
  report.victimFileKb = victim.fileKb;
  report.victimShmemKb = victim.shmemKb;
  report.victimPageTablesKb = victim.pageTableKb;
  return report;
}

std::vector<OomTask> oomTasks(const ServerContext& c, const OomReport& r) {
  const std::vector<Backend> backends = backendsOf(c);
  if (backends.empty()) return {};
  double weight = 0;
  std::int64_t widest = 0;
  for (const Backend& one : backends) {
    weight += one.pageTables;
    widest = std::max(widest, one.sharedKb);
  }
  std::vector<OomTask> tasks = helperTasks(c, r, widest);
  std::int64_t anonLeft = wholePages(r.anonKb), tablesLeft = wholePages(r.pageTablesKb);
  for (const OomTask& task : tasks) {
    anonLeft -= task.anonKb;
    tablesLeft -= task.pageTablesKb;
  }
  tablesLeft = std::max<std::int64_t>(tablesLeft - kDaemonPageTablesKb, 0);
  anonLeft = std::max<std::int64_t>(anonLeft, 0);
  // The victim is a hair larger than its like; what rounding leaves over is its.
  const auto count = static_cast<std::int64_t>(backends.size());
  const std::int64_t anonEach = wholePages(anonLeft / count), tablesAll = tablesLeft;
  OomTask* victim = nullptr;
  tasks.reserve(tasks.size() + backends.size());
  for (const Backend& one : backends) {
    OomTask task;
    task.pid = one.pid;
    task.uid = kServerUid;
    const bool chosen = one.pid == static_cast<std::uint32_t>(r.victimPid);
    const auto less = static_cast<std::int64_t>(
        base::below(60, c.seed, base::Stream::OomVictim, c.now.seconds(), one.pid));
    task.anonKb = std::max<std::int64_t>(kPageKb, anonEach - (chosen ? 0 : less * kPageKb));
    task.fileKb = r.victimFileKb - (chosen ? 0 : less * kPageKb / 2);
    task.fileKb = wholePages(task.fileKb);
    task.shmemKb = wholePages(one.sharedKb - (chosen ? 0 : less * 16 * kPageKb));
    task.vmKb = wholePages(r.victimVmKb - (chosen ? 0 : less * kPageKb));
    task.pageTablesKb = wholePages(static_cast<std::int64_t>(
        static_cast<double>(tablesAll) * one.pageTables / std::max(weight, 1.0)));
    anonLeft -= task.anonKb;
    tablesLeft -= task.pageTablesKb;
    tasks.push_back(task);
    if (chosen) victim = &tasks.back();
  }
  if (victim != nullptr) {
    victim->anonKb += wholePages(std::max<std::int64_t>(anonLeft, 0));
    victim->pageTablesKb += wholePages(std::max<std::int64_t>(tablesLeft, 0));
  }
  std::sort(tasks.begin(), tasks.end(),
            [](const OomTask& a, const OomTask& b) { return a.pid < b.pid; });
  return tasks;
}

}  // namespace sim
