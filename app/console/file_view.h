// SPDX-License-Identifier: GPL-3.0-or-later
// The files of the simulated host: configuration from the world, logs rendered from telemetry,
// /proc and /sys made on the spot, and what was written to /tmp. Writing a configuration file
// becomes an EditFile action, writing below /proc/sys a Sysctl.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/shell.h"
#include "sim/cluster_files.h"

namespace console {

struct FileInfo {
  bool directory = false;
  bool writable = false;
  std::string owner = "root", group = "root";
  std::uint16_t mode = 0644;  // permission bits
  std::int64_t size = 0;
  std::int64_t modifiedUnixMs = 0;
};

class FileView {
 public:
  FileView(Machine& machine, ShellState& state) : m_machine(machine), m_state(state) {}

  // Absolute and without . and .. ; relative paths start in the shell's directory.
  [[nodiscard]] std::string resolve(std::string_view path) const;
  // Errors carry the reason in the C library's words: "No such file or directory".
  [[nodiscard]] base::Result<std::string> read(std::string_view path) const;
  [[nodiscard]] bool exists(std::string_view path) const;
  [[nodiscard]] bool isDirectory(std::string_view path) const;
  // Names in a directory, sorted; empty when it is none.
  [[nodiscard]] std::vector<std::string> list(std::string_view path) const;
  [[nodiscard]] FileInfo info(std::string_view path) const;
  // All configuration files and written files: where grep -r looks.
  [[nodiscard]] std::vector<std::string> below(std::string_view path) const;
  // A directory and all that is in it, or a file, in the order of their paths; true: a directory.
  [[nodiscard]] std::vector<std::pair<std::string, bool>> tree(std::string_view path) const;
  // Does what writing means; what it did to the world is added to changed.
  base::Result<> write(std::string_view path, const std::string& text, bool append,
                       std::vector<sim::Action>& changed) const;
  // A directory is removed with all that is in it.
  base::Result<> remove(std::string_view path, std::vector<sim::Action>& changed) const;
  // Of those written below /tmp and the home directory a name with a slash behind it is kept.
  base::Result<> makeDirectory(std::string_view path, std::vector<sim::Action>& changed) const;
  // Renames what lies on the cluster's disk; others are copied and removed.
  [[nodiscard]] bool canRename(std::string_view from, std::string_view to) const;
  base::Result<> rename(std::string_view from, std::string_view to,
                        std::vector<sim::Action>& changed) const;
  // Permission bits and "user:group" (either part may be empty) of the cluster's files.
  base::Result<> setMode(std::string_view path, std::uint16_t mode,
                         std::vector<sim::Action>& changed) const;
  base::Result<> setOwner(std::string_view path, const std::string& owner,
                          std::vector<sim::Action>& changed) const;

 private:
  // What is below a directory, with a slash behind directories that may be empty.
  [[nodiscard]] std::vector<std::string> entriesBelow(const std::string& full) const;
  [[nodiscard]] base::Result<std::string> readResolved(const std::string& path) const;
  base::Result<> writeScratch(const std::string& path, const std::string& text, bool append) const;
  base::Result<> applied(const sim::Action& action, std::vector<sim::Action>& changed) const;
  base::Result<> changeAttribute(std::string_view path, const char* field, const std::string& value,
                                 std::vector<sim::Action>& changed) const;
  [[nodiscard]] sim::ClusterFiles cluster() const;
  // Whether the shell's user may make, change or remove a file of the cluster.
  [[nodiscard]] bool mayChange(const std::string& path) const;

  Machine& m_machine;
  ShellState& m_state;
};

[[nodiscard]] std::string baseName(std::string_view path);
[[nodiscard]] std::string environmentValue(const sim::World& world, const ShellState& state,
                                           std::string_view name);

// -- contents, one file of the program per kind --
// Empty optional text: there is no such file.
struct Generated {
  bool there = false;
  std::string text;
};
[[nodiscard]] Generated procFile(const Machine& machine, const std::string& path);
[[nodiscard]] Generated staticFile(const Machine& machine, const std::string& path);
// All paths of fixed generated files (not those of single processes).
[[nodiscard]] const std::vector<std::string>& procPaths();
[[nodiscard]] std::vector<std::string> staticPaths(const Machine& machine);
// The log of a source as its file shows it.
[[nodiscard]] std::string renderLog(const Machine& machine, sim::LogSource source);

}  // namespace console
