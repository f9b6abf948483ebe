// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/evidence_page.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "gui/evidence/alert_rule_form.h"
#include "gui/evidence/diagnosis_form.h"
#include "gui/evidence/hint_box.h"
#include "gui/evidence/hypothesis_dialog.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"

namespace gui {
namespace {

QString titleOf(const std::vector<scenario::Choice>& choices, const QString& id) {
  for (const scenario::Choice& choice : choices) {
    if (fromText(choice.id) == id) return fromText(choice.title);
  }
  return id;
}

QString hypothesisText(const scenario::DiagnosisForm& form, const models::HypothesisState& state) {
  QStringList parts;
  parts << (state.text.isEmpty()
                ? titleOf(form.components, state.component)
                : state.text + QStringLiteral(" (") + titleOf(form.components, state.component) +
                      QLatin1Char(')'));
  if (!state.mechanism.isEmpty()) parts << titleOf(form.mechanisms, state.mechanism);
  if (!state.setting.isEmpty()) parts << titleOf(form.settings, state.setting);
  if (!state.direction.isEmpty()) parts << titleOf(form.directions, state.direction);
  QString text = parts.join(QStringLiteral("; "));
  if (state.rejected) text = EvidencePage::tr("REJECTED: %1").arg(text);
  return text;
}

}  // namespace

EvidencePage::EvidencePage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Notebook"));
  m_answer = new AnswerLabel(QStringLiteral("evidenceAnswer"));
  auto* tabs = new QTabWidget;
  tabs->setObjectName(QStringLiteral("evidenceTabs"));
  tabs->setAccessibleName(tr("Parts of the notebook"));
  tabs->setDocumentMode(true);
  tabs->addTab(buildNotebook(), tr("&Evidence"));
  tabs->addTab(new DiagnosisForm(m_session), tr("Dia&gnosis"));
  tabs->addTab(new AlertRuleForm(m_session), tr("Missing a&lert"));
  tabs->addTab(new HintBox(m_session), tr("&Hints"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(tabs);
  connectSession();
  refresh();
}

QWidget* EvidencePage::buildNotebook() {
  auto* box = new QWidget;
  auto* halves = new QSplitter(Qt::Horizontal);
  halves->setChildrenCollapsible(false);
  halves->addWidget(buildObservations());
  halves->addWidget(buildHypotheses());
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(halves, 1);
  layout->addWidget(m_answer);
  return box;
}

QWidget* EvidencePage::buildObservations() {
  auto* halves = new QSplitter(Qt::Vertical);
  halves->setChildrenCollapsible(false);
  auto* box = new QWidget;
  m_observations = new QTableView;
  m_observations->setObjectName(QStringLiteral("observations"));
  m_observations->setAccessibleName(tr("What was looked at"));
  listRows(m_observations);
  m_observations->setModel(&m_model);
  m_observations->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_observations->horizontalHeader()->setResizeContentsPrecision(50);
  m_observations->horizontalHeader()->setSectionResizeMode(models::EvidenceModel::Title,
                                                           QHeaderView::Stretch);
  m_observations->setColumnHidden(models::EvidenceModel::Source, true);
  m_noObservations = emptySentence(
      tr("What you look at, type and ask will be listed here, to be pinned to hypotheses."));
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_observations, 1);
  layout->addWidget(m_noObservations, 1);
  m_seen = shownText(QStringLiteral("observationText"), tr("What the selected observation showed"));
  m_seen->setFont(monospaceFont());
  halves->addWidget(box);
  halves->addWidget(m_seen);
  halves->setStretchFactor(0, 2);
  halves->setStretchFactor(1, 1);
  connect(m_observations->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          &EvidencePage::showObservation);
  showObservation();
  return halves;
}

QPushButton* EvidencePage::button(const QString& text, const QString& name, const QString& tip) {
  auto* made = new QPushButton(text);
  made->setObjectName(name);
  made->setToolTip(tip);
  m_buttons.push_back(made);
  return made;
}

QWidget* EvidencePage::buildHypotheses() {
  auto* box = new QWidget;
  m_hypotheses = new QTreeWidget;
  m_hypotheses->setObjectName(QStringLiteral("hypotheses"));
  m_hypotheses->setAccessibleName(tr("Hypotheses"));
  m_hypotheses->setHeaderLabels({tr("Hypothesis"), tr("Sure")});
  m_hypotheses->setWordWrap(true);
  m_hypotheses->header()->setStretchLastSection(false);
  m_hypotheses->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  m_hypotheses->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  m_noHypotheses = emptySentence(
      tr("Write down what may be wrong before you look for proof. Hypotheses and what "
         "speaks for and against them will be listed here."));
  QPushButton* fresh =
      button(tr("&New..."), QStringLiteral("newHypothesis"), tr("Writes down what may be wrong"));
  QPushButton* edit = button(tr("Edi&t..."), QStringLiteral("editHypothesis"),
                             tr("Changes the selected hypothesis"));
  QPushButton* drop = button(tr("Re&ject"), QStringLiteral("rejectHypothesis"),
                             tr("Drops the selected hypothesis"));
  QPushButton* agree = button(tr("Pin &for"), QStringLiteral("pinFor"),
                              tr("The selected observation speaks for the selected hypothesis"));
  QPushButton* against =
      button(tr("Pin &against"), QStringLiteral("pinAgainst"),
             tr("The selected observation speaks against the selected hypothesis"));
  auto* pins = new QHBoxLayout;
  auto* edits = new QHBoxLayout;
  for (QPushButton* one : {agree, against}) pins->addWidget(one);
  for (QPushButton* one : {fresh, edit, drop}) edits->addWidget(one);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_hypotheses, 1);
  layout->addWidget(m_noHypotheses, 1);
  layout->addLayout(pins);
  layout->addLayout(edits);
  connect(fresh, &QPushButton::clicked, this, [this] { write(true); });
  connect(edit, &QPushButton::clicked, this, [this] { write(false); });
  connect(drop, &QPushButton::clicked, this, &EvidencePage::reject);
  connect(agree, &QPushButton::clicked, this, [this] { pin(true); });
  connect(against, &QPushButton::clicked, this, [this] { pin(false); });
  connect(m_hypotheses, &QTreeWidget::currentItemChanged, this, &EvidencePage::followState);
  return box;
}

void EvidencePage::connectSession() {
  connect(&m_model, &models::EvidenceModel::hypothesesChanged, this, &EvidencePage::listHypotheses);
  const auto follow = [this] { m_sight->whenHere([this] { refresh(); }); };
  connect(&m_session, &models::Session::observationsGrew, this, follow);
  connect(&m_session, &models::Session::journalGrew, this, follow);
  connect(&m_session, &models::Session::wasReset, this, follow);
  onActingChange(m_session, this, follow);
}

void EvidencePage::refresh() {
  m_model.refresh(m_session.run());
  const bool some = m_model.rowCount() > 0;
  m_observations->setVisible(some);
  m_noObservations->setVisible(!some);
  if (some && !m_observations->currentIndex().isValid()) {
    m_observations->selectRow(m_model.rowCount() - 1);
  }
  listHypotheses();
}

void EvidencePage::listHypotheses() {
  const models::HypothesisState* before = selected();
  const QString current = before ? before->id : QString();
  const scenario::DiagnosisForm& form = m_session.run().scenario().form;
  m_hypotheses->clear();
  for (const models::HypothesisState& state : m_model.hypotheses()) {
    auto* item = new QTreeWidgetItem(m_hypotheses,
                                     {state.id + QStringLiteral(": ") + hypothesisText(form, state),
                                      tr("%1 %").arg(state.confidence)});
    item->setData(0, Qt::UserRole, state.id);
    item->setToolTip(0, item->text(0));
    for (const models::PinnedObservation& pinned : state.pins) {
      const QModelIndex title = m_model.index(pinned.observation - 1, models::EvidenceModel::Title);
      auto* line = new QTreeWidgetItem(
          item, {(pinned.supports ? tr("+ for: %1. %2") : tr("- against: %1. %2"))
                     .arg(pinned.observation)
                     .arg(title.data().toString())});
      line->setData(0, Qt::UserRole, state.id);
      line->setToolTip(0, line->text(0));
    }
    item->setExpanded(true);
    if (state.id == current || !m_hypotheses->currentItem()) m_hypotheses->setCurrentItem(item);
  }
  const bool some = m_hypotheses->topLevelItemCount() > 0;
  m_hypotheses->setVisible(some);
  m_noHypotheses->setVisible(!some);
  followState();
}

void EvidencePage::showObservation() {
  const QModelIndex current = m_observations->currentIndex();
  m_seen->setPlaceholderText(current.isValid()
                                 ? tr("A chart is not kept as text. Look at it again under Charts.")
                                 : tr("The text of the selected observation shows here."));
  m_seen->setPlainText(current.siblingAtColumn(models::EvidenceModel::Title)
                           .data(models::EvidenceModel::TextRole)
                           .toString());
  followState();
}

const models::HypothesisState* EvidencePage::selected() const {
  const QTreeWidgetItem* item = m_hypotheses->currentItem();
  if (!item) return nullptr;
  const QString id = item->data(0, Qt::UserRole).toString();
  for (const models::HypothesisState& state : m_model.hypotheses()) {
    if (state.id == id) return &state;
  }
  return nullptr;
}

int EvidencePage::selectedObservation() const {
  const QModelIndex index = m_observations->currentIndex();
  return index.isValid() ? index.data(models::EvidenceModel::NumberRole).toInt() : 0;
}

void EvidencePage::followState() {
  if (m_buttons.size() < 5) return;
  const bool may = mayAct(m_session);
  const models::HypothesisState* state = selected();
  const bool open = may && state && !state->rejected;
  m_buttons[0]->setEnabled(may);
  m_buttons[1]->setEnabled(may && state);
  m_buttons[2]->setEnabled(open);
  for (const std::size_t i : {3U, 4U}) m_buttons[i]->setEnabled(open && selectedObservation() > 0);
  m_answer->showReason(whyNot(m_session));
}

void EvidencePage::write(bool fresh) {
  models::HypothesisState state;
  if (const models::HypothesisState* known = fresh ? nullptr : selected()) {
    state = *known;
  } else {
    state.id = models::nextHypothesisId(m_model.hypotheses());
  }
  auto* dialog = new HypothesisDialog(m_session.run().scenario().form, state, window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &HypothesisDialog::written, this, [this](const sim::Action& action) {
    const sim::Outcome outcome = m_session.perform(action).outcome;
    m_answer->showOutcome(outcome, tr("Written down."));
    if (outcome.accepted) selectHypothesis(fromText(action.target));
  });
  dialog->open();
}

// What was just written is what is pinned to next.
void EvidencePage::selectHypothesis(const QString& id) {
  for (int row = 0; row < m_hypotheses->topLevelItemCount(); ++row) {
    QTreeWidgetItem* item = m_hypotheses->topLevelItem(row);
    if (item->data(0, Qt::UserRole).toString() == id) m_hypotheses->setCurrentItem(item);
  }
}

void EvidencePage::pin(bool supports) {
  const models::HypothesisState* state = selected();
  if (!state || selectedObservation() == 0) return;
  sim::Action action;
  action.verb = sim::Verb::Pin;
  action.target = state->id.toStdString();
  action.fields = {{"observation", std::to_string(selectedObservation())},
                   {"stance", supports ? "for" : "against"}};
  m_answer->showOutcome(m_session.perform(action).outcome, tr("Pinned."));
}

void EvidencePage::reject() {
  const models::HypothesisState* state = selected();
  if (!state) return;
  sim::Action action;
  action.verb = sim::Verb::Reject;
  action.target = state->id.toStdString();
  m_answer->showOutcome(m_session.perform(action).outcome, tr("Rejected."));
}

}  // namespace gui
