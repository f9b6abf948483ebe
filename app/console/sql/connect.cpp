// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/connect.h"

#include <array>

#include "base/text.h"
#include "sim/cluster_files.h"
#include "sim/server.h"

namespace console {
namespace {

sim::ServerMessage fatal(std::string sqlstate, std::string text) {
  return {"FATAL", std::move(text), {}, {}, std::move(sqlstate)};
}

std::string portText(const sim::World& world) {
  const std::string port = world.postgres().settings.show("port");
  return port.empty() ? "5432" : port;
}

bool bySocket(const PsqlSession& session) {
  return session.host.empty() || session.host.starts_with("/");
}

// Which rows of pg_db_role_setting bear on a session, the stronger later.
constexpr std::array<std::string_view, 4> kStoredSources = {"", "database", "user",
                                                            "database user"};

std::size_t strength(const sim::StoredSetting& stored) {
  return (stored.database.empty() ? 0 : 1) + (stored.role.empty() ? 0 : 2);
}

}  // namespace

std::string socketFolder(const sim::World& world, const PsqlSession& session) {
  if (session.host.starts_with("/")) return session.host;
  std::string folder = world.postgres().settings.show("unix_socket_directories");
  folder = folder.substr(0, folder.find(','));
  return folder.empty() || folder == "/tmp" ? "/var/run/postgresql" : folder;
}

std::string portOf(const sim::World& world, const PsqlSession& session) {
  return session.port.empty() ? portText(world) : session.port;
}

std::string addressOf(const sim::World& world, const std::string& host) {
  if (host == "localhost") return "127.0.0.1";
  if (host == world.spec().host.name) return "10.0.0.10";
  if (host.find_first_not_of("0123456789.") == std::string::npos) return host;
  const bool colons = host.find(':') != std::string::npos;
  if (colons && host.find_first_not_of("0123456789abcdef:") == std::string::npos) return host;
  if (host.size() == 4 && host.starts_with("app") && host[3] >= '1' && host[3] <= '4') {
    return std::string("10.0.0.2") + host[3];
  }
  return {};
}

std::string connectionTarget(const sim::World& world, const PsqlSession& session) {
  const std::string port = portOf(world, session);
  if (bySocket(session)) {
    return "on socket \"" + socketFolder(world, session) + "/.s.PGSQL." + port + "\"";
  }
  const std::string address = addressOf(world, session.host);
  return "at \"" + session.host + "\"" + (address == session.host ? "" : " (" + address + ")") +
         ", port " + port;
}

std::string unreachable(const sim::World& world, const PsqlSession& session) {
  const sim::Postgres& server = world.postgres();
  bool listens = server.life != sim::Life::Stopped && !server.initializing &&
                 portOf(world, session) == portText(world);
  if (bySocket(session)) {
    PsqlSession own = session;
    own.host.clear();
    const bool folder = socketFolder(world, session) == socketFolder(world, own);
    listens = listens && folder;
    if (listens) return {};
    // A postmaster that was killed leaves its socket behind, and nobody listens at it.
    const sim::ClusterFiles files(world.spec(), server);
    if (files.node(socketFolder(world, session) + "/.s.PGSQL." + portOf(world, session))) {
      return "Connection refused\n\tIs the server running locally and accepting connections on "
             "that socket?";
    }
    return "No such file or directory\n\tIs the server running locally and accepting connections "
           "on that socket?";
  }
  const std::string address = addressOf(world, session.host);
  const std::string addresses = server.settings.show("listen_addresses");
  const bool loop = address.starts_with("127.") || address == "::1";
  const bool own = loop || address == "10.0.0.10";
  if (!own && address.starts_with("10.0.0.") && address != "10.0.0.1" && address.size() == 9 &&
      address[7] == '2') {
    listens = false;  // an application host: up, but without a server
  } else if (!own) {
    return "Connection timed out\n\tIs the server running on that host and accepting TCP/IP "
           "connections?";
  }
  const bool everywhere = addresses == "*" || base::contains(addresses, "0.0.0.0");
  if (own && !everywhere && !base::contains(addresses, address) &&
      !(loop && base::contains(addresses, "localhost"))) {
    listens = false;
  }
  if (listens) return {};
  return "Connection refused\n\tIs the server running on that host and accepting TCP/IP "
         "connections?";
}

SessionStart sessionDefaults(const sim::World& world, const PsqlSession& session,
                             const std::string& options) {
  SessionStart start;
  const sim::ServerSettings& settings = world.postgres().settings;
  for (std::size_t level = 1; level < kStoredSources.size(); ++level) {
    for (const sim::StoredSetting& stored : world.postgres().storedSettings) {
      if (strength(stored) != level) continue;
      if (!stored.database.empty() && stored.database != session.database) continue;
      if (!stored.role.empty() && stored.role != session.user) continue;
      const sim::ParsedValue parsed = settings.checkSet(stored.name, stored.value, true, true);
      if (parsed.ok) {
        start.defaults[stored.name] = {parsed.canonical, std::string(kStoredSources[level])};
      }
    }
  }
  const auto pairs = sim::readStartOptions(options);
  if (!pairs) {
    start.refusal = fatal("42601", "invalid command-line argument for server process: " + options);
    return start;
  }
  const sim::Role* role = world.postgres().role(session.user);
  for (const auto& [name, value] : *pairs) {
    const bool privileged = role != nullptr && sim::maySet(*role, name);
    sim::ParsedValue parsed = settings.checkSet(name, value, privileged, true);
    if (!parsed.ok) {
      parsed.refusal.severity = "FATAL";
      start.refusal = std::move(parsed.refusal);
      return start;
    }
    start.defaults[base::lower(name)] = {parsed.canonical, "client"};
  }
  return start;
}

namespace {

void readUrl(const std::string& url, PsqlSession& session) {
  std::string rest = url.substr(url.find("//") + 2);
  const std::size_t slash = rest.find('/');
  if (slash != std::string::npos && slash + 1 < rest.size()) {
    session.database = rest.substr(slash + 1, rest.find('?') - slash - 1);
  }
  rest = rest.substr(0, slash);
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos) {
    session.user = rest.substr(0, std::min(at, rest.find(':')));
    rest = rest.substr(at + 1);
  }
  if (const std::size_t colon = rest.rfind(':'); colon != std::string::npos) {
    session.port = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  session.host = rest;
}

}  // namespace

bool isConnectionString(const std::string& text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         text.find('=') != std::string::npos;
}

void readConnectionString(const std::string& text, PsqlSession& session) {
  if (text.find("://") != std::string::npos) return readUrl(text, session);
  for (const std::string& pair : base::split(text, ' ')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = pair.substr(0, equals);
    const std::string value = base::replaceAll(pair.substr(equals + 1), "'", "");
    if (name == "dbname") session.database = value;
    if (name == "user") session.user = value;
    if (name == "host" || name == "hostaddr") session.host = value;
    if (name == "port") session.port = value;
    if (name == "application_name") session.application = value;
    if (name == "replication") {
      session.replication =
          value == "database" || value == "true" || value == "on" || value == "yes" || value == "1";
    }
  }
}

}  // namespace console
