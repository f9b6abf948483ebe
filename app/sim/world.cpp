// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/world.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/autovacuum.h"
#include "sim/buffer_cache.h"
#include "sim/change_review.h"
#include "sim/checkpoints.h"
#include "sim/log_batches.h"
#include "sim/log_processes.h"
#include "sim/log_shapes.h"
#include "sim/memory_settlement.h"
#include "sim/oom_report.h"
#include "sim/server.h"
#include "sim/server_backends.h"
#include "sim/server_log.h"
#include "sim/session_actions.h"
#include "sim/visitors.h"

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
// MODEL: page faults on evicted programs, libraries and WAL per request when all of it is evicted.
constexpr double kFaultsPerRequest = 120;
// MODEL: CPU a request loses to direct reclaim at full pressure.
constexpr double kReclaimCpuSeconds = 0.004;
constexpr double kRefreshBytes =
    24e6;  // MODEL: log and WAL writes that pass through the page cache
constexpr double kBytesPerAnswer =
    14'000;  // MODEL: network bytes from database to application per request

std::int64_t tickMs(const TimingSpec& timing, base::SimTime now) {
  return now < timing.fineFrom ? 60'000 : 1'000;
}

// What is left of a load average after a tick (kernel/sched/loadavg.c).
struct LoadDecay {
  double one, five, fifteen;
};
constexpr LoadDecay loadDecay(double seconds) {
  return {base::portableExp(-seconds / 60), base::portableExp(-seconds / 300),
          base::portableExp(-seconds / 900)};
}
constexpr LoadDecay kSecondDecay = loadDecay(1);
constexpr LoadDecay kMinuteDecay = loadDecay(60);

std::int64_t whole(double counter) {
  return static_cast<std::int64_t>(counter);
}

// Temporary files of the tick's statements, class by class.
void bookSpills(ServerContext& c, double served, double seconds) {
  const std::vector<QueryClass>& classes = c.model.spec.workload.classes;
  const auto workMem = static_cast<double>(c.server.values.workMemBytes);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double expected = served * classes[i].share * classes[i].sortNodes;
    if (classes[i].nodeBytes > workMem) bookTemporaryFiles(c, i, expected, seconds);
  }
}

}  // namespace

World::World(std::shared_ptr<const Model> model, std::uint64_t seed)
    : m_model(std::move(model)), m_seed(seed) {
  const WorldSpec& s = spec();
  m_host.swapTotal = s.host.swapBytes;
  m_host.memory.free = s.host.ramBytes;
  m_monitoring = startMonitoring(s.monitoring);
  m_people = startPeople(s.people);
  m_network.rttMs = s.network.rttMs;
  m_network.lossRatio = s.network.lossRatio;
  m_website.hosts = s.website.hostsMinimum;
  Telemetry silent(Detail::Summary);
  ServerContext context{*m_model, m_postgres, m_host, m_now, m_seed, silent};
  bootServer(context);
  // The host has been up for weeks: what memory was left over holds file pages. The pool of the
  // server before this one held the hottest of them.
  m_postgres.holePages = static_cast<double>(s.host.ramBytes) / 4 / kPageBytes;
  m_website.users = usersAt(s.workload, m_now);
  MemoryClaim claim = serverClaim(*m_model, m_postgres, 0);
  claim.fileWanted = s.host.ramBytes * 5 / 8;
  (void)settleMemory(m_host, s.host, claim);
}

const WorldSpec& World::spec() const {
  return m_model->spec;
}

std::int64_t World::unixMs() const {
  return spec().timing.startUnixMs + m_now.ms;
}

void World::logSession(const ServerMessage& message, std::uint32_t pid,
                       const std::string& statement, Telemetry& telemetry) const {
  writeSessionMessage(m_postgres.values.log, message, pid, statement, m_now, telemetry);
}

void World::advanceTo(base::SimTime time, Telemetry& telemetry) {
  while (m_now < time) tick(telemetry);
}

void World::tick(Telemetry& telemetry) {
  const std::int64_t step = tickMs(spec().timing, m_now);
  m_now.ms += step;
  m_tickSeconds = static_cast<double>(step) / 1000;
  const base::DrawPair chance = base::drawPair(m_seed, base::Stream::Arrivals, m_now.seconds());
  runHappenings(chance.second, telemetry);
  ServerContext context{*m_model, m_postgres, m_host, m_now, m_seed, telemetry};
  noteServerProcesses(context);
  stepServerLife(context);
  stepSessions(context);
  stepAutovacuum(context);
  serve(chance.first, telemetry);
  MetricRow row;
  if (telemetry.detail() == Detail::Full || scrapes(m_monitoring, m_now) ||
      !m_people.pending.empty()) {
    sample(row);  // sets every field
    telemetry.addRow(m_now, row);
  } else {
    row.fill(0);  // nobody looks
  }
  stepMonitoring(m_monitoring, spec().monitoring, m_now, row, telemetry);
  stepPeople(m_people, spec(), m_now, row, telemetry);
  answerChangeRequests(telemetry);
}

void World::serve(std::uint64_t chance, Telemetry& telemetry) {
  const WorldSpec& s = spec();
  const QueryMix& mix = m_model->mix;
  ServerContext context{*m_model, m_postgres, m_host, m_now, m_seed, telemetry};
  scaleHosts(m_website, s.website, s.workload, m_now);
  reportConnections(telemetry, connectHosts(context, m_website.hosts, m_tickSeconds));
  noteServerProcesses(context);

  const CacheView view = viewCaches(*m_model, m_postgres, m_host);
  m_lastTotalHit = view.totalHit;
  const double faults = kFaultsPerRequest * m_host.pressure;
  const double spilled = m_model->spilledBytes(static_cast<double>(m_postgres.values.workMemBytes));
  SiteTick tick{chance, m_now, m_tickSeconds, m_trafficFactor, {}};
  tick.demand.cpuSeconds = mix.cpuSeconds + kReclaimCpuSeconds * m_host.pressure;
  if (loadsRun(m_postgres)) tick.demand.cpuSeconds *= slowdown();
  // Pages that come from the disk: missed by both caches, faulted in again, and spilled sorts.
  tick.demand.diskReads = mix.pages * (1 - view.totalHit) + faults + spilled / kPageBytes / 32;
  tick.demand.diskReadSeconds = s.host.diskReadMs / 1000;
  tick.demand.delaySeconds = 2 * m_network.rttMs / 1000;
  const std::int64_t failedBefore = m_website.failed;
  stepVisitors(m_website, *m_model, m_postgres, tick);
  reportWebsite(telemetry, m_website.failed - failedBefore);

  const FlowResult& flow = m_website.last;
  SiteStatements statements{
      m_tickSeconds,       whole(m_postgres.commits), whole(m_postgres.rollbacks),
      flow.serviceSeconds, flow.diskReadSeconds,      1 - view.totalHit};
  const double accesses = flow.served * mix.pages;
  const double reads = fillCaches(*m_model, m_postgres, view, accesses);
  addReferences(m_postgres, accesses);
  m_postgres.commits += flow.served;
  m_postgres.rollbacks += m_postgres.accepts() ? flow.failed : 0;
  statements.committed = whole(m_postgres.commits) - statements.committed;
  statements.rolledBack = whole(m_postgres.rollbacks) - statements.rolledBack;
  logSiteStatements(context, statements);
  if (spilled > 0) bookSpills(context, flow.served, m_tickSeconds);
  m_postgres.active =
      std::min(m_postgres.connections(), static_cast<std::int32_t>(flow.inService + 0.5));
  // Every page that the last checkpoint left clean goes into the WAL as it is changed first.
  const double changed = flow.served * mix.pagesDirtied;
  const double held = std::max(1.0, m_postgres.poolPages + m_postgres.relationPages);
  m_postgres.walImages += changed * std::max(0.0, 1 - m_postgres.dirtyPages / held);
  const LoadWork work = stepClientLoads(context, m_tickSeconds, flow.cpuBusy);
  const double written =
      work.writtenBytes +
      writeWal(context, flow.served * mix.walBytes + work.walBytes, changed + work.pagesDirtied);
  m_host.majorFaults += flow.served * faults;
  chargeHost(reads + work.diskReads + flow.served * (faults + spilled / kPageBytes / 32),
             written + flow.served * spilled, work);

  MemoryClaim claim = serverClaim(*m_model, m_postgres, flow.inService);
  m_postgres.touchedBytes = static_cast<double>(claim.shmem);
  const double grown = static_cast<double>(m_host.memory.pageCache) + reads * kPageBytes +
                       kRefreshBytes * m_tickSeconds;
  claim.fileWanted = static_cast<std::int64_t>(
      std::min(grown, static_cast<double>(s.database.databaseBytes + s.host.fileWorkingSetBytes)));
  const Settlement settled = settleMemory(m_host, s.host, claim);
  if (settled.outOfMemory) killForMemory(telemetry);
  m_host.swapOut += static_cast<double>(settled.swappedOut) / 4096;
  m_host.pressure = filePressure(m_host, s.host);
}

// A load may write so much that several checkpoints fall into one tick.
double World::writeWal(const ServerContext& context, double walBytes, double pages) const {
  const int parts = loadsRun(context.server) ? 16 : 1;
  double written = 0;
  for (int i = 1; i <= parts; ++i) {
    ServerContext part = context;
    part.now.ms -= static_cast<std::int64_t>(m_tickSeconds * 1000) * (parts - i) / parts;
    written += stepCheckpoints(part, walBytes / parts, pages / parts, m_tickSeconds / parts);
  }
  return written;
}

// How much longer the website's queries take for what client loads took in the last tick.
double World::slowdown() const {
  const double cores = spec().host.cores;
  double busy = spec().host.otherCores;
  for (const ClientLoad& load : m_postgres.loads) busy += load.cpuBusy;
  return cores / std::max(cores - busy, 0.3 * cores);
}

// CPU, disk, network and load figures of the tick, from what the stations did.
void World::chargeHost(double diskReads, double writtenBytes, const LoadWork& work) {
  const FlowResult& flow = m_website.last;
  const double dt = m_tickSeconds;
  const double cores = spec().host.cores;
  const double demand = m_model->mix.cpuSeconds + kReclaimCpuSeconds * m_host.pressure;
  const double systemShare =
      demand > 0 ? 0.12 + 0.88 * kReclaimCpuSeconds * m_host.pressure / demand : 0.12;
  const double busy = std::min(flow.cpuBusy + work.cpuBusy + spec().host.otherCores, cores) + 0.1;
  const double blocked = flow.diskQueue;
  const double waiting = std::clamp(std::min(blocked, cores - busy), 0.0, cores);
  m_host.cpuUser += busy * (1 - systemShare) * dt;
  m_host.cpuSystem += busy * systemShare * dt;
  m_host.cpuIowait += waiting * dt;
  m_host.cpuIdle += std::max(0.0, cores - busy - waiting) * dt;
  m_host.procsRunning =
      static_cast<double>(whole(std::max(1.0, flow.inService + work.active - blocked)));
  m_host.procsBlocked = static_cast<double>(whole(blocked));
  const double load = std::max(0.0, flow.inService) + 0.3 + work.active + spec().host.otherCores;
  const LoadDecay& keep = dt > 1 ? kMinuteDecay : kSecondDecay;
  m_host.load1 = load + (m_host.load1 - load) * keep.one;
  m_host.load5 = load + (m_host.load5 - load) * keep.five;
  m_host.load15 = load + (m_host.load15 - load) * keep.fifteen;

  m_host.diskReads += diskReads;
  m_host.diskReadBytes += diskReads * kPageBytes;
  m_host.diskWrittenBytes += writtenBytes;
  m_host.diskReadLatency = flow.diskReadSeconds;
  m_host.diskReadSeconds += diskReads * flow.diskReadSeconds;
  m_host.diskBusySeconds += std::min(1.0, flow.diskBusy / spec().host.diskChannels * 2) * dt;
  m_host.diskQueue = flow.diskQueue;
  m_host.diskBusy = flow.diskBusy;
  m_host.receiveBytes += flow.arrived * 900;
  m_host.transmitBytes += flow.served * kBytesPerAnswer;

  // PSI: stalled on memory are those who wait for a refault, by its share of all reads.
  const double faultReads = flow.served * kFaultsPerRequest * m_host.pressure;
  const double faultShare = diskReads > 0 ? std::min(1.0, faultReads / diskReads) : 0;
  const double stalled = blocked * faultShare;
  m_host.stalledSome = std::min(1.0, stalled);
  m_host.stalledFull =
      flow.inService > 0 ? std::min(1.0, stalled / (flow.inService + 1)) * faultShare : 0;
  m_host.psiMemorySome += m_host.stalledSome * dt;
  m_host.psiMemoryFull += m_host.stalledFull * dt;
  m_host.psiIoSome += std::min(1.0, blocked) * dt;
  m_network.retransmits += m_network.lossRatio * flow.served * 12;
}

void World::killForMemory(Telemetry& telemetry) {
  const WorldSpec& s = spec();
  ServerContext context{*m_model, m_postgres, m_host, m_now, m_seed, telemetry};
  const OomVictim victim = chooseVictim(context);
  m_host.oomKills += 1;
  const OomReport report = oomReport(context, victim);
  if (telemetry.detail() == Detail::Full) telemetry.noteOomTasks(oomTasks(context, report));
  writeLog(telemetry, m_now, LogShape::KernelOomReport, 0, {}, oomReportText(report));
  writeLog(telemetry, m_now, LogShape::SystemdOomKill, 1);
  if (victim.pid != 0) {
    crashServer(context, {"server process", victim.pid, "was terminated by signal 9: Killed",
                          victim.statement});
  } else {
    killPostmaster(context);
  }
  if (!s.database.restartsAfterOomKill && m_postgres.life != Life::Stopped) {
    writeLog(telemetry, m_now, LogShape::SystemdFailedOomKill, 1);
    killPostmaster(context);
  }
  // The dead processes' memory is free at once; the page cache keeps what it had.
  MemoryClaim claim = serverClaim(*m_model, m_postgres, 0);
  claim.fileWanted = m_host.memory.pageCache;
  (void)settleMemory(m_host, s.host, claim);
}

bool World::operator==(const World& other) const {
  return m_model == other.m_model && fingerprint() == other.fingerprint();
}

}  // namespace sim
