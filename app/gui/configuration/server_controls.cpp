// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/configuration/server_controls.h"

#include <QComboBox>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "gui/configuration/preflight.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"

namespace gui {
namespace {

QString modeWords(const QString& mode) {
  if (mode == QLatin1String("smart")) {
    return ServerControls::tr(
        "It waits until every client has left by itself, however long that "
        "takes, and lets nobody new in meanwhile.");
  }
  if (mode == QLatin1String("immediate")) {
    return ServerControls::tr(
        "Sessions are cut off without a checkpoint, so the next start has to "
        "recover from the write-ahead log first.");
  }
  return ServerControls::tr(
      "Open sessions are ended and their transactions rolled back; then a "
      "checkpoint is written.");
}

}  // namespace

ServerControls::ServerControls(models::Session& session, QWidget* parent)
    : QWidget(parent), m_session(session) {
  m_pending = new QLabel;
  m_pending->setObjectName(QStringLiteral("pendingRestart"));
  m_pending->setAccessibleName(tr("Settings that wait for a restart"));
  m_pending->setWordWrap(true);
  m_answer = new AnswerLabel(QStringLiteral("serverAnswer"));
  m_controls = new QWidget;
  auto* rows = new QVBoxLayout(m_controls);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(4);
  rows->addWidget(buildServer());
  rows->addWidget(buildVisitors());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  layout->addWidget(m_pending);
  layout->addWidget(m_controls);
  layout->addWidget(m_answer);
  connect(&m_session, &models::Session::journalGrew, this, &ServerControls::followState);
  connect(&m_session, &models::Session::rowsGrew, this, &ServerControls::followState);
  onActingChange(m_session, this, [this] { followState(); });
  followState();
}

QPushButton* ServerControls::button(const QString& text, const QString& name, const QString& tip) {
  auto* made = new QPushButton(text);
  made->setObjectName(name);
  made->setToolTip(tip);
  return made;
}

QWidget* ServerControls::buildServer() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* reload = button(tr("Re&load"), QStringLiteral("reload"),
                        tr("The server reads its files again without ending a session"));
  auto* restart = button(tr("&Restart..."), QStringLiteral("restart"),
                         tr("Stops the server in the chosen way and starts it again"));
  auto* stop = button(tr("&Stop..."), QStringLiteral("stop"), tr("Stops the server"));
  auto* start = button(tr("St&art"), QStringLiteral("start"), tr("Starts a stopped server"));
  m_mode = new QComboBox;
  m_mode->setObjectName(QStringLiteral("stopMode"));
  m_mode->setAccessibleName(tr("How to stop"));
  m_mode->setToolTip(tr("How sessions are ended by a stop or a restart"));
  m_mode->addItems({QStringLiteral("fast"), QStringLiteral("smart"), QStringLiteral("immediate")});
  for (QPushButton* one : {reload, restart, stop, start}) layout->addWidget(one);
  auto* how = new QLabel(tr("Stop &mode"));
  how->setBuddy(m_mode);
  layout->addWidget(how);
  layout->addWidget(m_mode);
  layout->addStretch(1);
  connect(reload, &QPushButton::clicked, this, [this] {
    act({sim::Verb::Reload, {}, {}, {}}, tr("The files were read again."));
  });
  connect(restart, &QPushButton::clicked, this, &ServerControls::restart);
  connect(stop, &QPushButton::clicked, this, &ServerControls::stop);
  connect(start, &QPushButton::clicked, this, [this] {
    act({sim::Verb::Start, {}, {}, {}}, tr("The server is starting."));
  });
  return box;
}

QWidget* ServerControls::buildVisitors() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("Visitors let thro&ugh to the database"));
  m_admitted = new QSpinBox;
  m_admitted->setObjectName(QStringLiteral("admitted"));
  m_admitted->setAccessibleName(tr("Share of visitors let through, percent"));
  m_admitted->setRange(0, 100);
  m_admitted->setSingleStep(25);
  m_admitted->setSuffix(tr(" %"));
  m_admitted->setValue(m_session.run().world().website().admittedPercent);
  label->setBuddy(m_admitted);
  auto* set = button(tr("S&et"), QStringLiteral("admit"),
                     tr("The others see a page asking them to come back in a few minutes"));
  layout->addWidget(label);
  layout->addWidget(m_admitted);
  layout->addWidget(set);
  layout->addStretch(1);
  connect(set, &QPushButton::clicked, this, &ServerControls::admit);
  return box;
}

QString ServerControls::mode() const {
  return m_mode->currentText();
}

void ServerControls::ask(const QString& title, const QString& text, const sim::Action& action,
                         const QString& done) {
  auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::Cancel, window());
  box->setObjectName(QStringLiteral("confirmServer"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = box->addButton(title, QMessageBox::AcceptRole);
  yes->setObjectName(QStringLiteral("confirmServerYes"));
  box->setDefaultButton(QMessageBox::Cancel);
  connect(yes, &QPushButton::clicked, this, [this, action, done] { act(action, done); });
  box->open();
}

void ServerControls::restart() {
  sim::Action action;
  action.verb = sim::Verb::Restart;
  action.target = mode().toStdString();
  ask(tr("Restart the database"),
      tr("The database stops (%1) and starts again. %2 Until it is back, every page that needs it "
         "fails; afterwards its memory is empty and has to be filled from disk.")
          .arg(mode(), modeWords(mode())),
      action, tr("The server is restarting."));
}

void ServerControls::stop() {
  sim::Action action;
  action.verb = sim::Verb::Stop;
  action.target = mode().toStdString();
  ask(tr("Stop the database"),
      tr("The database stops (%1) and stays down until somebody starts it. %2 Until then, every "
         "page that needs it fails.")
          .arg(mode(), modeWords(mode())),
      action, tr("The server is shutting down."));
}

void ServerControls::admit() {
  sim::Action action;
  action.verb = sim::Verb::Admit;
  action.target = std::to_string(m_admitted->value());
  act(action, tr("%1 % of visitors are let through.").arg(m_admitted->value()));
}

void ServerControls::act(const sim::Action& action, const QString& done) {
  m_answer->showOutcome(m_session.perform(action).outcome, done);
}

void ServerControls::followState() {
  const bool may = mayAct(m_session);
  if (m_controls->isEnabled() != may) m_controls->setEnabled(may);
  if (!isVisible() && !m_pending->text().isEmpty()) return;
  const QStringList waiting = waitingForRestart(m_session.run().world().postgres());
  const QString text = waiting.isEmpty()
                           ? tr("No setting waits for a restart.")
                           : tr("Waiting for a restart: %1").arg(waiting.join(QLatin1String(", ")));
  if (m_pending->text() != text) m_pending->setText(text);
}

}  // namespace gui
