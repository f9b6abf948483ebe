// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeline_model.h"

#include <algorithm>

#include "models/words.h"

namespace models {
namespace {

QString kindText(TimelineRow::Kind kind) {
  switch (kind) {
    case TimelineRow::Kind::Alert:
    case TimelineRow::Kind::Resolved:
      return TimelineModel::tr("alert");
    case TimelineRow::Kind::Action:
      return TimelineModel::tr("action");
    case TimelineRow::Kind::Refused:
      return TimelineModel::tr("refused");
    case TimelineRow::Kind::Message:
      return TimelineModel::tr("message");
  }
  return {};
}

// Firing, and the end of firing; a condition that came and went before its time is no event.
bool worthALine(const std::vector<sim::AlertEvent>& events, std::size_t index) {
  const sim::AlertEvent& event = events[index];
  if (event.state == sim::AlertState::Firing) return true;
  if (event.state == sim::AlertState::Pending) return false;
  for (std::size_t before = index; before-- > 0;) {
    if (events[before].rule != event.rule) continue;
    return events[before].state == sim::AlertState::Firing;
  }
  return false;
}

// How many entries of the journal come from a history that is watched, not from the trainee.
std::size_t watchedEntries(const drill::Run& run) {
  if (run.startKey().mode != drill::Mode::Watch) return 0;
  const auto& journal = run.journal();
  const auto takeOver = std::find_if(journal.begin(), journal.end(), [](const auto& entry) {
    return entry.timed.action.verb == sim::Verb::TakeOver && entry.outcome.accepted;
  });
  return static_cast<std::size_t>(takeOver - journal.begin());
}

TimelineRow rowOf(const sim::WorldSpec& spec, const drill::Entry& entry, bool watched) {
  QString text = actionText(spec, entry.timed.action);
  const bool accepted = entry.outcome.accepted;
  if (!accepted) {
    text += QLatin1String(": ") + QString::fromStdString(entry.outcome.text).simplified();
  }
  return {entry.timed.at, accepted ? TimelineRow::Kind::Action : TimelineRow::Kind::Refused,
          watched && entry.timed.who == "trainee" ? TimelineModel::tr("The team")
                                                  : personText(spec, entry.timed.who),
          text};
}

}  // namespace

TimelineModel::TimelineModel(QObject* parent) : GrowingTable(parent) {}

std::vector<TimelineRow> TimelineModel::fresh(const drill::Run& run) {
  const sim::WorldSpec& spec = run.world().spec();
  const std::size_t watched = watchedEntries(run);
  std::vector<TimelineRow> rows;
  for (; m_entries < run.journal().size(); ++m_entries) {
    const drill::Entry& entry = run.journal()[m_entries];
    if (entry.timed.action.verb == sim::Verb::Look && !m_showLooks) continue;
    rows.push_back(rowOf(spec, entry, m_entries < watched));
  }
  const auto& alerts = run.telemetry().alerts();
  for (; m_alerts < alerts.size(); ++m_alerts) {
    if (!worthALine(alerts, m_alerts)) continue;
    const bool firing = alerts[m_alerts].state == sim::AlertState::Firing;
    rows.push_back({alerts[m_alerts].at,
                    firing ? TimelineRow::Kind::Alert : TimelineRow::Kind::Resolved,
                    tr("Monitoring"), alertText(spec, alerts[m_alerts])});
  }
  const auto& notifications = run.telemetry().notifications();
  for (; m_notifications < notifications.size(); ++m_notifications) {
    const sim::Notification& said = notifications[m_notifications];
    if (fromMonitoring(said)) continue;  // the alert has its row
    rows.push_back({said.at, TimelineRow::Kind::Message, personText(spec, said.from),
                    QString::fromStdString(said.text).simplified()});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const TimelineRow& a, const TimelineRow& b) { return a.at < b.at; });
  return rows;
}

void TimelineModel::refresh(const drill::Run& run) {
  m_startUnixMs = run.world().spec().timing.startUnixMs;
  append(m_rows, fresh(run));
}

void TimelineModel::reset(const drill::Run& run) {
  m_startUnixMs = run.world().spec().timing.startUnixMs;
  m_entries = m_alerts = m_notifications = 0;
  std::vector<TimelineRow> rows = fresh(run);
  const auto same = std::mismatch(m_rows.begin(), m_rows.end(), rows.begin(), rows.end());
  rows.erase(rows.begin(), same.second);
  keepFirst(m_rows, static_cast<std::size_t>(same.first - m_rows.begin()));
  append(m_rows, std::move(rows));
}

int TimelineModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TimelineModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant TimelineModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const TimelineRow& row = m_rows[static_cast<std::size_t>(index.row())];
  if (role == TimeRole) return QVariant::fromValue<qint64>(row.at.ms);
  if (role == KindRole) return static_cast<int>(row.kind);
  if (role == Qt::ToolTipRole) return row.text;
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case Time:
      return QString::fromStdString(base::clockText(m_startUnixMs + row.at.ms));
    case Kind:
      return kindText(row.kind);
    case Who:
      return row.who;
    case Text:
      return row.text;
    default:
      return {};
  }
}

QVariant TimelineModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case Time:
      return tr("Time (GMT)");
    case Kind:
      return tr("What");
    case Who:
      return tr("Who");
    case Text:
      return tr("Event");
    default:
      return {};
  }
}

}  // namespace models
