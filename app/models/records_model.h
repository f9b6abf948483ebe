// SPDX-License-Identifier: GPL-3.0-or-later
// Finished runs of this machine as a table, newest first.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "records/store.h"

namespace models {

class RecordsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Finished, Scenario, Mode, Score, Band, Affected, Lost, Down, ColumnCount };
  enum Role { IdRole = Qt::UserRole };  // qint64

  explicit RecordsModel(QObject* parent = nullptr);
  void setRecords(std::vector<records::Record> records);
  [[nodiscard]] const records::Record& record(int row) const {
    return m_records[static_cast<std::size_t>(row)];
  }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  std::vector<records::Record> m_records;
};

}  // namespace models
