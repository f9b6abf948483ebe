// SPDX-License-Identifier: GPL-3.0-or-later
// What people have said to the trainee, oldest first: answers, arrivals, review verdicts.
#pragma once

#include <QAbstractTableModel>
#include <cstdint>
#include <vector>

#include "drill/run.h"

namespace models {

class NotificationModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Time, From, Text, ColumnCount };
  enum Role { FromRole = Qt::UserRole, TopicRole };  // QString ids

  explicit NotificationModel(QObject* parent = nullptr);
  void refresh(const drill::Run& run);
  void reset(const drill::Run& run);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  struct Row {
    QString time, from, text, fromId, topic;
  };
  std::vector<Row> m_rows;
};

}  // namespace models
