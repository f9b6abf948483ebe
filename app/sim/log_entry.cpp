// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_entry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/log_shapes.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {
namespace {

constexpr std::array<std::string_view, 11> kSeverities = {"DEBUG",  "DEBUG1",  "DEBUG2", "INFO",
                                                          "NOTICE", "WARNING", "ERROR",  "LOG",
                                                          "FATAL",  "PANIC",   "DEBUG5"};

struct Tag {
  std::string_view name;
  std::string LogEntry::*field;
};
constexpr std::array<Tag, 5> kTags = {{{"DETAIL", &LogEntry::detail},
                                       {"HINT", &LogEntry::hint},
                                       {"QUERY", &LogEntry::query},
                                       {"CONTEXT", &LogEntry::context},
                                       {"STATEMENT", &LogEntry::statement}}};

// "LOG" of "LOG:  text"; empty when the line has no tag.
std::string_view tagOf(std::string_view line) {
  const std::size_t colon = line.find(":  ");
  if (colon == std::string_view::npos || colon == 0 || colon > 12) return {};
  const std::string_view tag = line.substr(0, colon);
  const bool upper = std::all_of(tag.begin(), tag.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  return upper ? tag : std::string_view();
}

// "... at character 15": the server keeps the position apart from the text.
void takeCursor(LogEntry& entry) {
  constexpr std::string_view kAt = " at character ";
  const std::size_t at = entry.message.rfind(kAt);
  if (at == std::string::npos) return;
  const char* first = entry.message.data() + at + kAt.size();
  const char* last = entry.message.data() + entry.message.size();
  std::int64_t position = 0;
  const auto [end, code] = std::from_chars(first, last, position);
  if (code != std::errc() || end != last || position <= 0) return;
  entry.cursor = position;
  entry.message.resize(at);
}

std::string_view sqlstateOf(LogShape shape) {
  switch (shape) {
    case LogShape::PgTerminatedByAdministrator:
      return "57P01";
    case LogShape::PgCrashOfAnother:
      return "57P02";
    case LogShape::PgStartingUp:
    case LogShape::PgInRecovery:
    case LogShape::PgNotYetAccepting:
    case LogShape::PgRefusesShuttingDown:
      return "57P03";
    case LogShape::PgTooManyClients:
    case LogShape::PgSlotsReserved:
      return "53300";
    case LogShape::PgOutOfMemory:
      return "53200";
    case LogShape::PgStatementTimeout:
    case LogShape::PgUserCancel:
      return "57014";
    case LogShape::PgClientLost:
    case LogShape::PgConnectionReset:
    case LogShape::PgUnexpectedEof:
      return "08006";
    default:
      return {};
  }
}

// What errstart() assumes when nobody says.
std::string impliedSqlstate(std::string_view severity) {
  if (severity == "WARNING") return "01000";
  return severity == "ERROR" || severity == "FATAL" || severity == "PANIC" ? "XX000" : "00000";
}

// The kind of process that writes a shape; empty: depends.
std::string_view writerOf(LogShape shape) {
  const auto within = [shape](LogShape first, LogShape last) {
    return shape >= first && shape <= last;
  };
  if (shape == LogShape::Plain) return {};
  if (shape == LogShape::PgWasShutDown ||
      within(LogShape::PgInterrupted, LogShape::PgRedoNotRequired)) {
    return "startup";
  }
  if (shape == LogShape::PgShuttingDown ||
      within(LogShape::PgCheckpointTime, LogShape::PgCheckpointsTooFrequent)) {
    return "checkpointer";
  }
  if (shape == LogShape::PgTerminatedByAdministrator || shape == LogShape::PgCrashOfAnother ||
      shape == LogShape::PgOutOfMemory || shape >= LogShape::PgStartingUp) {
    return "client backend";
  }
  return "postmaster";
}

// A client nobody told of: one of the application's.
LogProcess applicationClient(std::uint32_t pid, std::int64_t ms, const WorldSpec& spec) {
  LogProcess client;
  client.pid = pid;
  client.startedMs = ms;
  client.user = spec.database.user;
  client.database = spec.database.database;
  client.host =
      applicationAddress(pid % static_cast<std::uint32_t>(std::max(1, spec.website.hostsMinimum)));
  client.port = clientPort(pid);
  return client;
}

LogProcess writer(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec) {
  if (auto known = telemetry.process(record.pid, record.ms)) return *std::move(known);
  const std::string_view kind = writerOf(static_cast<LogShape>(record.shape));
  if (kind.empty() || kind == "client backend") {
    return applicationClient(record.pid, record.ms, spec);
  }
  LogProcess process;
  process.pid = record.pid;
  process.startedMs = kind == "startup" ? record.ms : 0;
  process.backendType = kind;
  return process;
}

std::string firstWord(std::string_view statement) {
  const std::string_view text = base::trim(statement);
  std::string word;
  for (const char c : text) {
    if ((c | 0x20) < 'a' || (c | 0x20) > 'z') break;
    word += static_cast<char>(c & ~0x20);
  }
  return word;
}

// What the process shows in its title while it writes this.
std::string commandTag(const LogEntry& e) {
  const std::string& m = e.message;
  if (m.starts_with("connection authorized") || m.starts_with("connection authenticated")) {
    return "authentication";
  }
  if (m.starts_with("connection received")) return {};
  if (!e.statement.empty()) return firstWord(e.statement);
  for (const std::string_view lead : {"  statement: ", "statement: ", "execute <unnamed>: "}) {
    const std::size_t at = m.find(lead);
    if (at != std::string::npos && at < 40)
      return firstWord(std::string_view(m).substr(at + lead.size()));
  }
  return e.severity == "FATAL" && e.sqlstate != "57P01" ? "startup" : "idle";
}

// Fields of a client's entry that follow from what it says. MODEL: slot numbers by pid, one
// transaction a line.
void completeClient(LogEntry& e) {
  const bool received = e.message.starts_with("connection received");
  const bool entering = received || e.message.starts_with("connection auth");
  e.commandTag = commandTag(e);
  if (entering) e.process.application.clear();
  if (received) {
    e.process.user.clear();
    e.process.database.clear();
    e.process.backendType = "not initialized";
  }
  const bool outside = received || e.message.starts_with("disconnection: ") ||
                       e.sqlstate == "57P03" || e.sqlstate == "53300";
  if (outside) return;
  const bool finished = e.message.starts_with("duration: ");
  e.virtualTransaction = std::to_string(3 + e.process.pid % 200) + "/" +
                         std::to_string(finished ? 0 : 1 + (e.ms - e.process.startedMs) / 1000);
}

}  // namespace

std::uint32_t packedSqlstate(std::string_view sqlstate) {
  std::uint32_t packed = 0;
  if (sqlstate.size() != 5) return 0;
  for (std::size_t i = 0; i < 5; ++i) {
    packed |= static_cast<std::uint32_t>((sqlstate[i] - '0') & 0x3F) << (6 * i);
  }
  return packed;
}

std::string sqlstateText(std::uint32_t packed) {
  std::string text;
  for (std::uint32_t i = 0; packed != 0 && i < 5; ++i) {
    text += static_cast<char>(((packed >> (6 * i)) & 0x3F) + '0');
  }
  return text;
}

std::string applicationAddress(std::size_t host) {
  return "10.0.0." + std::to_string(21 + host);
}

std::uint16_t clientPort(std::uint32_t pid) {
  constexpr std::uint32_t kFirst = 32'768, kCount = 28'232;  // ip_local_port_range
  return static_cast<std::uint16_t>(kFirst + pid * 7919U % kCount);
}

std::vector<LogEntry> entriesFromText(std::string_view text) {
  std::vector<LogEntry> entries;
  std::string* field = nullptr;
  for (const std::string& line : base::lines(text)) {
    if (field != nullptr && line.starts_with('\t')) {
      field->append("\n").append(line, 1);
      continue;
    }
    const std::string_view tag = tagOf(line);
    const auto known =
        std::find_if(kTags.begin(), kTags.end(), [tag](const Tag& one) { return one.name == tag; });
    if (known != kTags.end() && !entries.empty()) {
      field = &(entries.back().*(known->field));
      field->assign(line, tag.size() + 3);
      continue;
    }
    LogEntry& entry = entries.emplace_back();
    if (std::find(kSeverities.begin(), kSeverities.end(), tag) != kSeverities.end()) {
      entry.severity = tag;
      entry.message = line.substr(tag.size() + 3);
      entry.sqlstate = impliedSqlstate(tag);
    } else {
      entry.message = line;
    }
    field = &entry.message;
  }
  for (LogEntry& entry : entries) takeCursor(entry);
  return entries;
}

std::vector<LogEntry> entriesOf(const LogRecord& record, const Telemetry& telemetry,
                                const WorldSpec& spec) {
  std::vector<LogEntry> entries;
  const auto shape = static_cast<LogShape>(record.shape);
  if (isBatch(shape)) {
    entries = batchEntries(record, telemetry, spec);
  } else {
    const std::string text = recordText(record, telemetry, spec);
    if (shape == LogShape::PgBareLine) {
      entries.emplace_back().message = text;
      entries.back().bare = true;
    } else {
      entries = entriesFromText(text);
    }
    const LogProcess process = writer(record, telemetry, spec);
    const std::string_view implied = sqlstateOf(shape);
    for (LogEntry& entry : entries) {
      entry.ms = record.ms;
      entry.process = process;
      if (!implied.empty()) entry.sqlstate = implied;
      if (record.sqlstate != 0) entry.sqlstate = sqlstateText(record.sqlstate);
    }
  }
  const bool ids = telemetry.logSettings(record.sequence).layout.queryIds;
  for (LogEntry& entry : entries) {
    if (entry.process.servesClient()) completeClient(entry);
    if (!ids) entry.queryId = 0;
  }
  return entries;
}

}  // namespace sim
