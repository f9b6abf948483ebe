// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/people/people_page.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"
#include "gui/parts/wrapped_table.h"
#include "gui/people/status_page.h"

namespace gui {
namespace {

constexpr int kCellMargins = 12;

enum Column { Name, PersonTeam, Presence, ColumnCount };

QString teamText(sim::Team team) {
  switch (team) {
    case sim::Team::OnCall:
      return PeoplePage::tr("on call");
    case sim::Team::Network:
      return PeoplePage::tr("network");
    case sim::Team::Database:
      return PeoplePage::tr("database");
    case sim::Team::Application:
      return PeoplePage::tr("application");
    case sim::Team::Management:
      return PeoplePage::tr("management");
    case sim::Team::Reviewer:
      return PeoplePage::tr("review");
  }
  return {};
}

QString presenceText(const models::Session& session, const sim::PersonState& state) {
  if (state.joinsAt.ms < 0) return PeoplePage::tr("not paged");
  if (state.engaged(session.run().now())) return PeoplePage::tr("engaged");
  return PeoplePage::tr("on the way, %1").arg(session.clockText(state.joinsAt));
}

}  // namespace

PeoplePage::PeoplePage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("People"));
  m_answer = new AnswerLabel(QStringLiteral("peopleAnswer"));
  auto* upper = new QSplitter(Qt::Vertical);
  upper->setChildrenCollapsible(false);
  upper->addWidget(buildPeople());
  upper->addWidget(buildTopics());
  upper->addWidget(buildAnswers());
  auto* people = new QWidget;
  auto* rows = new QVBoxLayout(people);
  rows->setContentsMargins(4, 4, 4, 4);
  rows->addWidget(upper, 1);
  rows->addWidget(m_answer);
  auto* tabs = new QTabWidget;
  tabs->setObjectName(QStringLiteral("peopleTabs"));
  tabs->setAccessibleName(tr("People and status page"));
  tabs->setDocumentMode(true);
  tabs->addTab(people, tr("&People"));
  tabs->addTab(new StatusPage(m_session), tr("What &users are told"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(buildSeverity());
  layout->addWidget(tabs, 1);
  connectSession();
  listPeople();
  refreshAnswers();
  followState();
}

QWidget* PeoplePage::buildSeverity() {
  auto* box = new QWidget;
  auto* label = new QLabel(tr("Severit&y"));
  m_severity = new QComboBox;
  m_severity->setObjectName(QStringLiteral("severity"));
  m_severity->setAccessibleName(tr("Severity of the incident"));
  m_severity->addItem(tr("SEV1: the service is down for most users"), QStringLiteral("sev1"));
  m_severity->addItem(tr("SEV2: many users are hurt"), QStringLiteral("sev2"));
  m_severity->addItem(tr("SEV3: some users are hurt"), QStringLiteral("sev3"));
  m_severity->addItem(tr("SEV4: nobody is hurt yet"), QStringLiteral("sev4"));
  m_severity->setCurrentIndex(1);
  m_severity->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_severity->setMinimumContentsLength(8);
  label->setBuddy(m_severity);
  m_declare = new QPushButton(tr("De&clare"));
  m_declare->setObjectName(QStringLiteral("declare"));
  m_declare->setToolTip(tr("Declares the incident, or changes its severity"));
  m_declared = new QLabel;
  m_declared->setObjectName(QStringLiteral("declared"));
  m_declared->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(m_severity, 1);
  row->addWidget(m_declare);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(row);
  layout->addWidget(m_declared);
  connect(m_declare, &QPushButton::clicked, this, &PeoplePage::declare);
  return box;
}

QWidget* PeoplePage::buildPeople() {
  auto* box = new QWidget;
  m_people = new QTableWidget(0, ColumnCount);
  m_people->setObjectName(QStringLiteral("peopleTable"));
  m_people->setAccessibleName(tr("People who can help"));
  listRows(m_people);
  m_people->setHorizontalHeaderLabels({tr("Who"), tr("Team"), tr("Presence")});
  m_people->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
  int team = 0;
  for (const sim::PersonSpec& person : m_session.run().world().spec().people) {
    team = std::max(team, m_people->fontMetrics().horizontalAdvance(teamText(person.team)));
  }
  m_people->setColumnWidth(PersonTeam, team + kCellMargins);
  m_people->setColumnWidth(Presence, kCellMargins + m_people->fontMetrics().horizontalAdvance(
                                                        tr("on the way, %1").arg("00:00:00")));
  m_page = new QPushButton(tr("Pa&ge"));
  m_page->setObjectName(QStringLiteral("page"));
  m_page->setToolTip(tr("Calls the selected person to the incident"));
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_people);
  connect(m_people, &QTableWidget::itemSelectionChanged, this, &PeoplePage::showPerson);
  connect(m_page, &QPushButton::clicked, this, &PeoplePage::page);
  return box;
}

QWidget* PeoplePage::buildTopics() {
  auto* box = new QWidget;
  auto* label = new QLabel(tr("&Questions to this person"));
  m_topics = new QListWidget;
  m_topics->setObjectName(QStringLiteral("topics"));
  m_topics->setAccessibleName(tr("Questions to the selected person"));
  m_topics->setWordWrap(true);
  label->setBuddy(m_topics);
  m_ask = new QPushButton(tr("As&k"));
  m_ask->setObjectName(QStringLiteral("ask"));
  m_ask->setToolTip(tr("Asks the selected question; the answer takes a while"));
  auto* row = new QHBoxLayout;
  row->addWidget(label, 1);
  row->addWidget(m_page);
  row->addWidget(m_ask);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(row);
  layout->addWidget(m_topics, 1);
  connect(m_ask, &QPushButton::clicked, this, &PeoplePage::ask);
  connect(m_topics, &QListWidget::itemActivated, this, &PeoplePage::ask);
  connect(m_topics, &QListWidget::currentRowChanged, this, &PeoplePage::followState);
  return box;
}

QWidget* PeoplePage::buildAnswers() {
  auto* box = new QWidget;
  m_answerTable = new WrappedTable(models::NotificationModel::Text);
  m_answerTable->setObjectName(QStringLiteral("answers"));
  m_answerTable->setAccessibleName(tr("What people said"));
  m_answerTable->setModel(&m_answers);
  const QFontMetrics metrics = m_answerTable->fontMetrics();
  int from = metrics.horizontalAdvance(tr("monitoring"));
  for (const sim::PersonSpec& person : m_session.run().world().spec().people) {
    from = std::max(from, metrics.horizontalAdvance(fromText(person.name)));
  }
  from = std::min(from, metrics.horizontalAdvance(QString(11, QLatin1Char('n'))));
  m_answerTable->setColumnWidth(models::NotificationModel::Time,
                                metrics.horizontalAdvance(QStringLiteral("Time (GMT)  M")));
  m_answerTable->setColumnWidth(models::NotificationModel::From, from + kCellMargins);
  m_noAnswers = emptySentence(tr("Answers and messages will be listed here."));
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_answerTable, 1);
  layout->addWidget(m_noAnswers, 1);
  return box;
}

void PeoplePage::connectSession() {
  const auto follow = [this] {
    m_sight->whenHere([this] {
      refreshAnswers();
      refresh();
    });
  };
  connect(&m_session, &models::Session::notificationsGrew, this, follow);
  connect(&m_session, &models::Session::journalGrew, this, follow);
  connect(&m_session, &models::Session::rowsGrew, this, follow);
  connect(&m_session, &models::Session::wasReset, this, follow);
  onActingChange(m_session, this, follow);
}

const sim::PersonSpec* PeoplePage::selected() const {
  const auto& people = m_session.run().world().spec().people;
  const int row = m_people->currentRow();
  return row < 0 || row >= static_cast<int>(people.size()) ? nullptr
                                                           : &people[static_cast<std::size_t>(row)];
}

void PeoplePage::listPeople() {
  const auto& people = m_session.run().world().spec().people;
  m_people->setRowCount(static_cast<int>(people.size()));
  for (int row = 0; row < m_people->rowCount(); ++row) {
    const sim::PersonSpec& person = people[static_cast<std::size_t>(row)];
    m_people->setItem(row, Name, new QTableWidgetItem(fromText(person.name)));
    m_people->setItem(row, PersonTeam, new QTableWidgetItem(teamText(person.team)));
    m_people->setItem(row, Presence, new QTableWidgetItem);
  }
  refresh();
  if (!people.empty()) m_people->selectRow(0);
}

void PeoplePage::refresh() {
  const auto& states = m_session.run().world().people().persons;
  for (int row = 0; row < m_people->rowCount(); ++row) {
    const QString text = presenceText(m_session, states[static_cast<std::size_t>(row)]);
    QTableWidgetItem* item = m_people->item(row, Presence);
    if (item->text() == text) continue;
    item->setText(text);
    item->setToolTip(tr("Paged people work on the incident from the time shown"));
  }
  const sim::World& world = m_session.run().world();
  const QString declared = world.incident().declaredAt.ms < 0
                               ? tr("The incident has not been declared.")
                               : tr("%1, declared at %2 GMT")
                                     .arg(fromText(world.incident().severity).toUpper(),
                                          m_session.clockText(world.incident().declaredAt));
  if (m_declared->text() != declared) m_declared->setText(declared);
  followState();
}

void PeoplePage::refreshAnswers() {
  const int before = m_answers.rowCount();
  m_answers.refresh(m_session.run());
  const int now = m_answers.rowCount();
  m_answerTable->setVisible(now > 0);
  m_noAnswers->setVisible(now == 0);
  if (now != before) m_answerTable->scrollToBottom();
}

void PeoplePage::showPerson() {
  m_topics->clear();
  const sim::PersonSpec* person = selected();
  if (!person) return;
  for (const sim::Topic& topic : person->topics) {
    auto* item = new QListWidgetItem(fromText(topic.question), m_topics);
    item->setData(Qt::UserRole, fromText(topic.id));
  }
  if (m_topics->count() > 0) m_topics->setCurrentRow(0);
  followState();
}

void PeoplePage::followState() {
  const bool may = mayAct(m_session);
  const sim::PersonSpec* person = selected();
  m_severity->setEnabled(may);
  m_declare->setEnabled(may);
  m_ask->setEnabled(may && person && m_topics->currentRow() >= 0);
  const auto& states = m_session.run().world().people().persons;
  const int row = m_people->currentRow();
  m_page->setEnabled(may && person && states[static_cast<std::size_t>(row)].joinsAt.ms < 0);
  m_answer->showReason(whyNot(m_session));
}

void PeoplePage::declare() {
  sim::Action action;
  action.verb = sim::Verb::Declare;
  action.target = m_severity->currentData().toString().toStdString();
  m_answer->showOutcome(m_session.perform(action).outcome, tr("Declared."));
}

void PeoplePage::page() {
  const sim::PersonSpec* person = selected();
  if (!person) return;
  sim::Action action;
  action.verb = sim::Verb::Page;
  action.target = person->id;
  m_answer->showOutcome(m_session.perform(action).outcome,
                        tr("Paged %1.").arg(fromText(person->name)));
}

void PeoplePage::ask() {
  const sim::PersonSpec* person = selected();
  const QListWidgetItem* topic = m_topics->currentItem();
  if (!person || !topic || !m_ask->isEnabled()) return;
  sim::Action action;
  action.verb = sim::Verb::Ask;
  action.target = person->id;
  action.text = topic->data(Qt::UserRole).toString().toStdString();
  m_answer->showOutcome(m_session.perform(action).outcome,
                        tr("Asked %1: %2").arg(fromText(person->name), topic->text()));
}

}  // namespace gui
