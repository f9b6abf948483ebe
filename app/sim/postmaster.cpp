// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/postmaster.h"

#include <algorithm>

#include "base/random.h"
#include "sim/lock_files.h"
#include "sim/server_log.h"
#include "sim/server_start.h"
#include "sim/startup_process.h"

namespace sim {

std::int64_t dynamicSharedBytes(const Postgres& server) {
  const ServerSettings& settings = server.settings;
  const bool posix = settings.state("dynamic_shared_memory_type") == nullptr ||
                     settings.show("dynamic_shared_memory_type") == "posix";
  constexpr std::int64_t kStatistics = 1 << 20, kSlot = 24;
  constexpr std::int64_t kOthers = 22;  // MaxBackends above max_connections, by default
  const std::int64_t slots = 64 + 5 * (server.values.maxConnections + kOthers);
  return posix ? kStatistics + kSlot * slots : 0;
}

StartStep prepareStart(ServerContext& c, ServerSettings& settings, const StartOptions& options,
                       const ProcessLimits& limits) {
  const WorldSpec& spec = c.model.spec;
  const ClusterFiles files(spec, c.server);
  const LoadReport report = settings.start(readableFiles(spec, c.server), options, limits.stack);
  StartStep step;
  step.log = report.log;
  step.ok = report.ok;
  step.exitCode = report.ok ? 0 : 1;
  if (!report.ok) return step;
  StartStep entered = enterDataDirectory(files, spec, c.server);
  step.log.insert(step.log.end(), entered.log.begin(), entered.log.end());
  step.ok = entered.ok;
  step.exitCode = entered.exitCode;
  step.lockTaken = entered.lockTaken;
  if (!step.ok) return step;
  std::optional<ServerMessage> refusal = loadLibraries(settings);
  if (!refusal) refusal = createSharedMemory(c, settings, limits);
  if (!refusal) refusal = notifyDirectoryFault(files);
  if (!refusal) return step;
  step.log.push_back(*refusal);
  step.log.push_back({"LOG", "database system is shut down", {}, {}, {}});
  step.ok = false;
  step.exitCode = 1;
  return step;
}

Outcome startSecond(ServerContext& c, const StartOptions& options, const ProcessLimits& limits) {
  ServerSettings settings(c.model.spec.database.catalogue, c.model.spec.database.configFile,
                          c.model.spec.database.dataDirectory);
  const StartStep step = prepareStart(c, settings, options, limits);
  const std::uint32_t pid = c.server.nextPid++;
  for (const ServerMessage& message : step.log) writeServerMessage(c, message, pid);
  return {false, step.log.empty() ? "could not start server" : serverMessageText(step.log.back()),
          step.exitCode};
}

Listening listen(ServerContext& c) {
  const WorldSpec& spec = c.model.spec;
  const Postgres& server = c.server;
  Listening listening = openSockets(spec, server, server.settings);
  if (listening.ok) {
    for (const ServerMessage& message : unopenedDirectories(ClusterFiles(spec, server))) {
      listening.log.push_back(message);
    }
    const Listening authentication = loadAuthentication(spec, c.server);
    listening.log.insert(listening.log.end(), authentication.log.begin(), authentication.log.end());
    listening.ok = authentication.ok;
    for (const std::string& socket : ClusterFiles(spec, server).sockets()) {
      c.server.disk.forget(socket);
      c.server.disk.forget(socket + ".lock");
    }
  }
  for (const ServerMessage& message : listening.log) {
    writeServerMessage(c, message, server.postmasterPid);
  }
  return listening;
}

bool startupProcessWorks(ServerContext& c, std::uint32_t pid) {
  Postgres& server = c.server;
  const ClusterFiles files(c.model.spec, server);
  const StartupReport report = examineCluster(files, server);
  for (const ServerMessage& message : report.log) {
    writeServerMessage(c, message, pid);
  }
  if (report.makesArchiveStatus) server.disk.forget(files.inData("pg_wal/archive_status"));
  server.startupEnd = report.end;
  const auto shared = c.host.tmpfsSize(c.model.spec.host, "/dev/shm");
  if (report.end == Postgres::StartupEnd::Ready && shared && *shared < dynamicSharedBytes(server)) {
    writeServerMessage(
        c,
        {"FATAL",
         "could not resize shared memory segment \"/PostgreSQL." +
             std::to_string(
                 base::draw64(c.seed, base::Stream::Terminal, c.now.ms, pid) % 4'000'000'000 + 1) +
             "\" to 1048576 bytes: No space left on device",
         {},
         {},
         "53100"},
        pid);
    server.startupEnd = Postgres::StartupEnd::Exit;
  }
  return server.startupEnd == Postgres::StartupEnd::Ready;
}

void reloadAuthentication(ServerContext& c) {
  const Listening read = loadAuthentication(c.model.spec, c.server, true);
  for (const ServerMessage& message : read.log) {
    writeServerMessage(c, message, c.server.postmasterPid);
  }
}

bool ownsLockFile(ServerContext& c) {
  const Postgres& server = c.server;
  constexpr std::int64_t kMinute = 60'000;
  const std::int64_t age = (c.now - server.postmasterStart).ms;
  if (server.disk.changes().empty() || age < kMinute || age % kMinute >= 1000) return true;
  const auto fault = lockFileFault(ClusterFiles(c.model.spec, server), server);
  if (!fault) return true;
  writeServerMessage(c, *fault, server.postmasterPid);
  writeServerMessage(c,
                     {"LOG",
                      "performing immediate shutdown because data directory lock file is invalid",
                      {},
                      {},
                      {}},
                     server.postmasterPid);
  return false;
}

void leaveFiles(ServerContext& c) {
  const ClusterFiles files(c.model.spec, c.server);
  std::vector<std::string> paths = files.sockets();
  for (std::size_t i = paths.size(); i-- > 0;) paths.push_back(paths[i] + ".lock");
  paths.push_back(files.pidFile());
  std::vector<DiskNode> left;
  for (const std::string& path : paths) {
    if (auto node = files.node(path)) left.push_back(std::move(*node));
  }
  for (DiskNode& node : left) c.server.disk.put(std::move(node));
}

std::optional<Outcome> holdProcess(ServerContext& c, std::int64_t pid, const std::string& signal) {
  Postgres& server = c.server;
  const auto place = std::find(server.held.begin(), server.held.end(), pid);
  const bool isHeld = place != server.held.end(), down = server.life == Life::Stopped;
  if (signal == "STOP") {
    constexpr std::int64_t kFirstServerPid = 1000;
    if (pid < kFirstServerPid || !isAlive(server, pid)) return std::nullopt;
    if (!isHeld) server.held.push_back(static_cast<std::uint32_t>(pid));
    return Outcome{};
  }
  if (!isHeld) return std::nullopt;
  const bool ends = signal == "CONT" || signal == "KILL" || signal == "9" || signal == "SIGKILL";
  if (!ends) return down ? std::optional(Outcome{}) : std::nullopt;
  server.held.erase(place);
  return signal == "CONT" || down ? std::optional(Outcome{}) : std::nullopt;
}

void forgetFiles(ServerContext& c) {
  if (c.server.disk.changes().empty()) return;
  c.server.disk.forget(ClusterFiles(c.model.spec, c.server).pidFile());
}

}  // namespace sim
