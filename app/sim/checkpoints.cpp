// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/checkpoints.h"

#include <algorithm>

#include "sim/server_log.h"
#include "sim/wal_space.h"

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
constexpr double kWalSegment = 16.0 * 1024 * 1024;

std::uint32_t checkpointerPid(const Postgres& server) {
  return server.auxiliaryPid;
}

std::int64_t numberOf(const Postgres& server, std::string_view name, std::int64_t otherwise) {
  return server.settings.state(name) != nullptr ? server.settings.number(name) : otherwise;
}

bool logsCheckpoints(const Postgres& server) {
  return server.settings.state("log_checkpoints") == nullptr ||
         server.settings.show("log_checkpoints") != "off";
}

std::int64_t segmentOf(double walBytes) {
  return static_cast<std::int64_t>(walBytes / kWalSegment);
}

// Whole segments after which another checkpoint is asked for (CalculateCheckpointSegments, xlog.c).
std::int64_t triggerSegments(const RunningValues& v) {
  const double segments =
      static_cast<double>(v.maxWalBytes) / kWalSegment / (1 + v.checkpointCompletionTarget);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(segments));
}

double triggerBytes(const RunningValues& v) {
  return static_cast<double>(triggerSegments(v)) * kWalSegment;
}

// Looked at whenever a segment is full (XLogCheckpointNeeded).
bool askedByWal(const Postgres& server) {
  return segmentOf(server.walBytes) >= segmentOf(server.redoFrom) + triggerSegments(server.values);
}

// What becomes of the segments nobody needs any more: they are kept for future WAL as long as that
// is expected within the next checkpoint (XLOGfileslop), the others removed. False: the one that
// was to be made beforehand could not be written, and the checkpointer gives up.
bool dropSegments(ServerContext& context, CheckpointNumbers& n) {
  Postgres& server = context.server;
  const RunningValues& v = server.values;
  const double redo = server.redoFrom;
  const std::int64_t obsolete = segmentOf(redo) - segmentOf(redo - server.checkpointDistance);
  const double least = static_cast<double>(numberOf(server, "min_wal_size", 80)) * 1024 * 1024;
  const double ahead = std::clamp(
      1.1 * (1 + v.checkpointCompletionTarget) * server.checkpointEstimate, least - kWalSegment,
      std::max(least, static_cast<double>(v.maxWalBytes)) - kWalSegment);
  const std::int64_t limit = segmentOf(redo + ahead) + 1;
  std::int64_t highest = std::max(server.walHighestSegment, segmentOf(server.walBytes));
  for (std::int64_t i = 0; i < obsolete; ++i) {
    if (highest + 1 > limit) {
      n.removed = obsolete - i;
      break;
    }
    ++highest;
    ++n.recycled;
  }
  server.walHighestSegment = highest;
  // With a segment nearly full and none behind it, the next one is made beforehand.
  bool made = false;
  const auto failure = makeNextSegment(context, checkpointerPid(server), made);
  if (failure) {
    writeServerMessage(context, {"ERROR", *failure, {}, {}, "53100"}, checkpointerPid(server));
  }
  n.added = made ? 1 : 0;
  return !failure;
}

void complete(ServerContext& context, double buffers, double seconds) {
  Postgres& server = context.server;
  const double distance = server.checkpointDistance, before = server.checkpointEstimate;
  server.checkpointEstimate = before < distance ? distance : 0.9 * before + 0.1 * distance;
  CheckpointNumbers n;
  if (!dropSegments(context, n) || !logsCheckpoints(server)) return;
  n.buffers = static_cast<std::int64_t>(buffers);
  n.poolBuffers = server.values.sharedBuffersBytes / 8192;
  n.writeMs = static_cast<std::int64_t>(seconds * 990);
  n.syncMs = static_cast<std::int64_t>(seconds * 8) + 3;
  n.totalMs = n.writeMs + n.syncMs + 11;
  n.files = std::min<std::int64_t>(64, 2 + n.buffers / 100);
  n.longestMs = n.syncMs / 2;
  n.averageMs = n.syncMs / std::max<std::int64_t>(1, n.files);
  n.distanceKb = static_cast<std::int64_t>(distance / 1024);
  n.estimateKb = static_cast<std::int64_t>(server.checkpointEstimate / 1024);
  writeLog(context.telemetry, context.now, LogShape::PgCheckpointComplete, checkpointerPid(server),
           {}, checkpointText(n));
}

// Asked for by WAL soon after the last one began: checkpoint_warning.
void warnIfFrequent(ServerContext& context) {
  constexpr std::int64_t kDefaultSeconds = 30;
  const std::int64_t least = numberOf(context.server, "checkpoint_warning", kDefaultSeconds);
  const std::int64_t elapsed = context.now.seconds() - context.server.lastCheckpoint.seconds();
  if (elapsed >= least) return;
  writeLog(context.telemetry, context.now, LogShape::PgCheckpointsTooFrequent,
           checkpointerPid(context.server), {elapsed});
}

void begin(ServerContext& context, bool byWal) {
  Postgres& server = context.server;
  const RunningValues& v = server.values;
  (byWal ? server.checkpointsRequested : server.checkpointsTimed) += 1;
  if (byWal) warnIfFrequent(context);
  announceCheckpoint(context, byWal ? LogShape::PgCheckpointWal : LogShape::PgCheckpointTime);
  server.lastCheckpoint = context.now;
  server.checkpointDistance = server.walBytes - server.redoFrom;
  server.redoFrom = server.walBytes;
  server.checkpointDirty = server.dirtyPages;
  server.checkpointBuffers = server.dirtyPages;
  server.checkpointEnds =
      context.now + base::SimTime{static_cast<std::int64_t>(
                        static_cast<double>(v.checkpointTimeoutMs) * v.checkpointCompletionTarget)};
}

// One step of a spread checkpoint; bytes it wrote.
double writeSpread(ServerContext& context, double seconds) {
  Postgres& server = context.server;
  const RunningValues& v = server.values;
  // It keeps ahead of the WAL as well as of the clock (IsCheckpointOnSchedule).
  const bool pressed =
      server.walBytes - server.redoFrom >= v.checkpointCompletionTarget * triggerBytes(v);
  const bool over = pressed || context.now >= server.checkpointEnds;
  const double left =
      std::max(1.0, static_cast<double>((server.checkpointEnds - context.now).ms) / 1000 + seconds);
  double pages = pressed
                     ? server.checkpointDirty
                     : std::min(server.checkpointDirty, server.checkpointDirty * seconds / left);
  // With clients that write much, in step with the WAL between two checkpoints.
  if (loadsRun(server)) {
    const double share =
        (server.walBytes - server.redoFrom) / (v.checkpointCompletionTarget * triggerBytes(v));
    pages = std::max(pages, server.checkpointDirty - server.checkpointBuffers * (1 - share));
    pages = std::min(pages, server.checkpointDirty);
  }
  server.checkpointDirty -= pages;
  server.dirtyPages = std::max(0.0, server.dirtyPages - pages);
  server.buffersCheckpoint += pages;
  if (over) {
    const double took = static_cast<double>((context.now - server.lastCheckpoint).ms) / 1000;
    complete(context, server.checkpointBuffers, took);
    server.checkpointEnds = {-1};
  }
  return pages * kPageBytes;
}

}  // namespace

void announceCheckpoint(ServerContext& context, LogShape shape) {
  if (!logsCheckpoints(context.server)) return;
  writeLog(context.telemetry, context.now, shape, checkpointerPid(context.server));
}

double stepCheckpoints(ServerContext& context, double walBytes, double dirtiedPages, double seconds,
                       std::uint32_t writer) {
  Postgres& server = context.server;
  if (!server.accepts()) return 0;
  const RunningValues& v = server.values;
  const std::optional<double> end = walEnd(context);
  server.walBytes += walBytes;
  if (end && server.walBytes > *end) {
    server.walBytes = *end;
    panicWithoutWal(context, writer);
    return walBytes;
  }
  // A page dirtied twice between checkpoints is written once.
  const double room = std::max(1.0, server.poolPages + server.relationPages);
  server.dirtyPages += dirtiedPages * std::max(0.0, 1 - server.dirtyPages / room);
  double written = walBytes;
  // A statement's checkpoints may be ahead of the clock.
  if (context.now < server.lastCheckpoint) return written;
  if (server.checkpointEnds.ms >= 0) written += writeSpread(context, seconds);
  if (server.checkpointEnds.ms >= 0) return written;
  const double distance = server.walBytes - server.redoFrom;
  const bool byWal = askedByWal(server);
  const bool byTime = (context.now - server.lastCheckpoint).ms >= v.checkpointTimeoutMs;
  // Without a record since the last one there is nothing to write (CreateCheckPoint).
  if ((byWal || byTime) && distance > 0) begin(context, byWal);
  return written;
}

void writeDuringStatement(ServerContext& context, std::uint32_t pid, double walBytes,
                          double dirtiedPages, std::int64_t milliseconds) {
  constexpr std::int64_t kStepMs = 10, kMostSteps = 4000;
  Postgres& server = context.server;
  if (!server.accepts() || (walBytes <= 0 && dirtiedPages <= 0)) return;
  const double pool = static_cast<double>(server.values.sharedBuffersBytes) / kPageBytes;
  server.relationPages =
      std::min(std::max(0.0, pool - server.poolPages), server.relationPages + dirtiedPages);
  const std::int64_t steps = std::clamp<std::int64_t>(milliseconds / kStepMs, 1, kMostSteps);
  const double share = 1.0 / static_cast<double>(steps);
  for (std::int64_t i = 1; i <= steps; ++i) {
    ServerContext moment{context.model, context.server,
                         context.host,  context.now + base::SimTime{milliseconds * i / steps},
                         context.seed,  context.telemetry};
    (void)stepCheckpoints(moment, walBytes * share, dirtiedPages * share,
                          static_cast<double>(milliseconds) / 1000 * share, pid);
  }
}

double redoSeconds(const DatabaseSpec& spec, const Postgres& server) {
  const double bytes = server.walBytes - server.redoFrom;
  // Pages come into a pool that nobody has touched: the kernel has to make room for each.
  const double pool = static_cast<double>(server.values.sharedBuffersBytes);
  return bytes / (spec.walReplayMBs * 1e6) + std::min(bytes, pool) * spec.replayTouchSeconds;
}

double recoverySeconds(const DatabaseSpec& spec, const Postgres& server) {
  const double replay = redoSeconds(spec, server);
  return 1 + replay + server.dirtyPages * kPageBytes / kCheckpointBytesPerSecond;
}

void finishSpreadCheckpoint(ServerContext& context) {
  Postgres& server = context.server;
  if (server.checkpointEnds.ms < 0) return;
  server.dirtyPages = std::max(0.0, server.dirtyPages - server.checkpointDirty);
  server.buffersCheckpoint += server.checkpointDirty;
  server.checkpointDirty = 0;
  server.checkpointEnds = {-1};
  const double took = static_cast<double>((context.now - server.lastCheckpoint).ms) / 1000;
  complete(context, server.checkpointBuffers, std::max(took, 0.01));
}

void finishCheckpointNow(ServerContext& context, bool endOfRecovery, double seconds) {
  Postgres& server = context.server;
  server.checkpointDistance = server.walBytes - server.redoFrom;
  const double buffers = server.dirtyPages;
  server.buffersCheckpoint += buffers;
  server.dirtyPages = 0;
  server.checkpointDirty = 0;
  server.checkpointEnds = {-1};
  server.redoFrom = server.walBytes;
  server.lastCheckpoint = context.now;
  complete(context, buffers, seconds);
  if (!endOfRecovery) server.cleanShutdown = true;
}

Outcome checkpointNow(ServerContext& context) {
  Postgres& server = context.server;
  if (!server.accepts()) return {false, "The server does not accept connections.", 2};
  finishSpreadCheckpoint(context);
  announceCheckpoint(context, LogShape::PgCheckpointForced);
  const double seconds = server.dirtyPages * kPageBytes / kCheckpointBytesPerSecond;
  server.checkpointsRequested += 1;
  finishCheckpointNow(context, true, seconds);
  return {};
}

}  // namespace sim
