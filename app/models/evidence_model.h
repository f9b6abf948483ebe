// SPDX-License-Identifier: GPL-3.0-or-later
// A trainee's notebook: what was observed (a table) and the hypotheses with what is pinned to them
// (plain values read from the journal). Never tells which observation is a clue.
#pragma once

#include <QString>
#include <vector>

#include "drill/run.h"
#include "models/growing_table.h"

namespace models {

struct PinnedObservation {
  int observation = 0;
  bool supports = true;
  bool operator==(const PinnedObservation&) const = default;
};

struct HypothesisState {
  QString id, text, component, mechanism, setting, direction;
  int confidence = 0;  // percent
  bool rejected = false;
  std::vector<PinnedObservation> pins;  // one per observation, the last stance taken
  bool operator==(const HypothesisState&) const = default;
};

// The hypotheses as the journal left them, in the order they were first written.
[[nodiscard]] std::vector<HypothesisState> hypothesesOf(const std::vector<drill::Entry>& journal);
// "h1", "h2" ...: the next id that is free.
[[nodiscard]] QString nextHypothesisId(const std::vector<HypothesisState>& hypotheses);

class EvidenceModel : public GrowingTable {
  Q_OBJECT
 public:
  enum Column { Number, Time, Source, Title, Pinned, ColumnCount };
  enum Role { NumberRole = Qt::UserRole, TextRole };  // int, QString: all that was seen

  explicit EvidenceModel(QObject* parent = nullptr);
  // Shows what was observed in this run so far; rows that are the same stay.
  void refresh(const drill::Run& run);
  [[nodiscard]] const std::vector<HypothesisState>& hypotheses() const { return m_hypotheses; }
  // The row of the newest observation of a source; -1: none.
  [[nodiscard]] int newestOf(const QString& source) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 signals:
  void hypothesesChanged();

 private:
  struct Row {
    drill::Observation seen;
    QString time, pinned;
  };
  void refreshPins();

  std::vector<Row> m_rows;
  std::vector<HypothesisState> m_hypotheses;
};

}  // namespace models
