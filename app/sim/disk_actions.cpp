// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/disk_actions.h"

#include <algorithm>
#include <charconv>

#include "sim/cluster_files.h"

namespace sim {
namespace {

constexpr std::size_t kMostChanges = 4096;
constexpr std::size_t kMostBytes = 1'000'000;

std::string fieldOf(const Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

Outcome refused(const std::string& path, const char* reason) {
  return {false, path + ": " + reason, 1};
}

ConfigFile* configuration(Postgres& server, std::string_view path) {
  for (ConfigFile& file : server.files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

// Drops a change that says only what would be so without it.
void settle(const ClusterFiles& files, Postgres& server, const std::string& path) {
  const DiskNode* change = server.disk.at(path);
  if (change == nullptr) return;
  const DiskNode* above = server.disk.above(path);
  if (above != nullptr && (above->kind != NodeKind::Directory || above->origin != above->path)) {
    if (change->kind == NodeKind::Missing &&
        (above->kind != NodeKind::Directory || above->origin.empty())) {
      server.disk.forget(path);
    }
    return;
  }
  const auto built = files.built(path);
  DiskNode plain = *change;
  if (plain.origin == plain.path) plain.origin.clear();
  if (change->kind == NodeKind::Missing ? !built : built && *built == plain) {
    server.disk.forget(path);
  }
}

Outcome removeNode(const ClusterFiles& files, Postgres& server, const std::string& path) {
  if (!files.node(path)) return refused(path, "No such file or directory");
  std::erase_if(server.files, [&](const ConfigFile& file) {
    return file.path == path || liesBelow(file.path, path);
  });
  server.disk.forgetBelow(path);
  DiskNode gone;
  gone.path = path;
  gone.kind = NodeKind::Missing;
  server.disk.put(std::move(gone));
  settle(files, server, path);
  return {true, {}, 0};
}

Outcome moveNode(const ClusterFiles& files, Postgres& server, const std::string& from,
                 const std::string& to) {
  auto node = files.node(from);
  if (!node) return refused(from, "No such file or directory");
  if (!files.covers(to) || !files.node(folderOf(to))) {
    return refused(to, "No such file or directory");
  }
  if (to == from || liesBelow(to, from)) return refused(to, "Invalid argument");
  if (files.node(to)) (void)removeNode(files, server, to);
  std::vector<DiskNode> inside;
  for (const DiskNode& one : server.disk.changes()) {
    if (liesBelow(one.path, from)) inside.push_back(one);
  }
  std::vector<ConfigFile> texts;
  for (const ConfigFile& one : server.files) {
    if (one.path == from || liesBelow(one.path, from)) texts.push_back(one);
  }
  if (node->kind == NodeKind::Directory && server.disk.at(from) == nullptr) {
    const DiskNode* above = server.disk.above(from);
    node->origin = above == nullptr || above->origin.empty()
                       ? from
                       : above->origin + from.substr(above->path.size());
  }
  (void)removeNode(files, server, from);
  for (ConfigFile& one : texts) {
    one.path = to + one.path.substr(from.size());
    server.files.push_back(std::move(one));
  }
  for (DiskNode& one : inside) {
    one.path = to + one.path.substr(from.size());
    server.disk.put(std::move(one));
  }
  node->path = to;
  if (texts.size() == 1 && node->kind == NodeKind::File) {
    server.disk.forget(to);
  } else {
    server.disk.put(std::move(*node));
  }
  settle(files, server, to);
  return {true, {}, 0};
}

// Mode and owner; the fields say which.
Outcome changeAttributes(const ClusterFiles& files, Postgres& server, const std::string& path,
                         const Action& action) {
  auto node = files.node(path);
  if (!node) return refused(path, "No such file or directory");
  if (const std::string mode = fieldOf(action, "mode"); !mode.empty()) {
    unsigned value = 0;
    const auto [end, code] = std::from_chars(mode.data(), mode.data() + mode.size(), value, 8);
    if (code != std::errc() || end != mode.data() + mode.size() || value > 07777) {
      return refused(path, "Invalid argument");
    }
    node->mode = static_cast<std::uint16_t>(value & 0777);
  }
  if (const std::string owner = fieldOf(action, "owner"); !owner.empty()) {
    const std::size_t colon = owner.find(':');
    if (colon != 0) node->owner = owner.substr(0, colon);
    if (colon != std::string::npos && colon + 1 < owner.size()) {
      node->group = owner.substr(colon + 1);
    }
  }
  if (node->kind == NodeKind::Directory && server.disk.at(path) == nullptr) node->origin = path;
  if (ConfigFile* file = configuration(server, path)) {
    file->readable = allows(*node, "postgres", Access::Read);
  }
  server.disk.put(std::move(*node));
  settle(files, server, path);
  return {true, {}, 0};
}

Outcome writeNode(const ClusterFiles& files, Postgres& server, const std::string& path,
                  const Action& action) {
  const bool folder = fieldOf(action, "kind") == "directory";
  auto node = files.node(path);
  if (folder && node) return refused(path, "File exists");
  if (node && node->kind == NodeKind::Directory) return refused(path, "Is a directory");
  if (!node && !files.node(folderOf(path))) return refused(path, "No such file or directory");
  if (action.text.size() > kMostBytes) return refused(path, "File too large");
  if (!node) {
    node = DiskNode{};
    node->path = path;
    node->mode = folder ? 0755 : 0644;  // under the usual umask of 022
    if (const std::string by = fieldOf(action, "by"); !by.empty()) node->owner = node->group = by;
  }
  node->kind = folder ? NodeKind::Directory : NodeKind::File;
  node->text = action.text;
  server.disk.put(std::move(*node));
  settle(files, server, path);
  return {true, {}, 0};
}

}  // namespace

bool changesDisk(const WorldSpec& spec, const Postgres& server, const Action& action) {
  const ClusterFiles files(spec, server);
  const std::string path = plainPath(action.target);
  const bool special = !fieldOf(action, "move").empty() || !fieldOf(action, "mode").empty() ||
                       !fieldOf(action, "owner").empty() || !fieldOf(action, "kind").empty();
  const bool known = std::any_of(server.files.begin(), server.files.end(),
                                 [&](const ConfigFile& file) { return file.path == path; });
  if (known) return special;
  if (!files.covers(path)) return false;
  if (special || fieldOf(action, "remove") == "yes" || files.node(path)) return true;
  const bool authentication = path == files.hbaFile() || path == files.identFile();
  const DiskNode* above = server.disk.above(path);
  return authentication || !path.ends_with(".conf") ||
         (above != nullptr && above->kind == NodeKind::Missing);
}

Outcome changeDisk(const WorldSpec& spec, Postgres& server, const Action& action) {
  const ClusterFiles files(spec, server);
  const std::string path = plainPath(action.target);
  if (path.empty() || path.ends_with("/") || path.find("/../") != std::string::npos) {
    return refused(path, "No such file or directory");
  }
  if (server.disk.changes().size() >= kMostChanges && fieldOf(action, "remove") != "yes") {
    return refused(path, "No space left on device");
  }
  if (fieldOf(action, "remove") == "yes") return removeNode(files, server, path);
  if (const std::string to = fieldOf(action, "move"); !to.empty()) {
    return moveNode(files, server, path, plainPath(to));
  }
  if (!fieldOf(action, "mode").empty() || !fieldOf(action, "owner").empty()) {
    return changeAttributes(files, server, path, action);
  }
  return writeNode(files, server, path, action);
}

}  // namespace sim
