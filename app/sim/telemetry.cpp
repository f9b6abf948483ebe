// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/telemetry.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "base/first_of.h"
#include "base/random.h"

namespace sim {

namespace {

constexpr std::size_t kPageFloats = 1024;  // 4 kB
constexpr std::size_t kLineFloats = 16;    // one cache line

// One row writes to one place in every column. Strides a cache line above a multiple of the page
// size spread these places over all sets of the first-level cache.
std::size_t strideFor(std::size_t rows) {
  const std::size_t pages = (rows + kPageFloats - 1 - kLineFloats) / kPageFloats;
  return std::max<std::size_t>(pages, 1) * kPageFloats + kLineFloats;
}

// Two neighbouring floats of a row.
std::uint64_t wordAt(const MetricRow& row, std::size_t index) {
  std::uint64_t word = 0;
  std::memcpy(&word, row.data() + index, sizeof(word));
  return word;
}

// By its bits, which compilers do for several numbers at once.
float withOneNaN(float value) {
  constexpr std::int32_t kInfinity = 0x7F800000;
  constexpr std::int32_t kNaN = 0x7FC00000;
  const auto bits = std::bit_cast<std::int32_t>(value);
  return std::bit_cast<float>((bits & 0x7FFFFFFF) > kInfinity ? kNaN : bits);
}

// The product of two words, folded: both halves of every factor count.
std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  const base::Wide product = static_cast<base::Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Three chains side by side, two words a step: one chain would wait for its own multiplication.
// After wyhash (Wang Yi, 2019).
std::uint64_t hashOf(const MetricRow& row) {
  constexpr std::uint64_t kFirst = 0xA0761D6478BD642FULL, kSecond = 0xE7037ED1A0B428DBULL,
                          kThird = 0x8EBC6AF09C88C6E3ULL;
  constexpr std::size_t kStep = 12;  // floats
  static_assert(kMetricCount % kStep == 0);
  std::uint64_t a = kSecond, b = kThird, c = kFirst;
  for (std::size_t i = 0; i < kMetricCount; i += kStep) {
    a = folded(wordAt(row, i) ^ kFirst, wordAt(row, i + 2) ^ a);
    b = folded(wordAt(row, i + 4) ^ kSecond, wordAt(row, i + 6) ^ b);
    c = folded(wordAt(row, i + 8) ^ kThird, wordAt(row, i + 10) ^ c);
  }
  return folded(a ^ kSecond, b ^ c);
}

// Writes a row, one float to each column.
void scatter(const MetricRow& row, float* place, std::size_t stride) {
  constexpr std::size_t kSide = 4;
  static_assert(kMetricCount % kSide == 0);
  for (std::size_t i = 0; i < kMetricCount; i += kSide) {
    place[0] = row[i];
    place[stride] = row[i + 1];
    place[2 * stride] = row[i + 2];
    place[3 * stride] = row[i + 3];
    place += kSide * stride;
  }
}

}  // namespace

Telemetry::Telemetry(Detail detail) : m_detail(detail), m_texts(1) {}

void Telemetry::reserve(std::size_t rows) {
  if (m_detail == Detail::Summary || rows <= m_stride) return;
  const std::size_t stride = strideFor(rows);
  decltype(m_values) values(stride * kMetricCount);
  for (std::size_t column = 0; column < kMetricCount && !m_times.empty(); ++column) {
    std::memcpy(values.data() + column * stride, m_values.data() + column * m_stride,
                m_times.size() * sizeof(float));
  }
  m_values = std::move(values);
  m_stride = stride;
  m_times.reserve(stride);
}

TelemetryMark Telemetry::mark() const {
  TelemetryMark mark;
  mark.rows = m_times.size();
  mark.logs = m_logs.size();
  mark.texts = m_texts.size();
  mark.alerts = m_alerts.size();
  mark.notifications = m_notifications.size();
  mark.logSettings = m_logSettings.size();
  mark.pools = m_pools.size();
  mark.oomTasks = m_oomTasks.size();
  mark.loads = m_loads.size();
  mark.serverStarts = m_serverStarts.size();
  mark.processes = m_processes.size();
  mark.pooled = m_pooled.size();
  mark.logCounts = m_logCounts;
  mark.sequence = m_sequence;
  mark.textCount = m_textCount;
  mark.server = m_server;
  mark.fingerprint = m_fingerprint;
  return mark;
}

namespace {

template <typename ByPid>
ByPid bornBefore(const ByPid& all, std::size_t count) {
  ByPid kept;
  for (const auto& [pid, born] : all) {
    if (born.first < count) kept.emplace_hint(kept.end(), pid, born);
  }
  return kept;
}

}  // namespace

Telemetry Telemetry::upTo(const TelemetryMark& mark) const {
  Telemetry past(m_detail);
  if (m_stride > 0) past.reserve(m_stride - kLineFloats);
  past.m_times.assign(m_times.begin(), m_times.begin() + static_cast<std::ptrdiff_t>(mark.rows));
  for (std::size_t column = 0; column < kMetricCount && mark.rows > 0; ++column) {
    const float* series = m_values.data() + column * m_stride;
    std::memcpy(past.m_values.data() + column * past.m_stride, series, mark.rows * sizeof(float));
    past.m_lastRow[column] = series[mark.rows - 1];
  }
  past.m_logs = base::firstOf(m_logs, mark.logs);
  past.m_texts = base::firstOf(m_texts, mark.texts);
  past.m_alerts = base::firstOf(m_alerts, mark.alerts);
  past.m_notifications = base::firstOf(m_notifications, mark.notifications);
  past.m_logSettings = base::firstOf(m_logSettings, mark.logSettings);
  past.m_pools = base::firstOf(m_pools, mark.pools);
  past.m_oomTasks = base::firstOf(m_oomTasks, mark.oomTasks);
  past.m_loads = bornBefore(m_loads, mark.loads);
  past.m_serverStarts = base::firstOf(m_serverStarts, mark.serverStarts);
  past.m_processes = bornBefore(m_processes, mark.processes);
  past.m_pooled = base::firstOf(m_pooled, mark.pooled);
  past.m_logCounts = mark.logCounts;
  past.m_sequence = mark.sequence;
  past.m_textCount = mark.textCount;
  past.m_server = mark.server;
  past.m_fingerprint = mark.fingerprint;
  return past;
}

void Telemetry::addRow(base::SimTime at, const MetricRow& row) {
  if (m_detail == Detail::Summary) {
    m_lastRow = row;
    return;
  }
  for (std::size_t i = 0; i < kMetricCount; ++i) m_lastRow[i] = withOneNaN(row[i]);
  m_fingerprint.add(at.ms);
  m_fingerprint.add(hashOf(m_lastRow));
  if (m_times.size() == m_stride) reserve(m_stride * 2 + 1);
  scatter(m_lastRow, m_values.data() + m_times.size(), m_stride);
  m_times.push_back(at.ms);
}

void Telemetry::addLog(LogRecord record) {
  if (!m_logSettings.empty() && !lets(m_logSettings.back().second->policy, record)) return;
  record.sequence = m_sequence++;
  ++m_logCounts[static_cast<std::size_t>(record.source)];
  m_fingerprint.add(record.ms);
  m_fingerprint.add((static_cast<std::uint64_t>(record.pid) << 32) |
                    (static_cast<std::uint64_t>(record.shape) << 16) |
                    (static_cast<std::uint64_t>(record.source) << 8) |
                    static_cast<std::uint64_t>(record.severity));
  m_fingerprint.add((static_cast<std::uint64_t>(record.textIndex) << 32) | record.sequence);
  for (const std::int64_t number : record.numbers) m_fingerprint.add(number);
  if (m_detail == Detail::Full) m_logs.push_back(record);
}

std::uint32_t Telemetry::addText(std::string text) {
  m_fingerprint.add(text);
  if (m_detail == Detail::Full) m_texts.push_back(std::move(text));
  return m_textCount++;
}

namespace {

// The last entry that begins at or before a sequence; end() when there is none.
template <typename Entries>
auto holdingAt(const Entries& entries, std::uint32_t sequence) {
  const auto after = std::upper_bound(
      entries.begin(), entries.end(), sequence,
      [](std::uint32_t wanted, const auto& entry) { return wanted < entry.first; });
  return after == entries.begin() ? entries.end() : std::prev(after);
}

}  // namespace

const LogSettings& Telemetry::logSettings(std::uint32_t sequence) const {
  static const LogSettings kDefault;
  const auto found = holdingAt(m_logSettings, sequence);
  return found != m_logSettings.end() ? *found->second : kDefault;
}

const std::vector<OomTask>& Telemetry::oomTasks(std::uint32_t sequence) const {
  static const std::vector<OomTask> kNone;
  const auto found = holdingAt(m_oomTasks, sequence);
  return found != m_oomTasks.end() && found->first == sequence ? found->second : kNone;
}

bool Telemetry::collectsLogs() const {
  return std::any_of(m_logSettings.begin(), m_logSettings.end(),
                     [](const auto& entry) { return entry.second->destination.collector; });
}

const BackendPool& Telemetry::backendPool(std::uint32_t sequence) const {
  static const BackendPool kNone;
  if (!m_pools.empty() && m_pools.back().first <= sequence) return m_pools.back().second;
  const auto found = holdingAt(m_pools, sequence);
  return found != m_pools.end() ? found->second : kNone;
}

std::int64_t PooledProcesses::startedMs(std::uint32_t pid) const {
  return std::max(first.startedMs, lastMs - stepMs * (count - 1 - (pid - first.pid)));
}

std::optional<LogProcess> Telemetry::process(std::uint32_t pid, std::int64_t ms) const {
  const LogProcess* single = nullptr;
  for (auto [it, end] = m_processes.equal_range(pid); it != end; ++it) {
    const LogProcess& process = it->second.second;
    if (single == nullptr || process.startedMs <= ms) single = &process;
  }
  if (single != nullptr) return *single;
  const PooledProcesses* found = nullptr;
  for (const PooledProcesses& one : m_pooled) {
    if (one.has(pid) && (found == nullptr || one.startedMs(pid) <= ms)) found = &one;
  }
  if (found == nullptr) return std::nullopt;
  LogProcess process = found->first;
  process.pid = pid;
  process.startedMs = found->startedMs(pid);
  process.port = clientPort(pid);
  return process;
}

void Telemetry::noteLogSettings(const LogSettings& settings) {
  if (!m_logSettings.empty() && *m_logSettings.back().second == settings) return;
  m_logSettings.emplace_back(m_sequence, std::make_shared<const LogSettings>(settings));
}

std::int64_t Telemetry::serverStart(std::int64_t ms) const {
  std::int64_t start = 0;
  for (const std::int64_t one : m_serverStarts) start = one <= ms ? one : start;
  return start;
}

void Telemetry::noteProcess(LogProcess process) {
  if (m_detail == Detail::Summary) return;
  if (process.backendType == "postmaster") m_serverStarts.push_back(process.startedMs);
  const std::uint32_t pid = process.pid;
  m_processes.emplace(pid, std::pair{m_processes.size(), std::move(process)});
}

void Telemetry::noteProcesses(PooledProcesses processes) {
  if (m_detail == Detail::Full) m_pooled.push_back(std::move(processes));
}

void Telemetry::noteLoad(const ClientLoad& load) {
  m_loads.emplace(load.firstPid,
                  std::pair{m_loads.size(), std::make_shared<const ClientLoad>(load)});
}

const ClientLoad* Telemetry::load(std::uint32_t firstPid) const {
  const auto [first, after] = m_loads.equal_range(firstPid);
  return first == after ? nullptr : std::prev(after)->second.second.get();
}

void Telemetry::noteOomTasks(std::vector<OomTask> tasks) {
  if (m_detail == Detail::Full) m_oomTasks.emplace_back(m_sequence, std::move(tasks));
}

bool Telemetry::noteServer(std::uint32_t postmasterPid, std::uint32_t auxiliaryPid) {
  const std::pair server{postmasterPid, auxiliaryPid};
  if (m_server == server) return false;
  m_server = server;
  return true;
}

void Telemetry::noteBackendPool(const BackendPool& pool) {
  if (m_detail == Detail::Summary) return;
  if (m_pools.empty() || m_pools.back().second != pool) m_pools.emplace_back(m_sequence, pool);
}

void Telemetry::addAlert(AlertEvent event) {
  m_fingerprint.add(event.at.ms);
  m_fingerprint.add((static_cast<std::uint64_t>(event.rule) << 8) |
                    static_cast<std::uint64_t>(event.state));
  m_fingerprint.add(event.value);
  m_alerts.push_back(event);
}

void Telemetry::addNotification(Notification notification) {
  m_fingerprint.add(notification.at.ms);
  m_fingerprint.add(notification.from);
  m_fingerprint.add(notification.topic);
  m_fingerprint.add(notification.text);
  m_notifications.push_back(std::move(notification));
}

std::size_t Telemetry::memoryBytes() const {
  std::size_t bytes = sizeof(*this);
  bytes += m_times.capacity() * sizeof(std::int64_t);
  bytes += m_values.capacity() * sizeof(float);
  bytes += m_logs.capacity() * sizeof(LogRecord);
  for (const auto& [sequence, tasks] : m_oomTasks) bytes += tasks.capacity() * sizeof(OomTask);
  for (const auto& [pid, process] : m_processes) bytes += sizeof(process) + 64;
  bytes += m_alerts.capacity() * sizeof(AlertEvent);
  bytes += m_texts.capacity() * sizeof(std::string);
  for (const std::string& text : m_texts) bytes += text.capacity();
  bytes += m_notifications.capacity() * sizeof(Notification);
  for (const Notification& note : m_notifications) {
    bytes += note.from.capacity() + note.topic.capacity() + note.text.capacity();
  }
  return bytes;
}

}  // namespace sim
