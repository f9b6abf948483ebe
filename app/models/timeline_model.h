// SPDX-License-Identifier: GPL-3.0-or-later
// What has happened in a run so far, in order: what people did, what they said, which alerts came
// and went. The rows are also the event markers of the charts and of the time line.
#pragma once

#include <cstdint>
#include <vector>

#include "drill/run.h"
#include "models/growing_table.h"

namespace models {

struct TimelineRow {
  enum class Kind { Alert, Resolved, Action, Refused, Message };
  base::SimTime at;
  Kind kind = Kind::Action;
  QString who, text;
  // Worth a mark on charts and the time line: an alert that fires, something that was done.
  [[nodiscard]] bool marks() const { return kind == Kind::Alert || kind == Kind::Action; }
  bool operator==(const TimelineRow&) const = default;
};

class TimelineModel : public GrowingTable {
  Q_OBJECT
 public:
  enum Column { Time, Kind, Who, Text, ColumnCount };
  enum Role { TimeRole = Qt::UserRole, KindRole };  // qint64 (ms), int

  explicit TimelineModel(QObject* parent = nullptr);
  // Appends what came since; reset() when the run was replaced: rows that are the same stay.
  void refresh(const drill::Run& run);
  void reset(const drill::Run& run);
  // Looking around is left out unless asked for; takes effect at the next reset().
  void setShowLooks(bool shown) { m_showLooks = shown; }
  [[nodiscard]] const std::vector<TimelineRow>& rows() const { return m_rows; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  [[nodiscard]] std::vector<TimelineRow> fresh(const drill::Run& run);

  std::vector<TimelineRow> m_rows;
  std::size_t m_entries = 0, m_alerts = 0, m_notifications = 0;
  std::int64_t m_startUnixMs = 0;
  bool m_showLooks = false;
};

}  // namespace models
