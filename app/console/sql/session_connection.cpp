// SPDX-License-Identifier: GPL-3.0-or-later
// The connection of a psql session: made, lost, closed, and what its backend is told of statements.
#include "base/text.h"
#include "console/sql/authentication.h"
#include "console/sql/connect.h"
#include "console/sql/privileges.h"
#include "console/sql/session.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/sql/tables/table_work.h"
#include "console/sql/virtual_tables.h"
#include "sim/log_entry.h"
#include "sim/session_actions.h"

namespace console {
namespace {

// MODEL: what a backend's caches take before it is ready.
constexpr std::int64_t kCaches = 1'640'000;

sim::Action sessionAction(std::uint32_t pid, const char* what) {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(pid);
  action.text = what;
  return action;
}

// Empty for a socket, wherever that lies.
std::string hostOf(const PsqlSession& session) {
  return session.host.starts_with("/") ? ""
         : session.host == "localhost" ? "127.0.0.1"
                                       : session.host;
}

sim::Login loginOf(const PsqlSession& session) {
  sim::Login login{session.user, session.database, session.application, hostOf(session),
                   sim::SessionKind::Client};
  if (session.replication) login.kind = sim::SessionKind::WalSender;
  return login;
}

std::string clientPlace(const PsqlSession& session) {
  return hostOf(session).empty()
             ? "[local]"
             : hostOf(session) + " port=" + std::to_string(sim::clientPort(session.pid));
}

// What libpq says of a host whose name nobody knows; empty: it is known.
std::string unknownHost(const sim::World& world, const PsqlSession& session) {
  const bool socket = session.host.empty() || session.host.starts_with("/");
  if (socket || !addressOf(world, session.host).empty()) return {};
  return "could not translate host name \"" + session.host +
         "\" to address: Name or service not known";
}

}  // namespace

std::int64_t SqlSession::localMs() const {
  return world().now().ms + m_duration.ms;
}

bool SqlSession::tellServer(const sim::Action& action) {
  return m_machine.world.apply(action, m_machine.who, m_machine.telemetry).accepted;
}

std::optional<sim::ServerMessage> SqlSession::admitted(const std::string& options,
                                                       SessionStart& start) {
  sim::noteClient(m_machine.telemetry, loginOf(m_state), m_state.pid, world().now().ms);
  if (readSetting(world(), m_state, "log_connections").canonical == "on") {
    world().logSession({"LOG", "connection received: host=" + clientPlace(m_state), {}, {}, {}},
                       m_state.pid, {}, m_machine.telemetry);
  }
  // Who a client is comes before what it may use: its role, its database.
  auto refusal = sim::turnedAway(world().spec(), world().postgres(), loginOf(m_state));
  const bool afterwards = !refusal || refusal->sqlstate == "28000" || refusal->sqlstate == "3D000";
  if (auto stranger = unauthenticated(world(), m_state, m_state.systemUser);
      stranger && afterwards) {
    return stranger;
  }
  if (refusal) return refusal;
  if (granted(world(), m_state.user, securedDatabase(world(), m_state.database),
              privilegesOf("c")) == 0) {
    return sim::ServerMessage{"FATAL",
                              "permission denied for database \"" + m_state.database + "\"",
                              "User does not have CONNECT privilege.",
                              {},
                              "42501"};
  }
  start = sessionDefaults(world(), m_state, options);
  if (start.refusal) return start.refusal;
  const std::int64_t left = addressSpaceLeft(world());
  if (left < 0 || left >= kCaches) return std::nullopt;
  m_state.planned.clear();
  ContextUse use;
  use.starting = true;
  logMemoryContexts(*this, std::move(use));
  return sim::ServerMessage{
      "FATAL",
      "out of memory",
      "Failed on request of size 288 in memory context \"CacheMemoryContext\".",
      {},
      "53200"};
}

std::string SqlSession::refusalText(const sim::ServerMessage& refusal, const std::string& lead) {
  // The postmaster itself answers where it cannot make a process that would.
  if (refusal.severity == "LOG") {
    world().logSession(refusal, world().postgres().postmasterPid, {}, m_machine.telemetry);
    return lead + refusal.text;
  }
  // libpq takes "undefined object" for a server too old to know application_name, and tries again.
  const int attempts = refusal.sqlstate == "42704" ? 2 : 1;
  std::string text;
  for (int i = 0; i < attempts; ++i) {
    world().logSession(refusal, m_state.pid, {}, m_machine.telemetry);
    text += (text.empty() ? "" : "\n") + lead + "FATAL:  " + refusal.text;
    // What the log says of an authentication is none of the client's business.
    const bool secret = refusal.sqlstate.starts_with("28");
    if (!refusal.detail.empty() && !secret) text += "\nDETAIL:  " + refusal.detail;
    if (!refusal.hint.empty()) text += "\nHINT:  " + refusal.hint;
  }
  return text;
}

std::string SqlSession::connect(const std::string& options) {
  const std::string lead =
      "connection to server " + connectionTarget(world(), m_state) + " failed: ";
  const PsqlSession before = m_state;
  if (std::string reason = unknownHost(world(), m_state); !reason.empty()) return reason;
  m_state.connected = m_state.registered = false;
  if (const std::string reason = unreachable(world(), m_state); !reason.empty()) {
    return lead + reason;
  }
  const sim::Postgres& server = world().postgres();
  if (m_state.password.empty() && server.accepts() &&
      authenticationMethod(world(), m_state) == "scram-sha-256") {
    return lead + "fe_sendauth: no password supplied";
  }
  m_state.pid = sim::freshSessionPid(server, world().seed(), world().now());
  SessionStart start;
  if (const auto refusal = admitted(options, start)) {
    std::string text = refusalText(*refusal, lead);
    m_state.connected = before.connected;
    m_state.registered = before.registered;
    m_state.pid = before.pid;
    return text;
  }
  sim::Action action = sessionAction(m_state.pid, "open");
  action.fields = {{"role", m_state.user},
                   {"database", m_state.database},
                   {"application", m_state.application},
                   {"host", hostOf(m_state)},
                   {"at", std::to_string(localMs())}};
  if (m_state.replication) action.fields["kind"] = "walsender";
  // Once an incident is closed the world takes no more actions: one can still look.
  m_state.registered = tellServer(action);
  if (before.registered) tellServer(sessionAction(before.pid, "close"));
  m_state.connected = true;
  m_state.connectedMs = world().unixMs();
  m_state.crashes = server.crashes;
  m_state.starts = server.starts;
  m_state.settings.clear();
  m_state.settingsCommitted.clear();
  m_state.defaults = std::move(start.defaults);
  m_state.temporary.clear();
  m_state.prepared.clear();
  m_state.planned.clear();
  m_state.compilerLoaded = false;
  m_state.preparedBytes = m_state.preparedCount = m_state.temporaryFiles = 0;
  m_state.inTransaction = m_state.failed = m_state.usedTemporary = false;
  if (readSetting(world(), m_state, "log_connections").canonical == "on") logAuthorized();
  finishStatement();
  return {};
}

void SqlSession::logAuthorized() {
  const auto log = [&](std::string text) {
    world().logSession({"LOG", std::move(text), {}, {}, {}}, m_state.pid, {}, m_machine.telemetry);
  };
  const std::string who = authenticatedAs(world(), m_state);
  if (!who.empty()) log("connection authenticated: " + who);
  std::string text = m_state.replication ? "replication connection authorized: user=" + m_state.user
                                         : "connection authorized: user=" + m_state.user +
                                               " database=" + m_state.database;
  if (!m_state.application.empty()) text += " application_name=" + m_state.application;
  log(std::move(text));
}

void SqlSession::disconnect() {
  if (m_state.registered) {
    if (m_state.inTransaction) restoreTables(m_state.tablesBefore);
    sim::Action action = sessionAction(m_state.pid, "close");
    action.fields["at"] = std::to_string(localMs());
    tellServer(action);
  }
  m_state.connected = m_state.registered = m_state.inTransaction = false;
}

bool SqlSession::there() const {
  const sim::Postgres& server = world().postgres();
  if (m_state.registered) return sim::findSession(server, m_state.pid) != nullptr;
  return server.accepts() && server.crashes == m_state.crashes && server.starts == m_state.starts;
}

bool SqlSession::lost(std::string& error) {
  const bool changed = m_state.inTransaction && m_state.registered;
  if (changed) restoreTables(m_state.tablesBefore);
  m_state.inTransaction = m_state.failed = false;
  if (const sim::Farewell* said = sim::findFarewell(world().postgres(), m_state.pid)) {
    if (!said->words.empty()) error += said->words + "\n";
  }
  error +=
      "server closed the connection unexpectedly\n\tThis probably means the server terminated "
      "abnormally\n\tbefore or while processing the request.\n";
  if (m_state.registered) tellServer(sessionAction(m_state.pid, "close"));
  m_state.registered = m_state.connected = false;
  if (!m_state.open) {
    // Nobody is there who could type on: psql gives up.
    m_state.broken = true;
    error += "connection to server was lost\n";
    return false;
  }
  error += "The connection to the server was lost. Attempting reset: ";
  error += connect().empty() ? "Succeeded.\n" : "Failed.\n";
  return false;
}

bool SqlSession::alive(std::string& error) {
  if (!m_state.connected) {
    error += "You are currently not connected to a database.\n";
    return false;
  }
  return there() || lost(error);
}

void SqlSession::cancelStatement(std::string& error) {
  fail(sqlError("57014", "canceling statement due to user request"), error);
  m_state.failed = m_state.inTransaction;
  finishStatement();
}

bool SqlSession::beginStatement(const std::string& statement, std::string& error) {
  if (!alive(error)) return false;
  // A statement that waited for a lock goes on waiting.
  if (!m_state.registered || m_state.blockedSinceMs >= 0) return true;
  sim::Action action = sessionAction(m_state.pid, "active");
  action.fields = {{"query", statement}, {"at", std::to_string(localMs())}};
  std::string changed;
  for (const auto& [name, value] : m_state.settings) changed += name + "=" + value + "\n";
  if (!changed.empty()) action.fields["settings"] = std::move(changed);
  if (base::contains(statement, "pg_sleep(")) {
    action.fields["wait-type"] = "Timeout";
    action.fields["wait-event"] = "PgSleep";
  }
  return tellServer(action) || there() || lost(error);
}

bool SqlSession::finishStatement() {
  if (!m_state.registered) return true;
  const auto milliseconds = [&](const char* name) {
    return readSetting(world(), m_state, name).canonical;
  };
  sim::Action action = sessionAction(m_state.pid, "idle");
  action.fields = {{"at", std::to_string(localMs())},
                   {"transaction", m_state.failed          ? "failed"
                                   : m_state.inTransaction ? "open"
                                                           : "none"},
                   {"idle-timeout", milliseconds("idle_session_timeout")},
                   {"transaction-timeout", milliseconds("idle_in_transaction_session_timeout")}};
  const sim::Session* session = sim::findSession(world().postgres(), m_state.pid);
  const bool cancelled = session != nullptr && session->cancelled;
  tellServer(action);
  return !cancelled;
}

}  // namespace console
