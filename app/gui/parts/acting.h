// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the trainee may do something now, and the sentence that says why not. Shared by all pages
// that act.
#pragma once

#include <QFont>
#include <QString>

#include "models/session.h"

namespace gui {

[[nodiscard]] bool mayAct(const models::Session& session);
// Empty when the trainee may act.
[[nodiscard]] QString whyNot(const models::Session& session);
// Calls function whenever the answer of mayAct may have changed.
template <typename Function>
void onActingChange(models::Session& session, QObject* context, Function function) {
  QObject::connect(&session, &models::Session::wasReset, context, function);
  QObject::connect(&session, &models::Session::modeChanged, context, function);
  QObject::connect(&session, &models::Session::paceChanged, context, function);
  QObject::connect(&session, &models::Session::finished, context, function);
}
// What terminals, files and differences are written in.
[[nodiscard]] QFont monospaceFont();
[[nodiscard]] QString fromText(const std::string& text);

}  // namespace gui
