// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_batches.h"

#include <algorithm>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/log_loads.h"
#include "sim/server_log.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {
namespace {

constexpr std::int64_t kBlock = 8192;

// How a batch of statements is drawn: every statement of the class, decided one by one; only those
// that reached log_min_duration_statement; or the ROLLBACKs of the pool.
enum class Draw : std::int64_t { Each, Slow, Rollback };

// numbers[1] of a batch: class, way of drawing, over how long a time before the record's.
struct Kind {
  std::int64_t queryClass = 0;
  Draw draw = Draw::Each;
  std::int64_t spanMs = 1000;
  [[nodiscard]] std::int64_t packed() const {
    return queryClass | static_cast<std::int64_t>(draw) << 16 | spanMs << 20;
  }
  static Kind from(std::int64_t packed) {
    return {packed & 0xFFFF, static_cast<Draw>(packed >> 16 & 0xF), packed >> 20 & 0xFFFFF};
  }
};

// The tick as far as the server served in it.
std::int64_t spanOf(const ServerContext& c, double seconds) {
  return std::min(static_cast<std::int64_t>(seconds * 1000), (c.now - c.server.lifeSince).ms);
}

// Draws of one batch: key is the record's own.
struct Dice {
  std::uint64_t key;
  [[nodiscard]] double uniform(std::int64_t entry, std::uint32_t what) const {
    return base::uniform(key, base::Stream::Statements, entry, what);
  }
  [[nodiscard]] std::uint64_t below(std::uint64_t bound, std::int64_t entry,
                                    std::uint32_t what) const {
    return base::below(bound, key, base::Stream::Statements, entry, what);
  }
};

std::uint64_t keyOf(const ServerContext& c, std::int64_t index) {
  return base::draw64(c.seed, base::Stream::Statements, c.now.ms,
                      static_cast<std::uint32_t>(index));
}

std::uint32_t pooledPid(const BackendPool& pool, std::int64_t index) {
  std::int64_t total = 0;
  for (const PoolShare& share : pool) total += share.connections;
  if (total <= 0) return 0;
  std::int64_t at = index % total;
  for (const PoolShare& share : pool) {
    if (at < share.connections) return share.firstPid + static_cast<std::uint32_t>(at);
    at -= share.connections;
  }
  return 0;
}

// "$1 = '81723', $2 = '4'"; empty when the statement has no parameters. MODEL: their values.
std::string parameters(const std::string& sql, const Dice& dice, std::int64_t entry,
                       std::int64_t most) {
  std::string text;
  for (std::uint32_t n = 1; n < 10; ++n) {
    const std::string name = "$" + std::to_string(n);
    if (!base::contains(sql, name)) break;
    std::string value = std::to_string(1 + dice.below(900'000, entry, 10 + n));
    if (most >= 0 && value.size() > static_cast<std::size_t>(most)) {
      value = value.substr(0, static_cast<std::size_t>(most)) + "...";
    }
    text += (text.empty() ? "" : ", ") + name + " = '" + value + "'";
  }
  return most == 0 ? std::string() : text;
}

std::string durationText(std::int64_t microseconds) {
  return "duration: " + base::fixedText(static_cast<double>(microseconds) / 1000, 3) + " ms";
}

// Everything the entries of a batch share.
struct Batch {
  const LogRecord& record;
  const Telemetry& telemetry;
  const WorldSpec& spec;
  const LogPolicy& policy;
  const BackendPool& pool;
  Kind kind;
  Dice dice;

  [[nodiscard]] std::int64_t count() const { return record.numbers[0]; }
  // Entries are spread over the tick, in order.
  [[nodiscard]] std::int64_t timeOf(std::int64_t entry) const {
    if (kind.spanMs == 0) return record.ms;
    const double place =
        (static_cast<double>(entry) + dice.uniform(entry, 0)) / static_cast<double>(count());
    return record.ms - kind.spanMs + 1 +
           static_cast<std::int64_t>(place * static_cast<double>(kind.spanMs - 1));
  }
  [[nodiscard]] LogEntry entryOf(std::int64_t entry, std::int64_t backend) const {
    LogEntry e;
    e.ms = timeOf(entry);
    e.severity = "LOG";
    const std::uint32_t pid = pooledPid(pool, backend);
    if (auto process = telemetry.process(pid, record.ms)) e.process = std::move(*process);
    e.process.pid = pid;
    return e;
  }
  [[nodiscard]] const std::string& sql() const {
    static const std::string kRollback = "ROLLBACK";
    const auto& classes = spec.workload.classes;
    const auto index = static_cast<std::size_t>(kind.queryClass);
    return kind.draw == Draw::Rollback || index >= classes.size() ? kRollback
                                                                  : classes[index].statement;
  }
};

Batch batchOf(const LogRecord& record, const Telemetry& telemetry, const WorldSpec& spec) {
  return {record,
          telemetry,
          spec,
          telemetry.logSettings(record.sequence).policy,
          telemetry.backendPool(record.sequence),
          Kind::from(record.numbers[1]),
          {static_cast<std::uint64_t>(record.numbers[3])}};
}

std::int64_t statementMicroseconds(const Batch& batch, std::int64_t entry) {
  if (batch.kind.draw == Draw::Rollback) {
    return 18 + static_cast<std::int64_t>(batch.dice.below(40, entry, 1));
  }
  const double floor =
      batch.kind.draw == Draw::Slow ? static_cast<double>(batch.policy.minDurationMs) * 1000 : 0;
  const double tail = -static_cast<double>(batch.record.numbers[2]) *
                      base::portableLog(1 - batch.dice.uniform(entry, 1));
  const double longest = batch.spec.website.timeoutSeconds * 1e6;
  constexpr double kLeast = 30;  // MODEL: us, parse and answer
  return static_cast<std::int64_t>(std::max(kLeast, std::min(longest, floor + tail)));
}

void addStatement(std::vector<LogEntry>& entries, const Batch& batch, std::int64_t index) {
  const std::int64_t took = statementMicroseconds(batch, index);
  const std::string& sql = batch.sql();
  const bool before = logsStatement(batch.policy, sql);
  const DurationLine line = durationLine(batch.policy, took, batch.dice.uniform(index, 2), before);
  if (!before && line == DurationLine::None) return;
  LogEntry entry = batch.entryOf(index, batch.record.numbers[3] % 1000 + index);
  const std::string values = parameters(sql, batch.dice, index, batch.policy.parameterBytes);
  const bool extended = base::contains(sql, "$1");
  const std::string text = (extended ? "execute <unnamed>: " : "statement: ") + sql;
  const auto detail = values.empty() ? std::string() : "parameters: " + values;
  if (before) {
    LogEntry early = entry;
    early.message = text;
    early.detail = detail;
    early.ms = std::max(entry.process.startedMs, entry.ms - took / 1000);
    entries.push_back(std::move(early));
  }
  if (line == DurationLine::None) return;
  entry.message = durationText(took);
  if (line == DurationLine::WithStatement) {
    entry.message += "  " + text;
    entry.detail = detail;
  }
  entries.push_back(std::move(entry));
}

// Sizes differ in pairs by as much up as down, so that any even number of files adds up as if all
// were alike.
std::int64_t fileBytes(const Batch& batch, std::int64_t index, std::int64_t mean) {
  if (index == batch.count() - 1 && batch.count() % 2 == 1) return mean;
  const auto room = static_cast<std::uint64_t>(mean / kBlock / 8 + 1);
  const auto off = static_cast<std::int64_t>(batch.dice.below(room, index / 2, 3)) * kBlock;
  return index % 2 == 0 ? mean + off : mean - off;
}

void addTemporaryFile(std::vector<LogEntry>& entries, const Batch& batch, std::int64_t index) {
  const auto queryClass = static_cast<std::size_t>(batch.kind.queryClass);
  if (queryClass >= batch.spec.workload.classes.size()) return;
  const std::int64_t bytes =
      fileBytes(batch, index, temporaryFileBytes(batch.spec.workload.classes[queryClass]));
  if (!logsTemporaryFile(batch.policy, bytes)) return;
  const std::int64_t number = batch.record.numbers[2] + index;
  std::int64_t backends = 0;
  for (const PoolShare& share : batch.pool) backends += share.connections;
  LogEntry entry = batch.entryOf(index, number);
  entry.message = "temporary file: path \"base/pgsql_tmp/pgsql_tmp" +
                  std::to_string(entry.process.pid) + "." +
                  std::to_string(number / std::max<std::int64_t>(1, backends)) + "\", size " +
                  std::to_string(bytes);
  if (batch.policy.minErrorStatement <= LogLevel::Log) entry.statement = batch.sql();
  entries.push_back(std::move(entry));
}

void addOpened(std::vector<LogEntry>& entries, const Batch& batch, std::uint32_t pid) {
  const std::optional<LogProcess> process = batch.telemetry.process(pid, batch.record.ms);
  if (!process) return;
  LogEntry entry;
  entry.severity = "LOG";
  entry.process = *process;
  entry.ms = process->startedMs;
  entry.message =
      "connection received: host=" + process->host + " port=" + std::to_string(process->port);
  entries.push_back(entry);
  entry.ms += 3;  // MODEL: what a SCRAM exchange takes
  entry.message = "connection authenticated: identity=\"" + process->user +
                  "\" method=scram-sha-256 (/etc/postgresql/15/main/pg_hba.conf:9)";
  entries.push_back(entry);
  entry.message = "connection authorized: user=" + process->user + " database=" + process->database;
  if (!process->application.empty()) {
    entry.message += " application_name=" + process->application;
  }
  entries.push_back(std::move(entry));
}

void addClosed(std::vector<LogEntry>& entries, const Batch& batch, std::uint32_t pid) {
  const std::optional<LogProcess> process = batch.telemetry.process(pid, batch.record.ms);
  if (!process) return;
  LogEntry entry;
  entry.severity = "LOG";
  entry.process = *process;
  entry.ms = batch.record.ms;
  entry.message = "disconnection: session time: " + sessionTimeText(entry.ms - process->startedMs) +
                  " user=" + process->user + " database=" + process->database +
                  " host=" + process->host + " port=" + std::to_string(process->port);
  entries.push_back(std::move(entry));
}

void writeBatch(ServerContext& c, LogShape shape, std::int64_t count, Kind kind,
                std::int64_t number) {
  if (count <= 0) return;
  const auto key = static_cast<std::int64_t>(keyOf(c, kind.packed()) >> 1);
  writeLog(c.telemetry, c.now, shape, 0, {count, kind.packed(), number, key});
}

// Rounded to a whole number so that the mean is right.
std::int64_t rounded(const ServerContext& c, double expected, std::int64_t index) {
  const auto whole = static_cast<std::int64_t>(expected);
  const double rest = expected - static_cast<double>(whole);
  return whole + (base::uniform(c.seed, base::Stream::Statements, c.now.ms,
                                static_cast<std::uint32_t>(0x10000 + index)) < rest
                      ? 1
                      : 0);
}

bool drawsEach(const LogPolicy& policy, std::string_view sql) {
  return policy.duration || policy.minSampleMs >= 0 || policy.transactionSampleRate > 0 ||
         logsStatement(policy, sql);
}

// Statements of one class: those of its count that can leave a line.
void logClass(ServerContext& c, std::int64_t index, std::int64_t count, double meanSeconds,
              const SiteStatements& all) {
  const LogPolicy& policy = c.server.values.log.policy;
  const QueryClass& queryClass = c.model.spec.workload.classes[static_cast<std::size_t>(index)];
  const auto micros = static_cast<std::int64_t>(meanSeconds * 1e6);
  Kind kind{index, Draw::Each, spanOf(c, all.seconds)};
  if (!drawsEach(policy, queryClass.statement)) {
    kind.draw = Draw::Slow;
    const double least = static_cast<double>(policy.minDurationMs) / 1000;
    if (least >= c.model.spec.website.timeoutSeconds) return;
    if (least > 0) {
      const double share = meanSeconds > 0 ? base::portableExp(-least / meanSeconds) : 0;
      count = std::min(count, rounded(c, static_cast<double>(count) * share, index));
    }
  }
  writeBatch(c, LogShape::PgStatements, count, kind, micros);
}

}  // namespace

std::string sessionTimeText(std::int64_t ms) {
  const auto two = [](std::int64_t n) { return std::to_string(100 + n % 100).substr(1); };
  return std::to_string(ms / 3'600'000) + ":" + two(ms / 60'000 % 60) + ":" + two(ms / 1000 % 60) +
         "." + std::to_string(1000 + ms % 1000).substr(1);
}

bool holdsRollbacks(const LogRecord& record) {
  return !isOfLoad(record) && Kind::from(record.numbers[1]).draw == Draw::Rollback;
}

std::int64_t temporaryFileBytes(const QueryClass& queryClass) {
  return (static_cast<std::int64_t>(queryClass.nodeBytes) + kBlock - 1) / kBlock * kBlock;
}

std::vector<LogEntry> batchEntries(const LogRecord& record, const Telemetry& telemetry,
                                   const WorldSpec& spec) {
  if (isOfLoad(record)) return loadEntries(record, telemetry);
  std::vector<LogEntry> entries;
  const Batch batch = batchOf(record, telemetry, spec);
  const auto shape = static_cast<LogShape>(record.shape);
  if (shape == LogShape::PgStatements || shape == LogShape::PgTemporaryFiles) {
    for (std::int64_t i = 0; i < batch.count(); ++i) {
      shape == LogShape::PgStatements ? addStatement(entries, batch, i)
                                      : addTemporaryFile(entries, batch, i);
    }
  } else {
    const auto first = static_cast<std::uint32_t>(record.numbers[0]);
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(record.numbers[1]); ++i) {
      shape == LogShape::PgConnectionsOpened ? addOpened(entries, batch, first + i)
                                             : addClosed(entries, batch, first + i);
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const LogEntry& a, const LogEntry& b) { return a.ms < b.ms; });
  return entries;
}

void logSiteStatements(ServerContext& c, const SiteStatements& all) {
  const LogPolicy& policy = c.server.values.log.policy;
  const bool any = policy.minDurationMs >= 0 || policy.statement != LoggedStatements::None ||
                   drawsEach(policy, {});
  if (!any || c.server.connections() == 0) return;
  const std::vector<QueryClass>& classes = c.model.spec.workload.classes;
  const auto demandOf = [&](const QueryClass& one) {
    return one.cpuMs / 1000 + one.pages * all.missRatio * all.diskSeconds;
  };
  double mixed = 0;
  for (const QueryClass& one : classes) mixed += one.share * demandOf(one);
  // The statements are dealt out to the classes by their shares, none lost and none twice.
  const double offset = base::uniform(c.seed, base::Stream::Statements, c.now.ms, 0xFFFFF);
  double shares = 0;
  std::int64_t dealt = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    shares += classes[i].share;
    const bool last = i + 1 == classes.size();
    const auto upTo =
        last ? all.committed
             : std::min(all.committed, static_cast<std::int64_t>(
                                           static_cast<double>(all.committed) * shares + offset));
    const double mean = mixed > 0 ? all.meanSeconds * demandOf(classes[i]) / mixed : 0;
    logClass(c, static_cast<std::int64_t>(i), upTo - dealt, mean, all);
    dealt = upTo;
  }
  const Kind kind{0xFFFF, Draw::Rollback, spanOf(c, all.seconds)};
  const bool shown = policy.minDurationMs == 0 || drawsEach(policy, "ROLLBACK");
  if (shown) writeBatch(c, LogShape::PgStatements, all.rolledBack, kind, 0);
}

std::int64_t bookTemporaryFiles(ServerContext& c, std::size_t queryClass, double expected,
                                double seconds) {
  const auto index = static_cast<std::int64_t>(queryClass);
  const std::int64_t files = rounded(c, expected, 0x20000 + index);
  const std::int64_t each = temporaryFileBytes(c.model.spec.workload.classes[queryClass]);
  const LogPolicy& policy = c.server.values.log.policy;
  if (logsTemporaryFile(policy, each + each / 8 + kBlock)) {
    writeBatch(c, LogShape::PgTemporaryFiles, files, {index, Draw::Each, spanOf(c, seconds)},
               static_cast<std::int64_t>(c.server.tempFiles));
  }
  c.server.tempFiles += static_cast<double>(files);
  c.server.tempBytes += static_cast<double>(files * each);
  return files * each;
}

void logConnectionsOpened(ServerContext& c, std::uint32_t firstPid, std::int32_t count) {
  if (!c.server.values.log.policy.connections || count <= 0) return;
  writeLog(c.telemetry, c.now, LogShape::PgConnectionsOpened, 0, {firstPid, count});
}

void logConnectionsClosed(ServerContext& c, std::uint32_t firstPid, std::int32_t count,
                          std::int64_t startedMs) {
  if (!c.server.values.log.policy.disconnections || count <= 0) return;
  writeLog(c.telemetry, c.now, LogShape::PgConnectionsClosed, 0, {firstPid, count, startedMs});
}

}  // namespace sim
