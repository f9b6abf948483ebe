// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence_model.h"

#include <algorithm>

#include "models/words.h"

namespace models {
namespace {

QString field(const sim::Action& action, const char* name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? QString() : QString::fromStdString(found->second);
}

HypothesisState* findById(std::vector<HypothesisState>& all, const QString& id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&id](const auto& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

void write(HypothesisState& state, const sim::Action& action) {
  state.text = QString::fromStdString(action.text);
  state.component = field(action, "component");
  state.mechanism = field(action, "mechanism");
  state.setting = field(action, "setting");
  state.direction = field(action, "direction");
  state.confidence = field(action, "confidence").toInt();
  state.rejected = false;
}

void pin(HypothesisState& state, const sim::Action& action) {
  const int number = field(action, "observation").toInt();
  const bool supports = field(action, "stance") != QLatin1String("against");
  const auto known = std::find_if(state.pins.begin(), state.pins.end(),
                                  [number](const auto& pin) { return pin.observation == number; });
  if (known == state.pins.end()) {
    state.pins.push_back({number, supports});
  } else {
    known->supports = supports;
  }
}

}  // namespace

std::vector<HypothesisState> hypothesesOf(const std::vector<drill::Entry>& journal) {
  std::vector<HypothesisState> all;
  for (const drill::Entry& entry : journal) {
    if (!entry.outcome.accepted || entry.timed.who != "trainee") continue;
    const sim::Action& action = entry.timed.action;
    const QString id = QString::fromStdString(action.target);
    HypothesisState* known = findById(all, id);
    if (action.verb == sim::Verb::Hypothesis) {
      if (!known) {
        all.push_back({});
        known = &all.back();
        known->id = id;
      }
      write(*known, action);
    } else if (action.verb == sim::Verb::Pin && known) {
      pin(*known, action);
    } else if (action.verb == sim::Verb::Reject && known) {
      known->rejected = true;
    }
  }
  return all;
}

QString nextHypothesisId(const std::vector<HypothesisState>& hypotheses) {
  for (int number = 1;; ++number) {
    const QString id = QStringLiteral("h%1").arg(number);
    const bool taken = std::any_of(hypotheses.begin(), hypotheses.end(),
                                   [&id](const auto& one) { return one.id == id; });
    if (!taken) return id;
  }
}

EvidenceModel::EvidenceModel(QObject* parent) : GrowingTable(parent) {}

void EvidenceModel::refresh(const drill::Run& run) {
  const auto& all = run.observations();
  const auto same = std::mismatch(
      m_rows.begin(), m_rows.end(), all.begin(), all.end(),
      [](const Row& row, const drill::Observation& seen) { return row.seen == seen; });
  std::vector<Row> fresh;
  for (auto seen = same.second; seen != all.end(); ++seen) {
    const std::int64_t unixMs = run.world().spec().timing.startUnixMs + seen->at.ms;
    fresh.push_back({*seen, QString::fromStdString(base::clockText(unixMs)), QString()});
  }
  const bool grew = !fresh.empty();
  keepFirst(m_rows, static_cast<std::size_t>(same.first - m_rows.begin()));
  append(m_rows, std::move(fresh));
  std::vector<HypothesisState> hypotheses = hypothesesOf(run.journal());
  const bool changed = hypotheses != m_hypotheses;
  m_hypotheses = std::move(hypotheses);
  if (changed || grew) refreshPins();
  if (changed) emit hypothesesChanged();
}

void EvidenceModel::refreshPins() {
  for (int i = 0; i < rowCount(); ++i) {
    Row& row = m_rows[static_cast<std::size_t>(i)];
    QStringList words;
    for (const HypothesisState& hypothesis : m_hypotheses) {
      for (const PinnedObservation& pin : hypothesis.pins) {
        if (pin.observation != row.seen.number) continue;
        words << (pin.supports ? tr("for %1") : tr("against %1")).arg(hypothesis.id);
      }
    }
    const QString pinned = words.join(QLatin1String(", "));
    if (pinned == row.pinned) continue;
    row.pinned = pinned;
    emit dataChanged(index(i, Pinned), index(i, Pinned));
  }
}

int EvidenceModel::newestOf(const QString& source) const {
  const auto found = std::find_if(m_rows.rbegin(), m_rows.rend(), [&source](const Row& row) {
    return QString::fromStdString(row.seen.source) == source;
  });
  return static_cast<int>(m_rows.rend() - found) - 1;
}

int EvidenceModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EvidenceModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant EvidenceModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  if (role == NumberRole) return row.seen.number;
  if (role == TextRole) return QString::fromStdString(row.seen.text);
  if (role == Qt::ToolTipRole) return QString::fromStdString(row.seen.text).left(2000);
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case Number:
      return row.seen.number;
    case Time:
      return row.time;
    case Source:
      return viewText(row.seen.source);
    case Title:
      return QString::fromStdString(row.seen.title);
    case Pinned:
      return row.pinned;
    default:
      return {};
  }
}

QVariant EvidenceModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  switch (section) {
    case Number:
      return tr("No.");
    case Time:
      return tr("Time (GMT)");
    case Source:
      return tr("Seen in");
    case Title:
      return tr("What was seen");
    case Pinned:
      return tr("Pinned");
    default:
      return {};
  }
}

}  // namespace models
