// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/data_directory.h"

#include <cstdlib>

#include "sim/lock_files.h"

namespace sim {
namespace {

constexpr std::int32_t kControlVersion = 1300;       // PG_CONTROL_VERSION of 15
constexpr std::int32_t kCatalogVersion = 202209061;  // CATALOG_VERSION_NO of 15
constexpr std::size_t kControlStruct = 296;          // sizeof(ControlFileData)

StartStep stop(ServerMessage message, int exitCode = 1) {
  StartStep step;
  step.log.push_back(std::move(message));
  step.ok = false;
  step.exitCode = exitCode;
  return step;
}

ServerMessage fatal(std::string text, std::string detail = {}, std::string hint = {}) {
  return {"FATAL", std::move(text), std::move(detail), std::move(hint), {}};
}

// A little-endian number in the control file.
std::int32_t numberAt(const std::string& text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return static_cast<std::int32_t>(value);
}

std::optional<ServerMessage> directoryFault(const ClusterFiles& files, const std::string& data) {
  const auto node = files.node(data);
  const std::string quoted = "\"" + data + "\"";
  if (!node) return fatal("data directory " + quoted + " does not exist");
  if (node->kind != NodeKind::Directory) {
    return fatal("specified data directory " + quoted + " is not a directory");
  }
  if (node->owner != "postgres") {
    return fatal("data directory " + quoted + " has wrong ownership", {},
                 "The server must be started by the user that owns the data directory.");
  }
  constexpr int kForbidden = 027;  // group: write; others: anything
  if ((node->mode & kForbidden) != 0) {
    return fatal("data directory " + quoted + " has invalid permissions",
                 "Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).");
  }
  return std::nullopt;
}

std::optional<ServerMessage> versionFault(const ClusterFiles& files, const WorldSpec& spec) {
  const std::string& data = spec.database.dataDirectory;
  const std::string path = files.inData("PG_VERSION");
  const auto node = files.node(path);
  const std::string invalid = "\"" + data + "\" is not a valid data directory";
  if (!node) return fatal(invalid, "File \"" + path + "\" is missing.");
  if (!files.permits(path, "postgres", Access::Read)) {
    return fatal("could not open file \"" + path + "\": Permission denied");
  }
  char* end = nullptr;
  const long major = std::strtol(node->text.c_str(), &end, 10);
  if (end == node->text.c_str()) {
    return fatal(invalid, "File \"" + path + "\" does not contain valid data.",
                 "You might need to initdb.");
  }
  const std::string& version = spec.database.version;
  if (major == std::strtol(version.c_str(), nullptr, 10)) return std::nullopt;
  const std::string written = node->text.substr(0, node->text.find_first_of(" \n"));
  return fatal("database files are incompatible with server",
               "The data directory was initialized by PostgreSQL version " + written +
                   ", which is not compatible with this version " + version + ".");
}

// The control file, opened for the first time: no log yet, only standard error.
std::optional<ServerMessage> controlMissing(const ClusterFiles& files, const std::string& data) {
  const std::string path = files.inData("global/pg_control");
  const bool there = files.node(path).has_value();
  if (there && files.permits(path, "postgres", Access::Read)) return std::nullopt;
  return ServerMessage{{},
                       "postgres: could not find the database system\n"
                       "Expected to find it in the directory \"" +
                           data + "\",\nbut could not open file \"" + path +
                           "\": " + (there ? "Permission denied" : "No such file or directory"),
                       {},
                       {},
                       {}};
}

// ReadControlFile. A PANIC ends the postmaster without another word.
std::optional<ServerMessage> controlFault(const ClusterFiles& files) {
  const std::string path = files.inData("global/pg_control");
  const auto node = files.node(path), built = files.built(path);
  if (!node || !built || node->text == built->text) return std::nullopt;
  const std::string& text = node->text;
  if (text.size() < kControlStruct) {
    return ServerMessage{"PANIC",
                         "could not read file \"global/pg_control\": read " +
                             std::to_string(text.size()) + " of " + std::to_string(kControlStruct),
                         {},
                         {},
                         {}};
  }
  const std::int32_t control = numberAt(text, 8), catalog = numberAt(text, 12);
  const auto incompatible = [](const char* name, std::int32_t found, std::int32_t expected) {
    return fatal("database files are incompatible with server",
                 "The database cluster was initialized with " + std::string(name) + " " +
                     std::to_string(found) + ", but the server was compiled with " + name + " " +
                     std::to_string(expected) + ".",
                 "It looks like you need to initdb.");
  };
  if (control != kControlVersion)
    return incompatible("PG_CONTROL_VERSION", control, kControlVersion);
  if (catalog != kCatalogVersion)
    return incompatible("CATALOG_VERSION_NO", catalog, kCatalogVersion);
  return fatal("incorrect checksum in control file");
}

}  // namespace

StartStep enterDataDirectory(const ClusterFiles& files, const WorldSpec& spec,
                             const Postgres& server) {
  const std::string& data = spec.database.dataDirectory;
  if (auto fault = directoryFault(files, data)) return stop(std::move(*fault));
  if (auto fault = versionFault(files, spec)) return stop(std::move(*fault));
  if (auto fault = controlMissing(files, data)) return stop(std::move(*fault), 2);
  const LockFile lock{files.pidFile(), "postmaster.pid", {}};
  if (auto fault = lockRefusal(files, spec, server, lock)) return stop(std::move(*fault));
  StartStep step;
  if (auto fault = controlFault(files)) {
    const bool panic = fault->severity == "PANIC";
    constexpr int kAborted = 134;  // as the shell tells SIGABRT
    step = stop(std::move(*fault), panic ? kAborted : 1);
    if (!panic) step.log.push_back({"LOG", "database system is shut down", {}, {}, {}});
  }
  step.lockTaken = true;
  return step;
}

std::optional<ServerMessage> notifyDirectoryFault(const ClusterFiles& files) {
  if (files.node(files.inData("pg_notify"))) return std::nullopt;
  return fatal("could not open directory \"pg_notify\": No such file or directory");
}

std::optional<ServerMessage> sharedMemoryInUse(const WorldSpec& spec, const Postgres& server) {
  if (server.life == Life::Stopped && server.held.empty()) return std::nullopt;
  return fatal("pre-existing shared memory block (key " + std::to_string(kSharedMemoryKey) +
                   ", ID " + std::to_string(sharedMemoryId(server)) + ") is still in use",
               {},
               "Terminate any old server processes associated with data directory \"" +
                   spec.database.dataDirectory + "\".");
}

}  // namespace sim
