// SPDX-License-Identifier: GPL-3.0-or-later
// A small catalogue of real settings and a server's files for the settings tests; the whole
// catalogue is compared with a real server in tests/scenario.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/settings/settings.h"

namespace sim {

constexpr const char* kMainFile = "/data/postgresql.conf";
constexpr const char* kAutoFile = "/data/postgresql.auto.conf";

inline SettingDefinition number(std::string name, std::string unit, SettingContext context,
                                double least, double most, std::string boot) {
  return {std::move(name),      std::move(unit), "",   "", context,
          SettingType::Integer, least,           most, {}, std::move(boot)};
}

inline SettingDefinition other(std::string name, SettingType type, SettingContext context,
                               std::string boot, std::vector<std::string> values = {}) {
  return {std::move(name), "", "", "", context, type, 0, 0, std::move(values), std::move(boot)};
}

inline std::shared_ptr<const SettingCatalogue> sampleCatalogue() {
  using enum SettingContext;
  constexpr double kMost = 2147483647;
  std::vector<SettingDefinition> all = {
      number("shared_buffers", "8kB", Postmaster, 16, 1073741823, "16384"),
      number("wal_buffers", "8kB", Postmaster, -1, 262143, "-1"),
      number("work_mem", "kB", User, 64, kMost, "4096"),
      number("maintenance_work_mem", "kB", User, 1024, kMost, "65536"),
      number("autovacuum_work_mem", "kB", Sighup, -1, kMost, "-1"),
      number("max_stack_depth", "kB", Superuser, 100, kMost, "100"),
      number("max_wal_size", "MB", Sighup, 2, kMost, "1024"),
      number("min_wal_size", "MB", Sighup, 2, kMost, "80"),
      number("statement_timeout", "ms", User, 0, kMost, "0"),
      number("checkpoint_timeout", "s", Sighup, 30, 86400, "300"),
      number("log_rotation_age", "min", Sighup, 0, 35791394, "1440"),
      number("track_activity_query_size", "B", Postmaster, 100, 1048576, "1024"),
      number("max_connections", "", Postmaster, 1, 262143, "100"),
      number("superuser_reserved_connections", "", Postmaster, 0, 262143, "3"),
      number("autovacuum_max_workers", "", Postmaster, 1, 262143, "3"),
      number("max_worker_processes", "", Postmaster, 0, 262143, "8"),
      number("max_wal_senders", "", Postmaster, 0, 262143, "10"),
      number("unix_socket_permissions", "", Postmaster, 0, 511, "511"),
      number("block_size", "", Internal, 8192, 8192, "8192"),
      other("config_file", SettingType::String, Postmaster, ""),
      other("data_directory", SettingType::String, Postmaster, ""),
      other("hba_file", SettingType::String, Postmaster, ""),
      other("DateStyle", SettingType::String, User, "ISO, MDY"),
      other("archive_command", SettingType::String, Sighup, ""),
      other("log_checkpoints", SettingType::Bool, Sighup, "on"),
      other("huge_pages", SettingType::Enum, Postmaster, "try", {"off", "on", "try"}),
      other("shared_memory_type", SettingType::Enum, Postmaster, "mmap", {"sysv", "mmap"}),
      other("archive_mode", SettingType::Enum, Postmaster, "off", {"always", "on", "off"}),
      other("wal_level", SettingType::Enum, Postmaster, "replica",
            {"minimal", "replica", "logical"}),
      other("wal_compression", SettingType::Enum, Superuser, "off",
            {"pglz", "lz4", "zstd", "on", "off"}),
      other("log_min_messages", SettingType::Enum, Superuser, "warning",
            {"debug5", "debug4", "debug3", "debug2", "debug1", "info", "notice", "warning", "error",
             "log", "fatal", "panic"})};
  SettingDefinition real = other("hash_mem_multiplier", SettingType::Real, User, "2");
  real.minimum = 1;
  real.maximum = 1000;
  all.push_back(real);
  SettingDefinition delay = other("vacuum_cost_delay", SettingType::Real, User, "0");
  delay.maximum = 100;
  delay.unit = "ms";
  all.push_back(delay);
  return std::make_shared<const SettingCatalogue>(std::move(all));
}

inline std::vector<ConfigFile> sampleFiles(std::string main, std::string automatic = "") {
  return {{kMainFile, std::move(main)}, {kAutoFile, std::move(automatic)}};
}

// A server started with these files.
inline ServerSettings startedServer(const std::vector<ConfigFile>& files) {
  ServerSettings server(sampleCatalogue(), kMainFile, "/data");
  server.start(files);
  return server;
}

// The texts of a log, each with its severity, detail and hint, a line each.
inline std::vector<std::string> logLines(const std::vector<ServerMessage>& log) {
  std::vector<std::string> lines;
  for (const ServerMessage& message : log) {
    lines.push_back(message.severity.empty() ? message.text
                                             : message.severity + ":  " + message.text);
    if (!message.detail.empty()) lines.push_back("DETAIL:  " + message.detail);
    if (!message.hint.empty()) lines.push_back("HINT:  " + message.hint);
  }
  return lines;
}

}  // namespace sim
