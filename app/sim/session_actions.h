// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions come and go: who is let in, what they are at, how they end. Texts and their order are
// those of recorded sessions of 15.18 (tests/fidelity, families connections, timeouts, shutdown and
// crash_recovery).
#pragma once

#include <optional>
#include <string>

#include "sim/action.h"
#include "sim/server.h"
#include "sim/session.h"

namespace sim {

struct Login {
  std::string role, database, application, host;
  SessionKind kind = SessionKind::Client;
};

// What the server turns a client away with, checked in PostgreSQL's order: its own state, a process
// to serve it, a slot, the role, reserved slots, the database, limits. Severity "LOG": the
// postmaster could not fork; the client reads the text without a severity.
[[nodiscard]] std::optional<ServerMessage> turnedAway(const WorldSpec& spec, const Postgres& server,
                                                      const Login& login);
// Connection slots taken: the pools' backends and the clients' sessions.
[[nodiscard]] std::int32_t slotsInUse(const Postgres& server);
[[nodiscard]] bool databaseExists(const WorldSpec& spec, const Postgres& server,
                                  std::string_view name);
[[nodiscard]] const Session* findSession(const Postgres& server, std::uint32_t pid);
[[nodiscard]] const Farewell* findFarewell(const Postgres& server, std::uint32_t pid);
// The pid a client's process gets at this moment; none that another session has.
[[nodiscard]] std::uint32_t freshSessionPid(const Postgres& server, std::uint64_t seed,
                                            base::SimTime now);
// Moves nextPid past pids that sessions have, so that the next count are free.
void skipSessionPids(Postgres& server, std::uint32_t count);

// Tells the log who a client's process serves, before it has written anything.
void noteClient(Telemetry& telemetry, const Login& login, std::uint32_t pid, std::int64_t atMs);

// Why a session ends.
enum class SessionEnd : std::uint8_t {
  Closed,             // the client hung up
  Killed,             // the process was killed: no words
  Quit,               // SIGQUIT by a stranger's hand
  Lost,               // the client is gone without a word, in the middle of something
  Administrator,      // SIGTERM, fast shutdown
  ImmediateShutdown,  // words to the client only
  CrashOfAnother,     // words to the client only
  PostmasterExit,
  IdleInTransaction,
  IdleSession
};
// Ends it, logs what its process logs, and drops what was its own. Nothing when it is not there.
void endSession(ServerContext& context, std::uint32_t pid, SessionEnd why);
// The same for a client that may be ahead of the world.
void endSession(ServerContext& context, std::uint32_t pid, SessionEnd why, std::int64_t atMs);
void endAllSessions(ServerContext& context, SessionEnd why);
// Lets time-outs of idle sessions pass; each tick.
void stepSessions(ServerContext& context);

// What it runs, or has run last; a load's client is always at another statement.
[[nodiscard]] std::string sessionQuery(const Postgres& server, const Session& session,
                                       std::uint64_t seed, base::SimTime now);
// Of a load's clients as many are active as have a transaction under way; chance says which.
[[nodiscard]] SessionState sessionState(const Postgres& server, const Session& session,
                                        std::uint64_t seed, base::SimTime now);

// The session that keeps this one from a lock on the relation, or none.
[[nodiscard]] const Session* lockHolder(const Postgres& server, std::uint32_t pid,
                                        std::uint32_t relation, LockMode mode);

// Verb::Session: target: pid; text says what happens, fields beside it:
//   open    role, database, application, host, kind=walsender|parallel worker, until (ms, a
//   worker's) close   how=lost: the client died, at interrupt: a worker of autovacuum stands in a
//   lock's way active  query, at: the moment in ms (a client may be ahead of the world), wait-type,
//   wait-event idle    at, transaction=none|open|failed, idle-timeout, transaction-timeout (ms)
//   lock    relation (oid), name, mode (0 = AccessShare ...), at, granted=no while it waits
//   leave   at: the client is known to hang up then
Outcome changeSession(ServerContext& context, const Action& action);
// SIGTERM, SIGINT and others to a session; nothing: there is no such session.
std::optional<Outcome> signalSession(ServerContext& context, std::uint32_t pid,
                                     const std::string& signal);

}  // namespace sim
