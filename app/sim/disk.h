// SPDX-License-Identifier: GPL-3.0-or-later
// What people and crashes made of the server's disk: files and directories that are there, gone or
// changed against what the server itself keeps. A value; what is there by nature is told by
// cluster_files.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

enum class NodeKind : std::uint8_t { File, Directory, Missing };

struct DiskNode {
  std::string path;  // absolute
  NodeKind kind = NodeKind::File;
  std::string owner = "postgres", group = "postgres";
  std::uint16_t mode = 0600;  // permission bits
  std::string text;           // of a file
  std::string origin;         // of a directory that was moved: where its content lay
  bool operator==(const DiskNode&) const = default;
};

// Whether the permission bits let somebody in who owns the node, shares its group, or neither.
enum class Access : std::uint8_t { Read = 4, Write = 2, Enter = 1 };
[[nodiscard]] bool allows(const DiskNode& node, std::string_view user, Access access);

// In path order, each path once.
class Disk {
 public:
  [[nodiscard]] const DiskNode* at(std::string_view path) const;
  // The change at the nearest directory above a path, or none.
  [[nodiscard]] const DiskNode* above(std::string_view path) const;
  void put(DiskNode node);
  void forget(std::string_view path);
  void forgetBelow(std::string_view directory);
  [[nodiscard]] const std::vector<DiskNode>& changes() const { return m_changes; }
  bool operator==(const Disk&) const = default;

 private:
  std::vector<DiskNode> m_changes;
};

// The path of which this is another name: /run is /var/run.
[[nodiscard]] std::string plainPath(std::string_view path);
// "/a/b" of "/a/b/c"; "/" of "/a".
[[nodiscard]] std::string folderOf(std::string_view path);
// Whether a path lies in a directory, at any depth.
[[nodiscard]] bool liesBelow(std::string_view path, std::string_view directory);

}  // namespace sim
