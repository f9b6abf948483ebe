// SPDX-License-Identifier: GPL-3.0-or-later
// The world of world_fixture.h with the log_* settings in its catalogue, and its log as entries.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/log_files.h"
#include "sim/world.h"
#include "world_fixture.h"

namespace worldtest {

inline sim::SettingDefinition setting(const std::string& name, sim::SettingType type,
                                      const std::string& boot,
                                      std::vector<std::string> values = {}) {
  sim::SettingDefinition d;
  d.name = name;
  d.type = type;
  d.context = sim::SettingContext::Sighup;
  d.minimum = -1;
  d.maximum = 2147483647;
  d.bootValue = boot;
  d.enumValues = std::move(values);
  return d;
}

inline std::shared_ptr<const sim::SettingCatalogue> logCatalogue() {
  using enum sim::SettingType;
  std::vector<sim::SettingDefinition> all = catalogue()->all();
  const std::vector<std::string> levels = {"debug5", "debug1", "info",  "notice", "warning",
                                           "error",  "log",    "fatal", "panic"};
  for (const char* name : {"log_connections", "log_disconnections", "log_duration",
                           "logging_collector", "log_truncate_on_rotation"}) {
    all.push_back(setting(name, Bool, "off"));
  }
  all.push_back(setting("log_checkpoints", Bool, "on"));
  for (const char* name :
       {"log_min_duration_statement", "log_min_duration_sample", "log_temp_files"}) {
    all.push_back(setting(name, Integer, "-1"));
  }
  all.push_back(setting("log_rotation_age", Integer, "1440"));
  all.push_back(setting("log_rotation_size", Integer, "10240"));
  all.push_back(setting("log_statement_sample_rate", Real, "1"));
  all.push_back(setting("log_statement", Enum, "none", {"none", "ddl", "mod", "all"}));
  all.push_back(setting("log_error_verbosity", Enum, "default", {"terse", "default", "verbose"}));
  all.push_back(setting("log_min_messages", Enum, "warning", levels));
  all.push_back(setting("log_line_prefix", String, "%m [%p] "));
  all.push_back(setting("log_timezone", String, "UTC"));
  all.push_back(setting("log_destination", String, "stderr"));
  all.push_back(setting("log_directory", String, "log"));
  all.push_back(setting("log_filename", String, "postgresql-%Y-%m-%d_%H%M%S.log"));
  return std::make_shared<sim::SettingCatalogue>(std::move(all));
}

// A quiet world whose postgresql.conf ends with these lines, and everything it says.
struct LoggedWorld {
  explicit LoggedWorld(const std::string& lines, const std::string& sharedBuffers = "16GB")
      : spec(specOf(lines, sharedBuffers)), world(sim::Model::make(spec), 7) {}

  static sim::WorldSpec specOf(const std::string& lines, const std::string& sharedBuffers) {
    sim::WorldSpec s = worldtest::spec(sharedBuffers);
    s.database.catalogue = logCatalogue();
    s.database.files[0].text += lines + "\n";
    s.timing.fineFrom = base::minutes(10);
    return s;
  }
  [[nodiscard]] std::vector<sim::LogEntry> entries() const {
    std::vector<sim::LogEntry> all;
    sim::forEachEntry(telemetry, spec, [&](const sim::LogEntry& entry, const sim::LogSettings&) {
      all.push_back(entry);
    });
    return all;
  }
  void run(std::int64_t minutes) { world.advanceTo(base::minutes(minutes), telemetry); }

  sim::WorldSpec spec;
  sim::World world;
  sim::Telemetry telemetry;
};

}  // namespace worldtest
