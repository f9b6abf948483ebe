// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/disk.h"

#include <algorithm>

namespace sim {
namespace {

bool before(const DiskNode& node, std::string_view path) {
  return node.path < path;
}

}  // namespace

bool allows(const DiskNode& node, std::string_view user, Access access) {
  if (user == "root") return true;
  // Every account of the simulated host has a group of its own name and no other.
  const int shift = node.owner == user ? 6 : node.group == user ? 3 : 0;
  return ((node.mode >> shift) & static_cast<int>(access)) != 0;
}

const DiskNode* Disk::at(std::string_view path) const {
  const auto place = std::lower_bound(m_changes.begin(), m_changes.end(), path, before);
  return place != m_changes.end() && place->path == path ? &*place : nullptr;
}

const DiskNode* Disk::above(std::string_view path) const {
  if (m_changes.empty()) return nullptr;
  for (std::string folder = folderOf(path); folder != "/"; folder = folderOf(folder)) {
    if (const DiskNode* node = at(folder)) return node;
  }
  return nullptr;
}

void Disk::put(DiskNode node) {
  if (!node.path.starts_with('/')) return;
  const auto place = std::lower_bound(m_changes.begin(), m_changes.end(), node.path, before);
  if (place != m_changes.end() && place->path == node.path) {
    *place = std::move(node);
  } else {
    m_changes.insert(place, std::move(node));
  }
}

void Disk::forget(std::string_view path) {
  std::erase_if(m_changes, [&](const DiskNode& node) { return node.path == path; });
}

void Disk::forgetBelow(std::string_view directory) {
  std::erase_if(m_changes, [&](const DiskNode& node) { return liesBelow(node.path, directory); });
}

std::string plainPath(std::string_view path) {
  return path.starts_with("/run/") ? "/var" + std::string(path) : std::string(path);
}

std::string folderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

bool liesBelow(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() + 1 && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

}  // namespace sim
