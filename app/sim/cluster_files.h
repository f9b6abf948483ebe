// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a cluster on the simulated disk: the data directory as initdb and a running server
// keep it, the authentication files, the socket directory with its lock files, and on top of them
// what people and crashes changed (Postgres::disk). Layout and modes: a data directory of 15.18.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/disk.h"
#include "sim/postgres.h"
#include "sim/world_spec.h"

namespace sim {

class ClusterFiles {
 public:
  ClusterFiles(const WorldSpec& spec, const Postgres& server) : m_spec(spec), m_server(server) {}

  // What is there now; nothing: no such file or directory.
  [[nodiscard]] std::optional<DiskNode> node(std::string_view path) const;
  // What would be there if nobody had changed anything.
  [[nodiscard]] std::optional<DiskNode> built(std::string_view path) const;
  // Names in a directory, sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view directory) const;
  // Whether a path is this class's to answer for, there or not.
  [[nodiscard]] bool covers(std::string_view path) const;
  // Whether somebody may use a node in that way, directories above it included.
  [[nodiscard]] bool permits(std::string_view path, std::string_view user, Access access) const;

  [[nodiscard]] std::string inData(std::string_view name) const;  // below the data directory
  [[nodiscard]] std::string hbaFile() const;
  [[nodiscard]] std::string identFile() const;
  [[nodiscard]] std::string pidFile() const { return inData("postmaster.pid"); }
  // ".s.PGSQL.5432" in each directory of unix_socket_directories.
  [[nodiscard]] std::vector<std::string> sockets() const;

 private:
  [[nodiscard]] std::optional<DiskNode> builtInData(const std::string& path,
                                                    std::string_view name) const;
  [[nodiscard]] std::optional<DiskNode> builtOfRunning(const std::string& path) const;
  [[nodiscard]] std::optional<DiskNode> builtConfiguration(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> builtNames(const std::string& directory) const;
  [[nodiscard]] bool plainLayout() const;

  const WorldSpec& m_spec;
  const Postgres& m_server;
};

// The lines of postmaster.pid. ID and key of the shared memory block are made from the data
// directory.
[[nodiscard]] std::string lockFileText(const WorldSpec& spec, const Postgres& server);
constexpr std::int64_t kSharedMemoryKey = 11'028'226;
[[nodiscard]] std::int64_t sharedMemoryId(const Postgres& server);
// What the settings and authentication files are read from: the configuration files, and files
// somebody put elsewhere below the data directory.
[[nodiscard]] std::vector<ConfigFile> readableFiles(const WorldSpec& spec, const Postgres& server);

constexpr std::int64_t kWalSegmentBytes = 16LL << 20;
// "000000010000000000000002" for a position in the WAL.
[[nodiscard]] std::string walFileName(std::int64_t lsn);

}  // namespace sim
