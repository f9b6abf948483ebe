// SPDX-License-Identifier: GPL-3.0-or-later
// The logs of a run as a table, one row per line of text: time, source, severity, line. Keeps two
// numbers per line and makes text when a row is read, so a million lines are cheap; filtering is an
// index of rows, never a proxy model.
#pragma once

#include <QString>
#include <array>
#include <cstdint>
#include <vector>

#include "models/growing_table.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace models {

struct LogFilter {
  std::array<bool, static_cast<std::size_t>(sim::LogSource::Count)> sources{true, true, true, true,
                                                                            true};
  sim::Severity least = sim::Severity::Debug;
  QString text;  // part of a line, letter case ignored
  bool operator==(const LogFilter&) const = default;
};

class LogModel : public GrowingTable {
  Q_OBJECT
 public:
  enum Column { Time, Source, Severity, Text, ColumnCount };
  enum Role { SeverityRole = Qt::UserRole, SourceRole, TimeRole };  // int, int, qint64 (ms)

  explicit LogModel(QObject* parent = nullptr);

  // Goes on with another run's telemetry, or forgets what it has (null). Records that are the same
  // from the first on stay as long as the spec does.
  void setSource(const sim::Telemetry* telemetry, const sim::WorldSpec* spec);
  // The telemetry has gone; until the next one is set, the rows it left show nothing.
  void suspend() { m_telemetry = nullptr; }
  // Reads what the telemetry has gained since.
  void refresh();
  void setFilter(const LogFilter& filter);
  [[nodiscard]] const LogFilter& filter() const { return m_filter; }
  [[nodiscard]] std::size_t lineCount() const { return m_lines.size(); }
  // The next row after `row` (before it when backwards) that shows text; -1: none.
  [[nodiscard]] int find(const QString& text, int row, bool backwards) const;
  // Whole record of a row: all its lines with the prefix the file has.
  [[nodiscard]] QString recordText(int row) const;
  [[nodiscard]] std::int64_t timeMs(int row) const;
  [[nodiscard]] sim::LogSource sourceOf(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  struct Line {
    std::uint32_t record = 0;
    std::uint32_t part = 0;  // line within the record
  };
  [[nodiscard]] const std::vector<std::string>& partsOf(std::uint32_t record) const;
  [[nodiscard]] bool passes(const Line& line, const std::string& needle) const;
  [[nodiscard]] const sim::LogRecord& recordAt(int row) const;
  [[nodiscard]] QString shown(const sim::LogRecord& record, const Line& line, int column) const;

  struct Known {
    std::uint64_t sum = 0;  // what the record says
    std::uint32_t parts = 0;
  };
  [[nodiscard]] std::uint64_t sumOf(std::uint32_t record) const;
  [[nodiscard]] const Known& known(std::uint32_t record);
  void keepRecords(std::uint32_t count);

  const sim::Telemetry* m_telemetry = nullptr;
  const sim::WorldSpec* m_spec = nullptr;
  LogFilter m_filter;
  std::vector<Line> m_lines;
  std::vector<std::uint32_t> m_rows;  // indices into m_lines that pass the filter
  std::uint32_t m_nextRecord = 0;
  // Of the records read, and of those that came after them in another moment of the run.
  std::vector<Known> m_known;
  // The record read last, as lines: the parts of a long report are read one after the other.
  mutable std::uint32_t m_cachedRecord = UINT32_MAX;
  mutable std::vector<std::string> m_cachedParts;
};

}  // namespace models
