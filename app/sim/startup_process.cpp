// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/startup_process.h"

#include <charconv>
#include <optional>

#include "base/text.h"
#include "sim/log_shapes.h"

namespace sim {
namespace {

using End = Postgres::StartupEnd;

ServerMessage line(const char* severity, std::string text, std::string detail = {},
                   std::string hint = {}) {
  return {severity, std::move(text), std::move(detail), std::move(hint), {}};
}

std::optional<std::uint64_t> hexNumber(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// "0/2000028" behind a label at the line's beginning.
// 0 when it is not there.
std::uint64_t positionAfter(std::string_view text, std::string_view label) {
  if (!text.starts_with(label)) return 0;
  text.remove_prefix(label.size());
  text = text.substr(0, text.find(' '));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return 0;
  const auto high = hexNumber(text.substr(0, slash)), low = hexNumber(text.substr(slash + 1));
  if (!high || !low || *high > UINT32_MAX || *low > UINT32_MAX) return 0;
  return *high << 32 | *low;
}

class Examination {
 public:
  Examination(const ClusterFiles& files, const Postgres& server)
      : m_files(files), m_server(server) {}

  StartupReport run() {
    if (walDirectories() && signalFiles() && backupLabel() && checkpointRecord()) {
      for (ServerMessage& message : unopenedDirectories(m_files)) {
        m_report.log.push_back(std::move(message));
      }
      (void)(replicationSlots() && transactionStatus() && laterDirectories());
    }
    return std::move(m_report);
  }

 private:
  bool end(ServerMessage message) {
    m_report.end = message.severity == "PANIC" ? End::Abort : End::Exit;
    m_report.log.push_back(std::move(message));
    return false;
  }
  [[nodiscard]] bool isDirectory(const char* name) const {
    const auto node = m_files.node(m_files.inData(name));
    return node && node->kind == NodeKind::Directory;
  }
  [[nodiscard]] bool there(const char* name) const {
    return m_files.node(m_files.inData(name)).has_value();
  }

  bool walDirectories() {
    if (!isDirectory("pg_wal")) {
      return end(line("FATAL", "required WAL directory \"pg_wal\" does not exist"));
    }
    const bool closed =
        !m_files.permits(m_files.inData("pg_wal/x"), "postgres", Access::Read);  // may not enter
    if (isDirectory("pg_wal/archive_status") && !closed) return true;
    m_report.log.push_back(line("LOG", "creating missing WAL directory \"pg_wal/archive_status\""));
    const char* reason =
        closed || !m_files.permits(m_files.inData("pg_wal"), "postgres", Access::Write)
            ? "Permission denied"
        : there("pg_wal/archive_status") ? "File exists"
                                         : nullptr;
    if (reason != nullptr) {
      return end(line("FATAL", "could not create missing directory \"pg_wal/archive_status\": " +
                                   std::string(reason)));
    }
    m_report.makesArchiveStatus = true;
    return true;
  }

  bool signalFiles() {
    if (there("recovery.conf")) {
      return end(line("FATAL", "using recovery command file \"recovery.conf\" is not supported"));
    }
    const bool restores = !m_server.settings.show("restore_command").empty();
    if (there("recovery.signal") && !there("standby.signal") && !restores) {
      return end(line("FATAL", "must specify restore_command when standby mode is not enabled"));
    }
    return true;
  }

  bool backupLabel() {
    const auto node = m_files.node(m_files.inData("backup_label"));
    if (!node) return true;
    const std::vector<std::string> lines = base::lines(node->text);
    const std::uint64_t redo = lines.empty() ? 0 : positionAfter(lines[0], "START WAL LOCATION: ");
    const std::uint64_t checkpoint =
        lines.size() < 2 ? 0 : positionAfter(lines[1], "CHECKPOINT LOCATION: ");
    const std::size_t file = lines.empty() ? std::string::npos : lines[0].find(" (file ");
    const std::uint64_t timeline =
        file == std::string::npos
            ? 0
            : hexNumber(std::string_view(lines[0]).substr(file + 7, 8)).value_or(0);
    if (redo == 0 || checkpoint == 0 || timeline == 0) {
      return end(line("FATAL", "invalid data in file \"backup_label\""));
    }
    m_report.log.push_back(line("LOG", "starting backup recovery with redo LSN " + lsnText(redo) +
                                           ", checkpoint LSN " + lsnText(checkpoint) +
                                           ", on timeline ID " + std::to_string(timeline)));
    if (checkpoint == (static_cast<std::uint64_t>(m_server.redoFrom) & ~7ULL)) return true;
    m_report.log.push_back(line("LOG", "invalid checkpoint record"));
    const std::string label = "\"" + m_files.inData("backup_label") + "\"";
    return end(line("FATAL", "could not locate required checkpoint record", {},
                    "If you are restoring from a backup, touch \"" +
                        m_files.inData("recovery.signal") +
                        "\" and add required recovery options.\n\tIf you are not restoring from a "
                        "backup, try removing the file " +
                        label + ".\n\tBe careful: removing " + label +
                        " will result in a corrupt cluster if restoring from a backup."));
  }

  bool checkpointRecord() {
    const std::string name = "pg_wal/" + walFileName(static_cast<std::int64_t>(m_server.redoFrom));
    const std::string path = m_files.inData(name);
    const auto node = m_files.node(path), built = m_files.built(path);
    if (node && built && node->text == built->text &&
        m_files.permits(path, "postgres", Access::Read)) {
      return true;
    }
    m_report.log.push_back(line("LOG", "invalid primary checkpoint record"));
    return end(line("PANIC", "could not locate a valid checkpoint record"));
  }

  bool directory(const char* name) {
    if (isDirectory(name)) return true;
    return end(line("FATAL", "could not open directory \"" + std::string(name) +
                                 "\": No such file or directory"));
  }
  bool replicationSlots() { return directory("pg_replslot"); }

  bool pages(const char* name, std::int64_t transaction) {
    if (there(name)) return true;
    return end(
        line("FATAL", "could not access status of transaction " + std::to_string(transaction),
             "Could not open file \"" + std::string(name) + "\": No such file or directory."));
  }
  bool transactionStatus() {
    constexpr std::int64_t kFirstTransaction = 724;  // the next one after initdb of 15
    const auto next = kFirstTransaction + static_cast<std::int64_t>(m_server.commits);
    return pages("pg_xact/0000", next) && pages("pg_multixact/offsets/0000", 1);
  }
  bool laterDirectories() { return directory("pg_twophase") && directory("pg_commit_ts"); }

  const ClusterFiles& m_files;
  const Postgres& m_server;
  StartupReport m_report;
};

}  // namespace

std::vector<ServerMessage> unopenedDirectories(const ClusterFiles& files) {
  std::vector<ServerMessage> log;
  for (const char* name : {"base", "pg_tblspc"}) {
    if (files.node(files.inData(name))) continue;
    log.push_back(line("LOG", "could not open directory \"" + std::string(name) +
                                  "\": No such file or directory"));
  }
  return log;
}

StartupReport examineCluster(const ClusterFiles& files, const Postgres& server) {
  return Examination(files, server).run();
}

}  // namespace sim
