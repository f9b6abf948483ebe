// SPDX-License-Identifier: GPL-3.0-or-later
// A table over something that mostly grows at its end. When another moment of a run is shown, the
// rows that both have in common stay, and with them selections and what a view has measured.
#pragma once

#include <QAbstractTableModel>
#include <iterator>
#include <vector>

namespace models {

class GrowingTable : public QAbstractTableModel {
 public:
  using QAbstractTableModel::QAbstractTableModel;

 protected:
  // Both tell the views. `rows` is what rowCount() counts.
  template <typename Row>
  void keepFirst(std::vector<Row>& rows, std::size_t count) {
    if (count >= rows.size()) return;
    beginRemoveRows({}, static_cast<int>(count), static_cast<int>(rows.size()) - 1);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end());
    endRemoveRows();
  }
  template <typename Row>
  void append(std::vector<Row>& rows, std::vector<Row> fresh) {
    if (fresh.empty()) return;
    const auto first = static_cast<int>(rows.size());
    beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
    rows.insert(rows.end(), std::make_move_iterator(fresh.begin()),
                std::make_move_iterator(fresh.end()));
    endInsertRows();
  }
};

}  // namespace models
