// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/system/processes.h"

#include <algorithm>

#include "base/random.h"
#include "console/system/load_clients.h"
#include "console/system/numbers.h"
#include "sim/host_daemons.h"
#include "sim/model.h"
#include "sim/server_backends.h"
#include "sim/session_actions.h"

namespace console {
namespace {

constexpr std::int64_t kBackendFileKb = 14'336;
constexpr std::int64_t kCodeKb = 48'000;
constexpr const char* kBackendType = "client backend";

bool hasBackends(const sim::Postgres& server) {
  return server.life != sim::Life::Stopped && server.life != sim::Life::Starting;
}

Process serverProcess(const sim::World& world, std::uint32_t offset, const char* type,
                      const char* title) {
  const sim::Postgres& server = world.postgres();
  Process process;
  process.pid = offset == 0 ? server.postmasterPid
                : offset == 6 && server.life == sim::Life::Recovering
                    ? server.startupPid
                    : server.auxiliaryPid + offset - 1;
  process.parent = offset == 0 ? 1 : server.postmasterPid;
  process.user = "postgres";
  process.name = "postgres";
  process.type = type;
  process.startedMs = server.postmasterStart.ms;
  process.virtualKb = server.values.sharedMemoryBytes / 1024 + kCodeKb;
  process.anonKb = 2400 + 90 * offset;
  process.fileKb = 5120;
  process.command = offset == 0 ? "/usr/lib/postgresql/15/bin/postgres -D " +
                                      world.spec().database.dataDirectory +
                                      " -c config_file=" + world.spec().database.configFile
                                : std::string("postgres: 15/main: ") + title;
  if (offset == 0) {
    process.scoreAdjust = -900;
    process.anonKb = 1100;  // measured, with its share of the programs: 22.5 MB resident
    process.shmemKb = postmasterSharedKb(server);
    process.fileKb = 21'400;
  }
  return process;
}

void addServer(std::vector<Process>& list, const sim::World& world) {
  const sim::Postgres& server = world.postgres();
  if (server.life == sim::Life::Stopped) {
    for (const std::uint32_t pid : server.held) {  // they outlived their postmaster
      Process process = serverProcess(world, 1, kBackendType, "idle");
      process.pid = pid;
      process.parent = 1;
      list.push_back(std::move(process));
    }
    return;
  }
  if (server.postmasterPid == 0) return;
  list.push_back(serverProcess(world, 0, "postmaster", ""));
  if (server.life == sim::Life::Starting || server.life == sim::Life::Recovering) {
    list.push_back(serverProcess(world, 6, "startup", "startup recovering"));
  }
  if (server.life == sim::Life::Crashed) return;
  list.push_back(serverProcess(world, 1, "checkpointer", "checkpointer "));
  list.push_back(serverProcess(world, 2, "background writer", "background writer "));
  const auto touchedKb = static_cast<std::int64_t>(server.touchedBytes / 1024);
  list[list.size() - 2].shmemKb = touchedKb * 3 / 5;
  list[list.size() - 1].shmemKb = touchedKb / 8;
  if (server.life != sim::Life::Running) return;
  list.push_back(serverProcess(world, 3, "walwriter", "walwriter "));
  list.push_back(serverProcess(world, 4, "autovacuum launcher", "autovacuum launcher "));
  list.push_back(
      serverProcess(world, 5, "logical replication launcher", "logical replication launcher "));
}

std::string firstWord(const std::string& statement) {
  std::string word = statement.substr(0, statement.find(' '));
  for (char& c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return word;
}

void addBackends(std::vector<Process>& list, const sim::World& world) {
  const sim::Postgres& server = world.postgres();
  const auto work = backendWork(world);
  if (work.empty()) return;
  const auto count = static_cast<std::int64_t>(work.size());
  std::int64_t loads = 0;
  for (const sim::ClientLoad& load : server.loads) {
    loads += static_cast<std::int64_t>(load.runs() ? load.alive * load.backendBytes() : 0);
  }
  const std::int64_t anonKb =
      std::max<std::int64_t>((world.host().memory.anon - loads) / 1024 / count, 2048);
  const double segment = static_cast<double>(server.values.sharedMemoryBytes);
  const double busy =
      server.active > 0
          ? 100.0 * std::min<double>(world.spec().host.cores, server.active) / server.active
          : 0.0;
  for (const BackendWork& one : work) {
    const sim::Cohort& cohort = server.cohorts[static_cast<std::size_t>(one.cohort)];
    const double pages = std::min(world.model()->popularity.distinctPages(cohort.references),
                                  server.touchedBytes / 8192.0);
    Process process = serverProcess(world, 0, kBackendType, "");
    process.pid = one.pid;
    process.parent = server.postmasterPid;
    process.startedMs = cohort.startedMs;
    process.scoreAdjust = 0;
    process.cohort = one.cohort;
    process.anonKb = anonKb;
    process.fileKb = kBackendFileKb;
    process.virtualKb += anonKb * 3 / 2;
    process.shmemKb = static_cast<std::int64_t>(pages * 8);
    process.pageTablesKb = static_cast<std::int64_t>(sim::pageTableBytes(pages, segment) / 1024);
    const std::string tag = one.active ? firstWord(one.statement) : "idle";
    process.command = "postgres: 15/main: " + world.spec().database.user + " " +
                      world.spec().database.database + " " + clientAddress(one.cohort) + "(" +
                      std::to_string(clientPort(one.pid)) + ") " + tag;
    process.state = !one.active ? 'S' : one.readsDisk ? 'D' : 'R';
    process.cpuPercent = one.active && !one.readsDisk ? busy : 0.0;
    process.cpuSeconds = cohort.references * 2e-5;
    list.push_back(std::move(process));
  }
}

// "idle in transaction", "SELECT", "INSERT waiting": what a backend writes into its title.
std::string sessionTitle(const sim::World& world, const sim::Session& one) {
  const sim::SessionState state = sessionState(world.postgres(), one, world.seed(), world.now());
  if (one.kind == sim::SessionKind::AutovacuumWorker) {
    return "autovacuum worker " + one.database;
  }
  const std::string place =
      one.host.empty() ? "[local]" : one.host + "(" + std::to_string(clientPort(one.pid)) + ")";
  std::string tag(sim::sessionStateName(state));
  if (state == sim::SessionState::Active) {
    tag = firstWord(sessionQuery(world.postgres(), one, world.seed(), world.now()));
    while (tag.ends_with(';')) tag.pop_back();
    const bool waits = std::any_of(one.locks.begin(), one.locks.end(),
                                   [](const sim::SessionLock& lock) { return !lock.granted; });
    if (waits) tag += " waiting";
  }
  const std::string kind = one.kind == sim::SessionKind::WalSender ? "walsender " : "";
  return kind + one.role + " " + one.database + " " + place + " " + tag;
}

void addSessions(std::vector<Process>& list, const sim::World& world) {
  // Measured (c_connection_memory): an idle session's private and shared pages, kB.
  constexpr std::int64_t kAnonKb = 1960, kShmemKb = 3200;
  for (const sim::Session& one : world.postgres().sessions) {
    Process process = serverProcess(world, 0, kBackendType, "");
    process.pid = one.pid;
    process.parent = world.postgres().postmasterPid;
    process.type = std::string(sim::sessionKindName(one.kind));
    process.startedMs = one.startedMs;
    process.scoreAdjust = 0;
    process.anonKb = kAnonKb;
    process.fileKb = kBackendFileKb;
    process.shmemKb = kShmemKb;
    process.command = "postgres: 15/main: " + sessionTitle(world, one);
    if (one.load != 0) describeLoadClient(process, world, one);
    list.push_back(std::move(process));
  }
}

}  // namespace

std::vector<BackendWork> backendWork(const sim::World& world) {
  std::vector<BackendWork> all;
  const sim::Postgres& server = world.postgres();
  if (!hasBackends(server)) return all;
  const auto tick = world.now().seconds();
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t c = 0; c < server.cohorts.size(); ++c) {
    const sim::Cohort& cohort = server.cohorts[c];
    for (std::int32_t i = 0; i < cohort.connections; ++i) {
      BackendWork one;
      one.pid = cohort.firstPid + static_cast<std::uint32_t>(i);
      one.cohort = static_cast<int>(c);
      one.statement = sim::statementOf(world.spec(), world.seed(), tick, one.pid);
      order.emplace_back(base::draw64(world.seed(), base::Stream::Terminal, tick, ~one.pid),
                         all.size());
      all.push_back(one);
    }
  }
  std::sort(order.begin(), order.end());
  const auto active = static_cast<std::size_t>(std::max(server.active, 0));
  const auto reading = static_cast<std::size_t>(std::max(world.host().diskQueue, 0.0) + 0.5);
  const double runs = std::clamp(world.website().last.serviceSeconds, 0.001, 120.0) * 1000;
  for (std::size_t i = 0; i < order.size(); ++i) {
    BackendWork& one = all[order[i].second];
    one.active = i < active;
    one.readsDisk = i < std::min(active, reading);
    const double age =
        base::uniform(world.seed(), base::Stream::Terminal, tick, one.pid ^ 0x80000000u);
    const auto ran = static_cast<std::int64_t>(age * runs);
    const auto idle = one.active ? 0 : static_cast<std::int64_t>(age * 1800);
    const std::int64_t born = server.cohorts[static_cast<std::size_t>(one.cohort)].startedMs;
    one.queryStartMs = std::max(born, world.now().ms - ran - idle);
    one.stateChangeMs = std::max(born, world.now().ms - (one.active ? ran : idle));
  }
  return all;
}

std::vector<Process> processes(const sim::World& world) {
  std::vector<Process> list;
  for (const sim::Daemon& daemon : sim::kDaemons) {
    Process process;
    process.pid = daemon.pid;
    process.parent = daemon.pid > 2 ? 1 : 0;
    process.user = daemon.user;
    process.name = daemon.name;
    process.command = daemon.command;
    process.startedMs = -kBootedBeforeMs;
    process.virtualKb = daemon.virtualKb;
    process.anonKb = daemon.anonKb;
    process.fileKb = daemon.fileKb;
    process.scoreAdjust = daemon.scoreAdjust;
    // kswapd works while memory is short.
    if (daemon.pid == 61) process.cpuPercent = 100.0 * std::min(world.host().stalledSome, 1.0);
    if (process.cpuPercent > 1) process.state = 'R';
    list.push_back(std::move(process));
  }
  addServer(list, world);
  addBackends(list, world);
  addSessions(list, world);
  for (Process& process : list) {  // the kernel counts whole pages
    for (std::int64_t* kb : {&process.virtualKb, &process.anonKb, &process.fileKb, &process.shmemKb,
                             &process.pageTablesKb}) {
      *kb = *kb / 4 * 4;
    }
  }
  for (Process& process : list) {
    const auto& held = world.postgres().held;
    if (std::find(held.begin(), held.end(), process.pid) != held.end()) process.state = 'T';
  }
  std::sort(list.begin(), list.end(),
            [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return list;
}

std::optional<std::string> processType(const sim::World& world, std::uint32_t pid) {
  for (const sim::Daemon& daemon : sim::kDaemons) {
    if (daemon.pid == pid) return std::string();
  }
  std::vector<Process> own;
  addServer(own, world);
  for (const Process& process : own) {
    if (process.pid == pid) return process.type;
  }
  const sim::Postgres& server = world.postgres();
  for (const sim::Cohort& cohort : server.cohorts) {
    const bool there = hasBackends(server) && pid >= cohort.firstPid &&
                       pid - cohort.firstPid < static_cast<std::uint32_t>(cohort.connections);
    if (there) return std::string(kBackendType);
  }
  for (const sim::Session& one : server.sessions) {
    if (one.pid == pid) return std::string(sim::sessionKindName(one.kind));
  }
  return std::nullopt;
}

std::optional<Process> findProcess(const sim::World& world, std::uint32_t pid) {
  if (!processType(world, pid)) return std::nullopt;
  for (Process& process : processes(world)) {
    if (process.pid == pid) return std::move(process);
  }
  return std::nullopt;
}

std::int64_t killerScore(const sim::World& world, const Process& process) {
  const std::int64_t totalKb = (world.spec().host.ramBytes + world.host().swapTotal) / 1024;
  if (totalKb <= 0 || process.virtualKb == 0 || process.scoreAdjust == -1000) return 0;
  const std::int64_t points = process.residentKb() + process.pageTablesKb;
  // Linux 6.1 shows (1000 + badness in thousandths) * 2 / 3.
  return std::max<std::int64_t>(0, (1000 + points * 1000 / totalKb + process.scoreAdjust) * 2 / 3);
}

std::string clientAddress(int cohort) {
  return "10.0.0." + std::to_string(21 + cohort);
}

int clientPort(std::uint32_t pid) {
  return 32'768 + static_cast<int>(pid * 2654435761u % 28'000u);
}

}  // namespace console
