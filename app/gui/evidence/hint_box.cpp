// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/hint_box.h"

#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>
#include <iterator>

#include "drill/score.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"

namespace gui {

HintBox::HintBox(models::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
  setAccessibleName(tr("Hints"));
  auto* explanation =
      new QLabel(tr("Hints go from a nudge to the answer. Asking people for help is never a hint "
                    "and costs nothing."));
  explanation->setWordWrap(true);
  m_answer = new AnswerLabel(QStringLiteral("hintAnswer"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(explanation);
  for (const scenario::Hint& hint : m_session.run().scenario().hints) buildRow(hint, layout);
  layout->addWidget(m_answer);
  layout->addStretch(1);
  connect(&m_session, &models::Session::journalGrew, this, &HintBox::refresh);
  onActingChange(m_session, this, [this] { refresh(); });
  refresh();
}

void HintBox::buildRow(const scenario::Hint& hint, QVBoxLayout* layout) {
  Row row;
  row.level = hint.level;
  row.take = new QPushButton(tr("Hint &%1").arg(hint.level));
  row.take->setObjectName(QStringLiteral("hint%1").arg(hint.level));
  row.text = new QLabel;
  row.text->setObjectName(QStringLiteral("hintText%1").arg(hint.level));
  row.text->setWordWrap(true);
  row.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* line = new QHBoxLayout;
  line->addWidget(row.take, 0, Qt::AlignTop);
  line->addWidget(row.text, 1);
  layout->addLayout(line);
  connect(row.take, &QPushButton::clicked, this, [this, level = hint.level] { ask(level); });
  m_rows.push_back(row);
}

QString HintBox::costText(int level) const {
  if (m_session.mode() != drill::Mode::Assessment) return tr("Free in practice.");
  if (level >= 1 && level <= static_cast<int>(std::size(drill::kHintCosts))) {
    return tr("Costs %1 points.").arg(drill::kHintCosts[level - 1]);
  }
  return tr("Gives the answer: the diagnosis is then worth %1 points at most.")
      .arg(drill::kAnswerHintWorth);
}

void HintBox::ask(int level) {
  if (m_session.mode() != drill::Mode::Assessment) return take(level);
  auto* box = new QMessageBox(QMessageBox::Question, tr("Take hint %1").arg(level), costText(level),
                              QMessageBox::Cancel, window());
  box->setObjectName(QStringLiteral("confirmHint"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = box->addButton(tr("&Take it"), QMessageBox::AcceptRole);
  yes->setObjectName(QStringLiteral("confirmHintYes"));
  box->setDefaultButton(QMessageBox::Cancel);
  connect(yes, &QPushButton::clicked, this, [this, level] { take(level); });
  box->open();
}

void HintBox::take(int level) {
  sim::Action action;
  action.verb = sim::Verb::Hint;
  action.target = std::to_string(level);
  const sim::Outcome outcome = m_session.perform(action).outcome;
  if (outcome.accepted) {
    m_answer->showNote({});
  } else {
    m_answer->showOutcome(outcome, {});
  }
}

void HintBox::refresh() {
  const bool may = mayAct(m_session);
  for (const Row& row : m_rows) {
    QString text = costText(row.level);
    bool taken = false;
    for (const drill::Entry& entry : m_session.run().journal()) {
      if (entry.timed.action.verb != sim::Verb::Hint || !entry.outcome.accepted) continue;
      if (entry.timed.action.target != std::to_string(row.level)) continue;
      text = fromText(entry.output.empty() ? entry.outcome.text : entry.output);
      taken = true;
    }
    if (row.text->text() != text) row.text->setText(text);
    row.take->setEnabled(may && !taken);
  }
  m_answer->showReason(whyNot(m_session));
}

}  // namespace gui
