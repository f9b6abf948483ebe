// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/when_shown.h"

#include <QEvent>
#include <QWidget>
#include <utility>

namespace gui {

WhenShown::WhenShown(QWidget* shown, std::function<void()> work)
    : QObject(shown), m_shown(shown), m_work(std::move(work)) {
  shown->installEventFilter(this);
}

void WhenShown::ask() {
  m_due = true;
  if (m_shown->isVisible()) work();
}

bool WhenShown::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Show && m_due) work();
  return QObject::eventFilter(watched, event);
}

void WhenShown::work() {
  m_due = false;
  m_work();
}

}  // namespace gui
