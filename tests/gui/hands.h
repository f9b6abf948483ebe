// SPDX-License-Identifier: GPL-3.0-or-later
// How a test gets at the controls of a window: by mouse and keys, or by keys alone. Keys alone go
// along the chain of focus, so a control that cannot be reached or left fails the test.
#pragma once

#include <QAbstractItemView>
#include <QApplication>
#include <QTabBar>
#include <QtTest>

namespace driver {

enum class Hand { MouseAndKeys, Keys };

// Tab after Tab, as far as the widget wanted.
inline void tabTo(const QWidget* wanted) {
  constexpr int kLongestWay = 150;
  QString way;
  for (int i = 0; i < kLongestWay; ++i) {
    QWidget* here = QApplication::focusWidget();
    if (here == wanted || (here && here == wanted->focusProxy())) return;
    if (!here) break;
    way += here->objectName() + QLatin1Char(' ');
    QTest::keyClick(here, Qt::Key_Tab);
  }
  qFatal("%s cannot be reached by keys: %s", qPrintable(wanted->objectName()), qPrintable(way));
}

inline void reach(Hand hand, QWidget* widget) {
  if (hand == Hand::Keys) {
    tabTo(widget);
  } else {
    widget->setFocus();
  }
}

inline void press(Hand hand, QWidget* button) {
  if (hand == Hand::MouseAndKeys) return QTest::mouseClick(button, Qt::LeftButton);
  tabTo(button);
  QTest::keyClick(button, Qt::Key_Space);
}

inline void chooseTab(Hand hand, QTabBar* bar, int number) {
  if (hand == Hand::MouseAndKeys) {
    return QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(number).center());
  }
  tabTo(bar);
  while (bar->currentIndex() < number) QTest::keyClick(bar, Qt::Key_Right);
  while (bar->currentIndex() > number) QTest::keyClick(bar, Qt::Key_Left);
}

inline void chooseRow(Hand hand, QAbstractItemView* view, int row) {
  const QModelIndex wanted = view->model()->index(row, 0);
  if (hand == Hand::MouseAndKeys) {
    view->scrollTo(wanted);
    return QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                             view->visualRect(wanted).center());
  }
  tabTo(view);
  while (view->currentIndex().row() < row) QTest::keyClick(view, Qt::Key_Down);
  while (view->currentIndex().row() > row) QTest::keyClick(view, Qt::Key_Up);
}

}  // namespace driver
