// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/cluster_files.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "sim/wal_space.h"

namespace sim {
namespace {

// As initdb of 15.18 makes them; 16384 is the first database that people make.
constexpr std::string_view kDirectories[] = {"base",
                                             "base/1",
                                             "base/16384",
                                             "base/4",
                                             "base/5",
                                             "global",
                                             "pg_commit_ts",
                                             "pg_dynshmem",
                                             "pg_logical",
                                             "pg_multixact",
                                             "pg_logical/mappings",
                                             "pg_logical/snapshots",
                                             "pg_notify",
                                             "pg_replslot",
                                             "pg_multixact/members",
                                             "pg_multixact/offsets",
                                             "pg_serial",
                                             "pg_snapshots",
                                             "pg_stat",
                                             "pg_stat_tmp",
                                             "pg_subtrans",
                                             "pg_tblspc",
                                             "pg_twophase",
                                             "pg_wal",
                                             "pg_wal/archive_status",
                                             "pg_xact"};
constexpr std::string_view kPages[] = {"pg_xact/0000", "pg_multixact/members/0000",
                                       "pg_multixact/offsets/0000", "pg_subtrans/0000"};
constexpr std::size_t kControlBytes = 8192;
constexpr std::size_t kPageBytes = 8192;

constexpr std::string_view kInitdbHba =
    "# TYPE  DATABASE        USER            ADDRESS                 METHOD\n"
    "\n"
    "# \"local\" is for Unix domain socket connections only\n"
    "local   all             all                                     trust\n"
    "# IPv4 local connections:\n"
    "host    all             all             127.0.0.1/32            trust\n"
    "# IPv6 local connections:\n"
    "host    all             all             ::1/128                 trust\n"
    "# Replication connections from this host, by a user with the\n"
    "# replication privilege.\n"
    "local   replication     all                                     trust\n"
    "host    replication     all             127.0.0.1/32            trust\n"
    "host    replication     all             ::1/128                 trust\n";
constexpr std::string_view kIdent = "# MAPNAME       SYSTEM-USERNAME         PG-USERNAME\n";
// Who may become the superuser on a database host in service.
constexpr std::string_view kAdmins =
    "admins          postgres                postgres\n"
    "admins          root                    postgres\n"
    "admins          oncall                  postgres\n";
constexpr int kHbaCommentLines = 85, kIdentCommentLines = 41;  // before them, as initdb writes them

std::string commentLines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "#\n";
  return text;
}

// Debian's, and the line of the application. The laboratory trusts whoever is on the machine; a
// cluster in service asks who that is.
std::string debianHba(const DatabaseSpec& database) {
  const bool trusts = database.laboratory;
  const std::string local = trusts ? "trust" : "peer";
  const std::string host = trusts ? "trust" : "scram-sha-256";
  return "# Database administrative login by Unix domain socket\n"
         "local   all             postgres                                " +
         local + (trusts ? "" : " map=admins") +
         "\n\n# TYPE  DATABASE        USER            ADDRESS                 METHOD\n\n"
         "local   all             all                                     " +
         local + "\nhost    all             all             127.0.0.1/32            " + host +
         "\nhost    all             all             ::1/128                 " + host +
         "\nhost    " + database.database + "            " + database.user +
         "             10.0.0.0/24             scram-sha-256\n";
}

// The head of ControlFileData: system identifier, PG_CONTROL_VERSION 1300, CATALOG_VERSION_NO
// 202209061; the rest is left empty.
std::string controlFileText() {
  constexpr std::array<unsigned char, 16> kHead = {0x2A, 0x51, 0x0C, 0x33, 0x47, 0x1B, 0x68, 0x66,
                                                   0x14, 0x05, 0x00, 0x00, 0x25, 0x6F, 0x0D, 0x0C};
  std::string text(kHead.begin(), kHead.end());
  text.resize(kControlBytes, '\0');
  return text;
}

DiskNode directory(std::string path, std::uint16_t mode, std::string owner = "postgres") {
  DiskNode node;
  node.path = std::move(path);
  node.kind = NodeKind::Directory;
  node.mode = mode;
  node.group = owner;
  node.owner = std::move(owner);
  return node;
}

DiskNode file(std::string path, std::string text, std::uint16_t mode = 0600) {
  DiskNode node;
  node.path = std::move(path);
  node.text = std::move(text);
  node.mode = mode;
  return node;
}

bool isUp(const Postgres& server) {
  return server.life != Life::Stopped;
}

// The segments that are listed. As long as no checkpoint has said which are kept for later, some
// are.
std::pair<std::int64_t, std::int64_t> walSegments(const Postgres& server) {
  constexpr std::int64_t kMostListed = 512, kMadeAhead = 2;
  const WalFiles files = walFiles(server);
  const std::int64_t last = files.highest + (server.walHighestSegment == 0 ? kMadeAhead : 0);
  return {files.oldest, std::min(last, files.oldest + kMostListed)};
}

// The number of the segment that "pg_wal/0000000100000000000000FF" holds.
std::optional<std::int64_t> segmentOf(std::string_view name) {
  constexpr std::string_view kFolder = "pg_wal/";
  if (!name.starts_with(kFolder) || name.size() != kFolder.size() + 24) return std::nullopt;
  std::array<std::int64_t, 3> parts{};
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t digit = std::string_view("0123456789ABCDEF").find(name[kFolder.size() + i]);
    if (digit == std::string_view::npos) return std::nullopt;
    parts[i / 8] = parts[i / 8] * 16 + static_cast<std::int64_t>(digit);
  }
  constexpr std::int64_t kSegmentsPerFile = 0x100000000LL / kWalSegmentBytes;
  if (parts[0] != 1 || parts[2] >= kSegmentsPerFile) return std::nullopt;
  return parts[1] * kSegmentsPerFile + parts[2];
}

std::string portText(const Postgres& server) {
  const std::string port = server.settings.show("port");
  return port.empty() ? "5432" : port;
}

std::vector<std::string> socketFolders(const Postgres& server) {
  if (server.settings.state("unix_socket_directories") == nullptr) return {"/var/run/postgresql"};
  std::vector<std::string> folders;
  for (const std::string& one : base::split(server.settings.show("unix_socket_directories"), ',')) {
    std::string folder(base::trim(one));
    if (folder.starts_with("/run/")) folder = "/var" + folder;
    if (folder.starts_with('/')) folders.push_back(std::move(folder));
  }
  return folders;
}

}  // namespace

std::string walFileName(std::int64_t lsn) {
  constexpr std::int64_t kSegmentsPerFile = 0x100000000LL / kWalSegmentBytes;
  const std::int64_t segment = lsn / kWalSegmentBytes;
  std::string name = "00000001";
  for (const std::int64_t part : {segment / kSegmentsPerFile, segment % kSegmentsPerFile}) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      name += "0123456789ABCDEF"[(part >> shift) & 15];
    }
  }
  return name;
}

std::int64_t sharedMemoryId(const Postgres& server) {
  return server.starts - 1;  // the kernel counts them up
}

std::string lockFileText(const WorldSpec& spec, const Postgres& server) {
  const std::int64_t started = (spec.timing.startUnixMs + server.postmasterStart.ms) / 1000;
  const std::vector<std::string> folders = socketFolders(server);
  std::string address = server.settings.show("listen_addresses");
  address = address.substr(0, address.find(','));
  const char* status = server.accepts()                    ? "ready   "
                       : server.life == Life::ShuttingDown ? "stopping"
                                                           : "starting";
  return std::to_string(server.postmasterPid) + "\n" + spec.database.dataDirectory + "\n" +
         std::to_string(started) + "\n" + portText(server) + "\n" +
         (folders.empty() ? "" : folders.front()) + "\n" + address + "\n" +
         base::padLeft(std::to_string(kSharedMemoryKey), 9) + " " +
         base::padLeft(std::to_string(sharedMemoryId(server)), 9) + "\n" + status + "\n";
}

std::vector<ConfigFile> readableFiles(const WorldSpec& spec, const Postgres& server) {
  std::vector<ConfigFile> files = server.files;
  for (const DiskNode& node : server.disk.changes()) {
    const bool text =
        node.kind == NodeKind::File && liesBelow(node.path, spec.database.dataDirectory);
    const bool known = std::any_of(files.begin(), files.end(),
                                   [&](const ConfigFile& one) { return one.path == node.path; });
    if (text && !known) {
      files.push_back({node.path, node.text, allows(node, "postgres", Access::Read)});
    }
  }
  return files;
}

std::string ClusterFiles::inData(std::string_view name) const {
  return m_spec.database.dataDirectory + "/" + std::string(name);
}

bool ClusterFiles::plainLayout() const {
  return liesBelow(m_spec.database.configFile, m_spec.database.dataDirectory);
}

std::string ClusterFiles::hbaFile() const {
  const std::string named = m_server.settings.show("hba_file");
  return named.empty() ? folderOf(m_spec.database.configFile) + "/pg_hba.conf" : named;
}

std::string ClusterFiles::identFile() const {
  const std::string named = m_server.settings.show("ident_file");
  return named.empty() ? folderOf(m_spec.database.configFile) + "/pg_ident.conf" : named;
}

std::vector<std::string> ClusterFiles::sockets() const {
  std::vector<std::string> paths;
  for (const std::string& folder : socketFolders(m_server)) {
    paths.push_back(folder + "/.s.PGSQL." + portText(m_server));
  }
  return paths;
}

bool ClusterFiles::covers(std::string_view given) const {
  const std::string path = plainPath(given);
  if (path == m_spec.database.dataDirectory || liesBelow(path, m_spec.database.dataDirectory) ||
      path == "/var/run/postgresql" || liesBelow(path, "/var/run/postgresql") ||
      path == hbaFile() || path == identFile()) {
    return true;
  }
  const DiskNode* changed = m_server.disk.at(path);
  return changed != nullptr || m_server.disk.above(path) != nullptr ||
         path == folderOf(m_spec.database.dataDirectory) ||
         liesBelow(path, folderOf(m_spec.database.dataDirectory));
}

std::optional<DiskNode> ClusterFiles::builtInData(const std::string& path,
                                                  std::string_view name) const {
  for (const std::string_view one : kDirectories) {
    if (one == name) return directory(path, 0700);
  }
  for (const std::string_view one : kPages) {
    if (one == name) return file(path, std::string(kPageBytes, '\0'));
  }
  if (name == "PG_VERSION" || (name.starts_with("base/") && name.ends_with("/PG_VERSION") &&
                               std::count(name.begin(), name.end(), '/') == 2)) {
    return file(path, "15\n");
  }
  if (name == "global/pg_control") return file(path, controlFileText());
  if (name == "postmaster.opts") {
    std::string text =
        "/usr/lib/postgresql/15/bin/postgres \"-D\" \"" + m_spec.database.dataDirectory + "\"";
    if (!plainLayout()) text += " \"-c\" \"config_file=" + m_spec.database.configFile + "\"";
    for (const auto& [key, value] : m_server.startOptions) {
      text += " \"-c\" \"" + key + "=" + value + "\"";
    }
    return file(path, text + "\n");
  }
  if (const auto segment = segmentOf(name)) {
    const auto [first, last] = walSegments(m_server);
    if (*segment >= first && *segment <= last) return file(path, {});
  }
  return std::nullopt;
}

std::optional<DiskNode> ClusterFiles::builtOfRunning(const std::string& path) const {
  if (!isUp(m_server)) return std::nullopt;
  if (path == pidFile()) return file(path, lockFileText(m_spec, m_server));
  const std::string external = plainPath(m_server.settings.show("external_pid_file"));
  if (!external.empty() && path == external) {
    return file(path, std::to_string(m_server.postmasterPid) + "\n", 0644);
  }
  if (m_server.initializing) return std::nullopt;
  for (const std::string& socket : sockets()) {
    if (path == socket) return file(path, {}, 0777);
    if (path == socket + ".lock") {
      const std::string lines = lockFileText(m_spec, m_server);
      std::size_t end = 0;
      for (int line = 0; line < 5; ++line) end = lines.find('\n', end) + 1;
      return file(path, lines.substr(0, end));
    }
  }
  return std::nullopt;
}

std::optional<DiskNode> ClusterFiles::builtConfiguration(const std::string& path) const {
  const std::uint16_t mode = plainLayout() ? 0600 : 0644;
  for (const ConfigFile& one : m_server.files) {
    if (one.path == path) return file(path, one.text, mode);
  }
  if (path == folderOf(m_spec.database.configFile) + "/pg_hba.conf") {
    return file(path,
                plainLayout() ? commentLines(kHbaCommentLines) + std::string(kInitdbHba)
                              : debianHba(m_spec.database),
                plainLayout() ? 0600 : 0640);
  }
  if (path == folderOf(m_spec.database.configFile) + "/pg_ident.conf") {
    return file(path,
                plainLayout() ? commentLines(kIdentCommentLines) + std::string(kIdent)
                              : std::string(kIdent) + std::string(kAdmins),
                plainLayout() ? 0600 : 0640);
  }
  return std::nullopt;
}

std::optional<DiskNode> ClusterFiles::built(std::string_view given) const {
  const std::string path = plainPath(given);
  const std::string& data = m_spec.database.dataDirectory;
  if (path == data) return directory(path, 0700);
  if (liesBelow(data, path) && path != "/") return directory(path, 0755);
  if (path == "/var/run/postgresql") return directory(path, 0775);
  if (liesBelow(path, data)) {
    if (auto node = builtInData(path, std::string_view(path).substr(data.size() + 1))) return node;
  }
  if (auto node = builtConfiguration(path)) return node;
  return builtOfRunning(path);
}

std::optional<DiskNode> ClusterFiles::node(std::string_view given) const {
  const std::string path = plainPath(given);
  if (const DiskNode* changed = m_server.disk.at(path)) {
    if (changed->kind == NodeKind::Missing) return std::nullopt;
    DiskNode node = *changed;
    for (const ConfigFile& one : m_server.files) {
      if (one.path == path) node.text = one.text;
    }
    return node;
  }
  const DiskNode* folder = m_server.disk.above(path);
  if (folder == nullptr) return built(path);
  if (folder->kind != NodeKind::Directory) return std::nullopt;
  if (folder->path == folder->origin) return built(path);  // only its owner or mode was changed
  if (folder->origin.empty()) return std::nullopt;         // a new one
  auto moved = built(folder->origin + path.substr(folder->path.size()));
  if (moved) moved->path = path;
  return moved;
}

std::vector<std::string> ClusterFiles::builtNames(const std::string& folder) const {
  std::vector<std::string> candidates;
  const std::string& data = m_spec.database.dataDirectory;
  for (const std::string_view one : kDirectories) candidates.push_back(inData(one));
  for (const std::string_view one : kPages) candidates.push_back(inData(one));
  for (const char* name :
       {"PG_VERSION", "base/1/PG_VERSION", "base/4/PG_VERSION", "base/5/PG_VERSION",
        "base/16384/PG_VERSION", "global/pg_control", "postmaster.opts", "postmaster.pid"}) {
    candidates.push_back(inData(name));
  }
  if (folder == data + "/pg_wal") {
    const auto [first, last] = walSegments(m_server);
    for (std::int64_t segment = first; segment <= last; ++segment) {
      candidates.push_back(folder + "/" + walFileName(segment * kWalSegmentBytes));
    }
  }
  for (const ConfigFile& one : m_server.files) candidates.push_back(one.path);
  candidates.push_back(folderOf(m_spec.database.configFile) + "/pg_hba.conf");
  candidates.push_back(folderOf(m_spec.database.configFile) + "/pg_ident.conf");
  candidates.push_back(plainPath(m_server.settings.show("external_pid_file")));
  for (const std::string& socket : sockets()) {
    candidates.push_back(socket);
    candidates.push_back(socket + ".lock");
  }
  candidates.push_back(data);
  std::erase_if(candidates,
                [&](const std::string& path) { return folderOf(path) != folder || !built(path); });
  return candidates;
}

std::vector<std::string> ClusterFiles::names(std::string_view given) const {
  const std::string folder = plainPath(given);
  const DiskNode* changed = m_server.disk.at(folder);
  if (changed == nullptr) changed = m_server.disk.above(folder);
  std::string source = folder;
  if (changed != nullptr) {
    source = changed->kind == NodeKind::Directory && !changed->origin.empty()
                 ? changed->origin + folder.substr(changed->path.size())
                 : std::string();
  }
  std::set<std::string> found;
  if (!source.empty()) {
    for (const std::string& path : builtNames(source)) {
      if (!path.empty()) found.insert(path.substr(path.rfind('/') + 1));
    }
  }
  for (const DiskNode& one : m_server.disk.changes()) {
    if (folderOf(one.path) == folder) found.insert(one.path.substr(one.path.rfind('/') + 1));
  }
  std::vector<std::string> all;
  for (const std::string& name : found) {
    if (node((folder == "/" ? "" : folder) + "/" + name)) all.push_back(name);
  }
  return all;
}

bool ClusterFiles::permits(std::string_view given, std::string_view user, Access access) const {
  const std::string path = plainPath(given);
  for (std::string folder = folderOf(path); folder != "/"; folder = folderOf(folder)) {
    const auto above = node(folder);
    if (above && !allows(*above, user, Access::Enter)) return false;
  }
  const auto here = node(path);
  return !here || allows(*here, user, access);
}

}  // namespace sim
