// SPDX-License-Identifier: GPL-3.0-or-later
// "Pin as evidence": a menu that pins what a page shows to one of the trainee's hypotheses, or to a
// new one. It does not edit hypotheses.
#pragma once

#include <QMenu>
#include <functional>
#include <vector>

#include "models/look_journal.h"
#include "models/session.h"

namespace gui {

class PinMenu : public QMenu {
  Q_OBJECT
 public:
  // What is pinned, asked for when a choice is made: one view and range, or several.
  using What = std::function<std::vector<models::Look>()>;
  PinMenu(models::Session& session, What what, QWidget* parent);

 signals:
  // For a page's status line: "Pinned to h1 (for)" or why not.
  void done(const QString& text);

 private:
  void fill();
  void pin(const QString& hypothesis, bool supports);
  void pinToNew();

  models::Session& m_session;
  What m_what;
};

}  // namespace gui
