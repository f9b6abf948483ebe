// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/session_actions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/random.h"
#include "base/text.h"
#include "sim/autovacuum.h"
#include "sim/client_load.h"
#include "sim/log_batches.h"
#include "sim/log_entry.h"
#include "sim/server_log.h"
#include "sim/server_signals.h"

namespace sim {
namespace {

constexpr std::int64_t kWeekMs = 7LL * 86'400'000;

Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

std::string fieldOf(const Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

std::int64_t numberOf(const Action& action, const std::string& name, std::int64_t otherwise) {
  const std::string text = fieldOf(action, name);
  std::int64_t value = otherwise;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

Session* findSession(Postgres& server, std::uint32_t pid) {
  const auto place = std::find_if(server.sessions.begin(), server.sessions.end(),
                                  [pid](const Session& one) { return one.pid == pid; });
  return place == server.sessions.end() ? nullptr : &*place;
}

}  // namespace

std::string_view lockModeName(LockMode mode) {
  constexpr std::array<std::string_view, 8> kNames = {
      "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
      "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
  return kNames[static_cast<std::size_t>(mode)];
}

bool locksConflict(LockMode a, LockMode b) {
  // Bit n: excludes the n-th mode (LockConflicts, lock.c).
  constexpr std::array<unsigned, 8> kConflicts = {0x80, 0xC0, 0xF0, 0xF8, 0xEC, 0xFC, 0xFE, 0xFF};
  return (kConflicts[static_cast<std::size_t>(a)] >> static_cast<unsigned>(b) & 1U) != 0;
}

std::string_view sessionStateName(SessionState state) {
  constexpr std::array<std::string_view, 4> kNames = {"idle", "active", "idle in transaction",
                                                      "idle in transaction (aborted)"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view sessionKindName(SessionKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"client backend", "walsender",
                                                      "autovacuum worker", "parallel worker"};
  return kNames[static_cast<std::size_t>(kind)];
}

const Session* findSession(const Postgres& server, std::uint32_t pid) {
  const auto place = std::find_if(server.sessions.begin(), server.sessions.end(),
                                  [pid](const Session& one) { return one.pid == pid; });
  return place == server.sessions.end() ? nullptr : &*place;
}

const Farewell* findFarewell(const Postgres& server, std::uint32_t pid) {
  const auto place = std::find_if(server.farewells.rbegin(), server.farewells.rend(),
                                  [pid](const Farewell& one) { return one.pid == pid; });
  return place == server.farewells.rend() ? nullptr : &*place;
}

std::uint32_t freshSessionPid(const Postgres& server, std::uint64_t seed, base::SimTime now) {
  // MODEL: other processes of the host took some pids since the server's last fork.
  std::uint32_t pid =
      server.nextPid + 1 +
      static_cast<std::uint32_t>(base::below(400, seed, base::Stream::Terminal, now.seconds(), 7));
  while (findSession(server, pid) != nullptr || findFarewell(server, pid) != nullptr) ++pid;
  return pid;
}

void skipSessionPids(Postgres& server, std::uint32_t count) {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Session& one : server.sessions) {
      if (one.pid < server.nextPid || one.pid >= server.nextPid + count) continue;
      server.nextPid = one.pid + 1;
      moved = true;
    }
  }
}

namespace {

constexpr std::string_view kCrashWords =
    "WARNING:  terminating connection because of crash of another server process\n"
    "DETAIL:  The postmaster has commanded this server process to roll back the current "
    "transaction and exit, because another server process exited abnormally and possibly "
    "corrupted shared memory.\n"
    "HINT:  In a moment you should be able to reconnect to the database and repeat your command.";

// What the client reads last.
std::string farewellWords(SessionEnd why) {
  switch (why) {
    case SessionEnd::Administrator:
      return "FATAL:  terminating connection due to administrator command";
    case SessionEnd::ImmediateShutdown:
      return "WARNING:  terminating connection due to immediate shutdown command";
    case SessionEnd::CrashOfAnother:
      return std::string(kCrashWords);
    case SessionEnd::PostmasterExit:
      return "FATAL:  terminating connection due to unexpected postmaster exit";
    case SessionEnd::IdleInTransaction:
      return "FATAL:  terminating connection due to idle-in-transaction timeout";
    case SessionEnd::IdleSession:
      return "FATAL:  terminating connection due to idle-session timeout";
    case SessionEnd::Quit:
      return "WARNING:  terminating connection because of unexpected SIGQUIT signal";
    case SessionEnd::Closed:
    case SessionEnd::Killed:
    case SessionEnd::Lost:
      break;
  }
  return {};
}

// A backend that is sending finds the pipe broken, one that waits for its client a reset.
void logLostClient(ServerContext& c, const Session& session) {
  const auto say = [&](LogShape shape) { writeLog(c.telemetry, c.now, shape, session.pid); };
  const bool busy = session.stateAt(c.now.ms) == SessionState::Active;
  const bool sending =
      busy && base::uniform(c.seed, base::Stream::Terminal, c.now.ms, session.pid) < 0.5;
  if (sending) {
    say(LogShape::PgClientLost);
    writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Critical,
               "FATAL:  connection to client lost", session.pid);
    return;
  }
  if (!busy && session.state == SessionState::Idle) return;
  say(LogShape::PgConnectionReset);
  say(LogShape::PgUnexpectedEof);
}

// log_disconnections; a process that quits at once does not get to it.
void logDisconnection(ServerContext& c, const Session& session, SessionEnd why, std::int64_t atMs) {
  const bool quits = why == SessionEnd::Killed || why == SessionEnd::Quit ||
                     why == SessionEnd::ImmediateShutdown || why == SessionEnd::CrashOfAnother;
  const bool client = session.kind == SessionKind::Client || session.kind == SessionKind::WalSender;
  if (!c.server.values.log.policy.disconnections || quits || !client) return;
  std::string host = session.host.empty() ? "[local]" : session.host;
  if (!session.host.empty()) host += " port=" + std::to_string(clientPort(session.pid));
  writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Info,
             "LOG:  disconnection: session time: " + sessionTimeText(atMs - session.startedMs) +
                 " user=" + session.role + " database=" + session.database + " host=" + host,
             session.pid);
}

void dropTemporary(Postgres& server, std::uint32_t pid) {
  std::erase_if(server.relations, [pid](const Relation& one) { return one.session == pid; });
}

}  // namespace

void noteClient(Telemetry& telemetry, const Login& login, std::uint32_t pid, std::int64_t atMs) {
  LogProcess client;
  client.pid = pid;
  client.startedMs = atMs;
  if (login.kind == SessionKind::WalSender) client.backendType = "walsender";
  client.user = login.role;
  client.database = login.database;
  client.application = login.application;
  client.host = login.host.empty() ? "[local]" : login.host;
  if (!login.host.empty()) client.port = clientPort(pid);
  telemetry.noteProcess(std::move(client));
}

void endSession(ServerContext& c, std::uint32_t pid, SessionEnd why) {
  endSession(c, pid, why, c.now.ms);
}

void endSession(ServerContext& c, std::uint32_t pid, SessionEnd why, std::int64_t atMs) {
  constexpr std::size_t kMostFarewells = 200;
  Postgres& server = c.server;
  const Session* session = findSession(server, pid);
  if (session == nullptr) return;
  const std::string words = farewellWords(why);
  if (words.starts_with("FATAL")) {
    std::string text = words;
    if (why == SessionEnd::Administrator && session->stateAt(c.now.ms) == SessionState::Active &&
        !session->query.empty()) {
      text += "\nSTATEMENT:  " + base::replaceAll(session->query, "\n", "\n\t");
    }
    writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Critical, text, pid);
  }
  if (why == SessionEnd::Lost) logLostClient(c, *session);
  if (why != SessionEnd::Closed && why != SessionEnd::Lost) {
    if (server.farewells.size() >= kMostFarewells) server.farewells.erase(server.farewells.begin());
    server.farewells.push_back({pid, c.now.ms, words});
  }
  logDisconnection(c, *session, why, std::max(atMs, c.now.ms));
  dropTemporary(server, pid);
  std::erase_if(server.sessions, [pid](const Session& one) { return one.pid == pid; });
}

void endAllSessions(ServerContext& c, SessionEnd why) {
  while (!c.server.sessions.empty()) endSession(c, c.server.sessions.front().pid, why);
}

void stepSessions(ServerContext& c) {
  Postgres& server = c.server;
  if (server.sessions.empty()) return;
  std::vector<std::pair<std::uint32_t, SessionEnd>> ended;
  for (Session& one : server.sessions) {
    const std::int64_t idleMs = c.now.ms - one.stateChangeMs;
    const SessionState state = one.stateAt(c.now.ms);
    if (state == SessionState::Idle && one.kind == SessionKind::Client) one.locks.clear();
    const bool byItself = one.kind == SessionKind::ParallelWorker;
    if (one.leavesMs >= 0 && c.now.ms >= one.leavesMs && byItself) {
      ended.emplace_back(one.pid, SessionEnd::Closed);
      continue;
    }
    if (one.kind != SessionKind::Client) continue;
    if (state == SessionState::Idle && one.idleTimeoutMs > 0 && idleMs >= one.idleTimeoutMs) {
      ended.emplace_back(one.pid, SessionEnd::IdleSession);
    } else if ((state == SessionState::IdleInTransaction ||
                state == SessionState::IdleInTransactionAborted) &&
               one.idleInTransactionTimeoutMs > 0 && idleMs >= one.idleInTransactionTimeoutMs) {
      ended.emplace_back(one.pid, SessionEnd::IdleInTransaction);
    }
  }
  for (const auto& [pid, why] : ended) endSession(c, pid, why);
}

const Session* lockHolder(const Postgres& server, std::uint32_t pid, std::uint32_t relation,
                          LockMode mode) {
  for (const Session& one : server.sessions) {
    if (one.pid == pid) continue;
    for (const SessionLock& lock : one.locks) {
      if (lock.granted && lock.relation == relation && locksConflict(lock.mode, mode)) return &one;
    }
  }
  return nullptr;
}

namespace {

std::int64_t momentOf(const ServerContext& c, const Action& action) {
  return std::clamp(numberOf(action, "at", c.now.ms), c.now.ms, c.now.ms + kWeekMs);
}

std::int64_t timeoutOf(const Action& action, const std::string& name) {
  return std::clamp<std::int64_t>(numberOf(action, name, 0), 0, kWeekMs);
}

Outcome open(ServerContext& c, std::uint32_t pid, const Action& action) {
  constexpr std::size_t kMostSessions = 5000;
  Login login{fieldOf(action, "role"), fieldOf(action, "database"), fieldOf(action, "application"),
              fieldOf(action, "host"), SessionKind::Client};
  const std::string kind = fieldOf(action, "kind");
  if (kind == "walsender") login.kind = SessionKind::WalSender;
  if (kind == "parallel worker") login.kind = SessionKind::ParallelWorker;
  if (c.server.life == Life::Stopped) return refused("The server is not running.");
  const bool inner = login.kind == SessionKind::ParallelWorker;
  const auto refusal = inner ? std::nullopt : turnedAway(c.model.spec, c.server, login);
  if (refusal) {
    return refused(serverMessageText(*refusal));
  }
  if (c.server.sessions.size() >= kMostSessions) return refused("There are too many sessions.");
  Session session;
  session.pid = pid;
  session.kind = login.kind;
  session.role = login.role;
  session.database = login.database;
  session.application = login.application;
  session.host = login.host;
  session.startedMs = session.stateChangeMs = momentOf(c, action);
  if (login.kind == SessionKind::ParallelWorker) {
    session.query = fieldOf(action, "query");
    session.leavesMs = session.busyUntilMs =
        std::clamp(numberOf(action, "until", c.now.ms), c.now.ms, c.now.ms + kWeekMs);
    session.xactStartMs = session.queryStartMs = session.startedMs;
  }
  const bool counted =
      login.kind == SessionKind::Client && login.database == c.model.spec.database.database;
  c.server.sessionsOpened += counted ? 1 : 0;
  c.server.sessions.push_back(std::move(session));
  return {};
}

// False: a time-out had ended it before the client came back.
bool stillThere(ServerContext& c, const Session& session, std::int64_t atMs) {
  const std::int64_t idleMs = atMs - session.stateChangeMs;
  const SessionState state = session.stateAt(atMs);
  const bool inTransaction =
      state == SessionState::IdleInTransaction || state == SessionState::IdleInTransactionAborted;
  if (inTransaction && session.idleInTransactionTimeoutMs > 0 &&
      idleMs > session.idleInTransactionTimeoutMs) {
    endSession(c, session.pid, SessionEnd::IdleInTransaction);
    return false;
  }
  if (state == SessionState::Idle && session.idleTimeoutMs > 0 && idleMs > session.idleTimeoutMs) {
    endSession(c, session.pid, SessionEnd::IdleSession);
    return false;
  }
  return true;
}

Outcome begin(ServerContext& c, Session& session, const Action& action) {
  constexpr std::int64_t kHourMs = 3'600'000;
  const std::int64_t atMs = momentOf(c, action);
  if (!stillThere(c, session, atMs)) return refused("The session has ended.");
  if (session.state == SessionState::Idle) session.locks.clear();
  session.query = fieldOf(action, "query");
  const auto most = static_cast<std::size_t>(
      std::max<std::int64_t>(c.server.settings.number("track_activity_query_size"), 100) - 1);
  if (session.query.size() > most) session.query.resize(most);
  session.query = base::asUtf8(std::move(session.query));
  session.settings = fieldOf(action, "settings");
  if (session.xactStartMs < 0 || session.state == SessionState::Idle) session.xactStartMs = atMs;
  session.queryStartMs = session.stateChangeMs = atMs;
  session.busyUntilMs = atMs + kHourMs;
  session.waitType = fieldOf(action, "wait-type");
  session.waitEvent = fieldOf(action, "wait-event");
  session.cancelled = false;
  return {};
}

Outcome finish(ServerContext& c, Session& session, const Action& action) {
  const std::int64_t atMs = momentOf(c, action);
  const std::string transaction = fieldOf(action, "transaction");
  session.state = transaction == "open"     ? SessionState::IdleInTransaction
                  : transaction == "failed" ? SessionState::IdleInTransactionAborted
                                            : SessionState::Idle;
  session.busyUntilMs = session.stateChangeMs = atMs;
  if (session.state == SessionState::Idle && atMs <= c.now.ms) session.locks.clear();
  session.idleTimeoutMs = timeoutOf(action, "idle-timeout");
  session.idleInTransactionTimeoutMs = timeoutOf(action, "transaction-timeout");
  return {};
}

Outcome takeLock(ServerContext& c, Session& session, const Action& action) {
  constexpr std::size_t kMostLocks = 20'000;
  SessionLock lock;
  lock.relation = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(numberOf(action, "relation", 0), 0, UINT32_MAX));
  lock.name = fieldOf(action, "name");
  lock.mode = static_cast<LockMode>(std::clamp<std::int64_t>(numberOf(action, "mode", 0), 0, 7));
  lock.sinceMs = momentOf(c, action);
  lock.granted = fieldOf(action, "granted") != "no";
  if (lock.granted && lockHolder(c.server, session.pid, lock.relation, lock.mode) != nullptr) {
    return refused("Another session holds the lock.");
  }
  std::erase_if(session.locks, [&](const SessionLock& one) {
    return one.relation == lock.relation && (!one.granted || one.mode == lock.mode);
  });
  if (session.locks.size() < kMostLocks) session.locks.push_back(std::move(lock));
  return {};
}

}  // namespace

Outcome changeSession(ServerContext& c, const Action& action) {
  std::uint32_t pid = 0;
  const std::string& target = action.target;
  const auto [end, code] = std::from_chars(target.data(), target.data() + target.size(), pid);
  if (code != std::errc() || end != target.data() + target.size() || pid == 0) {
    return refused("A session is named by its process number; found \"" + target + "\".");
  }
  Session* session = findSession(c.server, pid);
  if (action.text == "open") {
    return session != nullptr ? refused("The session is open already.") : open(c, pid, action);
  }
  if (action.text == "close") {
    // The client has read what the server said last.
    std::erase_if(c.server.farewells, [pid](const Farewell& one) { return one.pid == pid; });
    endSession(c, pid, fieldOf(action, "how") == "lost" ? SessionEnd::Lost : SessionEnd::Closed,
               momentOf(c, action));
    return {};
  }
  if (session == nullptr) return refused("There is no session " + target + ".");
  if (action.text == "active") return begin(c, *session, action);
  if (action.text == "idle") return finish(c, *session, action);
  if (action.text == "lock") return takeLock(c, *session, action);
  if (action.text == "interrupt") {
    stopWorker(c, pid, false);
    return {};
  }
  if (action.text == "leave") {
    session->leavesMs = momentOf(c, action);
    return {};
  }
  return refused("A session can open, close, be active, idle, lock or leave; found \"" +
                 action.text + "\".");
}

std::string sessionQuery(const Postgres& server, const Session& session, std::uint64_t seed,
                         base::SimTime now) {
  const ClientLoad* load = session.load != 0 ? findLoad(server, session.load) : nullptr;
  if (load == nullptr || load->statements.empty()) return session.query;
  const std::uint64_t which = base::below(load->statements.size(), seed, base::Stream::Queries,
                                          now.ms, session.pid * 8 + 7);
  return drawnStatement(load->statements[which], seed, now.ms, session.pid * 8);
}

SessionState sessionState(const Postgres& server, const Session& session, std::uint64_t seed,
                          base::SimTime now) {
  const ClientLoad* load = session.load != 0 ? findLoad(server, session.load) : nullptr;
  if (load == nullptr) return session.stateAt(now.ms);
  const double draw = base::uniform(seed, base::Stream::Queries, now.ms, session.pid * 8 + 6);
  return draw * load->alive < load->active ? SessionState::Active : SessionState::Idle;
}

std::optional<Outcome> signalSession(ServerContext& c, std::uint32_t pid,
                                     const std::string& signal) {
  Session* session = findSession(c.server, pid);
  if (session == nullptr) return std::nullopt;
  const bool worker = session->kind == SessionKind::AutovacuumWorker;
  if (worker && (signal == "TERM" || signal == "INT")) {
    stopWorker(c, pid, signal == "TERM");
  } else if (signal == "TERM") {
    endSession(c, pid, SessionEnd::Administrator);
  } else if (signal == "INT") {
    if (session->stateAt(c.now.ms) == SessionState::Active) {
      session->cancelled = true;
      session->busyUntilMs = session->stateChangeMs = c.now.ms;
      if (session->state == SessionState::IdleInTransaction) {
        session->state = SessionState::IdleInTransactionAborted;
      }
    }
  } else if (signal == "KILL" || signal == "ABRT" || signal == "SEGV" || signal == "QUIT") {
    const std::string process = session->kind == SessionKind::ParallelWorker
                                    ? "background worker \"parallel worker\""
                                    : "server process";
    crashServer(
        c, crashBySignal(process, pid, signal, sessionQuery(c.server, *session, c.seed, c.now)));
  }
  return Outcome{};
}

}  // namespace sim
