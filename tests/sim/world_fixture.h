// SPDX-License-Identifier: GPL-3.0-or-later
// A small complete world for tests: the reference host with a configuration of a few settings.
// shared_buffers is the knob: "44GB" starves the host, "16GB" is a quiet day.
#pragma once

#include <memory>
#include <string>

#include "sim/model.h"
#include "sim/world.h"

namespace worldtest {

inline sim::SettingDefinition integer(const std::string& name, const std::string& unit,
                                      sim::SettingContext context, double low, double high,
                                      const std::string& boot) {
  sim::SettingDefinition d;
  d.name = name;
  d.unit = unit;
  d.context = context;
  d.type = sim::SettingType::Integer;
  d.minimum = low;
  d.maximum = high;
  d.bootValue = boot;
  return d;
}

inline std::shared_ptr<const sim::SettingCatalogue> catalogue() {
  using enum sim::SettingContext;
  sim::SettingDefinition hugePages;
  hugePages.name = "huge_pages";
  hugePages.context = Postmaster;
  hugePages.type = sim::SettingType::Enum;
  hugePages.enumValues = {"off", "on", "try"};
  hugePages.bootValue = "try";
  return std::make_shared<sim::SettingCatalogue>(std::vector<sim::SettingDefinition>{
      integer("shared_buffers", "8kB", Postmaster, 16, 1073741823, "16384"),
      integer("wal_buffers", "8kB", Postmaster, -1, 262143, "-1"),
      integer("max_connections", "", Postmaster, 1, 262143, "100"),
      integer("superuser_reserved_connections", "", Postmaster, 0, 262143, "3"),
      integer("autovacuum_max_workers", "", Postmaster, 1, 262143, "3"),
      integer("max_worker_processes", "", Postmaster, 0, 262143, "8"),
      integer("max_wal_senders", "", Postmaster, 0, 262143, "10"),
      integer("max_prepared_transactions", "", Postmaster, 0, 262143, "0"),
      integer("max_locks_per_transaction", "", Postmaster, 10, 2147483647, "64"),
      integer("track_activity_query_size", "B", Postmaster, 100, 1048576, "1024"),
      integer("min_dynamic_shared_memory", "MB", Postmaster, 0, 2147483647, "0"),
      integer("work_mem", "kB", User, 64, 2147483647, "4096"),
      integer("maintenance_work_mem", "kB", User, 1024, 2147483647, "65536"),
      integer("max_wal_size", "MB", Sighup, 2, 2147483647, "1024"),
      integer("checkpoint_timeout", "s", Sighup, 30, 86400, "300"), hugePages});
}

inline sim::WorldSpec spec(const std::string& sharedBuffers) {
  constexpr std::int64_t kGiB = 1024LL * 1024 * 1024;
  sim::WorldSpec s;
  s.timing.startUnixMs = base::toUnixMs({2024, 5, 7, 5, 0, 0, 0});
  s.timing.fineFrom = base::minutes(270);
  s.timing.opensAt = base::minutes(298);
  s.timing.endsAt = base::minutes(480);
  s.host.ramBytes = 64 * kGiB;
  s.host.kernelBytes = 3 * kGiB / 2;
  s.host.fileWorkingSetBytes = 3 * kGiB;
  s.host.diskBytes = 600 * kGiB;
  s.host.diskUsedBytes = 400 * kGiB;
  s.database.catalogue = catalogue();
  s.database.databaseBytes = 400 * kGiB;
  s.database.files = {{s.database.configFile,
                       "shared_buffers = " + sharedBuffers +
                           "\nmax_connections = 300\nwork_mem = 16MB\nmax_wal_size = 8GB\n"}};
  s.workload.sessionMinutes = 180;
  s.workload.users = {{{}, 1000},
                      {base::minutes(90), 1000},
                      {base::minutes(297), 9000},
                      {base::minutes(330), 12000}};
  s.workload.classes = {{"page", "SELECT * FROM product WHERE id = $1", 1.0, 5, 200, 0.2,
                         8.0 * 1024 * 1024, 1, 2000}};
  sim::AlertRule latency;
  latency.name = "WebsiteLatencyHigh";
  latency.condition = {sim::Metric::WebLatencyP99, std::nullopt, 0, ">", 2};
  latency.forSeconds = 60;
  latency.severity = "critical";
  s.monitoring.rules = {latency};
  sim::PersonSpec dba;
  dba.id = "dba";
  dba.name = "Ines";
  dba.team = sim::Team::Database;
  dba.topics = {{"look",
                 "Can you have a look?",
                 60,
                 {{{}, "Shared memory is {node_memory_Shmem_bytes|GiB}."}}}};
  s.people = {dba};
  return s;
}

// A world whose server nobody uses yet, second by second.
inline sim::World quiet() {
  sim::WorldSpec s = spec("16GB");
  s.timing.fineFrom = {};
  s.workload.users = {{{}, 0}};
  s.website.hostsMinimum = s.website.hostsMaximum = 0;
  return {sim::Model::make(std::move(s)), 1};
}

}  // namespace worldtest
