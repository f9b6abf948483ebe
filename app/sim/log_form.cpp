// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_form.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/sim_time.h"
#include "base/text.h"

namespace sim {
namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return {digits.data(), end};
}

std::string orUnknown(const std::string& text) {
  return text.empty() ? "[unknown]" : text;
}

std::string remote(const LogProcess& process) {
  if (process.port == 0) return process.host;
  return process.host + "(" + std::to_string(process.port) + ")";
}

// What an escape stands for; nothing for one that does not apply to the process.
std::string escapeText(char escape, const LogEntry& e, const LogLayout& layout, LogClock clock) {
  const LogProcess& process = e.process;
  const bool client = process.servesClient();
  const std::int64_t unixMs = clock.startUnixMs + e.ms;
  switch (escape) {
    case 'a':
      return client ? orUnknown(process.application) : std::string();
    case 'b':
      return process.backendType;
    case 'c':
      return sessionId(process, clock);
    case 'd':
      return client ? orUnknown(process.database) : std::string();
    case 'e':
      return e.sqlstate;
    case 'h':
      return process.host;
    case 'i':
      return client ? e.commandTag : std::string();
    case 'l':
      return std::to_string(e.line);
    case 'm':
      return logTimestamp(unixMs, layout);
    case 'n':
      return std::to_string(unixMs / 1000) + "." + std::to_string(1000 + unixMs % 1000).substr(1);
    case 'p':
      return std::to_string(process.pid);
    case 'P':
      return process.leaderPid != 0 ? std::to_string(process.leaderPid) : std::string();
    case 'Q':
      return std::to_string(e.queryId);
    case 'r':
      return remote(process);
    case 's':
      return logTimestampSeconds(clock.startUnixMs + process.startedMs, layout);
    case 't':
      return logTimestampSeconds(unixMs, layout);
    case 'u':
      return client ? orUnknown(process.user) : std::string();
    case 'v':
      return e.virtualTransaction;
    case 'x':
      return std::to_string(e.transaction);
    default:
      return {};
  }
}

constexpr std::string_view kEscapes = "abcdehilmnpPQrstuvx";

std::string padded(const std::string& text, int width) {
  const auto columns = static_cast<std::size_t>(width < 0 ? -width : width);
  return width < 0 ? base::padRight(text, columns) : base::padLeft(text, columns);
}

// Continued lines are set off with a tab.
std::string tabbed(const std::string& text) {
  return base::replaceAll(text, "\n", "\n\t");
}

std::string headline(const LogEntry& e, const LogLayout& layout) {
  std::string text;
  if (!e.severity.empty()) text = e.severity + ":  ";
  if (layout.verbosity == LogVerbosity::Verbose && !e.severity.empty()) text += e.sqlstate + ": ";
  text += tabbed(e.message);
  if (e.cursor > 0) text += " at character " + std::to_string(e.cursor);
  return text;
}

// The entry's lines, each with what belongs before it.
std::string joined(const LogEntry& e, const LogLayout& layout, const std::string& prefix) {
  if (e.bare) return e.message;
  std::string out = prefix + headline(e, layout);
  const auto add = [&](std::string_view tag, const std::string& text) {
    if (!text.empty()) out.append("\n").append(prefix).append(tag).append(tabbed(text));
  };
  if (layout.verbosity != LogVerbosity::Terse) {
    add("DETAIL:  ", e.detail);
    add("HINT:  ", e.hint);
    add("QUERY:  ", e.query);
    add("CONTEXT:  ", e.context);
  }
  add("STATEMENT:  ", e.statement);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string jsonString(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += std::string("\\u00") + kHex[(c >> 4) & 15] + kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

// Appends "key":value pairs; keys without a value are left out.
struct JsonLine {
  std::string out = "{";
  void raw(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (out.size() > 1) out += ',';
    out += jsonString(key) + ":" + value;
  }
  void text(std::string_view key, const std::string& value) {
    if (!value.empty()) raw(key, jsonString(value));
  }
  void number(std::string_view key, std::int64_t value) { raw(key, std::to_string(value)); }
};

}  // namespace

std::string logTimestamp(std::int64_t unixMs, const LogLayout& layout) {
  const ZoneTime there = localTime(layout.zone, unixMs);
  return base::logTimeText(there.localMs).substr(0, 23) + " " + there.abbreviation;
}

std::string logTimestampSeconds(std::int64_t unixMs, const LogLayout& layout) {
  const ZoneTime there = localTime(layout.zone, unixMs);
  return base::logTimeText(there.localMs).substr(0, 19) + " " + there.abbreviation;
}

std::string sessionId(const LogProcess& process, LogClock clock) {
  const std::int64_t started = (clock.startUnixMs + process.startedMs) / 1000;
  return hex(static_cast<std::uint64_t>(started)) + "." + hex(process.pid);
}

std::string linePrefix(std::string_view pattern, const LogEntry& entry, const LogLayout& layout,
                       LogClock clock) {
  constexpr int kWidest = 1000;  // no line needs more; a setting may ask for any number
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (++i == pattern.size()) break;
    if (pattern[i] == '%') {
      out += '%';
      continue;
    }
    const bool left = pattern[i] == '-';
    if (left) ++i;
    int width = 0;
    for (; i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9'; ++i) {
      width = std::min(kWidest, width * 10 + (pattern[i] - '0'));
    }
    if (i == pattern.size()) break;
    if (pattern[i] == 'q') {
      if (!entry.process.servesClient()) return out;
    } else if (base::contains(kEscapes, pattern.substr(i, 1))) {
      out += padded(escapeText(pattern[i], entry, layout, clock), left ? -width : width);
    }
  }
  return out;
}

std::string stderrText(const LogEntry& entry, const LogLayout& layout, LogClock clock) {
  if (entry.bare) return entry.message;
  return joined(entry, layout, linePrefix(layout.linePrefix, entry, layout, clock));
}

std::string messageText(const LogEntry& entry, const LogLayout& layout) {
  return joined(entry, layout, {});
}

std::string csvText(const LogEntry& e, const LogLayout& layout, LogClock clock) {
  const LogProcess& p = e.process;
  const bool client = p.servesClient();
  const bool more = layout.verbosity != LogVerbosity::Terse;
  const auto literal = [](const std::string& text) {
    return text.empty() ? std::string() : quoted(text);
  };
  const std::string from =
      client ? quoted(p.port != 0 ? p.host + ":" + std::to_string(p.port) : p.host) : "";
  const std::array<std::string, 26> columns = {
      logTimestamp(clock.startUnixMs + e.ms, layout),
      literal(p.user),
      literal(p.database),
      std::to_string(p.pid),
      from,
      sessionId(p, clock),
      std::to_string(e.line),
      client ? quoted(e.commandTag) : std::string(),
      logTimestampSeconds(clock.startUnixMs + p.startedMs, layout),
      e.virtualTransaction,
      std::to_string(e.transaction),
      e.severity,
      e.sqlstate,
      literal(e.message),
      more ? literal(e.detail) : std::string(),
      more ? literal(e.hint) : std::string(),
      more ? literal(e.query) : std::string(),
      {},  // internal_query_pos
      more ? literal(e.context) : std::string(),
      literal(e.statement),
      !e.statement.empty() && e.cursor > 0 ? std::to_string(e.cursor) : std::string(),
      {},  // location
      quoted(p.application),
      quoted(p.backendType),
      p.leaderPid != 0 ? std::to_string(p.leaderPid) : std::string(),
      std::to_string(e.queryId)};
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    out += columns[i];
  }
  return out;
}

std::string jsonText(const LogEntry& e, const LogLayout& layout, LogClock clock) {
  const LogProcess& p = e.process;
  const bool client = p.servesClient();
  JsonLine line;
  line.text("timestamp", logTimestamp(clock.startUnixMs + e.ms, layout));
  line.text("user", p.user);
  line.text("dbname", p.database);
  line.number("pid", p.pid);
  line.text("remote_host", p.host);
  if (p.port != 0) line.number("remote_port", p.port);
  line.text("session_id", sessionId(p, clock));
  line.number("line_num", e.line);
  if (client) line.text("ps", e.commandTag);
  line.text("session_start", logTimestampSeconds(clock.startUnixMs + p.startedMs, layout));
  line.text("vxid", e.virtualTransaction);
  line.number("txid", e.transaction);
  line.text("error_severity", e.severity);
  if (e.sqlstate != "00000") line.text("state_code", e.sqlstate);
  line.text("message", e.message);
  if (layout.verbosity != LogVerbosity::Terse) {
    line.text("detail", e.detail);
    line.text("hint", e.hint);
    line.text("internal_query", e.query);
    line.text("context", e.context);
  }
  line.text("statement", e.statement);
  if (!e.statement.empty() && e.cursor > 0) line.number("cursor_position", e.cursor);
  line.text("application_name", p.application);
  line.text("backend_type", p.backendType);
  if (p.leaderPid != 0) line.number("leader_pid", p.leaderPid);
  line.number("query_id", e.queryId);
  return line.out + "}";
}

}  // namespace sim
