// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/telemetry.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

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

// Four chains side by side: one chain would wait for its own multiplication at every word.
std::uint64_t rowHash(const MetricRow& row) {
  constexpr std::size_t kWords = (kMetricCount + 1) / 2;
  constexpr std::size_t kBlocks = (kWords + 3) / 4;
  std::array<std::uint64_t, kBlocks * 4> words{};
  std::memcpy(words.data(), row.data(), sizeof(row));
  std::array<base::Fingerprint, 4> chains;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t chain = 0; chain < 4; ++chain) chains[chain].add(words[block * 4 + chain]);
  }
  for (std::size_t chain = 1; chain < 4; ++chain) chains[0].add(chains[chain].value());
  return chains[0].value();
}

}  // namespace

Telemetry::Telemetry(Detail detail) : m_detail(detail), m_texts(1) {}

void Telemetry::reserve(std::size_t rows) {
  if (m_detail == Detail::Summary || rows <= m_stride) return;
  const std::size_t stride = strideFor(rows);
  std::vector<float> values(stride * kMetricCount);
  for (std::size_t column = 0; column < kMetricCount && !m_times.empty(); ++column) {
    std::memcpy(values.data() + column * stride, m_values.data() + column * m_stride,
                m_times.size() * sizeof(float));
  }
  m_values = std::move(values);
  m_stride = stride;
  m_times.reserve(stride);
}

void Telemetry::addRow(base::SimTime at, const MetricRow& row) {
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    m_lastRow[i] = row[i] == row[i] ? row[i] : std::numeric_limits<float>::quiet_NaN();
  }
  m_fingerprint.add(at.ms);
  m_fingerprint.add(rowHash(m_lastRow));
  if (m_detail == Detail::Summary) return;
  if (m_times.size() == m_stride) reserve(m_stride * 2 + 1);
  float* place = m_values.data() + m_times.size();
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    *place = m_lastRow[i];
    place += m_stride;
  }
  m_times.push_back(at.ms);
}

void Telemetry::addLog(LogRecord record) {
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
