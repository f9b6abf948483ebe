// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wal_space.h"

#include <algorithm>

#include "sim/cluster_files.h"
#include "sim/server_backends.h"
#include "sim/server_log.h"
#include "sim/server_signals.h"
#include "sim/session_actions.h"

namespace sim {
namespace {

constexpr auto kSegment = static_cast<double>(kWalSegmentBytes);

// The segment that the byte before an LSN lies in.
std::int64_t segmentBefore(double lsn) {
  return static_cast<std::int64_t>(std::max(lsn - 1, 0.0) / kSegment);
}

struct Writer {
  std::string process = "server process";
  std::uint32_t pid = 0;
  std::string statement;
};

Writer writerOf(const ServerContext& c, std::uint32_t pid) {
  const Postgres& server = c.server;
  Writer writer;
  for (const Session& one : server.sessions) {
    if (pid != 0 ? one.pid != pid : one.load == 0) continue;
    writer.pid = one.pid;
    writer.statement = sessionQuery(server, one, c.seed, c.now);
    return writer;
  }
  if (server.connections() > 0) {
    writer.pid = backendPid(server, 0);
    writer.statement = statementOf(c.model.spec, c.seed, c.now.seconds(), writer.pid);
    return writer;
  }
  writer.process = auxiliaryName(Auxiliary::WalWriter);
  writer.pid = server.auxiliaryPid + static_cast<std::uint32_t>(Auxiliary::WalWriter);
  return writer;
}

}  // namespace

WalFiles walFiles(const Postgres& server) {
  const bool writes = server.checkpointEnds.ms >= 0;
  const double redo = server.redoFrom - (writes ? server.checkpointDistance : 0);
  const auto oldest = static_cast<std::int64_t>(std::max(redo, 0.0) / kSegment);
  return {oldest, std::max({oldest, server.walHighestSegment, segmentBefore(server.walBytes)})};
}

std::optional<double> walEnd(const ServerContext& c) {
  if (c.host.tmpfs.empty()) return std::nullopt;  // asked at every step
  const std::string folder = c.model.spec.database.dataDirectory + "/pg_wal";
  const std::optional<std::int64_t> room = c.host.tmpfsSize(c.model.spec.host, folder);
  if (!room) return std::nullopt;
  const WalFiles files = walFiles(c.server);
  const std::int64_t last = files.oldest + *room / kWalSegmentBytes - 1;
  return static_cast<double>(std::max(files.highest, last) + 1) * kSegment;
}

std::optional<std::string> makeNextSegment(const ServerContext& c, std::uint32_t pid, bool& made) {
  constexpr double kNearlyFull = 0.75;
  const std::int64_t current = segmentBefore(c.server.walBytes);
  const double used = (c.server.walBytes - 1) / kSegment - static_cast<double>(current);
  made = false;
  if (used < kNearlyFull || walFiles(c.server).highest > current) return std::nullopt;
  const std::optional<double> end = walEnd(c);
  if (end && *end < static_cast<double>(current + 2) * kSegment) return segmentFailure(pid);
  c.server.walHighestSegment = current + 1;
  made = true;
  return std::nullopt;
}

std::string segmentFailure(std::uint32_t pid) {
  return "could not write to file \"pg_wal/xlogtemp." + std::to_string(pid) +
         "\": No space left on device";
}

void panicWithoutWal(ServerContext& c, std::uint32_t pid) {
  const Writer writer = writerOf(c, pid);
  const ServerMessage message = {"PANIC", segmentFailure(writer.pid), {}, {}, "53100"};
  writeSessionMessage(c.server.values.log, message, writer.pid, writer.statement, c.now,
                      c.telemetry);
  crashServer(c, crashBySignal(writer.process, writer.pid, "ABRT", writer.statement));
  for (Farewell& one : c.server.farewells) {
    if (one.pid == writer.pid) one.words = serverMessageText(message);
  }
}

}  // namespace sim
