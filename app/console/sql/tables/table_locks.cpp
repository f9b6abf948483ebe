// SPDX-License-Identifier: GPL-3.0-or-later
// Table locks between sessions: a statement waits for the session that keeps it from a table, until
// that one lets go, a time-out, or a deadlock. Texts as in proc.c and deadlock.c of 15.
#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "console/sql/tables/table_work.h"
#include "sim/session_actions.h"

namespace console {
namespace {

constexpr std::int64_t kNever = 3'600'000;  // nobody waits longer than an hour for an answer

std::int64_t millisecondsOf(const std::string& text) {
  const std::int64_t value = text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10);
  return value > 0 ? value : kNever;
}

std::string described(sim::LockMode mode, const sim::Relation& relation, const std::string& oid) {
  return std::string(sim::lockModeName(mode)) + " on relation " + std::to_string(relation.oid) +
         " of database " + oid;
}

// The wait would never end: the holder waits for something this session has.
bool waitsForMe(const sim::Session& holder, const sim::Session* me) {
  if (me == nullptr) return false;
  for (const sim::SessionLock& wanted : holder.locks) {
    if (wanted.granted) continue;
    for (const sim::SessionLock& mine : me->locks) {
      if (mine.granted && mine.relation == wanted.relation &&
          sim::locksConflict(mine.mode, wanted.mode)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

SqlFailure TableWork::deadlock(const sim::Relation& relation, sim::LockMode mode,
                               const sim::Session& holder) const {
  const PsqlSession& state = m_s.session.state();
  const std::string me = std::to_string(state.pid), other = std::to_string(holder.pid);
  const std::string oid = databaseOid();
  std::string theirs;
  for (const sim::SessionLock& lock : holder.locks) {
    if (!lock.granted) {
      theirs = std::string(sim::lockModeName(lock.mode)) + " on relation " +
               std::to_string(lock.relation) + " of database " + oid;
    }
  }
  const std::string waits = "Process " + me + " waits for " + described(mode, relation, oid) +
                            "; blocked by process " + other + ".\n\tProcess " + other +
                            " waits for " + theirs + "; blocked by process " + me + ".";
  SqlFailure failure;
  failure.message = {"ERROR", "deadlock detected", waits, "See server log for query details.",
                     "40P01"};
  return failure;
}

void TableWork::logLockWait(const sim::Relation& relation, sim::LockMode mode,
                            const sim::Session& holder, double milliseconds, bool acquired) {
  QueryContext c = m_s.session.context();
  const std::string me = std::to_string(c.session.pid);
  const std::string what = described(mode, relation, databaseOid()) + " after " +
                           base::fixedText(milliseconds, 3) + " ms";
  sim::ServerMessage message{"LOG", "process " + me + " still waiting for " + what, {}, {}, {}};
  message.detail =
      "Process holding the lock: " + std::to_string(holder.pid) + ". Wait queue: " + me + ".";
  if (acquired) message = {"LOG", "process " + me + " acquired " + what, {}, {}, {}};
  c.machine.world.logSession(message, c.session.pid, c.session.statement, c.machine.telemetry);
}

std::string TableWork::databaseOid() const {
  const std::string& name = m_s.session.state().database;
  for (const sim::Database& one : m_s.session.world().postgres().databases) {
    if (one.name == name && one.oid != 0) return std::to_string(one.oid);
  }
  return name == "postgres" ? "5" : name == "template1" ? "1" : "16386";
}

// What ends a wait that lasted too long: the shorter of the two time-outs, or the user.
SqlFailure TableWork::lockTimeout(std::size_t at) const {
  const std::int64_t lockLimit = millisecondsOf(setting("lock_timeout"));
  const std::int64_t statementLimit = millisecondsOf(setting("statement_timeout"));
  SqlFailure failure;
  failure.at = at;
  if (lockLimit < statementLimit) {
    failure.message = {"ERROR", "canceling statement due to lock timeout", {}, {}, "55P03"};
    return failure;
  }
  const bool timed = statementLimit < kNever;
  failure.message = {"ERROR",
                     timed ? "canceling statement due to statement timeout"
                           : "canceling statement due to user request",
                     {},
                     {},
                     "57014"};
  if (timed) failure.at = std::string::npos;
  return failure;
}

// A job's statement is tried again as time passes, until it gets the lock or has waited too long.
std::optional<SqlFailure> TableWork::waitInBackground(const sim::Relation& relation,
                                                      sim::LockMode mode, std::size_t at,
                                                      const sim::Session& holder,
                                                      std::int64_t patience) {
  PsqlSession& state = m_s.session.state();
  const std::int64_t nowMs = m_s.session.localMs();
  const bool first = state.blockedSinceMs < 0;
  if (first) state.blockedSinceMs = nowMs;
  const std::int64_t waited = nowMs - state.blockedSinceMs;
  const std::int64_t check = millisecondsOf(setting("deadlock_timeout"));
  const sim::Session* me = sim::findSession(m_s.session.world().postgres(), state.pid);
  if (waited >= check && waitsForMe(holder, me)) return deadlock(relation, mode, holder);
  if (waited >= patience) return lockTimeout(at);
  if (first && state.registered) {
    sim::Action action = lockAction(relation, mode);
    action.fields["granted"] = "no";
    m_s.session.tellServer(action);
  }
  if (waited >= check && !state.waitLogged && setting("log_lock_waits") == "on") {
    state.waitLogged = true;
    logLockWait(relation, mode, holder, static_cast<double>(check) + 0.1, false);
  }
  SqlFailure waits;
  waits.message.sqlstate = std::string(kWaitsForLock);
  return waits;
}

sim::Action TableWork::lockAction(const sim::Relation& relation, sim::LockMode mode) const {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(m_s.session.state().pid);
  action.text = "lock";
  action.fields = {{"relation", std::to_string(relation.oid)},
                   {"name", relation.name},
                   {"mode", std::to_string(static_cast<int>(mode))},
                   {"at", std::to_string(m_s.session.localMs())}};
  return action;
}

// While a job's query runs in parallel, its workers are processes others can see and signal.
void TableWork::openWorkers(const PlanRun& run) {
  const PsqlSession& state = m_s.session.state();
  const std::int64_t startMs = m_s.session.localMs();
  for (int i = 0; i < run.workers; ++i) {
    sim::Action action;
    action.verb = sim::Verb::Session;
    action.target = std::to_string(state.pid + 2 + static_cast<std::uint32_t>(i));
    action.text = "open";
    action.fields = {
        {"kind", "parallel worker"},
        {"role", state.user},
        {"database", state.database},
        {"application", state.application},
        {"query", state.statement},
        {"at", std::to_string(startMs)},
        {"until", std::to_string(startMs + static_cast<std::int64_t>(run.milliseconds))}};
    m_s.session.tellServer(action);
  }
}

// A worker of autovacuum gives way to whoever has waited for deadlock_timeout.
std::optional<SqlFailure> TableWork::interruptWorker(const sim::Session& worker) {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(worker.pid);
  action.text = "interrupt";
  const std::int64_t check = millisecondsOf(setting("deadlock_timeout"));
  m_s.session.spend(static_cast<double>(std::min(check, kNever)));
  m_s.session.tellServer(action);
  return std::nullopt;
}

// A job that has waited, and been told of, has what it waited for.
void TableWork::logAcquired(const sim::Relation& relation, sim::LockMode mode) {
  PsqlSession& state = m_s.session.state();
  if (!state.waitLogged) return;
  state.waitLogged = false;
  const std::int64_t waited = m_s.session.localMs() - state.blockedSinceMs;
  logLockWait(relation, mode, {}, static_cast<double>(waited) + 0.2, true);
}

std::optional<SqlFailure> TableWork::waitForTable(const sim::Relation& relation, sim::LockMode mode,
                                                  std::size_t at) {
  const PsqlSession& state = m_s.session.state();
  const sim::Postgres& server = m_s.session.world().postgres();
  const sim::Session* holder = sim::lockHolder(server, state.pid, relation.oid, mode);
  if (holder == nullptr) {
    logAcquired(relation, mode);
    return std::nullopt;
  }
  // A statement on its own gives its locks back when it is done; when a transaction ends, nobody
  // knows.
  const std::int64_t left = holder->busyUntilMs - m_s.session.localMs();
  std::int64_t release =
      holder->state == sim::SessionState::Idle ? std::clamp<std::int64_t>(left, 0, kNever) : kNever;
  if (holder->leavesMs >= 0) {
    release = std::clamp<std::int64_t>(holder->leavesMs - m_s.session.localMs(), 0, release);
  }
  const std::int64_t lockLimit = millisecondsOf(setting("lock_timeout"));
  const std::int64_t statementLimit = millisecondsOf(setting("statement_timeout"));
  const std::int64_t patience = std::min({lockLimit, statementLimit, kNever});
  if (holder->kind == sim::SessionKind::AutovacuumWorker) {
    return interruptWorker(*holder);
  }
  if (state.background) return waitInBackground(relation, mode, at, *holder, patience);
  const std::int64_t wait = std::min(release, patience);
  const std::int64_t check = millisecondsOf(setting("deadlock_timeout"));
  if (check <= wait && waitsForMe(*holder, sim::findSession(server, state.pid))) {
    const SqlFailure failure = deadlock(relation, mode, *holder);
    m_s.session.spend(static_cast<double>(check));
    return failure;
  }
  const bool told = check < wait && setting("log_lock_waits") == "on";
  const sim::Session before = *holder;
  if (told) logLockWait(relation, mode, before, static_cast<double>(check) + 0.1, false);
  m_s.session.spend(static_cast<double>(wait));
  if (release <= patience) {
    if (told) logLockWait(relation, mode, before, static_cast<double>(release) + 0.2, true);
    return std::nullopt;
  }
  return lockTimeout(at);
}

std::optional<SqlFailure> TableWork::lockTable(const sim::Relation& relation, sim::LockMode mode,
                                               std::size_t at) {
  const bool own = relation.session != 0 && relation.session == m_s.session.state().pid;
  if (relation.oid != 0 && !own) {
    if (auto failure = waitForTable(relation, mode, at)) return failure;
    if (m_s.session.state().registered) m_s.session.tellServer(lockAction(relation, mode));
  }
  return lock(mode <= sim::LockMode::RowExclusive, at);
}

}  // namespace console
