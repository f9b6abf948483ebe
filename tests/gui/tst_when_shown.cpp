// SPDX-License-Identifier: GPL-3.0-or-later
#include <QWidget>
#include <QtTest>

#include "gui/parts/when_shown.h"

class WhenShownTest : public QObject {
  Q_OBJECT
 private slots:
  void workWaitsForSomebodyWhoLooks() {
    QWidget page;
    int done = 0;
    auto* work = new gui::WhenShown(&page, [&done] { ++done; });
    work->ask();
    work->ask();
    QVERIFY(work->due());
    QCOMPARE(done, 0);
    page.show();
    QCOMPARE(done, 1);
    QVERIFY(!work->due());
    page.hide();
    page.show();
    QCOMPARE(done, 1);
    work->ask();
    QCOMPARE(done, 2);
  }
};

QTEST_MAIN(WhenShownTest)
#include "tst_when_shown.moc"
