// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of the database host as ps, top, kill and /proc see them: the server's own, one per
// backend of every cohort, and the host's daemons. Made from the world when asked; nothing is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/world.h"

namespace console {

struct Process {
  std::uint32_t pid = 0, parent = 1;
  std::string user;
  std::string name;     // /proc/PID/comm
  std::string command;  // as ps shows it
  std::string type;     // backend_type of pg_stat_activity; empty: not the server's
  std::int64_t startedMs = 0;
  char state = 'S';
  double cpuPercent = 0, cpuSeconds = 0;
  std::int64_t virtualKb = 0, anonKb = 0, fileKb = 0, shmemKb = 0, pageTablesKb = 0;
  int scoreAdjust = 0;
  int cohort = -1;  // for backends: which application host they serve
  [[nodiscard]] std::int64_t residentKb() const { return anonKb + fileKb + shmemKb; }
};

// In pid order.
[[nodiscard]] std::vector<Process> processes(const sim::World& world);
[[nodiscard]] std::optional<Process> findProcess(const sim::World& world, std::uint32_t pid);
// Its Process::type; none: there is no such process. Thousands of pids may be asked for in a line,
// so no list is made.
[[nodiscard]] std::optional<std::string> processType(const sim::World& world, std::uint32_t pid);

// What one client backend is doing now.
struct BackendWork {
  std::uint32_t pid = 0;
  int cohort = 0;
  bool active = false;
  bool readsDisk = false;                            // waits for a block
  std::string statement;                             // running or last run
  std::int64_t queryStartMs = 0, stateChangeMs = 0;  // simulated time
};
[[nodiscard]] std::vector<BackendWork> backendWork(const sim::World& world);

// What the kernel would score it: 0 to 1000 and above, as /proc/PID/oom_score shows.
[[nodiscard]] std::int64_t killerScore(const sim::World& world, const Process& process);
// "10.0.0.21" for the application host a cohort serves, and a client port.
[[nodiscard]] std::string clientAddress(int cohort);
[[nodiscard]] int clientPort(std::uint32_t pid);

}  // namespace console
