// SPDX-License-Identifier: GPL-3.0-or-later
// The fingerprint of a world names every field of its state by hand: padding and pointers must
// never reach a hash, and a new field that is forgotten here is found by the field test.
#include "base/fingerprint.h"
#include "sim/model.h"
#include "sim/world.h"

namespace sim {
namespace {

using base::Fingerprint;

void add(Fingerprint& f, base::SimTime time) {
  f.add(time.ms);
}

void add(Fingerprint& f, const Host& h) {
  const Memory& m = h.memory;
  for (const std::int64_t part : {m.kernel, m.hugePages, m.anon, m.shmem, m.pageTables, m.pageCache,
                                  m.free, h.swapTotal, h.swapUsed, h.hugePagesUsed, h.oomKills}) {
    f.add(part);
  }
  for (const double value :
       {h.pressure,        h.stalledSome,   h.stalledFull,      h.majorFaults,  h.swapIn,
        h.swapOut,         h.psiMemorySome, h.psiMemoryFull,    h.psiIoSome,    h.cpuUser,
        h.cpuSystem,       h.cpuIowait,     h.cpuIdle,          h.diskReads,    h.diskReadSeconds,
        h.diskBusySeconds, h.diskReadBytes, h.diskWrittenBytes, h.receiveBytes, h.transmitBytes,
        h.load1,           h.load5,         h.load15,           h.procsRunning, h.procsBlocked,
        h.diskReadLatency, h.diskQueue,     h.diskBusy}) {
    f.add(value);
  }
  for (const auto& [key, value] : h.sysctl) {
    f.add(key);
    f.add(value);
  }
  for (const auto& [place, bytes] : h.tmpfs) {
    f.add(place);
    f.add(bytes);
  }
}

void add(Fingerprint& f, const RunningValues& v) {
  for (const std::int64_t value :
       {v.sharedBuffersBytes, v.sharedMemoryBytes, v.workMemBytes, v.maintenanceWorkMemBytes,
        v.maxWalBytes, v.checkpointTimeoutMs, std::int64_t{v.maxConnections},
        std::int64_t{v.reservedConnections}}) {
    f.add(value);
  }
  f.add(v.checkpointCompletionTarget);
  f.add(v.hashMemMultiplier);
  f.add(v.hugePages);
}

void addOptions(Fingerprint& f, const std::vector<std::pair<std::string, std::string>>& options) {
  f.add(static_cast<std::uint64_t>(options.size()));
  for (const auto& [name, value] : options) {
    f.add(name);
    f.add(value);
  }
}

void addConfiguration(Fingerprint& f, const Postgres& p) {
  for (const ConfigFile& file : p.files) {
    f.add(file.path);
    f.add(file.text);
    f.add(file.readable);
  }
  for (const auto& [name, state] : p.settings.states()) {
    f.add(name);
    f.add(state.value);
    f.add(state.source);
    f.add(state.sourceFile);
    f.add(state.sourceLine);
    f.add(state.pendingRestart);
  }
  addOptions(f, p.startOptions);
  addOptions(f, p.restartOptions);
  for (const ProcessLimits& l : {p.limits, p.restartLimits}) {
    for (const std::int64_t limit : {l.addressSpace, l.stack, l.processes, l.files}) f.add(limit);
  }
  for (const Role& role : p.roles) {
    f.add(role.name);
    f.add(role.superuser);
    f.add(role.connectionLimit);
    if (!role.login) f.add(role.login);
    for (const std::string& setting : role.maySet) f.add(setting);
    for (const std::string& setting : role.mayAlterSystem) f.add(setting);
    if (role.createDatabase || role.createRole || role.replication || !role.inherit) {
      for (const bool may :
           {role.createDatabase, role.createRole, role.replication, role.inherit}) {
        f.add(may);
      }
    }
    for (const std::string& group : role.memberOf) f.add(group);
  }
  for (const AccessList& list : p.accessLists) {
    f.add(static_cast<std::uint64_t>(list.kind));
    f.add(list.database);
    f.add(list.object);
    for (const std::string& item : list.items) f.add(item);
  }
  for (const StoredSetting& stored : p.storedSettings) {
    for (const std::string& part : {stored.database, stored.role, stored.name, stored.value}) {
      f.add(part);
    }
  }
  add(f, p.values);
}

// Only where they are not those the cluster came with.
void addAuthentication(Fingerprint& f, const Postgres& p) {
  if (p.hba) {
    for (const HbaRule& rule : *p.hba) {
      f.add(static_cast<std::uint64_t>(rule.line));
      f.add(rule.text);
      for (const auto* words : {&rule.databases, &rule.users, &rule.options}) {
        for (const std::string& word : *words) f.add(word);
      }
    }
  }
  if (!p.ident) return;
  for (const IdentRule& rule : *p.ident) {
    f.add(static_cast<std::uint64_t>(rule.line));
    for (const std::string& text : {rule.map, rule.systemUser, rule.databaseUser}) f.add(text);
  }
}

// Only what is not as the server keeps it.
void addDisk(Fingerprint& f, const Postgres& p) {
  for (const DiskNode& node : p.disk.changes()) {
    for (const std::string& text : {node.path, node.owner, node.group, node.text, node.origin}) {
      f.add(text);
    }
    f.add(static_cast<std::uint64_t>(node.kind));
    f.add(std::uint64_t{node.mode});
  }
  if (p.startupEnd != Postgres::StartupEnd::Ready) f.add(static_cast<std::uint64_t>(p.startupEnd));
  for (const std::uint32_t pid : p.held) f.add(std::uint64_t{pid});
  addAuthentication(f, p);
}

void addRelations(Fingerprint& f, const Postgres& p) {
  if (p.relations.empty() && p.functions.empty()) return;
  f.add(std::uint64_t{p.nextOid});
  for (const Relation& relation : p.relations) {
    f.add(relationText(relation));
    f.add(relation.modified);
  }
  for (const StoredFunction& function : p.functions) {
    f.add(function.name);
    f.add(function.definition);
  }
}

void addSessions(Fingerprint& f, const Postgres& p) {
  for (const Session& s : p.sessions) {
    f.add(std::uint64_t{s.pid});
    f.add(static_cast<std::uint64_t>(s.kind));
    for (const std::string& text :
         {s.role, s.database, s.application, s.host, s.query, s.waitType, s.waitEvent}) {
      f.add(text);
    }
    for (const std::int64_t value :
         {s.startedMs, s.xactStartMs, s.queryStartMs, s.stateChangeMs, s.busyUntilMs, s.leavesMs,
          s.idleTimeoutMs, s.idleInTransactionTimeoutMs}) {
      f.add(value);
    }
    f.add(static_cast<std::uint64_t>(s.state));
    f.add(s.cancelled);
    if (s.load != 0) f.add(std::uint64_t{s.load});
    if (!s.settings.empty()) f.add(s.settings);
    for (const SessionLock& lock : s.locks) {
      f.add(std::uint64_t{lock.relation});
      f.add(lock.name);
      f.add(static_cast<std::uint64_t>(lock.mode));
      f.add(lock.granted);
      f.add(lock.sinceMs);
    }
  }
  for (const Farewell& one : p.farewells) {
    f.add(std::uint64_t{one.pid});
    f.add(one.atMs);
    f.add(one.words);
  }
  for (const Database& one : p.databases) {
    f.add(one.name);
    f.add(one.owner);
    f.add(std::uint64_t{one.oid});
    f.add(one.connectionLimit);
  }
  if (p.checkpointDistance > 0) {
    f.add(p.checkpointDistance);
    f.add(p.checkpointEstimate);
    f.add(p.walHighestSegment);
  }
  if (p.autovacuumWoke.ms > 0) add(f, p.autovacuumWoke);
}

// Only where there are any: runs without keep the fingerprint they had before loads existed.
void addLoads(Fingerprint& f, const Postgres& p) {
  for (const ClientLoad& l : p.loads) {
    for (const std::string& text : {l.user, l.database, l.application, demandText(l.demand)}) {
      f.add(text);
    }
    for (const std::string& text : l.statements) f.add(text);
    for (const SentStatement& one : l.sent) {
      f.add(static_cast<std::int64_t>(one.script));
      f.add(one.share);
      f.add(one.seconds);
    }
    if (!l.authenticated.empty()) f.add(l.authenticated);
    if (l.protocol != QueryProtocol::Simple) f.add(static_cast<std::uint64_t>(l.protocol));
    for (const std::int64_t value :
         {std::int64_t{l.clients}, std::int64_t{l.alive}, std::int64_t{l.threads},
          std::int64_t{l.firstPid}, l.startedMs, l.endsMs}) {
      f.add(value);
    }
    f.add(l.done);
    f.add(l.aborted);
    for (const double value :
         {l.rate, l.transactionsWanted, l.connectSeconds, l.transactions, l.seconds, l.latencySum,
          l.lagSum, l.lagMost, l.backlog, l.references, l.changes, l.redoFrom, l.cpuBusy, l.active,
          l.rateNow}) {
      f.add(value);
    }
  }
  if (p.relationPages > 0 || p.walImages > 0) {
    f.add(p.relationPages);
    f.add(p.walImages);
  }
}

void add(Fingerprint& f, const Postgres& p) {
  f.add(static_cast<std::uint64_t>(p.life));
  f.add(static_cast<std::uint64_t>(p.stopMode));
  if (p.inRecovery) f.add(p.inRecovery);
  for (const base::SimTime time : {p.lifeSince, p.lifeUntil, p.postmasterStart, p.shutDownAt,
                                   p.lastCheckpoint, p.checkpointEnds}) {
    add(f, time);
  }
  for (const std::uint64_t value :
       {std::uint64_t{p.postmasterPid}, std::uint64_t{p.nextPid}, std::uint64_t{p.auxiliaryPid},
        std::uint64_t{p.startupPid}, static_cast<std::uint64_t>(p.active),
        static_cast<std::uint64_t>(p.crashes), static_cast<std::uint64_t>(p.starts),
        static_cast<std::uint64_t>(p.checkpointsTimed),
        static_cast<std::uint64_t>(p.checkpointsRequested)}) {
    f.add(value);
  }
  if (p.statisticsSince.ms != 0) add(f, p.statisticsSince);
  for (const bool value : {p.initializing, p.cleanShutdown, p.restartPending, p.unitFailed})
    f.add(value);
  f.add(p.failure);
  for (const Cohort& c : p.cohorts) {
    f.add(c.connections);
    f.add(c.firstPid);
    f.add(c.startedMs);
    f.add(c.references);
  }
  addRelations(f, p);
  addSessions(f, p);
  addLoads(f, p);
  addDisk(f, p);
  for (const double value :
       {p.poolPages, p.fillReferences, p.fillPages, p.holePages, p.touchedBytes, p.dirtyPages,
        p.walBytes, p.redoFrom, p.checkpointDirty, p.checkpointBuffers, p.commits, p.rollbacks,
        p.blocksHit, p.blocksRead, p.tempBytes, p.tempFiles, p.buffersAlloc, p.buffersCheckpoint}) {
    f.add(value);
  }
}

void add(Fingerprint& f, const FlowState& s) {
  for (const double value : {s.inSystem, s.firstRetry, s.secondRetry, s.stay}) f.add(value);
  for (const double value : s.arrivals) f.add(value);
  f.add(s.full.rate);
  f.add(s.full.disk);
  f.add(s.full.cpuOthers);
  f.add(s.full.diskOthers);
  f.add(s.head);
}

void add(Fingerprint& f, const FlowResult& r) {
  for (const double value :
       {r.arrived, r.served, r.failed, r.abandoned, r.inService, r.waiting, r.waitSeconds,
        r.serviceSeconds, r.cpuBusy, r.diskBusy, r.diskQueue, r.diskReadSeconds}) {
    f.add(value);
  }
}

void add(Fingerprint& f, const Website& w) {
  add(f, w.flow);
  add(f, w.last);
  for (const std::int32_t value : {w.hosts, w.hostsStarting, w.admittedPercent}) f.add(value);
  add(f, w.hostReadyAt);
  for (const double value :
       {w.users, w.latencyP50, w.latencyP99, w.errorRatio, w.arrivedExact, w.failedExact,
        w.cachedExact, w.distinctUsers, w.distinctAffected, w.comingUsers, w.cleanUsers,
        w.recentlyHurt, w.affectedNow, w.userMinutesLost, w.budgetBurned}) {
    f.add(value);
  }
  for (const std::int64_t value : {w.arrived, w.served, w.failed, w.waiting, w.cached,
                                   w.firstHurtMs, w.objectiveMissedMs, w.healthySinceMs}) {
    f.add(value);
  }
}

void add(Fingerprint& f, const Monitoring& m) {
  for (const RuleState& rule : m.rules) {
    f.add(static_cast<std::uint64_t>(rule.state));
    add(f, rule.activeAt);
    add(f, rule.firingAt);
    f.add(rule.acknowledged);
    f.add(rule.value);
  }
  for (const ScrapedSeries& series : m.series) {
    f.add(static_cast<std::uint64_t>(series.metric));
    for (const Sample& sample : series.samples) {
      f.add(sample.ms);
      f.add(sample.value);
    }
  }
  add(f, m.nextScrape);
  add(f, m.nextEvaluation);
}

void add(Fingerprint& f, const People& p) {
  for (const PersonState& person : p.persons) {
    add(f, person.pagedAt);
    add(f, person.joinsAt);
    f.add(person.announced);
  }
  for (const PendingAnswer& answer : p.pending) {
    f.add(answer.person);
    f.add(answer.topic);
    add(f, answer.due);
  }
}

void add(Fingerprint& f, const ChangeRequest& c) {
  f.add(c.number);
  add(f, c.at);
  for (const std::string& text :
       {c.who, c.setting, c.value, c.impact, c.rollback, c.verification, c.verdict}) {
    f.add(text);
  }
  f.add(c.emergency);
  f.add(static_cast<std::uint64_t>(c.state));
  add(f, c.answerAt);
}

}  // namespace

std::uint64_t World::fingerprint() const {
  Fingerprint f;
  f.add(m_seed);
  add(f, m_now);
  add(f, m_host);
  addConfiguration(f, m_postgres);
  add(f, m_postgres);
  add(f, m_website);
  for (const double value : {m_network.rttMs, m_network.lossRatio, m_network.retransmits,
                             m_network.otherLinkErrors, m_network.otherLinkRate}) {
    f.add(value);
  }
  add(f, m_monitoring);
  add(f, m_people);
  for (const ChangeRequest& change : m_changes) add(f, change);
  for (const StatusPost& post : m_statusPosts) {
    add(f, post.at);
    for (const std::string& text : {post.who, post.state, post.text}) f.add(text);
  }
  for (const ConfigChange& commit : m_commits) {
    add(f, commit.at);
    for (const std::string& text :
         {commit.commit, commit.author, commit.title, commit.path, commit.diff}) {
      f.add(text);
    }
  }
  f.add(m_incident.severity);
  add(f, m_incident.declaredAt);
  add(f, m_incident.closedAt);
  f.add(m_nextHappening);
  for (const double value : {m_trafficFactor, m_tickSeconds, m_lastTotalHit}) f.add(value);
  return f.value();
}

}  // namespace sim
