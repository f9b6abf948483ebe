// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/pin_menu.h"

#include "gui/evidence/hypothesis_dialog.h"
#include "models/evidence_model.h"

namespace gui {
namespace {

drill::Entry pinOne(models::Session& session, const models::Look& look, const QString& hypothesis,
                    bool supports) {
  drill::Entry looked = session.perform(look.action());
  if (!looked.outcome.accepted || session.run().observations().empty()) return looked;
  sim::Action action;
  action.verb = sim::Verb::Pin;
  action.target = hypothesis.toStdString();
  action.fields["observation"] = std::to_string(session.run().observations().back().number);
  action.fields["stance"] = supports ? "for" : "against";
  return session.perform(action);
}

// Empty, or why one of them was refused.
QString pinAll(models::Session& session, const std::vector<models::Look>& looks,
               const QString& hypothesis, bool supports) {
  for (const models::Look& look : looks) {
    const drill::Entry entry = pinOne(session, look, hypothesis, supports);
    if (!entry.outcome.accepted) return QString::fromStdString(entry.outcome.text);
  }
  return {};
}

}  // namespace

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
  models::HypothesisState state;
  state.id = models::nextHypothesisId(models::hypothesesOf(m_session.run().journal()));
  auto* dialog =
      new HypothesisDialog(m_session.run().scenario().form, state, parentWidget()->window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  // Not bound to this menu: a context menu is gone before its dialog is answered.
  connect(dialog, &HypothesisDialog::written, &m_session,
          [&session = m_session, what = m_what, id = state.id](const sim::Action& action) {
            if (session.perform(action).outcome.accepted) pinAll(session, what(), id, true);
          });
  dialog->open();
}

void PinMenu::pin(const QString& hypothesis, bool supports) {
  const QString refusal = pinAll(m_session, m_what(), hypothesis, supports);
  if (!refusal.isEmpty()) {
    emit done(refusal);
    return;
  }
  emit done(supports ? tr("Pinned for %1").arg(hypothesis)
                     : tr("Pinned against %1").arg(hypothesis));
}

}  // namespace gui
