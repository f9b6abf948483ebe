// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/checkpoints.h"

#include <algorithm>

#include "sim/server_log.h"

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
constexpr double kWalSegment = 16.0 * 1024 * 1024;

std::uint32_t checkpointerPid(const Postgres& server) {
  return server.auxiliaryPid;
}

void logComplete(ServerContext& context, double buffers, double seconds, double distance) {
  const Postgres& server = context.server;
  CheckpointNumbers n;
  n.buffers = static_cast<std::int64_t>(buffers);
  n.poolBuffers = server.values.sharedBuffersBytes / 8192;
  n.recycled = static_cast<std::int64_t>(distance / kWalSegment);
  n.writeMs = static_cast<std::int64_t>(seconds * 990);
  n.syncMs = static_cast<std::int64_t>(seconds * 8) + 3;
  n.totalMs = n.writeMs + n.syncMs + 11;
  n.files = std::min<std::int64_t>(64, 2 + n.buffers / 100);
  n.longestMs = n.syncMs / 2;
  n.averageMs = n.syncMs / std::max<std::int64_t>(1, n.files);
  n.distanceKb = static_cast<std::int64_t>(distance / 1024);
  n.estimateKb = n.distanceKb;
  writeLog(context.telemetry, context.now, LogShape::PgCheckpointComplete, checkpointerPid(server),
           {}, checkpointText(n));
}

}  // namespace

double stepCheckpoints(ServerContext& context, double walBytes, double dirtiedPages,
                       double seconds) {
  Postgres& server = context.server;
  if (!server.accepts()) return 0;
  const RunningValues& v = server.values;
  server.walBytes += walBytes;
  // A page dirtied twice between checkpoints is written once.
  const double room = std::max(1.0, server.poolPages);
  server.dirtyPages += dirtiedPages * std::max(0.0, 1 - server.dirtyPages / room);
  double written = walBytes;

  if (server.checkpointEnds.ms >= 0) {
    const double left = std::max(
        1.0, static_cast<double>((server.checkpointEnds - context.now).ms) / 1000 + seconds);
    const double pages = std::min(server.checkpointDirty, server.checkpointDirty * seconds / left);
    server.checkpointDirty -= pages;
    server.dirtyPages = std::max(0.0, server.dirtyPages - pages);
    server.buffersCheckpoint += pages;
    written += pages * kPageBytes;
    if (context.now >= server.checkpointEnds) {
      const double took = static_cast<double>((context.now - server.lastCheckpoint).ms) / 1000;
      logComplete(context, server.checkpointBuffers, took, server.walBytes - server.redoFrom);
      server.checkpointEnds = {-1};
    }
    return written;
  }
  const double distance = server.walBytes - server.redoFrom;
  const bool byWal =
      distance >= static_cast<double>(v.maxWalBytes) / (1 + v.checkpointCompletionTarget);
  const bool byTime = (context.now - server.lastCheckpoint).ms >= v.checkpointTimeoutMs;
  if ((byWal || byTime) && distance > kWalSegment / 256) {
    (byWal ? server.checkpointsRequested : server.checkpointsTimed) += 1;
    writeLog(context.telemetry, context.now,
             byWal ? LogShape::PgCheckpointWal : LogShape::PgCheckpointTime,
             checkpointerPid(server));
    server.lastCheckpoint = context.now;
    server.redoFrom = server.walBytes;
    server.checkpointDirty = server.dirtyPages;
    server.checkpointBuffers = server.dirtyPages;
    server.checkpointEnds =
        context.now +
        base::SimTime{static_cast<std::int64_t>(static_cast<double>(v.checkpointTimeoutMs) *
                                                v.checkpointCompletionTarget)};
  }
  return written;
}

double recoverySeconds(const DatabaseSpec& spec, const Postgres& server) {
  const double replay = (server.walBytes - server.redoFrom) / (spec.walReplayMBs * 1e6);
  return 1 + replay + server.dirtyPages * kPageBytes / kCheckpointBytesPerSecond;
}

void finishCheckpointNow(ServerContext& context, bool endOfRecovery, double seconds) {
  Postgres& server = context.server;
  logComplete(context, server.dirtyPages, seconds, server.walBytes - server.redoFrom);
  server.buffersCheckpoint += server.dirtyPages;
  server.dirtyPages = 0;
  server.checkpointDirty = 0;
  server.checkpointEnds = {-1};
  server.redoFrom = server.walBytes;
  server.lastCheckpoint = context.now;
  if (!endOfRecovery) server.cleanShutdown = true;
}

}  // namespace sim
