// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/people/status_page.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "models/words.h"

namespace gui {
namespace {

QString templateOf(const QString& state) {
  if (state == QLatin1String("investigating")) {
    return StatusPage::tr(
        "Pages load slowly or not at all for some visitors. We are looking into "
        "it and will report again within 20 minutes.");
  }
  if (state == QLatin1String("identified")) {
    return StatusPage::tr(
        "We know why pages are slow or fail and are working on it. We will report "
        "again within 20 minutes.");
  }
  if (state == QLatin1String("monitoring")) {
    return StatusPage::tr(
        "Pages load again. We are watching whether it stays that way and will "
        "report again within 20 minutes.");
  }
  return StatusPage::tr(
      "The service works as usual again. We are sorry for the disturbance; what "
      "caused it will be reviewed.");
}

}  // namespace

StatusPage::StatusPage(models::Session& session, QWidget* parent)
    : QWidget(parent), m_session(session) {
  setAccessibleName(tr("What users are told"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(buildComposer());
  layout->addWidget(buildPosts(), 1);
  connect(&m_session, &models::Session::journalGrew, this, &StatusPage::refresh);
  connect(&m_session, &models::Session::rowsGrew, this, &StatusPage::refresh);
  connect(&m_session, &models::Session::wasReset, this, &StatusPage::refresh);
  onActingChange(m_session, this, [this] { followState(); });
  refresh();
  followState();
}

QWidget* StatusPage::buildComposer() {
  m_composer = new QWidget;
  auto* label = new QLabel(tr("S&tate"));
  m_state = new QComboBox;
  m_state->setObjectName(QStringLiteral("statusState"));
  m_state->addItem(tr("Investigating"), QStringLiteral("investigating"));
  m_state->addItem(tr("Identified"), QStringLiteral("identified"));
  m_state->addItem(tr("Monitoring"), QStringLiteral("monitoring"));
  m_state->addItem(tr("Resolved"), QStringLiteral("resolved"));
  label->setBuddy(m_state);
  auto* fill = new QPushButton(tr("Use the &wording of this state"));
  fill->setObjectName(QStringLiteral("statusTemplate"));
  m_text = new QPlainTextEdit;
  m_text->setObjectName(QStringLiteral("statusText"));
  m_text->setAccessibleName(tr("Message to users"));
  m_text->setPlaceholderText(
      tr("Words for users: what they notice, what you do, when you report "
         "again. No cause that is not certain."));
  m_text->setTabChangesFocus(true);
  m_text->setMaximumHeight(m_text->fontMetrics().height() * 5 + 12);
  auto* post = new QPushButton(tr("Publi&sh"));
  post->setObjectName(QStringLiteral("publish"));
  m_answer = new AnswerLabel(QStringLiteral("statusAnswer"));
  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(m_state);
  row->addWidget(fill);
  row->addStretch(1);
  auto* layout = new QVBoxLayout(m_composer);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(row);
  layout->addWidget(m_text);
  layout->addWidget(post, 0, Qt::AlignLeft);
  layout->addWidget(m_answer);
  connect(fill, &QPushButton::clicked, this, &StatusPage::fillTemplate);
  connect(post, &QPushButton::clicked, this, &StatusPage::post);
  return m_composer;
}

QWidget* StatusPage::buildPosts() {
  auto* box = new QWidget;
  m_posts = new QListWidget;
  m_posts->setObjectName(QStringLiteral("statusPosts"));
  m_posts->setAccessibleName(tr("Published, newest first"));
  m_posts->setWordWrap(true);
  m_empty =
      emptySentence(tr("Nothing has been published. Posts will be listed here, newest first."));
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_posts, 1);
  layout->addWidget(m_empty, 1);
  return box;
}

void StatusPage::fillTemplate() {
  m_text->setPlainText(templateOf(m_state->currentData().toString()));
  m_text->setFocus();
}

void StatusPage::post() {
  sim::Action action;
  action.verb = sim::Verb::Status;
  action.target = m_state->currentData().toString().toStdString();
  action.text = m_text->toPlainText().trimmed().toStdString();
  const sim::Outcome outcome = m_session.perform(action).outcome;
  m_answer->showOutcome(outcome, tr("Published."));
  if (outcome.accepted) m_text->clear();
}

void StatusPage::refresh() {
  const std::vector<sim::StatusPost>& posts = m_session.run().world().statusPosts();
  m_posts->setVisible(!posts.empty());
  m_empty->setVisible(posts.empty());
  if (posts == m_shown) return;
  m_shown = posts;
  m_posts->clear();
  const sim::WorldSpec& spec = m_session.run().world().spec();
  for (auto post = posts.rbegin(); post != posts.rend(); ++post) {
    m_posts->addItem(tr("%1 GMT, %2 (%3): %4")
                         .arg(m_session.clockText(post->at), fromText(post->state).toUpper(),
                              models::personText(spec, post->who), fromText(post->text)));
  }
}

void StatusPage::followState() {
  m_composer->setEnabled(mayAct(m_session));
  m_answer->showReason(whyNot(m_session));
}

void StatusPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  const base::SimTime now = m_session.run().now();
  m_session.look(QStringLiteral("status"), now, now);
}

}  // namespace gui
