// SPDX-License-Identifier: GPL-3.0-or-later
// The PostgreSQL server: life cycle, configuration, shared memory touched over time, backends, WAL
// and checkpoints, counters.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sim_time.h"
#include "sim/client_load.h"
#include "sim/disk.h"
#include "sim/hba.h"
#include "sim/log_policy.h"
#include "sim/relation.h"
#include "sim/session.h"
#include "sim/settings/settings.h"
#include "sim/world_spec.h"

namespace sim {

enum class Life : std::uint8_t {
  Stopped,   // no postmaster
  Starting,  // clean start, not yet accepting
  Running,
  ShuttingDown,
  Crashed,     // a backend died: the others are being killed
  Recovering,  // replaying WAL
};
[[nodiscard]] std::string_view lifeName(Life life);  // "running", "in recovery", ...

// What kind of stop was asked for.
enum class StopMode : std::uint8_t { Smart, Fast, Immediate };

// Backends that serve one application host: equal in age and habits.
struct Cohort {
  std::int32_t connections = 0;
  std::uint32_t firstPid = 0;  // pids are firstPid, firstPid + 1, ...
  std::int64_t startedMs = 0;
  double references = 0;  // page accesses by each backend so far
  bool operator==(const Cohort&) const = default;
};
constexpr std::size_t kCohorts = 8;

// Running values in the units the model computes with, read from the settings at start and reload.
struct RunningValues {
  std::int64_t sharedBuffersBytes = 0;
  std::int64_t sharedMemoryBytes = 0;  // whole segment: -C shared_memory_size, bytes
  std::int64_t workMemBytes = 0;
  std::int64_t maintenanceWorkMemBytes = 0;
  std::int64_t maxWalBytes = 0;
  std::int64_t checkpointTimeoutMs = 300'000;
  double checkpointCompletionTarget = 0.9;
  double hashMemMultiplier = 2;
  std::int32_t maxConnections = 100;
  std::int32_t reservedConnections = 3;
  bool hugePages = false;  // the segment lies in huge pages
  LogSettings log;
  bool operator==(const RunningValues&) const = default;
};

// What the shell that starts the postmaster allows it (setrlimit); negative: no limit.
struct ProcessLimits {
  std::int64_t addressSpace = -1;        // bytes
  std::int64_t stack = 8 * 1024 * 1024;  // bytes
  std::int64_t processes = -1;
  std::int64_t files = 1024;
  bool operator==(const ProcessLimits&) const = default;
};

// A role of the cluster and what it may do beyond the ordinary.
struct Role {
  std::string name;
  bool superuser = false;
  std::int32_t connectionLimit = -1;                // -1: none
  std::vector<std::string> maySet, mayAlterSystem;  // granted on settings, lower case
  bool login = true;
  bool createDatabase = false, createRole = false, replication = false, inherit = true;
  std::vector<std::string> memberOf;  // roles granted to it, pg_monitor and its kin included
  bool operator==(const Role&) const = default;
};

// Who may do what with an object, where GRANT or REVOKE changed it: pg_class.relacl and its kin.
struct AccessList {
  enum class Kind : std::uint8_t { Table, Schema, Database };
  Kind kind = Kind::Table;
  std::string database, object;    // of a database: its name twice
  std::vector<std::string> items;  // "grantee=arw*d/grantor" as PostgreSQL writes them
  bool operator==(const AccessList&) const = default;
};

// A row of pg_db_role_setting: for one database, one role, or one role in one database.
struct StoredSetting {
  std::string database, role;  // empty: any
  std::string name, value;     // canonical spelling; the value as written
  bool operator==(const StoredSetting&) const = default;
};

// A function made with CREATE FUNCTION; the statement says what it does.
struct StoredFunction {
  std::string name, definition;
  bool operator==(const StoredFunction&) const = default;
};

struct Postgres {
  Life life = Life::Running;
  StopMode stopMode = StopMode::Fast;  // while shutting down
  base::SimTime lifeSince, lifeUntil;  // until: when a passing state ends
  std::uint32_t postmasterPid = 0;
  base::SimTime postmasterStart;
  std::uint32_t auxiliaryPid = 0;  // of the checkpointer; the others follow
  std::uint32_t startupPid = 0;    // of the present or last startup process
  std::uint32_t nextPid = 1000;    // of the next process the server forks
  bool initializing = false;       // starting, and still preparing shared memory: no socket yet
  bool cleanShutdown = true;       // false: the next start replays WAL
  bool inRecovery = false;         // pg_control: a recovery began and has not ended
  base::SimTime shutDownAt;        // last clean shutdown, or last time known up
  bool restartPending = false;     // a restart: start again once stopped
  std::vector<std::pair<std::string, std::string>> restartOptions;
  ProcessLimits restartLimits;
  bool unitFailed = false;        // systemd shows failed (Result: oom-kill)
  std::string failure;            // last refusal to start, for systemctl status
  std::vector<ConfigFile> files;  // on disk now
  Disk disk;                      // other files that are not as the server keeps them
  // Rules read from pg_hba.conf and pg_ident.conf at the last start or reload; nothing: those of
  // the files as the cluster came.
  std::optional<std::vector<HbaRule>> hba;
  std::optional<std::vector<IdentRule>> ident;
  // What the startup process will end with, when it cannot go on.
  enum class StartupEnd : std::uint8_t { Ready, Exit, Abort } startupEnd = StartupEnd::Ready;
  std::vector<std::uint32_t> held;  // processes under SIGSTOP; they outlive their postmaster
  ServerSettings settings;          // running
  std::vector<std::pair<std::string, std::string>>
      startOptions;         // -c options of the running server
  ProcessLimits limits;     // of the running postmaster
  std::vector<Role> roles;  // in the order of their creation
  std::vector<StoredSetting> storedSettings;
  RunningValues values;
  std::array<Cohort, kCohorts> cohorts{};
  double poolPages = 0;  // buffers that hold a page
  // References that fill a pool with fillPages: of the last fill, to go on from.
  double fillReferences = 0, fillPages = 0;
  double holePages = 0;     // hottest pages lost with a former pool and not in the page cache
  double touchedBytes = 0;  // of the shared segment
  double dirtyPages = 0;
  double walBytes = 0;  // total, since initdb; the LSN
  double redoFrom = 0;  // LSN of the last checkpoint's redo point
  base::SimTime lastCheckpoint;
  base::SimTime checkpointEnds{-1};  // a spread checkpoint is being written until then
  double checkpointDirty = 0;
  double checkpointBuffers = 0;   // buffers the checkpoint under way will have written
  double checkpointDistance = 0;  // WAL between its redo point and the one before
  double checkpointEstimate = 0;  // moving average of distances
  std::int64_t walHighestSegment =
      0;                         // the last WAL segment there is, kept for later use or in use
  base::SimTime autovacuumWoke;  // when the launcher last looked for work
  // counters of pg_stat_database and pg_stat_bgwriter
  double commits = 0, rollbacks = 0, blocksHit = 0, blocksRead = 0, tempBytes = 0, tempFiles = 0;
  double buffersAlloc = 0, buffersCheckpoint = 0;
  // of pg_stat_database too; they follow from the connections, which are hashed
  std::int64_t sessionsOpened = 0, sessionsFatal = 0, sessionsKilled = 0;
  base::SimTime statisticsSince;  // the counters were zero
  std::int64_t checkpointsTimed = 0, checkpointsRequested = 0;
  std::vector<ClientLoad> loads;    // groups of clients that run scripts; the last ones that ended
  double relationPages = 0;         // buffers that hold pages of user tables, beside poolPages
  double walImages = 0;             // page images written to the WAL
  std::vector<Relation> relations;  // user tables that sessions made
  std::vector<StoredFunction> functions;  // and functions
  std::vector<AccessList> accessLists;    // those that are not as objects are made
  std::uint32_t nextOid = 16'400;
  std::vector<Session> sessions;    // in pid order of their coming
  std::vector<Farewell> farewells;  // of sessions whose clients have not noticed yet
  std::vector<Database> databases;  // beyond those every cluster has, or with a limit
  std::int32_t active = 0;          // backends executing, last tick
  std::int32_t crashes = 0, starts = 0;
  bool operator==(const Postgres&) const = default;

  [[nodiscard]] std::int32_t connections() const;
  [[nodiscard]] const Role* role(std::string_view name) const;
  [[nodiscard]] const AccessList* accessList(AccessList::Kind kind, std::string_view database,
                                             std::string_view object) const;
  [[nodiscard]] bool accepts() const { return life == Life::Running; }
};

// A superuser, or a role that was granted SET on the setting.
[[nodiscard]] bool maySet(const Role& role, std::string_view setting);
[[nodiscard]] bool mayAlterSystem(const Role& role, std::string_view setting);

// The shared memory segment in bytes, `postgres -C shared_memory_size` (shared_memory.cpp).
[[nodiscard]] std::int64_t sharedMemoryBytes(const ServerSettings& settings);

// Page-table bytes of one backend that has made so many references to a pool of so many bytes: 4 kB
// of page table for each 2 MiB of the segment of which it touched a page (x86-64).
[[nodiscard]] double pageTableBytes(double distinctPagesTouched, double segmentBytes);

}  // namespace sim
