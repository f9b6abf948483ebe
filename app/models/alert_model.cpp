// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alert_model.h"

#include <algorithm>

#include "models/series_provider.h"

namespace models {
namespace {

QString stateText(AlertModel::Shown shown) {
  switch (shown) {
    case AlertModel::Shown::Pending:
      return AlertModel::tr("pending");
    case AlertModel::Shown::Firing:
      return AlertModel::tr("FIRING");
    case AlertModel::Shown::Acknowledged:
      return AlertModel::tr("acknowledged");
    case AlertModel::Shown::Resolved:
      return AlertModel::tr("resolved");
  }
  return {};
}

AlertModel::Shown shownState(const sim::RuleState& state) {
  if (state.state == sim::AlertState::Firing) {
    return state.acknowledged ? AlertModel::Shown::Acknowledged : AlertModel::Shown::Firing;
  }
  return state.state == sim::AlertState::Pending ? AlertModel::Shown::Pending
                                                 : AlertModel::Shown::Resolved;
}

int rankOf(AlertModel::Shown shown) {
  switch (shown) {
    case AlertModel::Shown::Firing:
      return 0;
    case AlertModel::Shown::Acknowledged:
      return 1;
    case AlertModel::Shown::Pending:
      return 2;
    case AlertModel::Shown::Resolved:
      return 3;
  }
  return 4;
}

}  // namespace

int firingAlerts(const drill::Run& run) {
  const auto& rules = run.world().monitoring().rules;
  return static_cast<int>(std::count_if(rules.begin(), rules.end(), [](const auto& rule) {
    return rule.state == sim::AlertState::Firing;
  }));
}

AlertModel::AlertModel(QObject* parent) : QAbstractTableModel(parent) {}

AlertModel::Row AlertModel::rowOf(const drill::Run& run, std::uint32_t rule) {
  const sim::AlertRule& spec = run.world().spec().monitoring.rules[rule];
  const sim::RuleState& state = run.world().monitoring().rules[rule];
  const auto& events = run.telemetry().alerts();
  const auto last = std::find_if(events.rbegin(), events.rend(),
                                 [rule](const auto& event) { return event.rule == rule; });
  Row row{rule,
          last == events.rend() ? 0 : last->at.ms,
          shownState(state),
          QString::fromStdString(spec.severity),
          QString::fromStdString(spec.name),
          {},
          {},
          QString::fromStdString(spec.summary)};
  if (last != events.rend()) {
    const std::int64_t unixMs = run.world().spec().timing.startUnixMs + last->at.ms;
    row.since = QString::fromStdString(base::clockText(unixMs));
    row.value = QString::fromStdString(shownValue(last->value));
  }
  return row;
}

void AlertModel::refresh(const drill::Run& run) {
  listRules(run);
  for (int i = 0; i < rowCount(); ++i) {
    Row& row = m_rows[static_cast<std::size_t>(i)];
    Row now = rowOf(run, row.rule);
    if (now == row) continue;
    row = std::move(now);
    emit dataChanged(index(i, 0), index(i, ColumnCount - 1));
  }
  sortRows();
}

// A row for each rule that has ever come up, and for no other.
void AlertModel::listRules(const drill::Run& run) {
  std::vector<bool> missing(run.world().spec().monitoring.rules.size());
  for (const sim::AlertEvent& event : run.telemetry().alerts()) missing[event.rule] = true;
  for (int i = rowCount() - 1; i >= 0; --i) {
    const auto at = m_rows.begin() + i;
    if (missing[at->rule]) {
      missing[at->rule] = false;
      continue;
    }
    beginRemoveRows({}, i, i);
    m_rows.erase(at);
    endRemoveRows();
  }
  for (std::uint32_t rule = 0; rule < missing.size(); ++rule) {
    if (!missing[rule]) continue;
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), rowOf(run, rule));
    endInsertRows();
  }
}

void AlertModel::sortRows() {
  const auto before = [](const Row& a, const Row& b) {
    if (rankOf(a.shown) != rankOf(b.shown)) return rankOf(a.shown) < rankOf(b.shown);
    return a.changedMs > b.changedMs;
  };
  if (std::is_sorted(m_rows.begin(), m_rows.end(), before)) return;
  emit layoutAboutToBeChanged();
  const QModelIndexList kept = persistentIndexList();
  std::vector<std::uint32_t> rules;
  for (const QModelIndex& one : kept) {
    rules.push_back(m_rows[static_cast<std::size_t>(one.row())].rule);
  }
  std::stable_sort(m_rows.begin(), m_rows.end(), before);
  for (qsizetype i = 0; i < kept.size(); ++i) {
    const std::uint32_t rule = rules[static_cast<std::size_t>(i)];
    const auto at = std::find_if(m_rows.begin(), m_rows.end(),
                                 [rule](const Row& row) { return row.rule == rule; });
    changePersistentIndex(kept[i], index(static_cast<int>(at - m_rows.begin()), kept[i].column()));
  }
  emit layoutChanged();
}

int AlertModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AlertModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant AlertModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  if (role == StateRole) return static_cast<int>(row.shown);
  if (role == NameRole) return row.name;
  if (role == AcknowledgedRole) return row.shown == Shown::Acknowledged;
  if (role == Qt::ToolTipRole) return row.summary;
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case State:
      return stateText(row.shown);
    case Severity:
      return row.severity;
    case Name:
      return row.name;
    case Since:
      return row.since;
    case Value:
      return row.value;
    case Summary:
      return row.summary;
    default:
      return {};
  }
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case State:
      return tr("State");
    case Severity:
      return tr("Severity");
    case Name:
      return tr("Alert");
    case Since:
      return tr("Since");
    case Value:
      return tr("Value");
    case Summary:
      return tr("What it means");
    default:
      return {};
  }
}

}  // namespace models
