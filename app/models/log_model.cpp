// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_model.h"

#include <algorithm>

#include "base/fingerprint.h"
#include "base/text.h"

namespace models {
namespace {

bool containsLower(const std::string& text, const std::string& needle) {
  return needle.empty() || base::contains(base::lower(text), needle);
}

}  // namespace

LogModel::LogModel(QObject* parent) : GrowingTable(parent) {}

void LogModel::setSource(const sim::Telemetry* telemetry, const sim::WorldSpec* spec) {
  const bool another = spec != m_spec;
  m_telemetry = telemetry;
  m_spec = spec;
  m_cachedRecord = UINT32_MAX;
  if (another) m_known.clear();
  const auto count = static_cast<std::uint32_t>(
      telemetry && !another ? std::min<std::size_t>(telemetry->logs().size(), m_nextRecord) : 0);
  std::uint32_t same = 0;
  while (same < count && m_known[same].sum == sumOf(same)) ++same;
  keepRecords(same);
  refresh();
}

std::uint64_t LogModel::sumOf(std::uint32_t record) const {
  const sim::LogRecord& told = m_telemetry->logs()[record];
  base::Fingerprint sum;
  sum.add(told.ms);
  sum.add((static_cast<std::uint64_t>(told.pid) << 32) |
          (static_cast<std::uint64_t>(told.shape) << 16) |
          (static_cast<std::uint64_t>(told.source) << 8) |
          static_cast<std::uint64_t>(told.severity));
  sum.add((static_cast<std::uint64_t>(told.sqlstate) << 32) | told.sequence);
  for (const std::int64_t number : told.numbers) sum.add(number);
  if (told.textIndex != 0) sum.add(m_telemetry->text(told.textIndex));
  return sum.value();
}

// Counting a record's lines means writing them, so it is done once.
const LogModel::Known& LogModel::known(std::uint32_t record) {
  const std::uint64_t sum = sumOf(record);
  if (record >= m_known.size() || m_known[record].sum != sum) {
    m_known.resize(record + std::size_t{1});
    m_known[record] = {sum, static_cast<std::uint32_t>(partsOf(record).size())};
  }
  return m_known[record];
}

void LogModel::keepRecords(std::uint32_t count) {
  m_nextRecord = std::min(m_nextRecord, count);
  const auto lines = std::partition_point(
      m_lines.begin(), m_lines.end(), [count](const Line& line) { return line.record < count; });
  const auto rows = std::lower_bound(m_rows.begin(), m_rows.end(),
                                     static_cast<std::uint32_t>(lines - m_lines.begin()));
  keepFirst(m_rows, static_cast<std::size_t>(rows - m_rows.begin()));
  m_lines.erase(lines, m_lines.end());
}

void LogModel::refresh() {
  if (!m_telemetry) return;
  const std::string needle = m_filter.text.toLower().toStdString();
  std::vector<std::uint32_t> fresh;
  const auto count = static_cast<std::uint32_t>(m_telemetry->logs().size());
  for (; m_nextRecord < count; ++m_nextRecord) {
    const std::uint32_t record = m_nextRecord;
    const std::uint32_t parts = known(record).parts;
    for (std::uint32_t part = 0; part < parts; ++part) {
      const Line line{record, part};
      if (passes(line, needle)) fresh.push_back(static_cast<std::uint32_t>(m_lines.size()));
      m_lines.push_back(line);
    }
  }
  append(m_rows, std::move(fresh));
}

void LogModel::setFilter(const LogFilter& filter) {
  if (filter == m_filter) return;
  beginResetModel();
  m_filter = filter;
  m_rows.clear();
  const std::string needle = m_filter.text.toLower().toStdString();
  for (std::uint32_t index = 0; index < m_lines.size(); ++index) {
    if (passes(m_lines[index], needle)) m_rows.push_back(index);
  }
  endResetModel();
}

bool LogModel::passes(const Line& line, const std::string& needle) const {
  const sim::LogRecord& record = m_telemetry->logs()[line.record];
  if (!m_filter.sources[static_cast<std::size_t>(record.source)]) return false;
  if (record.severity < m_filter.least) return false;
  return needle.empty() || containsLower(partsOf(line.record)[line.part], needle);
}

int LogModel::find(const QString& text, int row, bool backwards) const {
  const std::string needle = text.toLower().toStdString();
  if (needle.empty()) return -1;
  const int step = backwards ? -1 : 1;
  for (int at = row + step; at >= 0 && at < rowCount(); at += step) {
    const Line& line = m_lines[m_rows[static_cast<std::size_t>(at)]];
    if (containsLower(partsOf(line.record)[line.part], needle)) return at;
  }
  return -1;
}

const std::vector<std::string>& LogModel::partsOf(std::uint32_t record) const {
  if (record != m_cachedRecord) {
    m_cachedParts =
        base::lines(sim::logMessage(m_telemetry->logs()[record], *m_telemetry, *m_spec));
    if (m_cachedParts.empty()) m_cachedParts.emplace_back();
    m_cachedRecord = record;
  }
  return m_cachedParts;
}

const sim::LogRecord& LogModel::recordAt(int row) const {
  return m_telemetry->logs()[m_lines[m_rows[static_cast<std::size_t>(row)]].record];
}

QString LogModel::recordText(int row) const {
  return QString::fromStdString(sim::logText(recordAt(row), *m_telemetry, *m_spec));
}

std::int64_t LogModel::timeMs(int row) const {
  return recordAt(row).ms;
}

sim::LogSource LogModel::sourceOf(int row) const {
  return recordAt(row).source;
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString LogModel::shown(const sim::LogRecord& record, const Line& line, int column) const {
  switch (column) {
    case Time:
      return QString::fromStdString(base::clockText(m_spec->timing.startUnixMs + record.ms));
    case Source: {
      const std::string_view name = sim::logSourceName(record.source);
      return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    case Severity: {
      if (line.part > 0) return {};
      const std::string_view name = sim::severityName(record.severity);
      return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    default:
      return QString::fromStdString(partsOf(line.record)[line.part]).replace('\t', "    ");
  }
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Line& line = m_lines[m_rows[static_cast<std::size_t>(index.row())]];
  // Rows that are about to go may be asked for; their run has gone.
  if (!m_telemetry || line.record >= m_telemetry->logs().size()) return {};
  const sim::LogRecord& record = m_telemetry->logs()[line.record];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
      return shown(record, line, index.column());
    case Qt::ToolTipRole:
      return recordText(index.row());
    case SeverityRole:
      return static_cast<int>(record.severity);
    case SourceRole:
      return static_cast<int>(record.source);
    case TimeRole:
      return QVariant::fromValue<qint64>(record.ms);
    default:
      return {};
  }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case Time:
      return tr("Time (GMT)");
    case Source:
      return tr("Source");
    case Severity:
      return tr("Severity");
    case Text:
      return tr("Line");
    default:
      return {};
  }
}

}  // namespace models
