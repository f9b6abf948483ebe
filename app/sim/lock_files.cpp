// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lock_files.h"

#include <cstdlib>

#include "base/text.h"
#include "sim/data_directory.h"
#include "sim/host_daemons.h"

namespace sim {
namespace {

ServerMessage fatal(std::string text, std::string hint = {}) {
  return {"FATAL", std::move(text), {}, std::move(hint), {}};
}

// atoi() of the first bytes.
std::int64_t leadingNumber(const std::string& text) {
  return std::strtol(text.c_str(), nullptr, 10);
}

// Key and id of the block a lock file names; both 0: it names none.
bool namesBlock(const std::string& text) {
  constexpr std::size_t kBlockLine = 6;
  const std::vector<std::string> lines = base::lines(text);
  return lines.size() > kBlockLine && leadingNumber(lines[kBlockLine]) != 0;
}

}  // namespace

bool isAlive(const Postgres& server, std::int64_t pid, std::string_view user) {
  if (pid <= 0) return false;
  for (const Daemon& daemon : kDaemons) {
    if (daemon.pid == pid) return daemon.user == user;
  }
  if (user != "postgres") return false;
  for (const std::uint32_t held : server.held) {
    if (held == pid) return true;
  }
  if (server.life == Life::Stopped) return false;
  constexpr std::int64_t kAuxiliaries = 6;
  if (pid == server.postmasterPid) return true;
  if (pid >= server.auxiliaryPid && pid < server.auxiliaryPid + kAuxiliaries) return true;
  for (const Cohort& cohort : server.cohorts) {
    if (pid >= cohort.firstPid && pid < cohort.firstPid + std::int64_t{cohort.connections}) {
      return true;
    }
  }
  return false;
}

std::optional<ServerMessage> lockRefusal(const ClusterFiles& files, const WorldSpec& spec,
                                         const Postgres& server, const LockFile& lock) {
  const std::string quoted = "\"" + lock.name + "\"";
  const auto node = files.node(lock.path);
  const auto folder = files.node(folderOf(lock.path));
  const bool mayWrite = !folder || allows(*folder, "postgres", Access::Write);
  if (!node) {
    if (!folder && files.covers(folderOf(lock.path))) {
      return fatal("could not create lock file " + quoted + ": No such file or directory");
    }
    if (!mayWrite) return fatal("could not create lock file " + quoted + ": Permission denied");
    return std::nullopt;
  }
  if (!files.permits(lock.path, "postgres", Access::Read)) {
    return fatal("could not open lock file " + quoted + ": Permission denied");
  }
  if (node->kind == NodeKind::Directory) {
    return fatal("could not read lock file " + quoted + ": Is a directory");
  }
  if (node->text.empty()) {
    return fatal("lock file " + quoted + " is empty",
                 "Either another server is starting, or the lock file is the remnant of a previous "
                 "server startup crash.");
  }
  const std::int64_t written = leadingNumber(node->text);
  const std::int64_t pid = written < 0 ? -written : written;
  if (pid == 0) {
    return fatal("bogus data in lock file " + quoted + ": \"" +
                 base::replaceAll(node->text, "\n", "\n\t") + "\"");
  }
  const std::string who =
      std::string("Is another ") + (written < 0 ? "postgres" : "postmaster") + " (PID " +
      std::to_string(pid) + ") " +
      (lock.socket.empty() ? "running in data directory \"" + spec.database.dataDirectory
                           : "using socket file \"" + lock.socket) +
      "\"?";
  if (isAlive(server, pid)) return fatal("lock file " + quoted + " already exists", who);
  if (lock.socket.empty() && namesBlock(node->text)) {
    if (auto inUse = sharedMemoryInUse(spec, server)) return inUse;
  }
  if (!mayWrite) {
    return fatal(
        "could not remove old lock file " + quoted + ": Permission denied",
        "The file seems accidentally left over, but it could not be removed. Please remove "
        "the file by hand and try again.");
  }
  return std::nullopt;
}

std::optional<ServerMessage> lockFileFault(const ClusterFiles& files, const Postgres& server) {
  const auto node = files.node(files.pidFile());
  if (!node) {
    return ServerMessage{
        "LOG", "could not open file \"postmaster.pid\": No such file or directory", {}, {}, {}};
  }
  if (!files.permits(files.pidFile(), "postgres", Access::Read)) return std::nullopt;
  const std::int64_t pid = leadingNumber(node->text);
  if (pid == server.postmasterPid) return std::nullopt;
  return ServerMessage{"LOG",
                       "lock file \"postmaster.pid\" contains wrong PID: " + std::to_string(pid) +
                           " instead of " + std::to_string(server.postmasterPid),
                       {},
                       {},
                       {}};
}

}  // namespace sim
