// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/records_model.h"

#include "base/text.h"

namespace models {
namespace {
QString number(double value, int decimals) {
  return QString::fromStdString(base::fixedText(value, decimals));
}
}  // namespace

RecordsModel::RecordsModel(QObject* parent) : QAbstractTableModel(parent) {}

void RecordsModel::setRecords(std::vector<records::Record> records) {
  beginResetModel();
  m_records = std::move(records);
  endResetModel();
}

int RecordsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RecordsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant RecordsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const records::Record& row = record(index.row());
  if (role == IdRole) return QVariant::fromValue<qint64>(row.id);
  if (role == Qt::TextAlignmentRole && index.column() >= Score && index.column() != Band) {
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case Finished:
      return QString::fromStdString(row.finishedAt).replace('T', ' ').left(16);
    case Scenario:
      return QString::fromStdString(row.scenarioTitle);
    case Mode:
      return QString::fromStdString(row.mode);
    case Score:
      return number(row.score, 1);
    case Band:
      return QString::fromStdString(row.band);
    case Affected:
      return number(row.usersAffectedPercent, 1);
    case Lost:
      return number(row.userMinutesLost, 0);
    case Down:
      return number(row.downtimeMinutes, 0);
    default:
      return {};
  }
}

QVariant RecordsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case Finished:
      return tr("Finished (UTC)");
    case Scenario:
      return tr("Scenario");
    case Mode:
      return tr("Mode");
    case Score:
      return tr("Score");
    case Band:
      return tr("Band");
    case Affected:
      return tr("Users affected, %");
    case Lost:
      return tr("User-minutes lost");
    case Down:
      return tr("Down, minutes");
    default:
      return {};
  }
}

}  // namespace models
