// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/notification_model.h"

#include "models/words.h"

namespace models {

NotificationModel::NotificationModel(QObject* parent) : QAbstractTableModel(parent) {}

void NotificationModel::refresh(const drill::Run& run) {
  const auto& all = run.telemetry().notifications();
  if (all.size() <= m_rows.size()) return;
  const sim::WorldSpec& spec = run.world().spec();
  beginInsertRows({}, rowCount(), static_cast<int>(all.size()) - 1);
  for (std::size_t i = m_rows.size(); i < all.size(); ++i) {
    m_rows.push_back(
        {QString::fromStdString(base::clockText(spec.timing.startUnixMs + all[i].at.ms)),
         personText(spec, all[i].from), QString::fromStdString(all[i].text),
         QString::fromStdString(all[i].from), QString::fromStdString(all[i].topic)});
  }
  endInsertRows();
}

void NotificationModel::reset(const drill::Run& run) {
  beginResetModel();
  m_rows.clear();
  endResetModel();
  refresh(run);
}

int NotificationModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NotificationModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant NotificationModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  if (role == FromRole) return row.fromId;
  if (role == TopicRole) return row.topic;
  if (role == Qt::ToolTipRole) return row.text;
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case Time:
      return row.time;
    case From:
      return row.from;
    case Text:
      return row.text;
    default:
      return {};
  }
}

QVariant NotificationModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case Time:
      return tr("Time (GMT)");
    case From:
      return tr("From");
    case Text:
      return tr("Message");
    default:
      return {};
  }
}

}  // namespace models
