// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of single pages share: a page over a session of the seed scenario, found widgets,
// and the journal's last entry.
#pragma once

#include <QAccessible>
#include <QWidget>
#include <QtTest>
#include <algorithm>

#include "../models/seed_scenario.h"
#include "gui/app/theme.h"
#include "gui/page_registry.h"

namespace driver {

// Of several with one name, the one that can be seen.
template <typename Widget>
Widget* child(const QWidget& parent, const char* name) {
  const auto all = parent.findChildren<Widget*>(QLatin1String(name));
  if (all.isEmpty()) qFatal("there is no widget called %s", name);
  const auto seen = std::find_if(all.begin(), all.end(),
                                 [](const Widget* widget) { return widget->isVisible(); });
  return seen == all.end() ? all.front() : *seen;
}

// Dialogs belong to the window, not to the page that asked for them.
template <typename Page>
struct Opened {
  explicit Opened(drill::Mode mode) : session(seed::session(mode)) {
    page = std::make_unique<Page>(gui::PageContext{*session, nullptr}, nullptr);
    page->resize(900, 600);
    page->show();
  }
  [[nodiscard]] const drill::Entry& last() const { return session->run().journal().back(); }
  [[nodiscard]] const sim::Action& lastAction() const { return last().timed.action; }
  void play(int seconds) const { seed::play(*session, seconds); }

  std::unique_ptr<models::Session> session;
  std::unique_ptr<Page> page;
};

inline void click(QWidget* widget) {
  QTest::mouseClick(widget, Qt::LeftButton);
}

// Every widget that takes the keyboard can be told by its name, and no text is cut at its size.
inline QString nameless(const QWidget& page) {
  for (const QWidget* widget : page.findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
    if (widget->objectName().startsWith(QLatin1String("qt_"))) continue;
    const QAccessibleInterface* seen =
        QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
    if (!seen || seen->text(QAccessible::Name).isEmpty()) {
      return QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') +
             widget->objectName();
    }
  }
  return {};
}

}  // namespace driver
