// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "base/fingerprint.h"
#include "base/text.h"
#include "sim/log_shapes.h"
#include "sim/settings/settings.h"

namespace sim {
namespace {

constexpr std::string_view kLevels[] = {"debug5", "debug4",  "debug3", "debug2", "debug1", "info",
                                        "notice", "warning", "error",  "log",    "fatal",  "panic"};

// Reads settings that a small test's catalogue may lack.
struct Reader {
  const ServerSettings& settings;
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const {
    const SettingState* state = settings.state(name);
    return state != nullptr ? state->value : std::string(otherwise);
  }
  [[nodiscard]] std::int64_t whole(std::string_view name, std::int64_t otherwise) const {
    return settings.state(name) != nullptr ? settings.number(name) : otherwise;
  }
  [[nodiscard]] bool on(std::string_view name, bool otherwise) const {
    return text(name, otherwise ? "on" : "off") == "on";
  }
  [[nodiscard]] double real(std::string_view name, double otherwise) const {
    const std::string value = text(name, {});
    double number = otherwise;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
  }
};

LogPolicy policyOf(const Reader& in) {
  LogPolicy p;
  p.minMessages = logLevel(in.text("log_min_messages", "warning"));
  p.minErrorStatement = logLevel(in.text("log_min_error_statement", "error"));
  p.connections = in.on("log_connections", p.connections);
  p.disconnections = in.on("log_disconnections", p.disconnections);
  p.checkpoints = in.on("log_checkpoints", p.checkpoints);
  p.lockWaits = in.on("log_lock_waits", p.lockWaits);
  p.duration = in.on("log_duration", p.duration);
  p.hostname = in.on("log_hostname", p.hostname);
  const std::string statement = in.text("log_statement", "none");
  p.statement = statement == "all"   ? LoggedStatements::All
                : statement == "mod" ? LoggedStatements::Mod
                : statement == "ddl" ? LoggedStatements::Ddl
                                     : LoggedStatements::None;
  p.tempFilesKb = in.whole("log_temp_files", p.tempFilesKb);
  p.minDurationMs = in.whole("log_min_duration_statement", p.minDurationMs);
  p.minSampleMs = in.whole("log_min_duration_sample", p.minSampleMs);
  p.sampleRate = in.real("log_statement_sample_rate", p.sampleRate);
  p.transactionSampleRate = in.real("log_transaction_sample_rate", p.transactionSampleRate);
  p.autovacuumMinMs = in.whole("log_autovacuum_min_duration", p.autovacuumMinMs);
  p.parameterBytes = in.whole("log_parameter_max_length", p.parameterBytes);
  return p;
}

bool loads(const Reader& in, std::string_view library) {
  return base::contains(in.text("shared_preload_libraries", {}), library);
}

LogLayout layoutOf(const Reader& in) {
  LogLayout layout;
  layout.linePrefix = in.text("log_line_prefix", layout.linePrefix);
  layout.timezone = in.text("log_timezone", layout.timezone);
  layout.zone = TimeZone::find(layout.timezone).value_or(TimeZone{});
  const std::string verbosity = in.text("log_error_verbosity", "default");
  layout.verbosity = verbosity == "terse"     ? LogVerbosity::Terse
                     : verbosity == "verbose" ? LogVerbosity::Verbose
                                              : LogVerbosity::Default;
  const std::string ids = in.text("compute_query_id", "auto");
  layout.queryIds = ids == "on" || (ids == "auto" && loads(in, "pg_stat_statements"));
  return layout;
}

LogDestination destinationOf(const Reader& in) {
  LogDestination d;
  d.toStderr = d.toCsv = d.toJson = d.toSyslog = false;
  for (const std::string& part : base::split(in.text("log_destination", "stderr"), ',')) {
    const std::string name = base::lower(base::trim(part));
    d.toStderr = d.toStderr || name == "stderr";
    d.toCsv = d.toCsv || name == "csvlog";
    d.toJson = d.toJson || name == "jsonlog";
    d.toSyslog = d.toSyslog || name == "syslog";
  }
  d.collector = in.on("logging_collector", d.collector);
  d.directory = in.text("log_directory", d.directory);
  d.filename = in.text("log_filename", d.filename);
  d.rotationMinutes = in.whole("log_rotation_age", d.rotationMinutes);
  d.rotationKb = in.whole("log_rotation_size", d.rotationKb);
  d.truncate = in.on("log_truncate_on_rotation", d.truncate);
  return d;
}

std::uint64_t idOf(const LogSettings& s) {
  base::Fingerprint f;
  const LogPolicy& p = s.policy;
  for (const std::int64_t value :
       {static_cast<std::int64_t>(p.minMessages), static_cast<std::int64_t>(p.minErrorStatement),
        static_cast<std::int64_t>(p.statement), p.tempFilesKb, p.minDurationMs, p.minSampleMs,
        p.autovacuumMinMs, p.parameterBytes, static_cast<std::int64_t>(s.layout.verbosity),
        s.destination.rotationMinutes, s.destination.rotationKb}) {
    f.add(value);
  }
  const LogDestination& d = s.destination;
  for (const bool value :
       {p.connections, p.disconnections, p.checkpoints, p.lockWaits, p.duration, p.hostname,
        s.layout.queryIds, d.toStderr, d.toCsv, d.toJson, d.toSyslog, d.collector, d.truncate}) {
    f.add(value);
  }
  f.add(p.sampleRate);
  f.add(p.transactionSampleRate);
  for (const std::string& text :
       {s.layout.linePrefix, s.layout.timezone, d.directory, d.filename}) {
    f.add(text);
  }
  return f.value();
}

bool isCheckpointShape(LogShape shape) {
  return shape >= LogShape::PgCheckpointTime && shape <= LogShape::PgCheckpointComplete;
}

// The words of a statement outside parentheses, quotes and comments, lower case.
std::vector<std::string> outerWords(std::string_view text) {
  std::vector<std::string> words;
  int depth = 0;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                        (!word.empty() && c >= '0' && c <= '9');
    if (letter && depth == 0) {
      word += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      continue;
    }
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    const std::string_view rest = text.substr(std::min(i, text.size()));
    std::size_t skip = std::string_view::npos;
    if (c == '\'' || c == '"') {
      skip = text.find(c, i + 1);
    } else if (rest.starts_with("--")) {
      skip = text.find('\n', i);
    } else if (rest.starts_with("/*")) {
      skip = text.find("*/", i + 2);
      if (skip != std::string_view::npos) ++skip;
    } else {
      continue;
    }
    i = std::min(skip, text.size());
  }
  return words;
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

LogLevel logLevel(std::string_view name) {
  if (base::equalsIgnoreCase(name, "debug")) return LogLevel::Debug2;
  for (std::size_t i = 0; i < std::size(kLevels); ++i) {
    if (base::equalsIgnoreCase(name, kLevels[i])) return static_cast<LogLevel>(i);
  }
  return LogLevel::Warning;
}

LogLevel logLevel(Severity severity) {
  switch (severity) {
    case Severity::Debug:
      return LogLevel::Debug1;
    case Severity::Notice:
      return LogLevel::Notice;
    case Severity::Warning:
      return LogLevel::Warning;
    case Severity::Error:
      return LogLevel::Error;
    case Severity::Critical:
      return LogLevel::Fatal;
    default:
      return LogLevel::Log;
  }
}

LogSettings logSettings(const ServerSettings& settings) {
  const Reader in{settings};
  LogSettings s{policyOf(in), layoutOf(in), destinationOf(in), 0};
  s.id = idOf(s);
  return s;
}

DurationLine durationLine(const LogPolicy& policy, std::int64_t microseconds, double draw,
                          bool alreadyLogged) {
  const auto reaches = [&](std::int64_t leastMs) {
    return leastMs == 0 || (leastMs > 0 && microseconds / 1000 >= leastMs);
  };
  const bool exceeded = reaches(policy.minDurationMs);
  const bool sampled = (reaches(policy.minSampleMs) && draw < policy.sampleRate) ||
                       draw < policy.transactionSampleRate;
  if (!exceeded && !sampled && !policy.duration) return DurationLine::None;
  return (exceeded || sampled) && !alreadyLogged ? DurationLine::WithStatement
                                                 : DurationLine::DurationOnly;
}

namespace {

// tcop/utility.c, GetCommandLogLevel(), for a statement that begins at a word.
LoggedStatements levelOf(const std::vector<std::string>& words, std::size_t at,
                         bool analyzes = false) {
  constexpr std::array<std::string_view, 5> kData = {"insert", "update", "delete", "merge",
                                                     "truncate"};
  constexpr std::array<std::string_view, 12> kDefinitions = {
      "create",  "alter",    "drop",   "grant",   "revoke", "comment",
      "cluster", "reassign", "import", "refresh", "label",  "security"};
  if (at >= words.size()) return LoggedStatements::All;
  const std::string& word = words[at];
  const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at);
  const auto has = [&](std::string_view other) {
    return std::find(begin, words.end(), other) != words.end();
  };
  const auto inner = [&](const auto& firsts) {
    const auto place = std::find_if(begin + 1, words.end(), [&](const std::string& one) {
      return one == "select" || one == "with" || among(firsts, one) || one == "create";
    });
    return levelOf(words, static_cast<std::size_t>(place - words.begin()));
  };
  if (among(kDefinitions, word)) return LoggedStatements::Ddl;
  if (among(kData, word)) return LoggedStatements::Mod;
  if (word == "copy") return has("from") ? LoggedStatements::Mod : LoggedStatements::All;
  if (word == "select") return has("into") ? LoggedStatements::Ddl : LoggedStatements::All;
  // EXPLAIN shows what it does not run, unless it is asked to.
  if (word == "explain") return analyzes ? inner(kData) : LoggedStatements::All;
  // A WITH is what its main statement is; those inside stand in parentheses.
  if (word == "prepare" || word == "with") return inner(kData);
  return LoggedStatements::All;
}

// EXPLAIN ANALYZE, EXPLAIN (..., ANALYZE [on|off], ...): the last word on it counts.
bool runsExplained(std::string_view statement, const std::vector<std::string>& words) {
  if (words.empty() || words[0] != "explain") return false;
  const std::size_t open = statement.find('('), close = statement.find(')');
  const std::string lowered = base::lower(statement);
  const std::size_t first = lowered.find("explain") + 7;
  const std::size_t next = lowered.find_first_not_of(" \t\n", first);
  if (next != open || close == std::string_view::npos) {
    return words.size() > 1 &&
           (words[1] == "analyze" || words[1] == "analyse" ||
            (words[1] == "verbose" && words.size() > 2 && words[2] == "analyze"));
  }
  bool analyzes = false;
  for (const std::string& option : base::split(lowered.substr(open + 1, close - open - 1), ',')) {
    const std::string text(base::trim(option));
    const std::size_t blank = text.find(' ');
    const std::string name = text.substr(0, blank);
    if (name != "analyze" && name != "analyse") continue;
    const std::string value(blank == std::string::npos ? "" : base::trim(text.substr(blank)));
    analyzes = value != "off" && value != "false" && value != "0";
  }
  return analyzes;
}

}  // namespace

bool logsStatement(const LogPolicy& policy, std::string_view statement) {
  if (policy.statement == LoggedStatements::None) return false;
  if (policy.statement == LoggedStatements::All) return true;
  const std::vector<std::string> words = outerWords(statement);
  return levelOf(words, 0, runsExplained(statement, words)) <= policy.statement;
}

bool logsTemporaryFile(const LogPolicy& policy, std::int64_t bytes) {
  return policy.tempFilesKb >= 0 && bytes / 1024 >= policy.tempFilesKb;
}

bool lets(const LogPolicy& policy, const LogRecord& record) {
  if (record.source != LogSource::Postgres) return true;
  const auto shape = static_cast<LogShape>(record.shape);
  if (shape == LogShape::PgBareLine) return true;
  if (isCheckpointShape(shape) && !policy.checkpoints) return false;
  return logLevel(record.severity) >= policy.minMessages;
}

}  // namespace sim
