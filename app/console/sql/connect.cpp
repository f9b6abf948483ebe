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
    if (world.postgres().abandoned && folder && portOf(world, session) == portText(world)) {
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

std::string hostRulesText(const sim::World& world) {
  // The laboratory trusts whoever is on the machine; a cluster in service asks who that is.
  const bool trusts = world.spec().database.laboratory;
  const std::string local = trusts ? "trust" : "peer";
  const std::string host = trusts ? "trust" : "scram-sha-256";
  return "# Database administrative login by Unix domain socket\n"
         "local   all             postgres                                " +
         local + (trusts ? "" : " map=admins") +
         "\n\n# TYPE  DATABASE        USER            ADDRESS                 METHOD\n\n"
         "local   all             all                                     " +
         local + "\nhost    all             all             127.0.0.1/32            " + host +
         "\nhost    all             all             ::1/128                 " + host +
         "\nhost    " + world.spec().database.database + "            " +
         world.spec().database.user + "             10.0.0.0/24             scram-sha-256\n";
}

std::string identMapText() {
  return "# MAPNAME       SYSTEM-USERNAME         PG-USERNAME\n"
         "admins          postgres                postgres\n"
         "admins          root                    postgres\n"
         "admins          oncall                  postgres\n";
}

std::vector<HostRule> hostRules(const sim::World& world) {
  std::vector<HostRule> rules;
  int number = 0;
  for (const std::string& line : base::lines(hostRulesText(world))) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> words = base::split(line, ' ');
    std::erase(words, std::string());
    HostRule rule;
    rule.line = number;
    rule.type = words[0];
    rule.database = words[1];
    rule.user = words[2];
    std::size_t next = 3;
    if (rule.type != "local") {
      const std::string& place = words[next++];
      rule.address = place.substr(0, place.find('/'));
      rule.netmask = place.ends_with("/32")   ? "255.255.255.255"
                     : place.ends_with("/24") ? "255.255.255.0"
                                              : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    }
    rule.method = words[next++];
    if (next < words.size()) rule.options = words[next];
    rules.push_back(std::move(rule));
  }
  return rules;
}

namespace {

bool fits(const HostRule& rule, const sim::World& world, const PsqlSession& session) {
  if ((rule.type == "local") != bySocket(session)) return false;
  if (rule.database != "all" && rule.database != session.database) return false;
  if (rule.user != "all" && rule.user != session.user) return false;
  if (rule.type == "local") return true;
  const std::string address = addressOf(world, session.host);
  // A client on this host comes from the address it goes to.
  if (rule.netmask == "255.255.255.0") {
    return address.substr(0, address.rfind('.')) == rule.address.substr(0, rule.address.rfind('.'));
  }
  return address == rule.address;
}

// The line of pg_hba.conf as the server repeats it.
sim::ServerMessage refused(const sim::World& world, const HostRule& rule, std::string text,
                           std::string why) {
  const std::string line =
      base::lines(hostRulesText(world))[static_cast<std::size_t>(rule.line - 1)];
  sim::ServerMessage message = fatal("28000", std::move(text));
  message.detail = (why.empty() ? "" : why + "\n\t") + "Connection matched pg_hba.conf line " +
                   std::to_string(rule.line) + ": \"" + line + "\"";
  return message;
}

}  // namespace

std::optional<sim::ServerMessage> unauthenticated(const sim::World& world,
                                                  const PsqlSession& session,
                                                  const std::string& systemUser) {
  for (const HostRule& rule : hostRules(world)) {
    if (!fits(rule, world, session)) continue;
    if (rule.method == "trust") return std::nullopt;
    if (rule.method == "peer") {
      const bool mapped = rule.options == "map=admins" && session.user == "postgres" &&
                          (systemUser == "oncall" || systemUser == "root");
      if (mapped || systemUser == session.user) return std::nullopt;
      return refused(world, rule, "Peer authentication failed for user \"" + session.user + "\"",
                     "");
    }
    const sim::Role* role = world.postgres().role(session.user);
    return refused(world, rule, "password authentication failed for user \"" + session.user + "\"",
                   role == nullptr   ? "Role \"" + session.user + "\" does not exist."
                   : role->superuser ? "User \"" + session.user + "\" has no password assigned."
                                     : "");
  }
  return fatal("28000", "no pg_hba.conf entry for host \"" + addressOf(world, session.host) +
                            "\", user \"" + session.user + "\", database \"" + session.database +
                            "\", no encryption");
}

std::string authenticationMethod(const sim::World& world, const PsqlSession& session) {
  for (const HostRule& rule : hostRules(world)) {
    if (fits(rule, world, session)) return rule.method;
  }
  return {};
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
