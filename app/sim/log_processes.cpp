// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_processes.h"

#include <algorithm>
#include <string_view>

#include "sim/log_entry.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {
namespace {

constexpr std::int64_t kConnectMs = 10;  // MODEL: a pool opens a hundred connections a second

void noteServer(const ServerContext& c) {
  // In the order of their pids from Postgres::auxiliaryPid on.
  constexpr std::string_view kHelpers[] = {"checkpointer", "background writer", "walwriter",
                                           "autovacuum launcher", "logical replication launcher"};
  const Postgres& server = c.server;
  LogProcess process;
  process.pid = server.postmasterPid;
  process.startedMs = server.postmasterStart.ms;
  process.backendType = "postmaster";
  c.telemetry.noteProcess(process);
  process.startedMs = c.server.lifeSince.ms;
  process.pid = server.auxiliaryPid;
  for (const std::string_view helper : kHelpers) {
    process.backendType = helper;
    c.telemetry.noteProcess(process);
    ++process.pid;
  }
}

bool same(const BackendPool& pool, const Postgres& server) {
  for (std::size_t i = 0; i < kCohorts; ++i) {
    const PoolShare share = i < pool.size() ? pool[i] : PoolShare{};
    const Cohort& cohort = server.cohorts[i];
    if (share.connections != cohort.connections) return false;
    if (share.connections != 0 && share.firstPid != cohort.firstPid) return false;
  }
  return true;
}

void notePool(const ServerContext& c, const BackendPool& before) {
  const DatabaseSpec& database = c.model.spec.database;
  BackendPool pool;
  for (std::size_t i = 0; i < kCohorts; ++i) {
    const Cohort& cohort = c.server.cohorts[i];
    pool.push_back({cohort.firstPid, cohort.connections});
    const bool older = i < before.size() && before[i].firstPid == cohort.firstPid;
    const std::int32_t known = older ? before[i].connections : 0;
    for (std::int32_t k = known; k < cohort.connections; ++k) {
      LogProcess client;
      client.pid = cohort.firstPid + static_cast<std::uint32_t>(k);
      client.startedMs =
          std::max(c.server.lifeSince.ms, c.now.ms - (cohort.connections - k) * kConnectMs);
      client.user = database.user;
      client.database = database.database;
      client.application = database.database;
      client.host = applicationAddress(i);
      client.port = clientPort(client.pid);
      c.telemetry.noteProcess(std::move(client));
    }
  }
  c.telemetry.noteBackendPool(pool);
}

}  // namespace

void noteServerProcesses(const ServerContext& c) {
  c.telemetry.noteLogSettings(c.server.values.log);
  if (c.telemetry.detail() == Detail::Summary) return;
  if (c.telemetry.noteServer(c.server.postmasterPid, c.server.auxiliaryPid)) noteServer(c);
  const BackendPool& before = c.telemetry.backendPool();
  if (!same(before, c.server)) notePool(c, before);
}

}  // namespace sim
