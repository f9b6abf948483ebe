// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_loads.h"

#include <algorithm>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/server_log.h"

namespace sim {
namespace {

constexpr std::int64_t kBlock = 8192;

// numbers[1]: a statement's number when only that one is drawn, and slow; how many statements there
// are; over how long a time before the record's.
struct Kind {
  std::int64_t statement = -1, statements = 0, spanMs = 1000;
  [[nodiscard]] std::int64_t packed() const {
    return (statement + 1) | statements << 16 | spanMs << 32;
  }
  static Kind from(std::int64_t packed) {
    return {(packed & 0xFFFF) - 1, packed >> 16 & 0xFFFF, packed >> 32};
  }
};

std::int64_t kindOf(const ServerContext& c, const ClientLoad& load, std::int64_t statement,
                    double seconds) {
  const std::int64_t span =
      std::min(static_cast<std::int64_t>(seconds * 1000), (c.now - c.server.lifeSince).ms);
  return Kind{statement, static_cast<std::int64_t>(load.statements.size()), span}.packed();
}

std::int64_t keyOf(const ServerContext& c, const ClientLoad& load, std::uint32_t what) {
  return static_cast<std::int64_t>(
      base::draw64(c.seed, base::Stream::Statements, c.now.ms, load.firstPid * 4096 + what) >> 1);
}

// A load that says nothing of its statements sends each in every transaction.
SentStatement sentOf(const ClientLoad& load, std::size_t index) {
  return index < load.sent.size() ? load.sent[index] : SentStatement{};
}

double workOf(const ClientLoad& load) {
  double all = 0;
  for (std::size_t i = 0; i < load.statements.size(); ++i) {
    all += sentOf(load, i).share * sentOf(load, i).seconds;
  }
  return std::max(all, 1e-9);
}

std::string durationText(std::int64_t microseconds) {
  return "duration: " + base::fixedText(static_cast<double>(microseconds) / 1000, 3) + " ms";
}

// Everything the entries of a record share.
struct Drawn {
  const LogRecord& record;
  const Telemetry& telemetry;
  const ClientLoad& load;
  const LogPolicy& policy;
  Kind kind;

  [[nodiscard]] std::int64_t count() const { return record.numbers[0]; }
  [[nodiscard]] std::uint64_t key() const { return static_cast<std::uint64_t>(record.numbers[3]); }
  [[nodiscard]] double uniform(std::int64_t entry, std::uint32_t what) const {
    return base::uniform(key(), base::Stream::Statements, entry, what);
  }
  [[nodiscard]] std::int64_t timeOf(std::int64_t entry) const {
    const double place =
        (static_cast<double>(entry) + uniform(entry, 0)) / static_cast<double>(count());
    return record.ms - kind.spanMs + 1 +
           static_cast<std::int64_t>(place * static_cast<double>(kind.spanMs - 1));
  }
  [[nodiscard]] LogEntry entryOf(std::int64_t client, std::int64_t ms) const {
    LogEntry e;
    e.ms = ms;
    e.severity = "LOG";
    const std::uint32_t pid =
        load.firstPid + static_cast<std::uint32_t>(client % std::max(load.clients, 1));
    if (auto process = telemetry.process(pid, record.ms)) e.process = std::move(*process);
    e.process.pid = pid;
    return e;
  }
  [[nodiscard]] bool simple() const { return load.protocol == QueryProtocol::Simple; }
  [[nodiscard]] std::string text(std::int64_t entry, std::size_t statement) const {
    std::vector<std::string> unused;
    return text(entry, statement, unused);
  }
  // As the server is sent it: with the values in it, or with $1, $2, ... for them.
  [[nodiscard]] std::string text(std::int64_t entry, std::size_t statement,
                                 std::vector<std::string>& values) const {
    const std::string& written = load.statements[statement];
    const auto from = static_cast<std::uint32_t>(statement) * 8;
    if (simple()) return drawnStatement(written, key(), entry, from);
    std::string sql;
    std::size_t at = 0;
    while (true) {
      const std::size_t open = written.find(kRangeBegins, at);
      const std::size_t close = written.find(kRangeEnds, at);
      if (open == std::string::npos || close == std::string::npos || close < open) break;
      const std::size_t end = close + kRangeEnds.size();
      values.push_back(drawnStatement(written.substr(open, end - open), key(), entry,
                                      from + static_cast<std::uint32_t>(values.size())));
      sql += written.substr(at, open - at) + "$" + std::to_string(values.size());
      at = end;
    }
    return sql + written.substr(at);
  }
  // Whether the client prepares its statements with this transaction. MODEL: those of a load's
  // first tick, one a client.
  [[nodiscard]] bool prepares(std::int64_t entry) const {
    return load.protocol == QueryProtocol::Extended ||
           (entry < load.clients &&
            record.ms - std::max<std::int64_t>(kind.spanMs, 1000) <= load.startedMs);
  }
  [[nodiscard]] double meanMicroseconds(std::size_t statement) const {
    return static_cast<double>(record.numbers[2]) * sentOf(load, statement).seconds / workOf(load);
  }
  [[nodiscard]] std::int64_t draw(double mean, std::int64_t entry, std::size_t statement) const {
    constexpr double kLeast = 20;  // MODEL: us, parse and answer
    const double tail =
        -mean * base::portableLog(1 - uniform(entry, 16 + static_cast<std::uint32_t>(statement)));
    return static_cast<std::int64_t>(std::max(kLeast, tail));
  }
};

// "$1 = '7', $2 = '42'", each value cut after so many bytes; -1: none is, 0: nothing is said.
std::string parametersText(const LogPolicy& policy, const std::vector<std::string>& values) {
  if (values.empty() || policy.parameterBytes == 0) return {};
  std::string text = "parameters: ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(policy.parameterBytes, 0));
    const bool cut = policy.parameterBytes > 0 && values[i].size() > most;
    text += (i > 0 ? ", $" : "$") + std::to_string(i + 1) + " = '" +
            (cut ? values[i].substr(0, most) + "..." : values[i]) + "'";
  }
  return text;
}

// One message of the extended protocol, after it was worked on.
void addStep(std::vector<LogEntry>& entries, const Drawn& d, LogEntry entry, double chance,
             bool logged, const std::string& what, std::int64_t took) {
  const DurationLine line = durationLine(d.policy, took, chance, logged);
  if (line == DurationLine::None) return;
  entry.message = durationText(took);
  if (line == DurationLine::WithStatement) {
    entry.message += "  " + what;
  } else {
    entry.detail.clear();
  }
  entries.push_back(std::move(entry));
}

// Parse, Bind and Execute of one statement; microseconds all of it took.
void addExtended(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t index,
                 std::size_t statement, std::int64_t startMs, std::int64_t took) {
  // MODEL: means of pgbench's own scripts on a 15.18, in microseconds: to parse and to plan a
  // statement on a table, and one that has none (BEGIN, END).
  constexpr double kParse = 70, kPlan = 80, kTrivial = 7;
  std::vector<std::string> values;
  const std::string sql = d.text(index, statement, values);
  const std::string name =
      d.load.protocol == QueryProtocol::Extended ? "<unnamed>" : "P_" + std::to_string(statement);
  const bool trivial = sql.find_first_of(" ;") == sql.size() - 1 || sql.find(' ') == sql.npos;
  const auto what = static_cast<std::uint32_t>(statement);
  const auto drawn = [&](double mean, std::uint32_t step) {
    return static_cast<std::int64_t>(
        2 - mean * base::portableLog(1 - d.uniform(index, 4000 + what * 4 + step)));
  };
  const double chance = d.uniform(index, 2000 + what);
  const std::string words = " " + name + ": " + sql;
  LogEntry entry = d.entryOf(index, startMs);
  std::int64_t before = 0;
  if (d.prepares(index)) {
    before = drawn(trivial ? kTrivial : kParse, 0);
    addStep(entries, d, entry, chance, false, "parse" + words, before);
  }
  entry.detail = parametersText(d.policy, values);
  const std::int64_t bind = drawn(trivial ? kTrivial : kPlan, 1);
  addStep(entries, d, entry, chance, false, "bind" + words, bind);
  const bool logged = logsStatement(d.policy, sql);
  if (logged) {
    entry.message = "execute" + words;
    entries.push_back(entry);
  }
  const std::int64_t run = std::max<std::int64_t>(took - before - bind, 3);
  entry.ms = startMs + took / 1000;
  addStep(entries, d, entry, chance, logged, "execute" + words, run);
}

// The lines of one statement; microseconds it took.
void addStatement(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t index,
                  std::size_t statement, std::int64_t startMs, std::int64_t took) {
  if (!d.simple()) return addExtended(entries, d, index, statement, startMs, took);
  const std::string sql = d.text(index, statement);
  const bool before = logsStatement(d.policy, sql);
  const double chance = d.uniform(index, 2000 + static_cast<std::uint32_t>(statement));
  const DurationLine line = durationLine(d.policy, took, chance, before);
  if (before) {
    LogEntry entry = d.entryOf(index, startMs);
    entry.message = "statement: " + sql;
    entries.push_back(std::move(entry));
  }
  if (line == DurationLine::None) return;
  LogEntry entry = d.entryOf(index, startMs + took / 1000);
  entry.message = durationText(took);
  if (line == DurationLine::WithStatement) entry.message += "  statement: " + sql;
  entries.push_back(std::move(entry));
}

// One transaction: which script it runs is chance.
void addTransaction(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t index) {
  const std::size_t count = d.load.statements.size();
  double chance = d.uniform(index, 1);
  std::int32_t script = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const SentStatement sent = sentOf(d.load, k);
    if (k > 0 && sent.script == sentOf(d.load, k - 1).script) continue;
    script = sent.script;
    if (chance < sent.share) break;
    chance -= sent.share;
  }
  std::vector<std::pair<std::size_t, std::int64_t>> parts;
  std::int64_t whole = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (sentOf(d.load, k).script != script) continue;
    parts.emplace_back(k, d.draw(d.meanMicroseconds(k), index, k));
    whole += parts.back().second;
  }
  // It ended where the transaction is counted.
  std::int64_t at = d.timeOf(index) * 1000 - whole;
  for (const auto& [statement, took] : parts) {
    addStatement(entries, d, index, statement, std::max(d.load.startedMs, at / 1000), took);
    at += took;
  }
}

void addSlow(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t index) {
  const auto statement = static_cast<std::size_t>(d.kind.statement);
  if (statement >= d.load.statements.size()) return;
  const std::int64_t took =
      d.policy.minDurationMs * 1000 + d.draw(d.meanMicroseconds(statement), index, statement);
  const std::int64_t start = d.timeOf(index) - took / 1000;
  addStatement(entries, d, index * 7919, statement, std::max(d.load.startedMs, start), took);
}

std::int64_t meanFileBytes(const ClientLoad& load) {
  const ScriptDemand& demand = load.demand;
  if (demand.tempFiles <= 0) return 0;
  const auto mean = static_cast<std::int64_t>(demand.tempBytes / demand.tempFiles);
  return (mean + kBlock - 1) / kBlock * kBlock;
}

void addFile(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t index) {
  const std::int64_t bytes = meanFileBytes(d.load);
  const std::int64_t number = d.record.numbers[2] + index;
  LogEntry entry = d.entryOf(number, d.timeOf(index));
  entry.message =
      "temporary file: path \"base/pgsql_tmp/pgsql_tmp" + std::to_string(entry.process.pid) + "." +
      std::to_string(number / std::max(d.load.clients, 1)) + "\", size " + std::to_string(bytes);
  std::size_t largest = 0;
  for (std::size_t k = 1; k < d.load.statements.size(); ++k) {
    if (sentOf(d.load, k).seconds > sentOf(d.load, largest).seconds) largest = k;
  }
  if (d.policy.minErrorStatement <= LogLevel::Log && !d.load.statements.empty()) {
    entry.statement = d.text(index, largest);
  }
  entries.push_back(std::move(entry));
}

void addConnected(std::vector<LogEntry>& entries, const Drawn& d, std::int64_t client) {
  LogEntry entry = d.entryOf(client, d.record.ms);
  entry.ms = std::max(entry.process.startedMs, d.load.startedMs);
  entry.message = "connection received: host=[local]";
  entries.push_back(entry);
  if (!d.load.authenticated.empty()) {
    entry.message = "connection authenticated: " + d.load.authenticated;
    entries.push_back(entry);
  }
  entry.message = "connection authorized: user=" + d.load.user + " database=" + d.load.database;
  if (!d.load.application.empty()) entry.message += " application_name=" + d.load.application;
  entries.push_back(std::move(entry));
}

bool drawsEach(const LogPolicy& policy, const ClientLoad& load) {
  return policy.duration || policy.minDurationMs == 0 || policy.minSampleMs >= 0 ||
         policy.transactionSampleRate > 0 ||
         std::any_of(load.statements.begin(), load.statements.end(),
                     [&](const std::string& one) { return logsStatement(policy, one); });
}

}  // namespace

bool isOfLoad(const LogRecord& record) {
  return record.pid != 0 && isBatch(static_cast<LogShape>(record.shape));
}

std::int64_t loadWeight(const LogRecord& record) {
  const auto shape = static_cast<LogShape>(record.shape);
  if (shape == LogShape::PgConnectionsOpened) return record.numbers[1] * 3;
  const Kind kind = Kind::from(record.numbers[1]);
  const bool whole = shape == LogShape::PgStatements && kind.statement < 0;
  return record.numbers[0] * (whole ? std::max<std::int64_t>(kind.statements, 1) : 1);
}

std::vector<LogEntry> loadEntries(const LogRecord& record, const Telemetry& telemetry) {
  std::vector<LogEntry> entries;
  const ClientLoad* load = telemetry.load(record.pid);
  if (load == nullptr) return entries;
  const auto shape = static_cast<LogShape>(record.shape);
  const Drawn drawn{record, telemetry, *load, telemetry.logSettings(record.sequence).policy,
                    Kind::from(record.numbers[1])};
  const std::int64_t count =
      shape == LogShape::PgConnectionsOpened ? record.numbers[1] : record.numbers[0];
  for (std::int64_t i = 0; i < count; ++i) {
    if (shape == LogShape::PgConnectionsOpened) addConnected(entries, drawn, i);
    if (shape == LogShape::PgTemporaryFiles) addFile(entries, drawn, i);
    if (shape != LogShape::PgStatements) continue;
    drawn.kind.statement < 0 ? addTransaction(entries, drawn, i) : addSlow(entries, drawn, i);
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const LogEntry& a, const LogEntry& b) { return a.ms < b.ms; });
  return entries;
}

void noteLoadClients(ServerContext& c, const ClientLoad& load) {
  if (c.telemetry.detail() == Detail::Summary || c.telemetry.load(load.firstPid) != nullptr) return;
  c.telemetry.noteLoad(load);
  for (std::int32_t i = 0; i < load.clients; ++i) {
    LogProcess client;
    client.pid = load.firstPid + static_cast<std::uint32_t>(i);
    client.startedMs =
        load.startedMs + static_cast<std::int64_t>(load.connectSeconds * 1000 * i / load.clients);
    client.user = load.user;
    client.database = load.database;
    client.application = load.application;
    client.host = "[local]";
    c.telemetry.noteProcess(std::move(client));
  }
}

void logLoadConnections(ServerContext& c, const ClientLoad& load) {
  if (!c.server.values.log.policy.connections) return;
  noteLoadClients(c, load);
  writeLog(c.telemetry, c.now, LogShape::PgConnectionsOpened, load.firstPid,
           {load.firstPid, load.clients});
}

void logLoadStatements(ServerContext& c, const ClientLoad& load, std::int64_t transactions,
                       double latency, double seconds) {
  const LogPolicy& policy = c.server.values.log.policy;
  if (transactions <= 0 || load.statements.empty()) return;
  const auto micros = static_cast<std::int64_t>(latency * 1e6);
  if (drawsEach(policy, load)) {
    noteLoadClients(c, load);
    writeLog(c.telemetry, c.now, LogShape::PgStatements, load.firstPid,
             {transactions, kindOf(c, load, -1, seconds), micros, keyOf(c, load, 0)});
    return;
  }
  if (policy.minDurationMs < 0) return;
  const double least = static_cast<double>(policy.minDurationMs) / 1000;
  const double work = workOf(load);
  for (std::size_t k = 0; k < load.statements.size(); ++k) {
    const SentStatement sent = sentOf(load, k);
    const double mean = latency * sent.seconds / work;
    const double share = mean > 0 ? sent.share * base::portableExp(-least / mean) : 0;
    const double expected = static_cast<double>(transactions) * share;
    const auto what = static_cast<std::uint32_t>(k);
    const double chance = base::uniform(c.seed, base::Stream::Statements, c.now.ms,
                                        load.firstPid * 4096 + 2048 + what);
    const auto count = static_cast<std::int64_t>(expected + chance);
    if (count <= 0) continue;
    noteLoadClients(c, load);
    writeLog(c.telemetry, c.now, LogShape::PgStatements, load.firstPid,
             {count, kindOf(c, load, static_cast<std::int64_t>(k), seconds), micros,
              keyOf(c, load, 1 + what)});
  }
}

std::int64_t bookLoadFiles(ServerContext& c, const ClientLoad& load, std::int64_t files,
                           double seconds) {
  const std::int64_t each = meanFileBytes(load);
  if (files <= 0) return 0;
  if (logsTemporaryFile(c.server.values.log.policy, each)) {
    noteLoadClients(c, load);
    writeLog(c.telemetry, c.now, LogShape::PgTemporaryFiles, load.firstPid,
             {files, kindOf(c, load, -1, seconds),
              static_cast<std::int64_t>(load.transactions * load.demand.tempFiles),
              keyOf(c, load, 4000)});
  }
  c.server.tempFiles += static_cast<double>(files);
  c.server.tempBytes += static_cast<double>(files * each);
  return files * each;
}

}  // namespace sim
