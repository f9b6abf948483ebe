// SPDX-License-Identifier: GPL-3.0-or-later
// The notebook page: what was observed, hypotheses and what speaks for and against them, the
// diagnosis, notes of verification, the missing alert rule and hints. It never tells which
// observation matters.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/evidence_model.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;
class QTreeWidget;

namespace gui {

class AnswerLabel;
class Sight;

class EvidencePage : public QWidget {
  Q_OBJECT
 public:
  explicit EvidencePage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildNotebook();
  QWidget* buildObservations();
  QWidget* buildHypotheses();
  QPushButton* button(const QString& text, const QString& name, const QString& tip);
  void connectSession();
  void refresh();
  void listHypotheses();
  void showObservation();
  void followState();
  void write(bool fresh);
  void selectHypothesis(const QString& id);
  void pin(bool supports);
  void reject();
  [[nodiscard]] const models::HypothesisState* selected() const;
  [[nodiscard]] int selectedObservation() const;  // 0: none

  models::Session& m_session;
  Sight* m_sight;
  models::EvidenceModel m_model;
  QTableView* m_observations = nullptr;
  QLabel* m_noObservations = nullptr;
  QPlainTextEdit* m_seen = nullptr;
  QTreeWidget* m_hypotheses = nullptr;
  QLabel* m_noHypotheses = nullptr;
  std::vector<QPushButton*> m_buttons;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
