// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/file_view.h"

#include <algorithm>
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
  return path.starts_with("/tmp/") || path.starts_with("/home/oncall/");
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
                                               "/var/lib/postgresql/15/main/base",
                                               "/dev/shm",
                                               "/run",
                                               "/etc/postgresql/15/main/conf.d",
                                               "/var/lib/postgresql/15/main/pg_wal",
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
  return findProcess(machine.world, static_cast<std::uint32_t>(std::stoull(std::string(digits))))
      .has_value();
}

const sim::ConfigFile* configFile(const sim::World& world, std::string_view path) {
  for (const sim::ConfigFile& file : world.postgres().files) {
    if (file.path == path) return &file;
  }
  return nullptr;
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
  const auto set = state.variables.find(std::string(name));
  if (set != state.variables.end()) return set->second;
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

base::Result<std::string> FileView::read(std::string_view path) const {
  if (path.empty()) return missing();
  const std::string full = resolve(path);
  const sim::ConfigFile* file = configFile(m_machine.world, full);
  if (file != nullptr && !file->readable && m_state.user != "root") {
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
  if (Generated made = staticFile(m_machine, path); made.there) return std::move(made.text);
  return missing();
}

bool FileView::exists(std::string_view path) const {
  return read(path).ok() || isDirectory(path);
}

bool FileView::isDirectory(std::string_view path) const {
  const std::string full = resolve(path);
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

std::vector<std::string> FileView::below(std::string_view path) const {
  const std::string full = resolve(path);
  const std::string prefix = full == "/" ? full : full + "/";
  std::vector<std::string> found;
  for (const std::string& file : allPaths(m_machine, m_state)) {
    if (file.starts_with(prefix)) found.push_back(file);
  }
  return found;
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
  return info;
}

base::Result<> FileView::applied(const sim::Action& action,
                                 std::vector<sim::Action>& changed) const {
  const sim::Outcome outcome = m_machine.world.apply(action, m_machine.who, m_machine.telemetry);
  if (!outcome.accepted) {
    constexpr std::string_view kMissing = "No such file or directory";
    const std::string reason =
        outcome.text.ends_with(kMissing) ? std::string(kMissing) : outcome.text;
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
  if (file != nullptr || inConfigFolder(m_machine.world, full)) {
    const std::string old = file != nullptr ? file->text : "";
    sim::Action action;
    action.verb = sim::Verb::EditFile;
    action.target = full;
    action.text = append ? old + text : text;
    if (file != nullptr && action.text == old) return base::Nothing{};
    if (action.text.size() > kScratchBytes) return base::Error{"full", "", "File too large"};
    return applied(action, changed);
  }
  if (full.starts_with("/proc/sys/")) {
    sim::Action action;
    action.verb = sim::Verb::Sysctl;
    action.target = base::replaceAll(full.substr(10), "/", ".");
    action.text = std::string(base::trim(text));
    return applied(action, changed);
  }
  return base::Error{"denied", "", "Permission denied"};
}

base::Result<> FileView::setReadable(std::string_view path, bool readable,
                                     std::vector<sim::Action>& changed) const {
  const std::string full = resolve(path);
  const sim::ConfigFile* file = configFile(m_machine.world, full);
  if (file == nullptr) {
    if (!exists(full)) return missing();
    if (isScratch(full)) return base::Nothing{};
    return base::Error{"denied", "", "Operation not permitted"};
  }
  sim::Action action;
  action.verb = sim::Verb::EditFile;
  action.target = full;
  action.text = file->text;
  action.fields["readable"] = readable ? "yes" : "no";
  return applied(action, changed);
}

base::Result<> FileView::remove(std::string_view path, std::vector<sim::Action>& changed) const {
  const std::string full = resolve(path);
  if (m_state.files.erase(full) > 0) return base::Nothing{};
  if (configFile(m_machine.world, full) != nullptr) {
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
