// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/authentication.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/connect.h"
#include "sim/cluster_files.h"
#include "sim/listening.h"

namespace console {
namespace {

bool bySocket(const PsqlSession& session) {
  return session.host.empty() || session.host.starts_with("/");
}

std::string clientAddress(const sim::World& world, const PsqlSession& session) {
  return bySocket(session) ? "[local]" : addressOf(world, session.host);
}

std::vector<sim::HbaRule> rulesOf(const sim::World& world) {
  return sim::hbaInForce(world.spec(), world.postgres());
}

// "10.0.0.21" as four numbers of a byte each; nothing for other forms.
std::optional<std::uint32_t> ipv4(const std::string& text) {
  const std::vector<std::string> parts = base::split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::string& part : parts) {
    const bool number = !part.empty() && part.size() <= 3 &&
                        part.find_first_not_of("0123456789") == std::string::npos;
    if (!number) return std::nullopt;
    value = value << 8 | static_cast<std::uint32_t>(std::stoi(part));
  }
  return value;
}

// A client on this host comes from the address it goes to.
bool addressFits(const sim::HbaRule& rule, const sim::World& world, const PsqlSession& session) {
  const std::string address = clientAddress(world, session);
  if (rule.address == "all" || rule.address == "samehost" || rule.address == "samenet") return true;
  const auto client = ipv4(address), wanted = ipv4(rule.address), mask = ipv4(rule.netmask);
  if (client && wanted && mask) return ((*client ^ *wanted) & *mask) == 0;
  if (rule.netmask == "::") return address.find(':') != std::string::npos;
  return address == rule.address || addressOf(world, rule.address) == address;
}

bool databaseFits(const std::string& word, const PsqlSession& session) {
  if (session.replication) return word == "replication";
  return word == "all" || word == session.database ||
         ((word == "sameuser" || word == "samerole" || word == "samegroup") &&
          session.database == session.user);
}

bool fits(const sim::HbaRule& rule, const sim::World& world, const PsqlSession& session) {
  if (rule.method.empty() || (rule.type == "local") != bySocket(session)) return false;
  if (rule.type == "hostssl" || rule.type == "hostgssenc") return false;  // nobody encrypts here
  const bool database =
      std::any_of(rule.databases.begin(), rule.databases.end(),
                  [&](const std::string& word) { return databaseFits(word, session); });
  // A role is a member of itself.
  const bool user = std::any_of(rule.users.begin(), rule.users.end(), [&](const std::string& word) {
    return word == "all" || word == session.user || word == "+" + session.user;
  });
  return database && user && (rule.type == "local" || addressFits(rule, world, session));
}

// The line of pg_hba.conf as the server repeats it.
sim::ServerMessage refused(const sim::HbaRule& rule, std::string text, const std::string& why) {
  sim::ServerMessage message{"FATAL", std::move(text), {}, {}, "28000"};
  message.detail = (why.empty() ? "" : why + "\n\t") + "Connection matched pg_hba.conf line " +
                   std::to_string(rule.line) + ": \"" + rule.text + "\"";
  return message;
}

// Whether pg_ident.conf lets an account of the system be that role.
bool maps(const sim::World& world, const std::string& map, const std::string& systemUser,
          const std::string& role) {
  if (map.empty()) return systemUser == role;
  const std::vector<sim::IdentRule> rules = sim::identInForce(world.spec(), world.postgres());
  return std::any_of(rules.begin(), rules.end(), [&](const sim::IdentRule& rule) {
    return rule.error.empty() && rule.map == map && rule.systemUser == systemUser &&
           rule.databaseUser == role;
  });
}

std::string mapOf(const sim::HbaRule& rule) {
  for (const std::string& option : rule.options) {
    if (option.starts_with("map=")) return option.substr(4);
  }
  return {};
}

std::string who(const sim::World& world, const PsqlSession& session) {
  return "host \"" + clientAddress(world, session) + "\", user \"" + session.user +
         (session.replication ? "\"" : "\", database \"" + session.database + "\"") +
         ", no encryption";
}

}  // namespace

std::optional<sim::ServerMessage> unauthenticated(const sim::World& world,
                                                  const PsqlSession& session,
                                                  const std::string& systemUser) {
  const std::string kind = session.replication ? "replication connection" : "connection";
  for (const sim::HbaRule& rule : rulesOf(world)) {
    if (!fits(rule, world, session)) continue;
    if (rule.method == "trust") return std::nullopt;
    if (rule.method == "reject") {
      return sim::ServerMessage{
          "FATAL", "pg_hba.conf rejects " + kind + " for " + who(world, session), {}, {}, "28000"};
    }
    const bool asksSystem = rule.method == "peer" || rule.method == "ident";
    if (asksSystem && maps(world, mapOf(rule), systemUser, session.user)) return std::nullopt;
    if (asksSystem) {
      const char* method = rule.method == "peer" ? "Peer" : "Ident";
      return refused(
          rule, std::string(method) + " authentication failed for user \"" + session.user + "\"",
          "");
    }
    const sim::Role* role = world.postgres().role(session.user);
    return refused(rule, "password authentication failed for user \"" + session.user + "\"",
                   role == nullptr   ? "Role \"" + session.user + "\" does not exist."
                   : role->superuser ? "User \"" + session.user + "\" has no password assigned."
                                     : "");
  }
  return sim::ServerMessage{"FATAL",
                            "no pg_hba.conf entry for " +
                                (session.replication ? kind + " from " : "") + who(world, session),
                            {},
                            {},
                            "28000"};
}

std::string authenticationMethod(const sim::World& world, const PsqlSession& session) {
  for (const sim::HbaRule& rule : rulesOf(world)) {
    if (fits(rule, world, session)) return rule.method;
  }
  return {};
}

std::string authenticatedAs(const sim::World& world, const PsqlSession& session) {
  for (const sim::HbaRule& rule : rulesOf(world)) {
    if (!fits(rule, world, session)) continue;
    if (rule.method == "trust" || rule.method == "reject") return {};
    const bool asksSystem = rule.method == "peer" || rule.method == "ident";
    const sim::ClusterFiles files(world.spec(), world.postgres());
    return "identity=\"" + (asksSystem ? session.systemUser : session.user) +
           "\" method=" + rule.method + " (" + files.hbaFile() + ":" + std::to_string(rule.line) +
           ")";
  }
  return {};
}

}  // namespace console
