// SPDX-License-Identifier: GPL-3.0-or-later
// The scenarios of this machine as a list: title and, for a delegate or a page beside it, the rest.
// A file that does not load stays in the list with what is wrong with it.
#pragma once

#include <QAbstractListModel>
#include <memory>
#include <vector>

#include "records/library.h"

namespace models {

class ScenarioListModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { FileRole = Qt::UserRole, ProblemRole };  // QString

  explicit ScenarioListModel(QObject* parent = nullptr);
  void load(const records::Library& library);
  // Null when the file of this row has problems.
  [[nodiscard]] std::shared_ptr<const scenario::Scenario> scenario(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  struct Row {
    QString file, problem;
    std::shared_ptr<const scenario::Scenario> scenario;
  };
  std::vector<Row> m_rows;
};

}  // namespace models
