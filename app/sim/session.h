// SPDX-License-Identifier: GPL-3.0-or-later
// A process that serves one client (or one job of autovacuum) as a value: who it is, what it runs,
// which tables it has locked, when it began to wait. Backends of the website's pools are cohorts
// (postgres.h); sessions are those somebody opened by hand or that work by themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The modes of table locks, weakest first, and which of them exclude each other (lock.c).
enum class LockMode : std::uint8_t {
  AccessShare,
  RowShare,
  RowExclusive,
  ShareUpdateExclusive,
  Share,
  ShareRowExclusive,
  Exclusive,
  AccessExclusive
};
[[nodiscard]] std::string_view lockModeName(LockMode mode);  // "AccessShareLock"
[[nodiscard]] bool locksConflict(LockMode a, LockMode b);

struct SessionLock {
  std::uint32_t relation = 0;  // oid
  std::string name;            // of the relation
  LockMode mode = LockMode::AccessShare;
  bool granted = true;
  std::int64_t sinceMs = 0;  // asked for at
  bool operator==(const SessionLock&) const = default;
};

// pg_stat_activity.state
enum class SessionState : std::uint8_t {
  Idle,
  Active,
  IdleInTransaction,
  IdleInTransactionAborted
};
[[nodiscard]] std::string_view sessionStateName(SessionState state);

// pg_stat_activity.backend_type of the processes that are kept as sessions.
enum class SessionKind : std::uint8_t { Client, WalSender, AutovacuumWorker, ParallelWorker };
[[nodiscard]] std::string_view sessionKindName(SessionKind kind);

// Times are simulated milliseconds; -1: never, or nothing.
struct Session {
  std::uint32_t pid = 0;
  SessionKind kind = SessionKind::Client;
  std::string role, database, application;
  std::string host;  // the client's address; empty: the local socket
  std::int64_t startedMs = 0, xactStartMs = -1, queryStartMs = -1, stateChangeMs = 0;
  SessionState state = SessionState::Idle;  // once what runs now is done
  std::int64_t busyUntilMs = -1;            // active until then
  std::int64_t leavesMs = -1;               // the client is known to hang up then
  std::string query;                        // running, or run last
  std::string settings;  // in force for it where its session changed them: "work_mem=65536\n"...
  std::string waitType, waitEvent;  // while active; empty: does not wait
  std::int64_t idleTimeoutMs = 0, idleInTransactionTimeoutMs = 0;  // 0: none
  std::vector<SessionLock> locks;                                  // until the transaction's end
  bool cancelled = false;  // the statement being run was cancelled by a signal
  std::uint32_t load = 0;  // ClientLoad::firstPid of the load it is a client of; 0: of none
  bool operator==(const Session&) const = default;

  [[nodiscard]] SessionState stateAt(std::int64_t ms) const {
    return ms < busyUntilMs ? SessionState::Active : state;
  }
};

// What the client of a session that is gone hears when it next turns to the server: the server's
// last words, then that the connection is closed.
struct Farewell {
  std::uint32_t pid = 0;
  std::int64_t atMs = 0;
  std::string words;  // "FATAL:  terminating connection due to ..."; empty: none
  bool operator==(const Farewell&) const = default;
};

// A database that a session made, or whose connections are limited.
struct Database {
  std::string name, owner;
  std::uint32_t oid = 0;
  std::int32_t connectionLimit = -1;  // -1: none
  bool operator==(const Database&) const = default;
};

}  // namespace sim
