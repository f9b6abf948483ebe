// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_backends.h"

#include <algorithm>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/session_actions.h"

namespace sim {
namespace {

constexpr double kHugePageBytes = 2.0 * 1024 * 1024;
constexpr double kPageBytes = 8192;
// MODEL: private memory of a busy backend besides sorts (docs of the field: 5 to 10 MB).
constexpr double kBackendBytes = 8.0 * 1024 * 1024;
// Measured: private memory of an idle session that has run a few statements (c_connection_memory).
constexpr std::int64_t kIdleSessionBytes = 2'000'000;
constexpr double kServerProcessesBytes = 60.0 * 1024 * 1024;  // postmaster and auxiliary processes
// MODEL: page tables of a fresh process without the shared segment (measured: about 0.2 MB).
constexpr double kFreshPageTableBytes = 200.0 * 1024;
constexpr double kConnectsPerSecond = 100;  // MODEL: pools open connections at this pace in all

// Buffers one backend has touched since it connected: it cannot have touched more than there are.
double distinctTouched(const Model& model, const Postgres& server, const Cohort& cohort) {
  return std::min(model.popularity.distinctPages(cohort.references), server.poolPages);
}

}  // namespace

double pageTableBytes(double distinctPagesTouched, double segmentBytes) {
  const double regions = segmentBytes / kHugePageBytes;
  if (regions < 1) return 4096;
  return 4096 * regions * (1 - base::portableExp(-distinctPagesTouched / regions));
}

std::int32_t Postgres::connections() const {
  std::int32_t sum = 0;
  for (const Cohort& cohort : cohorts) sum += cohort.connections;
  return sum;
}

const AccessList* Postgres::accessList(AccessList::Kind kind, std::string_view database,
                                       std::string_view object) const {
  const auto found = std::find_if(accessLists.begin(), accessLists.end(), [&](const auto& one) {
    return one.kind == kind && one.database == database && one.object == object;
  });
  return found == accessLists.end() ? nullptr : &*found;
}

const Role* Postgres::role(std::string_view name) const {
  for (const Role& one : roles) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

namespace {

bool granted(const Role& role, const std::vector<std::string>& settings, std::string_view setting) {
  return role.superuser ||
         std::find(settings.begin(), settings.end(), base::lower(setting)) != settings.end();
}

}  // namespace

bool maySet(const Role& role, std::string_view setting) {
  return granted(role, role.maySet, setting);
}

bool mayAlterSystem(const Role& role, std::string_view setting) {
  return granted(role, role.mayAlterSystem, setting);
}

namespace {

std::int32_t wantedBy(std::size_t host, std::int32_t hosts, std::int32_t perHost) {
  return static_cast<std::int32_t>(host) < hosts ? perHost : 0;
}

bool haveConnected(const Postgres& server, std::int32_t hosts, std::int32_t perHost) {
  for (std::size_t i = 0; i < kCohorts; ++i) {
    if (server.cohorts[i].connections != wantedBy(i, hosts, perHost)) return false;
  }
  return true;
}

}  // namespace

std::int32_t connectHosts(ServerContext& context, std::int32_t hosts, double seconds) {
  Postgres& server = context.server;
  if (!server.accepts()) return 0;
  if (haveConnected(server, hosts, context.model.spec.website.poolPerHost)) return 0;
  const std::int32_t slots = server.values.maxConnections - server.values.reservedConnections;
  const std::int32_t perHost = context.model.spec.website.poolPerHost;
  std::int32_t free = std::max(0, slots - slotsInUse(server));
  auto pace = static_cast<std::int32_t>(kConnectsPerSecond * seconds);
  std::int32_t refused = 0;
  for (std::size_t i = 0; i < kCohorts; ++i) {
    Cohort& cohort = server.cohorts[i];
    const std::int32_t wanted = wantedBy(i, hosts, perHost);
    if (wanted < cohort.connections) {
      logConnectionsClosed(context, cohort.firstPid + static_cast<std::uint32_t>(wanted),
                           cohort.connections - wanted, cohort.startedMs);
      cohort.connections = wanted;
    }
    const std::int32_t missing = wanted - cohort.connections;
    const std::int32_t opened = std::min({missing, free, pace});
    if (opened > 0) {
      if (cohort.connections == 0) {
        skipSessionPids(server, static_cast<std::uint32_t>(perHost) + 7);
        cohort = Cohort{0, server.nextPid, context.now.ms, 0};
        server.nextPid += static_cast<std::uint32_t>(perHost) + 7;
      }
      // New backends start at nothing: the cohort's mean falls.
      cohort.references *= static_cast<double>(cohort.connections) / (cohort.connections + opened);
      logConnectionsOpened(
          context, cohort.firstPid + static_cast<std::uint32_t>(cohort.connections), opened);
      cohort.connections += opened;
      server.sessionsOpened += opened;
      free -= opened;
      pace -= opened;
    }
    if (missing > opened && free == 0) refused += std::min(missing - opened, 2);
  }
  return refused;
}

void disconnectAll(Postgres& server) {
  server.cohorts.fill(Cohort{});
  server.active = 0;
}

void addReferences(Postgres& server, double references) {
  const std::int32_t connections = server.connections();
  if (connections == 0) return;
  const double each = references / connections;
  for (Cohort& cohort : server.cohorts) {
    if (cohort.connections > 0) cohort.references += each;
  }
}

MemoryClaim serverClaim(const Model& model, const Postgres& server, double active) {
  MemoryClaim claim;
  if (server.life == Life::Stopped) return claim;
  const RunningValues& v = server.values;
  // Beside the pool the segment holds lock tables, WAL buffers and descriptors; descriptors are
  // touched with their buffers, the rest at once.
  const double pool = static_cast<double>(v.sharedBuffersBytes);
  const double overhead = static_cast<double>(v.sharedMemoryBytes) - pool;
  const double held = server.poolPages + server.relationPages;
  const double filled = pool > 0 ? std::min(1.0, held * kPageBytes / pool) : 0;
  const double touched = pool * filled + overhead * (0.3 + 0.7 * filled);
  const double sorts =
      active * model.mix.sortNodes * model.meanNodeBytes(static_cast<double>(v.workMemBytes));
  claim.anon = static_cast<std::int64_t>(kServerProcessesBytes +
                                         server.connections() * kBackendBytes + sorts);
  const auto sessions = std::count_if(server.sessions.begin(), server.sessions.end(),
                                      [](const Session& one) { return one.load == 0; });
  claim.anon += sessions * kIdleSessionBytes;
  double tables = (8 + static_cast<double>(sessions)) * kFreshPageTableBytes;
  // Pools that connected together have touched the same: what they cost is worked out once.
  double references = -1, each = kFreshPageTableBytes;
  for (const Cohort& cohort : server.cohorts) {
    if (cohort.connections == 0) continue;
    if (!v.hugePages && cohort.references != references) {
      references = cohort.references;
      each = kFreshPageTableBytes + pageTableBytes(distinctTouched(model, server, cohort), touched);
    }
    tables += cohort.connections * each;
  }
  for (const ClientLoad& load : server.loads) {
    if (!load.runs()) continue;
    double own = kFreshPageTableBytes;
    if (!v.hugePages) own += pageTableBytes(std::min(load.references, held), touched);
    tables += load.alive * own;
    claim.anon += static_cast<std::int64_t>(load.alive * load.backendBytes() +
                                            load.active * load.demand.peakBytes);
  }
  claim.pageTables = static_cast<std::int64_t>(tables);
  if (v.hugePages) {
    claim.hugePagesUsed =
        static_cast<std::int64_t>(static_cast<double>(v.sharedMemoryBytes) / kHugePageBytes) + 1;
  } else {
    claim.shmem = static_cast<std::int64_t>(touched);
  }
  return claim;
}

std::uint32_t backendPid(const Postgres& server, std::int32_t index) {
  for (const Cohort& cohort : server.cohorts) {
    if (index < cohort.connections) return cohort.firstPid + static_cast<std::uint32_t>(index);
    index -= cohort.connections;
  }
  return 0;
}

const std::string& statementOf(const WorldSpec& spec, std::uint64_t seed, std::int64_t tick,
                               std::uint32_t pid) {
  static const std::string kNone;
  double at = base::uniform(seed, base::Stream::Queries, tick, pid);
  for (const QueryClass& c : spec.workload.classes) {
    at -= c.share;
    if (at < 0) return c.statement;
  }
  return spec.workload.classes.empty() ? kNone : spec.workload.classes.back().statement;
}

OomVictim chooseVictim(const ServerContext& context) {
  const Postgres& server = context.server;
  const Cohort* worst = nullptr;
  for (const Cohort& cohort : server.cohorts) {
    if (cohort.connections > 0 && (worst == nullptr || cohort.references > worst->references)) {
      worst = &cohort;
    }
  }
  OomVictim victim;
  if (worst == nullptr) return victim;
  // Backends of one application host are alike; which of them is a hair larger is chance.
  const auto pick = static_cast<std::uint32_t>(
      base::below(static_cast<std::uint64_t>(worst->connections), context.seed,
                  base::Stream::OomVictim, context.now.seconds()));
  const double distinct = distinctTouched(context.model, server, *worst);
  const double segment = static_cast<double>(server.values.sharedMemoryBytes);
  victim.pid = worst->firstPid + pick;
  victim.anonKb = static_cast<std::int64_t>(kBackendBytes / 1024) + pick % 97;
  victim.shmemKb = server.values.hugePages ? 0 : static_cast<std::int64_t>(distinct * 8);
  victim.fileKb = 2100 + pick % 31;
  victim.pageTableKb = static_cast<std::int64_t>(
      (kFreshPageTableBytes + (server.values.hugePages ? 0 : pageTableBytes(distinct, segment))) /
      1024);
  victim.totalVmKb = static_cast<std::int64_t>(segment / 1024) + 215'000;
  victim.statement =
      statementOf(context.model.spec, context.seed, context.now.seconds(), victim.pid);
  return victim;
}

}  // namespace sim
