// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/connect.h"

#include <array>

#include "base/text.h"
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

// Which rows of pg_db_role_setting bear on a session, the stronger later.
constexpr std::array<std::string_view, 4> kStoredSources = {"", "database", "user",
                                                            "database user"};

std::size_t strength(const sim::StoredSetting& stored) {
  return (stored.database.empty() ? 0 : 1) + (stored.role.empty() ? 0 : 2);
}

}  // namespace

std::string connectionTarget(const sim::World& world, const PsqlSession& session) {
  if (session.host.empty()) {
    std::string folder = world.postgres().settings.show("unix_socket_directories");
    folder = folder.substr(0, folder.find(','));
    if (folder.empty() || folder == "/tmp") folder = "/var/run/postgresql";
    return "on socket \"" + folder + "/.s.PGSQL." + portText(world) + "\"";
  }
  return "at \"" + session.host + "\", port " + portText(world);
}

std::string unreachable(const sim::World& world, const PsqlSession& session) {
  if (world.postgres().life != sim::Life::Stopped && !world.postgres().initializing) return {};
  if (session.host.empty()) {
    // A postmaster that was killed leaves its socket behind, and nobody listens at it.
    if (world.postgres().abandoned) {
      return "Connection refused\n\tIs the server running locally and accepting connections on "
             "that socket?";
    }
    return "No such file or directory\n\tIs the server running locally and accepting connections "
           "on that socket?";
  }
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

}  // namespace console
