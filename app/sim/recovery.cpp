// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/recovery.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "sim/server_log.h"

namespace sim {
namespace {

// MODEL: between recorded starts that synced 190 MB of fresh WAL in 4 s and 640 MB in 3 s.
constexpr double kSyncBytesPerSecond = 120e6;
constexpr double kLeastSync = 1, kMostSync = 30;  // seconds
constexpr double kFirstPass = 0.1;                // share of it that only starts the writes

// A file that the pass has come to: relations mostly.
std::string pathAt(const ServerContext& c, std::int64_t elapsedMs) {
  constexpr std::uint64_t kFirstRelation = 16'388, kRelations = 900;
  const std::uint64_t draw = base::draw64(c.seed, base::Stream::Terminal,
                                          static_cast<std::uint64_t>(c.server.lifeSince.ms),
                                          static_cast<std::uint32_t>(elapsedMs));
  return "./base/16384/" + std::to_string(kFirstRelation + draw % kRelations);
}

void logSync(ServerContext& c, base::SimTime at, std::int64_t elapsedMs, bool first) {
  const std::string text =
      "LOG:  syncing data directory (" + std::string(first ? "pre-fsync" : "fsync") +
      "), elapsed time: " + base::fixedText(static_cast<double>(elapsedMs) / 1000, 2) +
      " s, current path: " + pathAt(c, elapsedMs);
  writePlain(c.telemetry, at, LogSource::Postgres, Severity::Info, text, c.server.startupPid);
}

void logRedo(ServerContext& c, base::SimTime at, std::int64_t elapsedMs, double share) {
  const Postgres& server = c.server;
  const double place = server.redoFrom + (server.walBytes - server.redoFrom) * share;
  writeLog(c.telemetry, at, LogShape::PgRedoInProgress, server.startupPid,
           {elapsedMs, static_cast<std::int64_t>(place) & ~7LL});
}

}  // namespace

double syncSeconds(const Postgres& server) {
  const double seconds = (server.walBytes - server.redoFrom) / kSyncBytesPerSecond;
  return seconds < kLeastSync ? 0 : std::min(seconds, kMostSync);
}

bool isSyncing(const Postgres& server) {
  return server.life == Life::Starting && !server.initializing && !server.cleanShutdown &&
         server.startupEnd == Postgres::StartupEnd::Ready;
}

void logRecoveryProgress(ServerContext& c) {
  const Postgres& server = c.server;
  const bool syncs = isSyncing(server);
  if (!syncs && server.life != Life::Recovering) return;
  const std::int64_t interval = server.settings.number("log_startup_progress_interval");
  if (interval <= 0) return;
  constexpr std::int64_t kCoarseTick = 60'000, kFineTick = 1000;
  const std::int64_t step = c.now > c.model.spec.timing.fineFrom ? kFineTick : kCoarseTick;
  const std::int64_t whole = std::max<std::int64_t>(1, (server.lifeUntil - server.lifeSince).ms);
  const std::int64_t to = std::min((c.now - server.lifeSince).ms, whole);
  const std::int64_t from = std::max<std::int64_t>(0, (c.now - server.lifeSince).ms - step);
  const auto firstPass =
      syncs ? static_cast<std::int64_t>(static_cast<double>(whole) * kFirstPass) : 0;
  const auto due = [&](std::int64_t begin, std::int64_t end, bool first) {
    for (std::int64_t at = begin + interval; at <= std::min(to, end); at += interval) {
      if (at <= from) continue;
      const base::SimTime when = server.lifeSince + base::SimTime{at};
      if (syncs) {
        logSync(c, when, at - begin, first);
      } else {
        logRedo(c, when, at, static_cast<double>(at) / static_cast<double>(whole));
      }
    }
  };
  if (syncs) due(0, firstPass, true);
  due(firstPass, whole - 1, false);
}

}  // namespace sim
