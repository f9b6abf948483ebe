// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/pin_menu.h"

#include <QInputDialog>

#include "models/evidence_model.h"

namespace gui {

PinMenu::PinMenu(models::Session& session, What what, QWidget* parent)
    : QMenu(tr("Pin as evidence"), parent), m_session(session), m_what(std::move(what)) {
  setObjectName(QStringLiteral("pinMenu"));
  connect(this, &QMenu::aboutToShow, this, &PinMenu::fill);
}

void PinMenu::fill() {
  clear();
  for (const models::HypothesisState& one : models::hypothesesOf(m_session.run().journal())) {
    if (one.rejected) continue;
    const QString name = one.text.isEmpty() ? one.id : one.id + QStringLiteral(": ") + one.text;
    QString shown = name.left(60);
    shown.replace(QLatin1Char('&'), QLatin1String("&&"));
    addAction(tr("For %1").arg(shown), this, [this, id = one.id] { pin(id, true); });
    addAction(tr("Against %1").arg(shown), this, [this, id = one.id] { pin(id, false); });
  }
  if (!isEmpty()) addSeparator();
  addAction(tr("&New hypothesis..."), this, &PinMenu::pinToNew);
}

void PinMenu::pinToNew() {
  auto* dialog = new QInputDialog(parentWidget());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("New hypothesis"));
  dialog->setLabelText(tr("What do you think is going wrong?"));
  dialog->resize(420, 120);
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& text) {
    if (text.trimmed().isEmpty()) return;
    sim::Action action;
    action.verb = sim::Verb::Hypothesis;
    const QString id = models::nextHypothesisId(models::hypothesesOf(m_session.run().journal()));
    action.target = id.toStdString();
    action.text = text.trimmed().toStdString();
    action.fields["confidence"] = "50";
    const drill::Entry entry = m_session.perform(action);
    if (entry.outcome.accepted) {
      pin(id, true);
    } else {
      emit done(QString::fromStdString(entry.outcome.text));
    }
  });
  dialog->open();
}

drill::Entry PinMenu::pinOne(const models::Look& look, const QString& hypothesis, bool supports) {
  drill::Entry looked = m_session.perform(look.action());
  if (!looked.outcome.accepted || m_session.run().observations().empty()) return looked;
  sim::Action action;
  action.verb = sim::Verb::Pin;
  action.target = hypothesis.toStdString();
  action.fields["observation"] = std::to_string(m_session.run().observations().back().number);
  action.fields["stance"] = supports ? "for" : "against";
  return m_session.perform(action);
}

void PinMenu::pin(const QString& hypothesis, bool supports) {
  for (const models::Look& look : m_what()) {
    const drill::Entry entry = pinOne(look, hypothesis, supports);
    if (entry.outcome.accepted) continue;
    emit done(QString::fromStdString(entry.outcome.text));
    return;
  }
  emit done(supports ? tr("Pinned for %1").arg(hypothesis)
                     : tr("Pinned against %1").arg(hypothesis));
}

}  // namespace gui
