// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal on a small hand-made world, and on the seed scenario, for the tests of this room.
#pragma once

#include <memory>
#include <string>

#include "console/shell.h"
#include "scenario/reader.h"
#include "sim/model.h"

inline std::shared_ptr<const sim::SettingCatalogue> catalogueForTests() {
  static const auto settings =
      scenario::readSettings(SOURCE_DIR "/assets/postgresql-15-settings.json");
  return settings ? settings.value() : nullptr;
}

// A host of 8 GiB with a quiet shop on it.
inline sim::WorldSpec smallSpec() {
  sim::WorldSpec spec;
  spec.timing.startUnixMs = 1'715'058'000'000;  // 2024-05-07 05:00:00 UTC
  spec.timing.fineFrom = base::minutes(0);
  spec.timing.opensAt = base::minutes(2);
  spec.timing.endsAt = base::minutes(60);
  spec.host.ramBytes = std::int64_t{8} << 30;
  spec.host.cores = 2;
  spec.host.diskBytes = std::int64_t{100} << 30;
  spec.host.diskUsedBytes = std::int64_t{40} << 30;
  spec.host.kernelBytes = std::int64_t{256} << 20;
  spec.host.fileWorkingSetBytes = std::int64_t{256} << 20;
  spec.database.catalogue = catalogueForTests();
  spec.database.databaseBytes = std::int64_t{16} << 30;
  spec.database.files = {{spec.database.configFile,
                          "data_directory = '/var/lib/postgresql/15/main'\n"
                          "shared_buffers = 1GB\n"
                          "work_mem = 16MB\n"
                          "max_connections = 60\n"}};
  sim::ConfigChange change;
  change.at = base::minutes(-600);
  change.commit = "e07a4b9";
  change.author = "Marek Novotny";
  change.ticket = "OPS-4127";
  change.title = "Cache tuning";
  change.path = spec.database.configFile;
  change.diff =
      "--- a/15/main/postgresql.conf\n+++ b/15/main/postgresql.conf\n@@ -1,3 +1,3 @@\n"
      " data_directory = '/var/lib/postgresql/15/main'\n-shared_buffers = 512MB\n+shared_buffers = "
      "1GB\n"
      " work_mem = 16MB\n";
  spec.database.changes = {change};
  spec.workload.users = {{base::minutes(0), 100}};
  spec.workload.classes = {{"page", "SELECT * FROM products WHERE id = $1", 1.0, 2.0, 30.0, 0.1,
                            4'000'000.0, 0.1, 500.0}};
  spec.website.poolPerHost = 20;
  spec.website.hostsMaximum = 1;
  return spec;
}

// The same host with a server that nobody uses, as `lab` has it.
inline sim::WorldSpec laboratorySpec() {
  sim::WorldSpec spec = smallSpec();
  spec.database.laboratory = true;
  spec.workload.users = {{{}, 0}};
  spec.website.hostsMinimum = spec.website.hostsMaximum = 0;
  return spec;
}

struct Terminal {
  sim::World world;
  sim::Telemetry telemetry;
  console::Shell shell;

  explicit Terminal(sim::WorldSpec spec = smallSpec(), std::int64_t seconds = 120)
      : world(sim::Model::make(std::move(spec)), 1) {
    world.advanceTo(base::seconds(seconds), telemetry);
  }
  console::Reply reply(std::string_view line) {
    return shell.run({world, telemetry, "trainee"}, line);
  }
  std::string operator()(std::string_view line) { return reply(line).text; }
  void wait(int seconds) { world.advanceTo(world.now() + base::seconds(seconds), telemetry); }
};
