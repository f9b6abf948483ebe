// SPDX-License-Identifier: GPL-3.0-or-later
// How a client reaches the server, whether it is let in, and with which settings its session
// begins. Host names and addresses of the simulated network; pg_hba.conf's rules as they stand in
// the file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/shell_state.h"
#include "sim/world.h"

namespace console {

// The folder of the socket, the port and the address a session uses.
[[nodiscard]] std::string socketFolder(const sim::World& world, const PsqlSession& session);
[[nodiscard]] std::string portOf(const sim::World& world, const PsqlSession& session);
// Empty: the name is unknown.
[[nodiscard]] std::string addressOf(const sim::World& world, const std::string& host);

// "on socket \"...\"" or "at \"host\", port 5432".
[[nodiscard]] std::string connectionTarget(const sim::World& world, const PsqlSession& session);
// What keeps the client from reaching a server at all; empty when nothing does.
[[nodiscard]] std::string unreachable(const sim::World& world, const PsqlSession& session);
// What pg_hba.conf turns the client away with. systemUser: of the operating system.
[[nodiscard]] std::optional<sim::ServerMessage> unauthenticated(const sim::World& world,
                                                                const PsqlSession& session,
                                                                const std::string& systemUser);
// The method pg_hba.conf asks for: "peer", "trust", "scram-sha-256"; empty: no line fits.
[[nodiscard]] std::string authenticationMethod(const sim::World& world, const PsqlSession& session);

// A line of pg_hba.conf, as pg_hba_file_rules shows it.
struct HostRule {
  int line = 0;
  std::string type, database, user, address, netmask, method, options;
};
[[nodiscard]] std::vector<HostRule> hostRules(const sim::World& world);
[[nodiscard]] std::string hostRulesText(const sim::World& world);  // the file
[[nodiscard]] std::string identMapText();                          // pg_ident.conf

// Settings stored for the role and the database, then those of PGOPTIONS; or the refusal.
struct SessionStart {
  std::map<std::string, SessionDefault> defaults;
  std::optional<sim::ServerMessage> refusal;
};
[[nodiscard]] SessionStart sessionDefaults(const sim::World& world, const PsqlSession& session,
                                           const std::string& options);

// "host=... dbname=..." or "postgresql://...".
[[nodiscard]] bool isConnectionString(const std::string& text);
void readConnectionString(const std::string& text, PsqlSession& session);

}  // namespace console
