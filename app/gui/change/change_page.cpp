// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/change/change_page.h"

#include <QCheckBox>
#include <QCompleter>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"
#include "models/words.h"

namespace gui {
namespace {

using State = sim::ChangeRequest::State;

QString stateText(State state) {
  switch (state) {
    case State::Submitted:
      return ChangePage::tr("waiting for review");
    case State::Approved:
      return ChangePage::tr("approved");
    case State::Rejected:
      return ChangePage::tr("REJECTED");
  }
  return {};
}

QString detailText(const models::Session& session, const sim::ChangeRequest& request) {
  QStringList lines;
  lines << ChangePage::tr("Change %1: %2 = %3")
               .arg(QString::number(request.number), fromText(request.setting),
                    fromText(request.value));
  lines << ChangePage::tr("Verdict: %1. %2")
               .arg(stateText(request.state), fromText(request.verdict))
               .trimmed();
  if (request.state == State::Submitted) {
    lines << ChangePage::tr("Answer expected by %1 GMT").arg(session.clockText(request.answerAt));
  }
  lines << ChangePage::tr("Impact: %1").arg(fromText(request.impact));
  lines << ChangePage::tr("Rollback: %1").arg(fromText(request.rollback));
  lines << ChangePage::tr("Verification: %1").arg(fromText(request.verification));
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

ChangePage::ChangePage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Change requests"));
  auto* halves = new QSplitter(Qt::Vertical);
  halves->setChildrenCollapsible(false);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(buildForm());
  halves->addWidget(scroll);
  halves->addWidget(buildList());
  halves->setStretchFactor(0, 3);
  halves->setStretchFactor(1, 2);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(halves);
  connectSession();
  refresh();
  followState();
}

QPlainTextEdit* ChangePage::buildText(const QString& name, const QString& hint) {
  auto* text = new QPlainTextEdit;
  text->setObjectName(name);
  text->setPlaceholderText(hint);
  text->setTabChangesFocus(true);
  // The whole form is in view in a small window.
  text->setMinimumHeight(text->fontMetrics().height() * 2 + 12);
  text->setMaximumHeight(text->fontMetrics().height() * 4 + 12);
  return text;
}

QWidget* ChangePage::buildForm() {
  m_form = new QWidget;
  m_setting = new QLineEdit;
  m_setting->setObjectName(QStringLiteral("changeSetting"));
  QStringList names;
  for (const sim::SettingDefinition& one :
       m_session.run().world().postgres().settings.catalogue().all()) {
    names << fromText(one.name);
  }
  auto* completer = new QCompleter(names, m_setting);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  m_setting->setCompleter(completer);
  m_value = new QLineEdit;
  m_value->setObjectName(QStringLiteral("changeValue"));
  m_impact = buildText(QStringLiteral("changeImpact"),
                       tr("What it will do to users and to the host, in figures"));
  m_rollback = buildText(QStringLiteral("changeRollback"), tr("How to undo it"));
  m_verification = buildText(QStringLiteral("changeVerification"),
                             tr("What will show that it worked, and for how long"));
  m_emergency = new QCheckBox(tr("&Emergency: reviewed at once by whoever is awake"));
  m_emergency->setObjectName(QStringLiteral("changeEmergency"));
  auto* submit = new QPushButton(tr("&File the change request"));
  submit->setObjectName(QStringLiteral("fileChange"));
  m_answer = new AnswerLabel(QStringLiteral("changeAnswer"));
  auto* layout = new QFormLayout(m_form);
  layout->setContentsMargins(0, 0, 4, 0);
  layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
  layout->addRow(tr("&Setting"), m_setting);
  layout->addRow(tr("Ne&w value"), m_value);
  layout->addRow(tr("I&mpact"), m_impact);
  layout->addRow(tr("Roll&back"), m_rollback);
  layout->addRow(tr("Verifi&cation"), m_verification);
  layout->addRow(m_emergency);
  layout->addRow(submit);
  layout->addRow(m_answer);
  connect(submit, &QPushButton::clicked, this, &ChangePage::submit);
  return m_form;
}

QWidget* ChangePage::buildList() {
  auto* box = new QWidget;
  m_table = new QTableWidget(0, 4);
  m_table->setObjectName(QStringLiteral("changeTable"));
  m_table->setAccessibleName(tr("Change requests filed"));
  listRows(m_table);
  m_table->setHorizontalHeaderLabels({tr("No."), tr("Filed (GMT)"), tr("Change"), tr("Verdict")});
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
  m_empty = emptySentence(tr("Requests and their verdicts will be listed here."));
  m_detail = shownText(QStringLiteral("changeDetail"), tr("The selected request and its verdict"));
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_empty, 1);
  layout->addWidget(m_table, 1);
  layout->addWidget(m_detail, 1);
  connect(m_table, &QTableWidget::itemSelectionChanged, this, &ChangePage::showSelected);
  return box;
}

void ChangePage::connectSession() {
  const auto follow = [this] {
    m_sight->whenHere([this] {
      refresh();
      followState();
    });
  };
  connect(&m_session, &models::Session::journalGrew, this, follow);
  connect(&m_session, &models::Session::rowsGrew, this, follow);
  connect(&m_session, &models::Session::wasReset, this, [this, follow] {
    m_shown.clear();  // no verdict is news
    follow();
  });
  onActingChange(m_session, this, follow);
}

void ChangePage::submit() {
  sim::Action action;
  action.verb = sim::Verb::RequestChange;
  action.target = m_setting->text().trimmed().toStdString();
  action.text = m_value->text().trimmed().toStdString();
  action.fields = {{"impact", m_impact->toPlainText().trimmed().toStdString()},
                   {"rollback", m_rollback->toPlainText().trimmed().toStdString()},
                   {"verification", m_verification->toPlainText().trimmed().toStdString()},
                   {"emergency", m_emergency->isChecked() ? "yes" : "no"}};
  m_answer->showOutcome(m_session.perform(action).outcome, tr("Filed."));
}

void ChangePage::refresh() {
  const std::vector<sim::ChangeRequest>& requests = m_session.run().world().changeRequests();
  m_table->setVisible(!requests.empty());
  m_detail->setVisible(!requests.empty());
  m_empty->setVisible(requests.empty());
  if (requests == m_shown) return;
  tellVerdicts();
  const bool grew = requests.size() > m_shown.size();
  m_shown = requests;
  m_table->setRowCount(static_cast<int>(requests.size()));
  for (int row = 0; row < m_table->rowCount(); ++row) {
    const sim::ChangeRequest& request = requests[static_cast<std::size_t>(row)];
    QString what = fromText(request.setting + " = " + request.value);
    if (request.emergency) what += tr(" (emergency)");
    const QStringList cells{QString::number(request.number), m_session.clockText(request.at), what,
                            stateText(request.state)};
    for (int column = 0; column < cells.size(); ++column) {
      m_table->setItem(row, column, new QTableWidgetItem(cells[column]));
    }
  }
  if (grew) m_table->selectRow(m_table->rowCount() - 1);
  showSelected();
}

void ChangePage::tellVerdicts() {
  const std::vector<sim::ChangeRequest>& requests = m_session.run().world().changeRequests();
  for (std::size_t i = 0; i < requests.size() && i < m_shown.size(); ++i) {
    if (requests[i].state == m_shown[i].state || requests[i].state == State::Submitted) continue;
    const QString text = tr("Change %1 was answered: %2. %3")
                             .arg(QString::number(requests[i].number), stateText(requests[i].state),
                                  fromText(requests[i].verdict));
    if (requests[i].state == State::Rejected) {
      m_answer->showProblem(text);
    } else {
      m_answer->showNote(text);
    }
  }
}

void ChangePage::showSelected() {
  const int row = m_table->currentRow();
  const bool some = row >= 0 && row < static_cast<int>(m_shown.size());
  m_detail->setPlainText(some ? detailText(m_session, m_shown[static_cast<std::size_t>(row)])
                              : QString());
}

void ChangePage::followState() {
  m_form->setEnabled(mayAct(m_session));
  m_answer->showReason(whyNot(m_session));
}

}  // namespace gui
