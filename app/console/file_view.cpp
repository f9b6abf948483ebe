// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/file_view.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"

namespace console {
namespace {

constexpr std::size_t kScratchFiles = 64;
constexpr std::size_t kScratchBytes = 1u << 20;

base::Error missing() {
  return {"not-found", "", "No such file or directory"};
}

bool isScratch(std::string_view path) {
  return path.starts_with("/tmp/") || path.starts_with("/home/oncall/") ||
         path.starts_with("/dev/fd/");
}

const std::vector<std::string>& emptyDirectories() {
  static const std::vector<std::string> all = {"/",
                                               "/tmp",
                                               "/home",
                                               "/home/oncall",
                                               "/root",
                                               "/usr",
                                               "/bin",
                                               "/opt",
                                               "/mnt",
                                               "/usr/bin",
                                               "/var",
                                               "/var/lib/postgresql/15",
                                               "/dev/shm",
                                               "/run",
                                               "/etc/postgresql/15/main/conf.d",
                                               "/var/run/postgresql",
                                               "/etc/postgresql/15/main/.git"};
  return all;
}

// Every file there is, except those of single processes.
std::set<std::string> allPaths(const Machine& machine, const ShellState& state) {
  std::set<std::string> all(procPaths().begin(), procPaths().end());
  for (std::string& path : staticPaths(machine)) all.insert(std::move(path));
  for (const sim::ConfigFile& file : machine.world.postgres().files) all.insert(file.path);
  for (const auto& [path, text] : state.files) all.insert(path);
  return all;
}

bool isProcessDirectory(const Machine& machine, std::string_view path) {
  if (!path.starts_with("/proc/") || path.size() > 16) return false;
  const std::string_view digits = path.substr(6);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  return processType(machine.world, static_cast<std::uint32_t>(std::stoull(std::string(digits))))
      .has_value();
}

const sim::ConfigFile* configFile(const sim::World& world, std::string_view path) {
  for (const sim::ConfigFile& file : world.postgres().files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

// What is on the cluster's disk below a directory, itself aside.
void addClusterPaths(const sim::ClusterFiles& cluster, const std::string& folder,
                     std::vector<std::string>& found) {
  for (const std::string& name : cluster.names(folder)) {
    const std::string path = folder + "/" + name;
    const auto node = cluster.node(path);
    if (node && node->kind == sim::NodeKind::Directory) {
      found.push_back(path + "/");
      addClusterPaths(cluster, path, found);
    } else if (node) {
      found.push_back(path);
    }
  }
}

bool inConfigFolder(const sim::World& world, std::string_view path) {
  const std::string& main = world.spec().database.configFile;
  const std::string_view folder = std::string_view(main).substr(0, main.rfind('/') + 1);
  return path.starts_with(folder) && path.ends_with(".conf");
}

}  // namespace

std::string baseName(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos || path == "/" ? path
                                                                    : path.substr(slash + 1));
}

std::string environmentValue(const sim::World& world, const ShellState& state,
                             std::string_view name) {
  if (const ShellVariable* set = state.variables.find(std::string(name))) {
    return set->exported && set->plain() != nullptr ? *set->plain() : std::string();
  }
  if (name == "HOME") return "/home/" + state.user;
  if (name == "USER" || name == "LOGNAME") return state.user;
  if (name == "PWD") return state.directory;
  if (name == "OLDPWD") return state.previousDirectory;
  if (name == "HOSTNAME") return world.spec().host.name;
  if (name == "SHELL") return "/bin/bash";
  if (name == "PATH")
    return "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin";
  if (name == "LANG") return "C.UTF-8";
  if (name == "PGUSER") return "postgres";
  if (name == "PGDATABASE") return world.spec().database.database;
  if (name == "PGDATA") return world.spec().database.dataDirectory;
  return {};
}

std::string FileView::resolve(std::string_view path) const {
  std::string whole(path);
  if (!whole.starts_with('/')) whole = m_state.directory + "/" + whole;
  std::vector<std::string> kept;
  for (const std::string& part : base::split(whole, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else {
      kept.push_back(part);
    }
  }
  std::string result;
  for (const std::string& part : kept) result += "/" + part;
  return result.empty() ? "/" : result;
}

sim::ClusterFiles FileView::cluster() const {
  return {m_machine.world.spec(), m_machine.world.postgres()};
}

base::Result<std::string> FileView::read(std::string_view path) const {
  if (path.empty()) return missing();
  const std::string full = resolve(path);
  const sim::ConfigFile* file = configFile(m_machine.world, full);
  const bool hidden = file != nullptr && !file->readable && m_state.user != "root";
  // MODEL: the on-call user reads what the server's own account may read.
  const std::string reader = m_state.user == "root" ? "root" : "postgres";
  const sim::ClusterFiles disk = cluster();
  if (hidden || (disk.node(full) && !disk.permits(full, reader, sim::Access::Read))) {
    return base::Error{"denied", "", "Permission denied"};
  }
  auto result = readResolved(full);
  if (!result && isDirectory(full)) return base::Error{"directory", "", "Is a directory"};
  return result;
}

base::Result<std::string> FileView::readResolved(const std::string& path) const {
  if (path == "/dev/null") return std::string();
  if (const auto it = m_state.files.find(path); it != m_state.files.end()) return it->second;
  if (const sim::ConfigFile* file = configFile(m_machine.world, path)) return file->text;
  if (Generated made = procFile(m_machine, path); made.there) return std::move(made.text);
  if (const sim::ClusterFiles disk = cluster(); disk.covers(path)) {
    auto node = disk.node(path);
    if (node && node->kind == sim::NodeKind::File) return std::move(node->text);
    if (node) return base::Error{"directory", "", "Is a directory"};
  }
  if (Generated made = staticFile(m_machine, path); made.there) return std::move(made.text);
  return missing();
}

bool FileView::exists(std::string_view path) const {
  return !path.empty() && (readResolved(resolve(path)).ok() || isDirectory(path));
}

bool FileView::isDirectory(std::string_view path) const {
  const std::string full = resolve(path);
  if (const sim::ClusterFiles disk = cluster(); disk.covers(full)) {
    // What the logging collector writes is no node of the disk.
    if (const auto node = disk.node(full)) return node->kind == sim::NodeKind::Directory;
  }
  const auto& empty = emptyDirectories();
  if (std::find(empty.begin(), empty.end(), full) != empty.end()) return true;
  if (isProcessDirectory(m_machine, full)) return true;
  const std::string prefix = full == "/" ? full : full + "/";
  const auto begins = [&](const std::string& file) { return file.starts_with(prefix); };
  const auto all = allPaths(m_machine, m_state);
  return std::any_of(all.begin(), all.end(), begins) ||
         std::any_of(empty.begin(), empty.end(), begins);
}

std::vector<std::string> FileView::list(std::string_view path) const {
  const std::string full = resolve(path);
  if (!isDirectory(full)) return {};
  std::set<std::string> names;
  const std::string prefix = full == "/" ? full : full + "/";
  const auto add = [&](const std::string& file) {
    if (!file.starts_with(prefix) || file.size() == prefix.size()) return;
    const std::size_t slash = file.find('/', prefix.size());
    names.insert(
        file.substr(prefix.size(), slash == std::string::npos ? slash : slash - prefix.size()));
  };
  for (const std::string& name : cluster().names(full)) names.insert(name);
  for (const std::string& file : allPaths(m_machine, m_state)) add(file);
  for (const std::string& folder : emptyDirectories()) add(folder);
  if (full == "/proc") {
    for (const Process& process : processes(m_machine.world))
      names.insert(std::to_string(process.pid));
  }
  if (isProcessDirectory(m_machine, full)) {
    names = {"cmdline", "comm", "limits", "oom_score", "oom_score_adj", "status"};
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> FileView::entriesBelow(const std::string& full) const {
  const std::string prefix = full == "/" ? full : full + "/";
  std::vector<std::string> found;
  for (const std::string& file : allPaths(m_machine, m_state)) {
    if (file.starts_with(prefix)) found.push_back(file);
  }
  const std::string& data = m_machine.world.spec().database.dataDirectory;
  const std::string roots[] = {sim::folderOf(data), "/var/run/postgresql"};
  for (const std::string& root : roots) {
    const bool within = full == root || full.starts_with(root + "/");
    if (within || root.starts_with(prefix)) addClusterPaths(cluster(), within ? full : root, found);
  }
  return found;
}

std::vector<std::string> FileView::below(std::string_view path) const {
  std::vector<std::string> found = entriesBelow(resolve(path));
  std::erase_if(found, [](const std::string& one) { return one.ends_with('/'); });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::pair<std::string, bool>> FileView::tree(std::string_view path) const {
  const std::string full = resolve(path);
  std::map<std::string, bool> all{{full, isDirectory(full)}};
  std::vector<std::string> entries = entriesBelow(full);
  const std::string prefix = full == "/" ? full : full + "/";
  for (const std::string& folder : emptyDirectories()) {
    if (folder.starts_with(prefix) && folder != full) entries.push_back(folder + "/");
  }
  for (const std::string& one : entries) {
    for (std::size_t at = one.find('/', prefix.size()); at != std::string::npos;
         at = one.find('/', at + 1)) {
      all[one.substr(0, at)] = true;
    }
    if (!one.ends_with('/')) all.emplace(one, false);
  }
  return {all.begin(), all.end()};
}

FileInfo FileView::info(std::string_view path) const {
  const std::string full = resolve(path);
  FileInfo info;
  info.directory = isDirectory(full);
  info.modifiedUnixMs = m_machine.world.spec().timing.startUnixMs;
  if (const auto text = readResolved(full))
    info.size = static_cast<std::int64_t>(text.value().size());
  const sim::World& world = m_machine.world;
  if (full.starts_with("/etc/postgresql") || full.starts_with("/var/lib/postgresql") ||
      full.starts_with("/var/log/postgresql")) {
    info.owner = info.group = "postgres";
  }
  if (isScratch(full)) info.owner = info.group = m_state.user;
  info.writable = isScratch(full) || configFile(world, full) != nullptr;
  for (const auto* changes : {&world.spec().database.changes, &world.commits()}) {
    for (const sim::ConfigChange& change : *changes) {
      if (change.path == full && change.at <= world.now()) {
        info.modifiedUnixMs = world.spec().timing.startUnixMs + change.at.ms;
      }
    }
  }
  const bool live =
      full.starts_with("/proc") || full.starts_with("/var/log") || full.starts_with("/sys");
  if (live || isScratch(full)) info.modifiedUnixMs = world.unixMs();
  if (full.starts_with("/proc") || full.starts_with("/sys")) info.size = 0;
  if (info.directory) info.size = 4096;
  if (info.directory) info.mode = 0755;
  if (const auto node = cluster().node(full)) {
    info.owner = node->owner;
    info.group = node->group;
    info.mode = node->mode;
    constexpr std::int64_t kSegment = sim::kWalSegmentBytes;
    if (full.find("/pg_wal/0") != std::string::npos && node->text.empty()) info.size = kSegment;
  }
  return info;
}

base::Result<> FileView::applied(const sim::Action& action,
                                 std::vector<sim::Action>& changed) const {
  const sim::Outcome outcome = m_machine.world.apply(action, m_machine.who, m_machine.telemetry);
  if (!outcome.accepted) {
    // "PATH: reason"; the command names the path itself.
    const std::string head = action.target + ": ";
    const std::string reason =
        outcome.text.starts_with(head) ? outcome.text.substr(head.size()) : outcome.text;
    return base::Error{"refused", "", reason.empty() ? "Permission denied" : reason};
  }
  changed.push_back(action);
  return base::Nothing{};
}

base::Result<> FileView::writeScratch(const std::string& path, const std::string& text,
                                      bool append) const {
  const bool known = m_state.files.contains(path);
  if (!known && m_state.files.size() >= kScratchFiles) {
    return base::Error{"full", "", "No space left on device"};
  }
  const std::string old = append && known ? m_state.files[path] : "";
  if (old.size() + text.size() > kScratchBytes) {
    return base::Error{"full", "", "No space left on device"};
  }
  m_state.files[path] = old + text;
  return base::Nothing{};
}

base::Result<> FileView::write(std::string_view path, const std::string& text, bool append,
                               std::vector<sim::Action>& changed) const {
  if (path.empty()) return missing();
  const std::string full = resolve(path);
  if (full == "/dev/null" || full == "/dev/stderr" || full == "/dev/stdout") return base::Nothing{};
  if (isDirectory(full)) return base::Error{"directory", "", "Is a directory"};
  if (!isDirectory(full.substr(0, std::max<std::size_t>(full.rfind('/'), 1)))) return missing();
  if (isScratch(full)) return writeScratch(full, text, append);
  const sim::ConfigFile* file = configFile(m_machine.world, full);
  const bool onDisk = file == nullptr && cluster().covers(full);
  if (onDisk && !full.ends_with(".conf") && !mayChange(full)) {
    return base::Error{"denied", "", "Permission denied"};
  }
  if (file != nullptr || onDisk || inConfigFolder(m_machine.world, full)) {
    const auto node = onDisk ? cluster().node(full) : std::nullopt;
    const std::string old = file != nullptr ? file->text : node ? node->text : "";
    sim::Action action;
    action.verb = sim::Verb::EditFile;
    action.target = full;
    action.text = append ? old + text : text;
    if (onDisk && !node) action.fields["by"] = m_state.user;
    if ((file != nullptr || node) && action.text == old) return base::Nothing{};
    if (action.text.size() > kScratchBytes) return base::Error{"full", "", "File too large"};
    return applied(action, changed);
  }
  if (full.starts_with("/proc/") && !exists(full)) return missing();
  if (full.starts_with("/proc/sys/") && m_state.user == "root") {
    sim::Action action;
    action.verb = sim::Verb::Sysctl;
    action.target = base::replaceAll(full.substr(10), "/", ".");
    action.text = std::string(base::trim(text));
    return applied(action, changed);
  }
  return base::Error{"denied", "", "Permission denied"};
}

bool FileView::mayChange(const std::string& path) const {
  const sim::ClusterFiles disk = cluster();
  if (disk.node(path)) return disk.permits(path, m_state.user, sim::Access::Write);
  return disk.permits(sim::folderOf(path), m_state.user, sim::Access::Write) &&
         disk.permits(sim::folderOf(path), m_state.user, sim::Access::Enter);
}

base::Result<> FileView::changeAttribute(std::string_view path, const char* field,
                                         const std::string& value,
                                         std::vector<sim::Action>& changed) const {
  const std::string full = resolve(path);
  if (!exists(full)) return missing();
  if (isScratch(full)) return base::Nothing{};
  const sim::ConfigFile* file = configFile(m_machine.world, full);
  const auto node = cluster().node(full);
  const bool owner = m_state.user == "root" || (node && node->owner == m_state.user);
  if (!node || (file == nullptr && !owner)) {
    return base::Error{"denied", "", "Operation not permitted"};
  }
  sim::Action action;
  action.verb = sim::Verb::EditFile;
  action.target = full;
  action.fields[field] = value;
  return applied(action, changed);
}

base::Result<> FileView::setMode(std::string_view path, std::uint16_t mode,
                                 std::vector<sim::Action>& changed) const {
  std::string octal;
  for (int shift = 9; shift >= 0; shift -= 3)
    octal += static_cast<char>('0' + ((mode >> shift) & 7));
  return changeAttribute(path, "mode", octal, changed);
}

base::Result<> FileView::setOwner(std::string_view path, const std::string& owner,
                                  std::vector<sim::Action>& changed) const {
  return changeAttribute(path, "owner", owner, changed);
}

base::Result<> FileView::makeDirectory(std::string_view path,
                                       std::vector<sim::Action>& changed) const {
  const std::string full = resolve(path);
  if (exists(full)) return base::Error{"exists", "", "File exists"};
  const std::string folder = sim::folderOf(full);
  if (!isDirectory(folder)) return missing();
  if (isScratch(full)) return writeScratch(full + "/", "", false);
  if (!cluster().covers(full) || !mayChange(full)) {
    return base::Error{"denied", "", "Permission denied"};
  }
  sim::Action action;
  action.verb = sim::Verb::EditFile;
  action.target = full;
  action.fields["kind"] = "directory";
  action.fields["by"] = m_state.user;
  return applied(action, changed);
}

bool FileView::canRename(std::string_view from, std::string_view to) const {
  return cluster().covers(resolve(from)) && cluster().covers(resolve(to));
}

base::Result<> FileView::rename(std::string_view from, std::string_view to,
                                std::vector<sim::Action>& changed) const {
  const std::string source = resolve(from), target = resolve(to);
  const sim::ClusterFiles disk = cluster();
  for (const std::string& folder : {sim::folderOf(source), sim::folderOf(target)}) {
    if (!disk.permits(folder + "/x", m_state.user, sim::Access::Read) ||
        !disk.permits(folder, m_state.user, sim::Access::Write)) {
      return base::Error{"denied", "", "Permission denied"};
    }
  }
  sim::Action action;
  action.verb = sim::Verb::EditFile;
  action.target = source;
  action.fields["move"] = target;
  return applied(action, changed);
}

base::Result<> FileView::remove(std::string_view path, std::vector<sim::Action>& changed) const {
  const std::string full = resolve(path);
  if (m_state.files.erase(full) > 0) return base::Nothing{};
  if (isScratch(full) && isDirectory(full)) {
    std::erase_if(m_state.files,
                  [&](const auto& one) { return one.first.starts_with(full + "/"); });
    return base::Nothing{};
  }
  const bool configuration = configFile(m_machine.world, full) != nullptr;
  const sim::ClusterFiles disk = cluster();
  const bool onDisk = disk.node(full).has_value();
  if (configuration || onDisk) {
    if (!configuration && !disk.permits(sim::folderOf(full), m_state.user, sim::Access::Write)) {
      return base::Error{"denied", "", "Permission denied"};
    }
    sim::Action action;
    action.verb = sim::Verb::EditFile;
    action.target = full;
    action.fields["remove"] = "yes";
    return applied(action, changed);
  }
  if (isDirectory(full)) return base::Error{"directory", "", "Is a directory"};
  if (!read(full)) return missing();
  return base::Error{"denied", "", "Operation not permitted"};
}

}  // namespace console
