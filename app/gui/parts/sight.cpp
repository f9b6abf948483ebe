// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/sight.h"

#include <QDockWidget>
#include <QEvent>
#include <utility>

namespace gui {

Sight::Sight(QWidget* page) : QObject(page), m_page(page) {
  page->installEventFilter(this);
  const auto* dock = qobject_cast<QDockWidget*>(page->parentWidget());
  if (!dock) return;
  m_inFront = false;
  connect(dock, &QDockWidget::visibilityChanged, this, [this](bool inFront) {
    m_inFront = inFront;
    update(m_page->isVisible());
  });
}

void Sight::whenHere(std::function<void()> work) {
  if (m_here) return work();
  m_work = std::move(work);
}

bool Sight::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Show) update(true);
  if (event->type() == QEvent::Hide) update(false);
  return QObject::eventFilter(watched, event);
}

void Sight::update(bool shown) {
  const bool before = std::exchange(m_here, shown && m_inFront);
  if (before || !m_here) return;
  if (const auto work = std::exchange(m_work, {})) work();
  emit came();
}

}  // namespace gui
