// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/scenario_list_model.h"

namespace models {

ScenarioListModel::ScenarioListModel(QObject* parent) : QAbstractListModel(parent) {}

void ScenarioListModel::load(const records::Library& library) {
  beginResetModel();
  m_rows.clear();
  for (const std::string& file : library.scenarioFiles()) {
    const auto read = library.scenario(file);
    if (read) {
      m_rows.push_back({QString::fromStdString(file), {}, read.value()});
    } else {
      m_rows.push_back(
          {QString::fromStdString(file), QString::fromStdString(read.error().message), nullptr});
    }
  }
  endResetModel();
}

std::shared_ptr<const scenario::Scenario> ScenarioListModel::scenario(int row) const {
  return row < 0 || row >= rowCount() ? nullptr : m_rows[static_cast<std::size_t>(row)].scenario;
}

int ScenarioListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ScenarioListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
      return row.scenario ? QString::fromStdString(row.scenario->title)
                          : tr("%1 (cannot be used)").arg(row.file.section('/', -1));
    case Qt::ToolTipRole:
      return row.scenario ? QString::fromStdString(row.scenario->summary) : row.problem;
    case FileRole:
      return row.file;
    case ProblemRole:
      return row.problem;
    default:
      return {};
  }
}

}  // namespace models
