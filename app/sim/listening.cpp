// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/listening.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "sim/cluster_files.h"
#include "sim/hba.h"
#include "sim/host_daemons.h"
#include "sim/lock_files.h"
#include "sim/server_start.h"

namespace sim {
namespace {

ServerMessage fatal(std::string text) {
  return {"FATAL", std::move(text), {}, {}, {}};
}

ServerMessage logLine(std::string text) {
  return {"LOG", std::move(text), {}, {}, {}};
}

// Addresses a listen entry stands for on the simulated host; empty: it has no such address.
std::vector<std::string> addressesOf(const std::string& name) {
  if (name == "*") return {"0.0.0.0", "::"};
  if (name == "localhost") return {"127.0.0.1"};
  if (name == "0.0.0.0" || name == "::" || name == "::1" || name.starts_with("127.") ||
      name.starts_with("10.0.")) {
    return {name};
  }
  return {};
}

bool isNumericAddress(const std::string& name) {
  return name.find_first_not_of("0123456789.") == std::string::npos ||
         name.find(':') != std::string::npos;
}

// Directories of the host beside those of the cluster, and whether the server may write there.
std::optional<bool> hostFolder(const std::string& path) {
  constexpr std::string_view kOpen[] = {"/tmp", "/var/tmp", "/dev/shm"};
  constexpr std::string_view kClosed[] = {"/",    "/etc", "/home",    "/root",    "/run",
                                          "/usr", "/var", "/var/run", "/var/lib", "/var/log"};
  if (std::find(std::begin(kOpen), std::end(kOpen), path) != std::end(kOpen)) return true;
  if (std::find(std::begin(kClosed), std::end(kClosed), path) != std::end(kClosed)) return false;
  return std::nullopt;
}

// Why the server cannot listen there, or nothing: ports of other programs, and those of root.
std::string bindFault(const Postgres& server, const std::string& port) {
  constexpr int kFirstFreePort = 1024;
  const int number = std::atoi(port.c_str());
  if (number > 0 && number < kFirstFreePort) return "Permission denied";
  for (const Daemon& daemon : kDaemons) {
    if (daemon.port == number && number != 0) return "Address already in use";
  }
  const std::string taken = server.settings.show("port");
  const bool running = server.life != Life::Stopped && !server.initializing &&
                       server.settings.show("listen_addresses") != "";
  return running && taken == port ? "Address already in use" : std::string();
}

// The socket's lock file, or why it cannot be made.
std::optional<ServerMessage> socketFault(const WorldSpec& spec, const Postgres& server,
                                         const std::string& folder, const std::string& socket) {
  const ClusterFiles files(spec, server);
  const std::string lock = socket + ".lock";
  const std::optional<bool> open = hostFolder(folder);
  if (!files.covers(folder) && open != true) {
    return fatal("could not create lock file \"" + lock +
                 "\": " + (open ? "Permission denied" : "No such file or directory"));
  }
  return lockRefusal(files, spec, server, {lock, lock, socket});
}

// Listens on what one entry of listen_addresses stands for; whether on any of it.
bool listenOn(const Postgres& server, const std::string& name, const std::string& port,
              std::vector<ServerMessage>& log) {
  const std::vector<std::string> addresses = addressesOf(name);
  const std::string taken = addresses.empty() ? std::string() : bindFault(server, port);
  for (const std::string& address : addresses) {
    const char* family = address.find(':') == std::string::npos ? "IPv4" : "IPv6";
    if (taken.empty()) {
      log.push_back(logLine("listening on " + std::string(family) + " address \"" + address +
                            "\", port " + port));
      continue;
    }
    log.push_back(logLine("could not bind " + std::string(family) + " address \"" + address +
                          "\": " + taken));
    if (taken.starts_with("Address")) {
      log.back().hint = "Is another postmaster already running on port " + port +
                        "? If not, wait a few seconds and retry.";
    }
  }
  if (!addresses.empty() && taken.empty()) return true;
  if (addresses.empty() && isNumericAddress(name)) {
    const char* family = name.find(':') == std::string::npos ? "IPv4" : "IPv6";
    log.push_back(logLine("could not bind " + std::string(family) + " address \"" + name +
                          "\": Cannot assign requested address"));
  } else if (addresses.empty()) {
    log.push_back(logLine("could not translate host name \"" + name + "\", service \"" + port +
                          "\" to address: Name or service not known"));
  }
  log.push_back({"WARNING", "could not create listen socket for \"" + name + "\"", {}, {}, {}});
  return false;
}

}  // namespace

std::vector<ConfigFile> authenticationTexts(const WorldSpec& spec, const Postgres& server) {
  const ClusterFiles files(spec, server);
  std::vector<ConfigFile> texts;
  for (const std::string& path : {files.hbaFile(), files.identFile()}) {
    if (const auto node = files.node(path); node && node->kind == NodeKind::File) {
      texts.push_back({path, node->text, files.permits(path, "postgres", Access::Read)});
    }
  }
  for (ConfigFile& file : readableFiles(spec, server)) texts.push_back(std::move(file));
  return texts;
}

namespace {

// An authentication file as the cluster came with it.
std::vector<ConfigFile> originalText(const WorldSpec& spec, const Postgres& server,
                                     const std::string& path) {
  for (const ConfigFile& one : spec.database.files) {
    if (one.path == path) return {one};
  }
  const auto node = ClusterFiles(spec, server).built(path);
  return node ? std::vector<ConfigFile>{{path, node->text}} : std::vector<ConfigFile>{};
}

bool usesSsl(const Postgres& server) {
  return server.settings.show("ssl") == "on";
}

std::vector<HbaRule> originalHba(const WorldSpec& spec, const Postgres& server) {
  const std::string path = ClusterFiles(spec, server).hbaFile();
  return readHbaFile(originalText(spec, server, path), path, usesSsl(server)).rules;
}

std::vector<IdentRule> originalIdent(const WorldSpec& spec, const Postgres& server) {
  const std::string path = ClusterFiles(spec, server).identFile();
  return readIdentFile(originalText(spec, server, path), path).rules;
}

template <typename Rule>
std::optional<std::vector<Rule>> unlessSame(std::vector<Rule> rules,
                                            const std::vector<Rule>& original) {
  return rules == original ? std::nullopt : std::optional(std::move(rules));
}

}  // namespace

std::vector<HbaRule> hbaInForce(const WorldSpec& spec, const Postgres& server) {
  return server.hba ? *server.hba : originalHba(spec, server);
}

std::vector<IdentRule> identInForce(const WorldSpec& spec, const Postgres& server) {
  return server.ident ? *server.ident : originalIdent(spec, server);
}

Listening loadAuthentication(const WorldSpec& spec, Postgres& server, bool reload) {
  Listening result;
  const ClusterFiles files(spec, server);
  const std::vector<ConfigFile> texts = authenticationTexts(spec, server);
  AuthenticationFile<HbaRule> hba = readHbaFile(texts, files.hbaFile(), usesSsl(server));
  result.log = std::move(hba.log);
  result.ok = hba.ok;
  if (hba.ok) {
    server.hba = unlessSame(std::move(hba.rules), originalHba(spec, server));
  } else {
    result.log.push_back(reload ? logLine("pg_hba.conf was not reloaded")
                                : fatal("could not load pg_hba.conf"));
    if (!reload) return result;
  }
  AuthenticationFile<IdentRule> ident = readIdentFile(texts, files.identFile());
  for (ServerMessage& message : ident.log) result.log.push_back(std::move(message));
  if (reload && !ident.ok) {
    result.log.push_back(logLine("pg_ident.conf was not reloaded"));
    return result;
  }
  // A server can start without the maps.
  if (!ident.ok) ident.rules.clear();
  server.ident = unlessSame(std::move(ident.rules), originalIdent(spec, server));
  return result;
}

Listening openSockets(const WorldSpec& spec, const Postgres& server,
                      const ServerSettings& settings) {
  Listening result;
  const std::string port = settings.state("port") != nullptr ? settings.show("port") : "5432";
  bool anyAddress = false;
  // A catalogue without the setting (a small test's) listens everywhere.
  const bool known = settings.state("listen_addresses") != nullptr;
  const std::vector<std::string> names =
      known ? namesIn(settings.show("listen_addresses")) : std::vector<std::string>{"0.0.0.0"};
  for (const std::string& name : names) {
    anyAddress = listenOn(server, name, port, result.log) || anyAddress;
  }
  const auto give = [&](std::string text) {
    result.log.push_back(fatal(std::move(text)));
    result.ok = false;
    return result;
  };
  if (!names.empty() && !anyAddress) return give("could not create any TCP/IP sockets");
  const std::vector<std::string> folders = settings.state("unix_socket_directories") != nullptr
                                               ? namesIn(settings.show("unix_socket_directories"))
                                               : std::vector<std::string>{"/var/run/postgresql"};
  for (const std::string& folder : folders) {
    const std::string socket = folder + "/.s.PGSQL." + port;
    if (auto fault = socketFault(spec, server, folder, socket)) {
      result.log.push_back(std::move(*fault));
      result.ok = false;
      return result;
    }
    result.log.push_back(logLine("listening on Unix socket \"" + socket + "\""));
  }
  if (names.empty() && folders.empty()) return give("no socket created for listening");
  return result;
}

}  // namespace sim
