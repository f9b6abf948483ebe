// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/acting.h"

#include <QCoreApplication>
#include <QFontDatabase>

namespace gui {
namespace {
QString tr(const char* text) {
  return QCoreApplication::translate("gui::acting", text);
}
}  // namespace

bool mayAct(const models::Session& session) {
  return session.mode() != drill::Mode::Watch && !session.run().finished() && !session.reviewing();
}

QString whyNot(const models::Session& session) {
  if (session.run().finished() || session.reviewing()) {
    return tr("The exercise has ended: nothing can be done any more.");
  }
  if (session.mode() == drill::Mode::Watch) {
    return tr("You are watching. Take over to do something yourself.");
  }
  return {};
}

QFont monospaceFont() {
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  font.setStyleHint(QFont::Monospace);
  return font;
}

QString fromText(const std::string& text) {
  return QString::fromStdString(text);
}

}  // namespace gui
