// SPDX-License-Identifier: GPL-3.0-or-later
// The alerts that have come up in a run, with their state now: those that fire come first, then the
// acknowledged, pending and resolved ones; among equals the latest change first. One row per rule
// that was ever pending or firing.
#pragma once

#include <QAbstractTableModel>
#include <cstdint>
#include <vector>

#include "drill/run.h"

namespace models {

class AlertModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { State, Severity, Name, Since, Value, Summary, ColumnCount };
  enum Role { StateRole = Qt::UserRole, NameRole, AcknowledgedRole };  // int, QString, bool
  enum class Shown { Pending, Firing, Acknowledged, Resolved };

  explicit AlertModel(QObject* parent = nullptr);
  // Reads the run's alerts again, whichever run it is. Selections follow their rows.
  void refresh(const drill::Run& run);
  [[nodiscard]] Shown stateOf(int row) const { return m_rows[static_cast<std::size_t>(row)].shown; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  struct Row {
    std::uint32_t rule = 0;
    std::int64_t changedMs = 0;
    Shown shown = Shown::Pending;
    QString severity, name, since, value, summary;
    bool operator==(const Row&) const = default;
  };
  void listRules(const drill::Run& run);
  void sortRows();
  [[nodiscard]] static Row rowOf(const drill::Run& run, std::uint32_t rule);

  std::vector<Row> m_rows;
};

// Alerts firing now, acknowledged or not.
[[nodiscard]] int firingAlerts(const drill::Run& run);

}  // namespace models
