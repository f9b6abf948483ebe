// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that comes out of a world: metric samples (columns, one float per metric per tick),
// log records, alert transitions and notifications. Append-only; the world writes, everybody else
// reads. It also carries the running fingerprint of all that was written.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/fingerprint.h"
#include "base/sim_time.h"
#include "base/uncleared_allocator.h"
#include "sim/client_load.h"
#include "sim/log.h"
#include "sim/log_entry.h"
#include "sim/log_policy.h"
#include "sim/log_shapes.h"
#include "sim/metric.h"

namespace sim {

enum class AlertState : std::uint8_t { Inactive, Pending, Firing };

// A change of an alert's state, as Alertmanager would show it.
struct AlertEvent {
  base::SimTime at;
  std::uint32_t rule = 0;  // index into WorldSpec::monitoring.rules
  AlertState state = AlertState::Inactive;
  double value = 0;
  bool operator==(const AlertEvent&) const = default;
};

// Something a person says or the world announces to people: replies, arrivals, review verdicts.
struct Notification {
  base::SimTime at;
  std::string from;   // person id, or "monitoring", "change-review", "status-page"
  std::string topic;  // topic id, "joined", "review" ...
  std::string text;
  bool operator==(const Notification&) const = default;
};

// Backends of one application host: pids firstPid, firstPid + 1, ...
struct PoolShare {
  std::uint32_t firstPid = 0;
  std::int32_t connections = 0;
  bool operator==(const PoolShare&) const = default;
};
using BackendPool = std::vector<PoolShare>;  // index: application host

// Backends of one application host that connected one after the other, as one note: pids from
// first.pid on, the last of them started at lastMs, each stepMs after the one before, none earlier
// than first.startedMs.
struct PooledProcesses {
  LogProcess first;
  std::uint32_t count = 0;
  std::int64_t lastMs = 0, stepMs = 0;
  [[nodiscard]] bool has(std::uint32_t pid) const {
    return pid - first.pid < count;  // unsigned: smaller pids are far above
  }
  [[nodiscard]] std::int64_t startedMs(std::uint32_t pid) const;
};

using MetricRow = std::array<float, kMetricCount>;

// How much a telemetry held at one moment (Telemetry::mark, Telemetry::upTo).
struct TelemetryMark {
  std::size_t rows = 0, logs = 0, texts = 0, alerts = 0, notifications = 0;
  std::size_t logSettings = 0, pools = 0, oomTasks = 0, loads = 0;
  std::size_t serverStarts = 0, processes = 0, pooled = 0;
  std::array<std::size_t, static_cast<std::size_t>(LogSource::Count)> logCounts{};
  std::uint32_t sequence = 0, textCount = 1;
  std::pair<std::uint32_t, std::uint32_t> server;
  base::Fingerprint fingerprint;
};

// Full keeps series, logs and texts; Summary keeps the last row that somebody looked at, alert
// events and notifications only (batches of runs), and its fingerprint is over logs, alerts and
// notifications, not over rows. The world passes through the same states in both.
enum class Detail : std::uint8_t { Full, Summary };

class Telemetry {
 public:
  explicit Telemetry(Detail detail = Detail::Full);

  // -- reading --
  // Times of the rows, milliseconds, ascending. Rows are a minute apart before
  // WorldSpec::timing.fineFrom and a second apart after it. NaN: the metric had no value.
  [[nodiscard]] std::span<const std::int64_t> times() const { return m_times; }
  [[nodiscard]] std::span<const float> series(Metric metric) const {
    return {m_values.data() + static_cast<std::size_t>(metric) * m_stride, m_times.size()};
  }
  [[nodiscard]] const MetricRow& lastRow() const { return m_lastRow; }
  [[nodiscard]] float last(Metric metric) const {
    return m_lastRow[static_cast<std::size_t>(metric)];
  }
  [[nodiscard]] const std::vector<LogRecord>& logs() const { return m_logs; }
  // Index 0 and texts a summary did not keep are empty.
  [[nodiscard]] const std::string& text(std::uint32_t index) const {
    return m_texts[index < m_texts.size() ? index : 0];
  }
  [[nodiscard]] const std::vector<AlertEvent>& alerts() const { return m_alerts; }
  [[nodiscard]] const std::vector<Notification>& notifications() const { return m_notifications; }
  // Hash over everything written so far, in order.
  [[nodiscard]] std::uint64_t fingerprint() const { return m_fingerprint.value(); }
  [[nodiscard]] std::size_t logCount(LogSource source) const {
    return m_logCounts[static_cast<std::size_t>(source)];
  }
  [[nodiscard]] std::size_t memoryBytes() const;
  // How the server logged when a record was written.
  [[nodiscard]] const LogSettings& logSettings(std::uint32_t sequence) const;
  // Whether the server's logging collector has been on at any time.
  [[nodiscard]] bool collectsLogs() const;
  // The process that had a pid at a time; nothing when nobody told of it.
  [[nodiscard]] std::optional<LogProcess> process(std::uint32_t pid, std::int64_t ms) const;
  // The application hosts' backends when a record was written.
  [[nodiscard]] const BackendPool& backendPool(std::uint32_t sequence = UINT32_MAX) const;
  // The load whose first client has this pid, as it began; null: nobody told.
  [[nodiscard]] const ClientLoad* load(std::uint32_t firstPid) const;
  // When the postmaster that ran at a time had started; 0: nobody told.
  [[nodiscard]] std::int64_t serverStart(std::int64_t ms) const;
  // The server's processes as the kernel's report of this sequence lists them.
  [[nodiscard]] const std::vector<OomTask>& oomTasks(std::uint32_t sequence) const;
  [[nodiscard]] Detail detail() const { return m_detail; }
  // As it was when it was marked: a telemetry to go on writing. Full detail only: a summary has
  // dropped what it would take.
  [[nodiscard]] TelemetryMark mark() const;
  [[nodiscard]] Telemetry upTo(const TelemetryMark& mark) const;

  // -- writing, for the world only --
  void reserve(std::size_t rows);
  // A NaN of any kind becomes the one NaN, so that every compiler writes the same bits.
  void addRow(base::SimTime at, const MetricRow& row);
  // Sets the record's sequence. Drops what the server's log_min_messages or log_checkpoints keep
  // out.
  void addLog(LogRecord record);
  // The index to put into LogRecord::textIndex.
  std::uint32_t addText(std::string text);
  void addAlert(AlertEvent event);
  void addNotification(Notification notification);
  // What follows from the state and explains records: in force from the next record on, and no part
  // of the fingerprint.
  void noteLogSettings(const LogSettings& settings);
  void noteProcess(LogProcess process);
  void noteProcesses(PooledProcesses processes);
  void noteBackendPool(const BackendPool& pool);
  void noteLoad(const ClientLoad& load);
  // Of the next record, a kernel's report.
  void noteOomTasks(std::vector<OomTask> tasks);
  // Whether these are others than at the last call.
  [[nodiscard]] bool noteServer(std::uint32_t postmasterPid, std::uint32_t auxiliaryPid);

 private:
  Detail m_detail;
  std::vector<std::int64_t> m_times;
  std::vector<float, base::UnclearedAllocator<float>>
      m_values;  // column after column, each m_stride long
  std::size_t m_stride = 0;
  MetricRow m_lastRow{};
  std::vector<LogRecord> m_logs;
  std::vector<std::string> m_texts;
  std::vector<AlertEvent> m_alerts;
  std::vector<Notification> m_notifications;
  std::array<std::size_t, static_cast<std::size_t>(LogSource::Count)> m_logCounts{};
  std::uint32_t m_sequence = 0;
  std::uint32_t m_textCount = 1;  // text 0 is "none"
  base::Fingerprint m_fingerprint;
  // by the sequence of the first record they hold for
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const LogSettings>>> m_logSettings;
  std::vector<std::pair<std::uint32_t, BackendPool>> m_pools;
  std::vector<std::pair<std::uint32_t, std::vector<OomTask>>> m_oomTasks;
  // What is looked up by a pid, and how many there were before it.
  template <typename Value>
  using ByPid = std::multimap<std::uint32_t, std::pair<std::size_t, Value>>;
  ByPid<std::shared_ptr<const ClientLoad>> m_loads;  // by the first client's pid
  std::vector<std::int64_t> m_serverStarts;
  std::pair<std::uint32_t, std::uint32_t> m_server;  // pids of postmaster and checkpointer
  ByPid<LogProcess> m_processes;                     // those of one pid in order of birth
  std::vector<PooledProcesses> m_pooled;             // in order of birth
};

struct WorldSpec;
// The record as its log shows it, without a trailing newline; may hold several lines (a kernel OOM
// report, DETAIL and HINT lines). With the prefix the log file has: log_line_prefix for PostgreSQL,
// [time] for the kernel, journal form for the others.
[[nodiscard]] std::string logText(const LogRecord& record, const Telemetry& telemetry,
                                  const WorldSpec& spec);
// The same without the prefix.
[[nodiscard]] std::string logMessage(const LogRecord& record, const Telemetry& telemetry,
                                     const WorldSpec& spec);

}  // namespace sim
