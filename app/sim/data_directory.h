// SPDX-License-Identifier: GPL-3.0-or-later
// What a starting postmaster checks of its data directory before it creates shared memory: that it
// is there and its own, the version, the lock file, the control file (postmaster.c, miscinit.c,
// xlog.c of 15). Texts, order and exit codes as seen on 15.18.
#pragma once

#include <optional>
#include <vector>

#include "sim/cluster_files.h"
#include "sim/settings/settings.h"

namespace sim {

// What a step of a start came to.
struct StartStep {
  std::vector<ServerMessage> log;
  bool ok = true;
  int exitCode = 0;        // of the postmaster, when it is not ok
  bool lockTaken = false;  // the lock file is its own by now
};

// From the directory to the control file. Changes nothing.
[[nodiscard]] StartStep enterDataDirectory(const ClusterFiles& files, const WorldSpec& spec,
                                           const Postgres& server);
// Why the queue of notifications cannot be set up in shared memory, or nothing.
[[nodiscard]] std::optional<ServerMessage> notifyDirectoryFault(const ClusterFiles& files);
// "pre-existing shared memory block ...", when somebody still uses the block of this directory.
[[nodiscard]] std::optional<ServerMessage> sharedMemoryInUse(const WorldSpec& spec,
                                                             const Postgres& server);

}  // namespace sim
