// SPDX-License-Identifier: GPL-3.0-or-later
// What people have said to the trainee, oldest first: answers, arrivals, review verdicts.
#pragma once

#include <vector>

#include "drill/run.h"
#include "models/growing_table.h"

namespace models {

class NotificationModel : public GrowingTable {
  Q_OBJECT
 public:
  enum Column { Time, From, Text, ColumnCount };
  enum Role { FromRole = Qt::UserRole, TopicRole };  // QString ids

  explicit NotificationModel(QObject* parent = nullptr);
  // Shows what this run has said so far; rows that are the same stay.
  void refresh(const drill::Run& run);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  struct Row {
    sim::Notification said;
    QString time, from, text;
  };
  std::vector<Row> m_rows;
};

}  // namespace models
