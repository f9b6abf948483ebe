// SPDX-License-Identifier: GPL-3.0-or-later
// Who is let in: the server's own state, a process, a slot, the role, the database.
#include <algorithm>

#include "sim/session_actions.h"

namespace sim {
namespace {

ServerMessage fatal(std::string sqlstate, std::string text) {
  return {"FATAL", std::move(text), {}, {}, std::move(sqlstate)};
}

std::optional<ServerMessage> refusedByLife(const Postgres& server) {
  switch (server.life) {
    case Life::Starting:
      return fatal("57P03", "the database system is starting up");
    case Life::ShuttingDown:
      return fatal("57P03", "the database system is shutting down");
    case Life::Recovering: {
      ServerMessage message =
          fatal("57P03", "the database system is not yet accepting connections");
      message.detail = "Consistent recovery state has not been yet reached.";
      return message;
    }
    case Life::Crashed:
      return fatal("57P03", "the database system is in recovery mode");
    case Life::Stopped:
    case Life::Running:
      break;
  }
  return std::nullopt;
}

// The processes of the server's user: postmaster, five auxiliaries, backends.
bool mayFork(const Postgres& server) {
  constexpr std::int64_t kOwn = 6;
  if (server.limits.processes < 0) return true;
  const auto sessions = static_cast<std::int64_t>(server.sessions.size());
  return kOwn + server.connections() + sessions < server.limits.processes;
}

// A slot for its process, from the array its kind has for itself.
std::optional<ServerMessage> refusedForSlots(const Postgres& server, const Login& login) {
  if (login.kind == SessionKind::WalSender) {
    const auto senders =
        std::count_if(server.sessions.begin(), server.sessions.end(),
                      [](const Session& one) { return one.kind == SessionKind::WalSender; });
    const std::int64_t most = server.settings.number("max_wal_senders");
    if (senders < most) return std::nullopt;
    return fatal("53300",
                 "number of requested standby connections exceeds max_wal_senders (currently " +
                     std::to_string(most) + ")");
  }
  if (slotsInUse(server) < server.values.maxConnections) return std::nullopt;
  return fatal("53300", "sorry, too many clients already");
}

std::int64_t sessionsOf(const Postgres& server, const std::string& role,
                        const std::string& database) {
  return std::count_if(server.sessions.begin(), server.sessions.end(), [&](const Session& one) {
    return one.kind == SessionKind::Client && (role.empty() || one.role == role) &&
           (database.empty() || one.database == database);
  });
}

std::optional<ServerMessage> refusedForRole(const WorldSpec& spec, const Postgres& server,
                                            const Login& login) {
  const Role* role = server.role(login.role);
  if (role == nullptr) return fatal("28000", "role \"" + login.role + "\" does not exist");
  if (!role->login) {
    return fatal("28000", "role \"" + login.role + "\" is not permitted to log in");
  }
  if (role->superuser) return std::nullopt;
  const std::int64_t pooled = login.role == spec.database.user ? server.connections() : 0;
  if (role->connectionLimit >= 0 &&
      sessionsOf(server, login.role, {}) + pooled >= role->connectionLimit) {
    return fatal("53300", "too many connections for role \"" + login.role + "\"");
  }
  if (login.kind == SessionKind::WalSender) {
    return fatal("42501", "must be superuser or replication role to start walsender");
  }
  const std::int32_t reserved = server.values.reservedConnections;
  if (reserved > 0 && slotsInUse(server) >= server.values.maxConnections - reserved) {
    return fatal("53300",
                 "remaining connection slots are reserved for non-replication superuser "
                 "connections");
  }
  return std::nullopt;
}

std::optional<ServerMessage> refusedForDatabase(const WorldSpec& spec, const Postgres& server,
                                                const Login& login) {
  if (login.kind == SessionKind::WalSender && login.database.empty()) return std::nullopt;
  if (!databaseExists(spec, server, login.database)) {
    return fatal("3D000", "database \"" + login.database + "\" does not exist");
  }
  if (login.database == "template0") {
    return fatal("55000", "database \"template0\" is not currently accepting connections");
  }
  const Role* role = server.role(login.role);
  for (const Database& one : server.databases) {
    if (one.name != login.database || one.connectionLimit < 0) continue;
    const std::int64_t pooled = login.database == spec.database.database ? server.connections() : 0;
    if ((role == nullptr || !role->superuser) &&
        sessionsOf(server, {}, one.name) + pooled >= one.connectionLimit) {
      return fatal("53300", "too many connections for database \"" + one.name + "\"");
    }
  }
  return std::nullopt;
}

}  // namespace

std::int32_t slotsInUse(const Postgres& server) {
  const auto clients =
      std::count_if(server.sessions.begin(), server.sessions.end(),
                    [](const Session& one) { return one.kind == SessionKind::Client; });
  return server.connections() + static_cast<std::int32_t>(clients);
}

bool databaseExists(const WorldSpec& spec, const Postgres& server, std::string_view name) {
  if (name == spec.database.database || name == "postgres" || name == "template1" ||
      name == "template0") {
    return true;
  }
  return std::any_of(server.databases.begin(), server.databases.end(),
                     [name](const Database& one) { return one.name == name; });
}

std::optional<ServerMessage> turnedAway(const WorldSpec& spec, const Postgres& server,
                                        const Login& login) {
  if (!mayFork(server)) {
    return ServerMessage{
        "LOG",
        "could not fork new process for connection: Resource temporarily unavailable",
        {},
        {},
        {}};
  }
  if (auto refusal = refusedByLife(server)) return refusal;
  if (auto refusal = refusedForSlots(server, login)) return refusal;
  if (auto refusal = refusedForRole(spec, server, login)) return refusal;
  return refusedForDatabase(spec, server, login);
}

}  // namespace sim
