// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/notification_model.h"

#include <algorithm>

#include "models/words.h"

namespace models {

NotificationModel::NotificationModel(QObject* parent) : GrowingTable(parent) {}

void NotificationModel::refresh(const drill::Run& run) {
  const auto& all = run.telemetry().notifications();
  const auto same =
      std::mismatch(m_rows.begin(), m_rows.end(), all.begin(), all.end(),
                    [](const Row& row, const sim::Notification& said) { return row.said == said; });
  const sim::WorldSpec& spec = run.world().spec();
  std::vector<Row> fresh;
  for (auto said = same.second; said != all.end(); ++said) {
    const std::int64_t unixMs = spec.timing.startUnixMs + said->at.ms;
    fresh.push_back({*said, QString::fromStdString(base::clockText(unixMs)),
                     personText(spec, said->from), messageText(*said)});
  }
  keepFirst(m_rows, static_cast<std::size_t>(same.first - m_rows.begin()));
  append(m_rows, std::move(fresh));
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
  if (role == FromRole) return QString::fromStdString(row.said.from);
  if (role == TopicRole) return QString::fromStdString(row.said.topic);
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
