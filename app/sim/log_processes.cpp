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
  if (pool.size() != kCohorts) return server.connections() == 0;
  std::uint32_t others = 0;
  for (std::size_t i = 0; i < kCohorts; ++i) {
    const Cohort& cohort = server.cohorts[i];
    others |= static_cast<std::uint32_t>(pool[i].connections ^ cohort.connections);
    others |= cohort.connections != 0 ? pool[i].firstPid ^ cohort.firstPid : 0;
  }
  return others == 0;
}

void notePool(const ServerContext& c, const BackendPool& before) {
  const DatabaseSpec& database = c.model.spec.database;
  BackendPool pool;
  for (std::size_t i = 0; i < kCohorts; ++i) {
    const Cohort& cohort = c.server.cohorts[i];
    pool.push_back({cohort.firstPid, cohort.connections});
    const bool older = i < before.size() && before[i].firstPid == cohort.firstPid;
    const std::int32_t known = older ? before[i].connections : 0;
    if (cohort.connections <= known) continue;
    PooledProcesses fresh;
    fresh.count = static_cast<std::uint32_t>(cohort.connections - known);
    fresh.stepMs = kConnectMs;
    fresh.lastMs = c.now.ms - kConnectMs;
    fresh.first.pid = cohort.firstPid + static_cast<std::uint32_t>(known);
    fresh.first.startedMs = c.server.lifeSince.ms;
    fresh.first.user = database.user;
    fresh.first.database = database.database;
    fresh.first.application = database.database;
    fresh.first.host = applicationAddress(i);
    c.telemetry.noteProcesses(std::move(fresh));
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
