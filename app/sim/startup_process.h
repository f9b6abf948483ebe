// SPDX-License-Identifier: GPL-3.0-or-later
// What the startup process finds in the data directory before it replays or opens anything: WAL
// directory, signal files, backup_label, the checkpoint record, transaction status (StartupXLOG in
// xlog.c). Texts and their order as seen on 15.18.
#pragma once

#include <vector>

#include "sim/cluster_files.h"

namespace sim {

struct StartupReport {
  std::vector<ServerMessage> log;
  Postgres::StartupEnd end = Postgres::StartupEnd::Ready;
  bool makesArchiveStatus = false;  // pg_wal/archive_status was missing
};
[[nodiscard]] StartupReport examineCluster(const ClusterFiles& files, const Postgres& server);
// What every postmaster logs of directories it would clean of temporary files.
[[nodiscard]] std::vector<ServerMessage> unopenedDirectories(const ClusterFiles& files);

}  // namespace sim
