// SPDX-License-Identifier: GPL-3.0-or-later
// From state to telemetry: one row of metrics a tick. Exporters that cannot reach their target
// report nothing (NaN), as the real ones do.
#include <limits>

#include "sim/buffer_cache.h"
#include "sim/model.h"
#include "sim/world.h"

namespace sim {
namespace {

struct Row {
  MetricRow& row;
  void set(Metric metric, double value) {
    row[static_cast<std::size_t>(metric)] = static_cast<float>(value);
  }
  void set(Metric metric, std::int64_t value) { set(metric, static_cast<double>(value)); }
};

void sampleWebsite(Row row, const Website& w, const Postgres& p, const WebsiteSpec& spec,
                   double answersPerSecond, double arrivedPerSecond) {
  row.set(Metric::WebRequests, w.arrived);
  row.set(Metric::WebServed, w.served);
  row.set(Metric::WebFailed, w.failed);
  row.set(Metric::WebCached, w.cached);
  row.set(Metric::WebWaiting, w.waiting);
  row.set(Metric::WebRequestRate, arrivedPerSecond);
  row.set(Metric::WebErrorRatio, w.errorRatio);
  const bool answering = p.accepts() && answersPerSecond > 0;
  const double none = std::numeric_limits<double>::quiet_NaN();
  row.set(Metric::WebLatencyP50, answering ? w.latencyP50 : none);
  row.set(Metric::WebLatencyP99, answering ? w.latencyP99 : none);
  row.set(Metric::WebPoolInUse, w.last.inService);
  row.set(Metric::WebPoolSize, static_cast<double>(w.hosts) * spec.poolPerHost);
  row.set(Metric::WebPoolWaiting, w.last.waiting);
  row.set(Metric::WebHosts, static_cast<double>(w.hosts));
  row.set(Metric::WebAdmitted, w.admittedPercent / 100.0);
  row.set(Metric::WebUsersAffected, w.affectedNow);
  row.set(Metric::WebErrorBudget, w.budgetBurned);
}

void samplePostgres(Row row, const Postgres& p, const TimingSpec& timing) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const bool up = p.accepts();
  row.set(Metric::PgUp, up ? 1.0 : 0.0);
  const auto whenUp = [&](Metric metric, double value) { row.set(metric, up ? value : none); };
  whenUp(Metric::PgStartTime,
         static_cast<double>(timing.startUnixMs + p.postmasterStart.ms) / 1000.0);
  whenUp(Metric::PgBackends, p.connections());
  whenUp(Metric::PgActive, p.active);
  whenUp(Metric::PgIdle, p.connections() - p.active);
  whenUp(Metric::PgCommits, p.commits);
  whenUp(Metric::PgRollbacks, p.rollbacks);
  whenUp(Metric::PgBlocksHit, p.blocksHit);
  whenUp(Metric::PgBlocksRead, p.blocksRead);
  whenUp(Metric::PgTempBytes, p.tempBytes);
  whenUp(Metric::PgMaxConnections, p.values.maxConnections);
  whenUp(Metric::PgSharedBuffers, static_cast<double>(p.values.sharedBuffersBytes));
  whenUp(Metric::PgWorkMem, static_cast<double>(p.values.workMemBytes));
  whenUp(Metric::PgCheckpointsTimed, static_cast<double>(p.checkpointsTimed));
  whenUp(Metric::PgCheckpointsRequested, static_cast<double>(p.checkpointsRequested));
  whenUp(Metric::PgBuffersAlloc, p.buffersAlloc);
  whenUp(Metric::PgWalBytes, p.walBytes);
  whenUp(Metric::PgReplicationLag, 0.0);
}

void sampleMemory(Row row, const Host& h, const Postgres& p, const HostSpec& spec) {
  const Memory& m = h.memory;
  row.set(Metric::NodeMemTotal, spec.ramBytes);
  row.set(Metric::NodeMemFree, m.free);
  row.set(Metric::NodeMemAvailable, h.available(spec));
  row.set(Metric::NodeMemCached, m.pageCache + m.shmem);
  row.set(Metric::NodeMemShmem, m.shmem);
  row.set(Metric::NodeMemAnon, m.anon);
  row.set(Metric::NodeMemPageTables, m.pageTables);
  row.set(Metric::NodeMemSlab, m.kernel / 2);
  row.set(Metric::NodeMemDirty, p.dirtyPages * 8192 * 0.02);
  row.set(Metric::NodeMemHugePagesTotal, spec.hugePages);
  row.set(Metric::NodeMemHugePagesFree, spec.hugePages - h.hugePagesUsed);
  row.set(Metric::NodeMemCommitLimit,
          (spec.ramBytes - m.hugePages) / 100 * spec.overcommitRatio + h.swapTotal);
  row.set(
      Metric::NodeMemCommitted,
      m.anon + (p.life == Life::Stopped || p.values.hugePages ? 0 : p.values.sharedMemoryBytes));
  row.set(Metric::NodeSwapTotal, h.swapTotal);
  row.set(Metric::NodeSwapFree, h.swapTotal - h.swapUsed);
  row.set(Metric::NodeOomKill, h.oomKills);
  row.set(Metric::NodeMajorFaults, h.majorFaults);
  row.set(Metric::NodeSwapIn, h.swapIn);
  row.set(Metric::NodeSwapOut, h.swapOut);
}

void sampleHost(Row row, const Host& h) {
  row.set(Metric::NodePsiMemorySome, h.psiMemorySome);
  row.set(Metric::NodePsiMemoryFull, h.psiMemoryFull);
  row.set(Metric::NodePsiIoSome, h.psiIoSome);
  row.set(Metric::NodeLoad1, h.load1);
  row.set(Metric::NodeLoad5, h.load5);
  row.set(Metric::NodeLoad15, h.load15);
  row.set(Metric::NodeProcsRunning, h.procsRunning);
  row.set(Metric::NodeProcsBlocked, h.procsBlocked);
  row.set(Metric::NodeCpuUser, h.cpuUser);
  row.set(Metric::NodeCpuSystem, h.cpuSystem);
  row.set(Metric::NodeCpuIowait, h.cpuIowait);
  row.set(Metric::NodeCpuIdle, h.cpuIdle);
  row.set(Metric::NodeDiskReads, h.diskReads);
  row.set(Metric::NodeDiskReadBytes, h.diskReadBytes);
  row.set(Metric::NodeDiskWrittenBytes, h.diskWrittenBytes);
  row.set(Metric::NodeDiskIoTime, h.diskBusySeconds);
  row.set(Metric::NodeDiskReadTime, h.diskReadSeconds);
  row.set(Metric::NodeDiskQueue, h.diskQueue);
  row.set(Metric::NetReceiveBytes, h.receiveBytes);
  row.set(Metric::NetTransmitBytes, h.transmitBytes);
}

void sampleTruth(Row row, const Website& w, const Postgres& p, const Host& h, double totalHit) {
  row.set(Metric::TrueAffectedUsers, w.distinctAffected);
  row.set(Metric::TrueUsers, w.distinctUsers);
  row.set(Metric::TrueUserMinutesLost, w.userMinutesLost);
  row.set(Metric::TruePoolPages, p.poolPages);
  row.set(Metric::TrueHitRatio, totalHit);
  row.set(Metric::TruePressure, h.pressure);
  row.set(Metric::TrueHealthy, w.healthySinceMs >= 0 ? 1.0 : 0.0);
}

}  // namespace

void World::sample(MetricRow& values) const {
  const WorldSpec& s = spec();
  Row row{values};
  const double seconds = m_tickSeconds;
  sampleWebsite(row, m_website, m_postgres, s.website,
                (m_website.last.served + m_website.last.failed) / seconds,
                m_website.last.arrived / seconds);
  samplePostgres(row, m_postgres, s.timing);
  sampleMemory(row, m_host, m_postgres, s.host);
  sampleHost(row, m_host);
  row.set(Metric::NetRtt, m_network.rttMs / 1000);
  row.set(Metric::NetLoss, m_network.lossRatio);
  row.set(Metric::NetRetransmits, m_network.retransmits);
  row.set(Metric::NetOtherLinkErrors, m_network.otherLinkErrors);
  sampleTruth(row, m_website, m_postgres, m_host, m_lastTotalHit);
}

}  // namespace sim
