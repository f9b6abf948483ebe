// SPDX-License-Identifier: GPL-3.0-or-later
// Lock files of the postmaster: postmaster.pid in the data directory and one beside each socket
// (CreateLockFile in miscinit.c). Also who is alive under a pid, as kill(pid, 0) tells the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/cluster_files.h"
#include "sim/settings/settings.h"

namespace sim {

// Whether a process of that account runs under the pid.
[[nodiscard]] bool isAlive(const Postgres& server, std::int64_t pid,
                           std::string_view user = "postgres");

struct LockFile {
  std::string path;    // on the disk
  std::string name;    // as messages give it
  std::string socket;  // empty: it locks the data directory
};
// Why the lock cannot be taken, or nothing.
[[nodiscard]] std::optional<ServerMessage> lockRefusal(const ClusterFiles& files,
                                                       const WorldSpec& spec,
                                                       const Postgres& server,
                                                       const LockFile& lock);
// Whether the running server's lock file is still its own; "LOG" lines when it is not.
[[nodiscard]] std::optional<ServerMessage> lockFileFault(const ClusterFiles& files,
                                                         const Postgres& server);

}  // namespace sim
