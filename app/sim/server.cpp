// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server.h"

#include <algorithm>

#include "base/text.h"
#include "sim/buffer_cache.h"
#include "sim/checkpoints.h"
#include "sim/cluster_files.h"
#include "sim/log_batches.h"
#include "sim/postmaster.h"
#include "sim/recovery.h"
#include "sim/server_backends.h"
#include "sim/server_log.h"
#include "sim/server_start.h"
#include "sim/session_actions.h"
#include "sim/wal_space.h"

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
constexpr std::int64_t kHugePageBytes = 2 * 1024 * 1024;
constexpr base::SimTime kNever{INT64_MAX / 4};
constexpr double kOpeningSeconds = 1;    // MODEL: from listening to accepting, in whole ticks
constexpr double kSigtermSeconds = 1.0;  // MODEL: backends leave after a fast shutdown request

void log(ServerContext& c, LogShape shape, std::uint32_t pid,
         std::array<std::int64_t, 4> numbers = {}) {
  writeLog(c.telemetry, c.now, shape, pid, numbers);
}

void enter(ServerContext& c, Life life, double seconds) {
  c.server.life = life;
  c.server.lifeSince = c.now;
  c.server.lifeUntil = c.now + base::SimTime{static_cast<std::int64_t>(seconds * 1000)};
}

// WAL records are aligned to 8 bytes.
std::int64_t lsn(double walBytes) {
  return static_cast<std::int64_t>(walBytes) & ~7LL;
}

// The auxiliary processes: checkpointer, background writer, WAL writer, launchers.
void forkAuxiliaries(Postgres& server) {
  skipSessionPids(server, 8);
  server.auxiliaryPid = server.nextPid;
  server.nextPid += 6;
}

void fork(Postgres& server) {
  skipSessionPids(server, 8);
  server.postmasterPid = server.nextPid++;
  forkAuxiliaries(server);
}

// The two read-only settings that only a running server knows.
void publishSegmentSize(Postgres& server) {
  const std::int64_t bytes = server.values.sharedMemoryBytes;
  constexpr std::int64_t kMebi = 1024 * 1024;
  const std::int64_t huge = hugePageBytes(server.settings);
  server.settings.setInternal("shared_memory_size", std::to_string((bytes + kMebi - 1) / kMebi));
  server.settings.setInternal("shared_memory_size_in_huge_pages", std::to_string(bytes / huge + 1));
}

Outcome refuseStart(ServerContext& c, const std::string& text) {
  c.server.life = Life::Stopped;
  c.server.unitFailed = true;
  c.server.failure = text;
  writeLog(c.telemetry, c.now, LogShape::SystemdFailedToStart, 1);
  return {false, text, 1};
}

void failStartup(ServerContext& c) {
  Postgres& server = c.server;
  const bool aborted = server.startupEnd == Postgres::StartupEnd::Abort;
  server.startupEnd = Postgres::StartupEnd::Ready;
  const auto say = [&](const std::string& text) {
    writeServerMessage(c, {"LOG", text, {}, {}, {}}, server.postmasterPid);
  };
  const std::string failure =
      "startup process (PID " + std::to_string(server.startupPid) + ") " +
      (aborted ? "was terminated by signal 6: Aborted" : "exited with exit code 1");
  say(failure);
  say("terminating any other active server processes");
  say("shutting down due to startup process failure");
  log(c, LogShape::PgIsShutDown, server.postmasterPid);
  forgetFiles(c);
  (void)refuseStart(c, failure);
}

// A server that was not shut down cleanly throws its statistics away (pgstat_discard_stats).
void discardStatistics(ServerContext& c) {
  Postgres& server = c.server;
  server.commits = server.rollbacks = server.blocksHit = server.blocksRead = 0;
  server.tempBytes = server.tempFiles = server.buffersAlloc = server.buffersCheckpoint = 0;
  server.checkpointsTimed = server.checkpointsRequested = 0;
  server.sessionsOpened = server.sessionsFatal = server.sessionsKilled = 0;
  server.statisticsSince = c.now;
}

void beginRedo(ServerContext& c) {
  Postgres& server = c.server;
  log(c, LogShape::PgNotProperlyShutDown, server.startupPid);
  server.inRecovery = true;
  server.shutDownAt = c.now;
  if (lsn(server.walBytes) > lsn(server.redoFrom)) {
    log(c, LogShape::PgRedoStarts, server.startupPid, {lsn(server.redoFrom)});
  }
  enter(c, Life::Recovering, recoverySeconds(c.model.spec.database, server));
}

// What pg_control says of how the server ended.
void logInterrupted(ServerContext& c) {
  const Postgres& server = c.server;
  if (!server.inRecovery) {
    return log(c, LogShape::PgInterrupted, server.startupPid, {server.shutDownAt.ms});
  }
  const std::string at =
      base::logTimeText(c.model.spec.timing.startUnixMs + server.shutDownAt.ms).substr(0, 19);
  writeServerMessage(
      c,
      {"LOG",
       "database system was interrupted while in recovery at " + at + " UTC",
       {},
       "This probably means that some data is corrupted and you will have to use the last backup "
       "for recovery.",
       {}},
      server.startupPid);
}

// fresh: a new postmaster; one that has lived through a crash has nothing left to sync.
void beginRecovery(ServerContext& c, bool fresh) {
  Postgres& server = c.server;
  discardStatistics(c);
  forkAuxiliaries(server);
  const std::uint32_t startup = server.nextPid++;
  server.startupPid = startup;
  logInterrupted(c);
  if (!startupProcessWorks(c, startup)) return enter(c, Life::Starting, kOpeningSeconds);
  const double sync = fresh ? syncSeconds(server) : 0;
  if (sync > 0) return enter(c, Life::Starting, sync);
  beginRedo(c);
}

// False: there is no room for the next WAL segment, and the startup process ends.
bool makeRoomForWal(ServerContext& c) {
  bool made = false;
  const auto failure = makeNextSegment(c, c.server.startupPid, made);
  if (!failure) return true;
  writeServerMessage(c, {"FATAL", *failure, {}, {}, "53100"}, c.server.startupPid);
  failStartup(c);
  return false;
}

void becomeReady(ServerContext& c) {
  Postgres& server = c.server;
  log(c, LogShape::PgReady, server.postmasterPid);
  server.cleanShutdown = false;
  server.lastCheckpoint = c.now;
  enter(c, Life::Running, 0);
}

void endRecovery(ServerContext& c) {
  Postgres& server = c.server;
  const std::uint32_t startup = server.startupPid;
  const std::int64_t elapsed = (c.now - server.lifeSince).ms;
  const std::int64_t end = lsn(server.walBytes);
  // Where the last segment is full, there is no next one to look into.
  const bool full =
      end % kWalSegmentBytes == 0 && walFiles(server).highest < end / kWalSegmentBytes;
  if (!full) log(c, LogShape::PgInvalidRecordLength, startup, {end});
  if (end > lsn(server.redoFrom)) {
    const auto redo = static_cast<std::int64_t>(redoSeconds(c.model.spec.database, server) * 1000);
    log(c, LogShape::PgRedoDone, startup, {end, redo * 3 / 10, redo / 5, redo});
  } else {
    log(c, LogShape::PgRedoNotRequired, startup);
  }
  if (!makeRoomForWal(c)) return;
  server.inRecovery = false;
  server.shutDownAt = server.lastCheckpoint;
  announceCheckpoint(c, LogShape::PgCheckpointRecovery);
  server.checkpointsRequested += 1;
  finishCheckpointNow(c, true, static_cast<double>(elapsed) / 2000);
  becomeReady(c);
}

// What follows once no client is left.
void announceLastCheckpoint(ServerContext& c) {
  const std::int64_t auxiliary = c.server.auxiliaryPid;
  log(c, LogShape::PgLauncherExited, c.server.postmasterPid, {auxiliary + 4});
  finishSpreadCheckpoint(c);
  log(c, LogShape::PgShuttingDown, c.server.auxiliaryPid);
  announceCheckpoint(c, LogShape::PgCheckpointShutdown);
}

void endShutdown(ServerContext& c) {
  Postgres& server = c.server;
  if (server.stopMode == StopMode::Smart) announceLastCheckpoint(c);
  if (server.stopMode != StopMode::Immediate) {
    finishCheckpointNow(c, false, static_cast<double>((c.now - server.lifeSince).ms) / 1000);
  }
  log(c, LogShape::PgIsShutDown, server.postmasterPid);
  if (!server.inRecovery) server.shutDownAt = c.now;
  server.checkpointEnds = {-1};
  forgetFiles(c);
  losePool(server);
  disconnectAll(server);
  enter(c, Life::Stopped, 0);
  if (server.restartPending) {
    server.restartPending = false;
    const StartOptions options = server.restartOptions;
    (void)startServer(c, options, server.restartLimits);
  }
}

void announceStop(ServerContext& c, StopMode mode) {
  Postgres& server = c.server;
  const std::uint32_t postmaster = server.postmasterPid;
  if (mode == StopMode::Immediate) {
    log(c, LogShape::PgImmediateShutdown, postmaster);
    endAllSessions(c, SessionEnd::ImmediateShutdown);
    return;
  }
  log(c, mode == StopMode::Smart ? LogShape::PgSmartShutdown : LogShape::PgFastShutdown,
      postmaster);
  if (mode == StopMode::Smart) return;
  log(c, LogShape::PgAbortingTransactions, postmaster);
  const std::int32_t backends = server.connections();
  for (std::int32_t i = 0; i < backends; ++i) {
    log(c, LogShape::PgTerminatedByAdministrator, backendPid(server, i));
  }
  server.sessionsKilled += backends;
  for (const Cohort& cohort : server.cohorts) {
    logConnectionsClosed(c, cohort.firstPid, cohort.connections, cohort.startedMs);
  }
  endAllSessions(c, SessionEnd::Administrator);
  announceLastCheckpoint(c);
}

}  // namespace

std::string_view lifeName(Life life) {
  switch (life) {
    case Life::Stopped:
      return "stopped";
    case Life::Starting:
      return "starting";
    case Life::Running:
      return "running";
    case Life::ShuttingDown:
      return "shutting down";
    case Life::Crashed:
      return "crashed";
    case Life::Recovering:
      return "in recovery";
  }
  return "";
}

RunningValues runningValues(const ServerSettings& s, const HostSpec& host) {
  RunningValues v;
  v.sharedBuffersBytes = s.number("shared_buffers") * 8192;
  v.sharedMemoryBytes = sharedMemoryBytes(s);
  v.workMemBytes = s.number("work_mem") * 1024;
  v.maintenanceWorkMemBytes = s.number("maintenance_work_mem") * 1024;
  v.maxWalBytes = s.number("max_wal_size") * 1024 * 1024;
  v.checkpointTimeoutMs = s.number("checkpoint_timeout") * 1000;
  v.checkpointCompletionTarget =
      s.real("checkpoint_completion_target", v.checkpointCompletionTarget);
  v.hashMemMultiplier = s.real("hash_mem_multiplier", v.hashMemMultiplier);
  v.maxConnections = static_cast<std::int32_t>(s.number("max_connections"));
  v.reservedConnections = static_cast<std::int32_t>(s.number("superuser_reserved_connections"));
  const bool wanted = s.show("huge_pages") != "off";
  v.hugePages = wanted && host.hugePages * kHugePageBytes >= v.sharedMemoryBytes;
  v.log = logSettings(s);
  return v;
}

void bootServer(ServerContext& c) {
  Postgres& server = c.server;
  const DatabaseSpec& spec = c.model.spec.database;
  server.files = spec.files;
  server.settings = ServerSettings(spec.catalogue, spec.configFile, spec.dataDirectory);
  (void)server.settings.start(server.files);
  server.values = runningValues(server.settings, c.model.spec.host);
  publishSegmentSize(server);
  server.walBytes = 0x1'40000028LL * 256.0;
  server.redoFrom = server.walBytes;
  server.starts = 1;
  server.roles.resize(2);
  server.roles[0].name = "postgres";
  server.roles[0].superuser = true;
  server.roles[1].name = spec.user;
  fork(server);
  server.postmasterStart = c.now;
  server.lastCheckpoint = c.now;
  server.cleanShutdown = false;
  enter(c, Life::Running, 0);
}

// The postmaster opens its sockets and lets the startup process work.
static Outcome beginService(ServerContext& c);

Outcome startServer(ServerContext& c, const StartOptions& options, const ProcessLimits& limits) {
  Postgres& server = c.server;
  if (server.life != Life::Stopped) return {false, "pg_ctl: another server might be running", 2};
  fork(server);
  const StartStep step = prepareStart(c, server.settings, options, limits);
  for (const ServerMessage& message : step.log) {
    writeServerMessage(c, message, server.postmasterPid);
  }
  if (step.lockTaken) forgetFiles(c);
  if (!step.ok) {
    // What stopped it, not the farewell after it.
    const auto reason =
        std::find_if(step.log.rbegin(), step.log.rend(),
                     [](const ServerMessage& message) { return message.severity != "LOG"; });
    Outcome outcome = refuseStart(c, reason != step.log.rend() ? serverMessageText(*reason)
                                     : step.log.empty()        ? "could not start server"
                                                        : serverMessageText(step.log.back()));
    outcome.exitCode = step.exitCode;
    return outcome;
  }
  server.values = runningValues(server.settings, c.model.spec.host);
  c.telemetry.noteLogSettings(server.values.log);
  publishSegmentSize(server);
  server.startOptions = options;
  server.limits = limits;
  server.unitFailed = false;
  server.failure.clear();
  server.postmasterStart = c.now;
  server.poolPages = server.relationPages = 0;
  // The long part of a start is silent: shared memory is prepared before the first line is logged.
  constexpr double kSpokenSeconds = 1;
  const double silent = startSeconds(server.settings) - kSpokenSeconds;
  if (silent <= kSpokenSeconds) return beginService(c);
  server.initializing = true;
  enter(c, Life::Starting, silent);
  return {true, "", 0};
}

static Outcome beginService(ServerContext& c) {
  Postgres& server = c.server;
  log(c, LogShape::PgStarting, server.postmasterPid);
  const Listening listening = listen(c);
  server.initializing = false;
  if (!listening.ok) {
    log(c, LogShape::PgIsShutDown, server.postmasterPid);
    return refuseStart(c, serverMessageText(listening.log.back()));
  }
  const ServerSettings& s = server.settings;
  if (s.show("autovacuum") == "on" && s.show("track_counts") == "off") {
    writeServerMessage(c, {"WARNING",
                           "autovacuum not started because of misconfiguration",
                           {},
                           "Enable the \"track_counts\" option.",
                           {}});
  }
  server.starts += 1;
  if (server.cleanShutdown) {
    const std::uint32_t startup = server.nextPid++;
    log(c, LogShape::PgWasShutDown, startup, {server.shutDownAt.ms});
    if (!startupProcessWorks(c, startup)) server.startupPid = startup;
    enter(c, Life::Starting, kOpeningSeconds);
  } else {
    beginRecovery(c, true);
  }
  return {true, "", 0};
}

Outcome stopServer(ServerContext& c, StopMode mode) {
  Postgres& server = c.server;
  if (server.life == Life::Stopped) {
    return {false,
            "pg_ctl: PID file \"" + c.model.spec.database.dataDirectory +
                "/postmaster.pid\" does not exist\nIs server running?",
            2};
  }
  if (server.life == Life::ShuttingDown && mode <= server.stopMode) {
    return {true, "The server is already shutting down.", 0};
  }
  const bool wasUp = server.life == Life::Running || server.life == Life::ShuttingDown;
  announceStop(c, mode);
  server.stopMode = wasUp ? mode : StopMode::Immediate;
  if (!wasUp) server.cleanShutdown = false;
  const double checkpoint = server.dirtyPages * kPageBytes / kCheckpointBytesPerSecond;
  enter(c, Life::ShuttingDown,
        server.stopMode == StopMode::Immediate ? 1 : kSigtermSeconds + checkpoint);
  // A smart shutdown waits for clients, and pools never hang up.
  if (server.stopMode == StopMode::Smart && slotsInUse(server) > 0) server.lifeUntil = kNever;
  if (server.stopMode != StopMode::Smart) disconnectAll(server);
  return {true, "", 0};
}

namespace {

// Every process reads the files for itself. What is wrong in them only the postmaster tells; that a
// file to be included if it exists does not, all of them.
void tellMissingIncludes(ServerContext& c, const LoadReport& report) {
  constexpr std::uint32_t kAuxiliaries = 5;
  const Postgres& server = c.server;
  if (server.life != Life::Running) return;
  const auto tell = [&](std::uint32_t pid) {
    for (const ServerMessage& message : report.log) {
      if (message.text.starts_with("skipping missing configuration file")) {
        writeServerMessage(c, message, pid);
      }
    }
  };
  for (std::uint32_t i = 0; i < kAuxiliaries; ++i) tell(server.auxiliaryPid + i);
  for (const Session& session : server.sessions) tell(session.pid);
}

}  // namespace

Outcome reloadServer(ServerContext& c) {
  Postgres& server = c.server;
  if (server.life == Life::Stopped) return {false, "pg_ctl: no server running", 1};
  log(c, LogShape::PgReloading, server.postmasterPid);
  const LoadReport report = server.settings.reload(readableFiles(c.model.spec, server));
  for (const ServerMessage& message : report.log) {
    writeServerMessage(c, message, server.postmasterPid);
  }
  tellMissingIncludes(c, report);
  reloadAuthentication(c);
  if (report.ok) {
    // Shared memory keeps its size until the next start, whatever the files say.
    const RunningValues fresh = runningValues(server.settings, c.model.spec.host);
    const RunningValues old = server.values;
    server.values = fresh;
    server.values.sharedBuffersBytes = old.sharedBuffersBytes;
    server.values.sharedMemoryBytes = old.sharedMemoryBytes;
    server.values.hugePages = old.hugePages;
  }
  return {true, "", 0};
}

void crashServer(ServerContext& c, const Crash& crash) {
  Postgres& server = c.server;
  const Crash fatal;
  if (crash.process == fatal.process && crash.how == fatal.how) {
    writeLog(c.telemetry, c.now, LogShape::PgServerProcessKilled, server.postmasterPid, {crash.pid},
             crash.statement);
  } else {
    // A backend that is told to quit by a stranger says so first.
    const bool quit = base::contains(crash.how, "exit code 2");
    const std::string words =
        "WARNING:  terminating connection because of unexpected SIGQUIT signal";
    if (quit) {
      writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Warning, words, crash.pid);
    }
    std::string text =
        "LOG:  " + crash.process + " (PID " + std::to_string(crash.pid) + ") " + crash.how;
    if (!crash.statement.empty()) {
      text += "\nDETAIL:  Failed process was running: " + crash.statement;
    }
    writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Info, text, server.postmasterPid);
  }
  log(c, LogShape::PgTerminatingOthers, server.postmasterPid);
  server.crashes += 1;
  server.rollbacks += server.active;
  if (!server.inRecovery) server.shutDownAt = server.lastCheckpoint;
  server.cleanShutdown = false;
  server.checkpointEnds = {-1};
  losePool(server);
  disconnectAll(server);
  endSession(c, crash.pid,
             base::contains(crash.how, "exit code 2") ? SessionEnd::Quit : SessionEnd::Killed);
  endAllSessions(c, SessionEnd::CrashOfAnother);
  enter(c, Life::Crashed, c.model.spec.database.killSeconds);
}

// With restart_after_crash off there is no recovery: the postmaster ends as well.
static void endAfterCrash(ServerContext& c) {
  Postgres& server = c.server;
  if (server.settings.show("restart_after_crash") != "off") {
    log(c, LogShape::PgReinitializing, server.postmasterPid);
    beginRecovery(c, false);
    return;
  }
  writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Info,
             "LOG:  shutting down because restart_after_crash is off", server.postmasterPid);
  log(c, LogShape::PgIsShutDown, server.postmasterPid);
  server.unitFailed = true;
  server.failure = "Main process exited, code=exited, status=1/FAILURE";
  enter(c, Life::Stopped, 0);
}

void killPostmaster(ServerContext& c) {
  Postgres& server = c.server;
  server.crashes += 1;
  if (!server.inRecovery) server.shutDownAt = server.lastCheckpoint;
  server.cleanShutdown = false;
  server.unitFailed = true;
  server.failure = "Main process exited, code=killed, status=9/KILL";
  leaveFiles(c);
  losePool(server);
  disconnectAll(server);
  endAllSessions(c, SessionEnd::PostmasterExit);
  enter(c, Life::Stopped, 0);
}

void stepServerLife(ServerContext& c) {
  Postgres& server = c.server;
  if (server.life == Life::Running && !ownsLockFile(c)) (void)stopServer(c, StopMode::Immediate);
  if (server.life == Life::Running || server.life == Life::Stopped) return;
  logRecoveryProgress(c);
  if (server.life == Life::ShuttingDown && server.lifeUntil == kNever && slotsInUse(server) == 0) {
    server.lifeUntil = c.now;
  }
  if (c.now < server.lifeUntil) return;
  switch (server.life) {
    case Life::Starting:
      if (server.startupEnd != Postgres::StartupEnd::Ready) {
        failStartup(c);
      } else if (isSyncing(server)) {
        beginRedo(c);
      } else if (server.initializing) {
        (void)beginService(c);
      } else if (makeRoomForWal(c)) {
        becomeReady(c);
      }
      break;
    case Life::Crashed:
      endAfterCrash(c);
      break;
    case Life::Recovering:
      endRecovery(c);
      break;
    case Life::ShuttingDown:
      endShutdown(c);
      break;
    case Life::Running:
    case Life::Stopped:
      break;
  }
}

}  // namespace sim
