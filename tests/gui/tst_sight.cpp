// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QMainWindow>
#include <QtTest>

#include "gui/parts/sight.h"

class SightTest : public QObject {
  Q_OBJECT
 private slots:
  void workWaitsForSomebodyWhoLooks() {
    QWidget page;
    auto* sight = new gui::Sight(&page);
    const QSignalSpy came(sight, &gui::Sight::came);
    int done = 0;
    for (int i = 0; i < 2; ++i) sight->whenHere([&done] { ++done; });
    QVERIFY(sight->waits() && !sight->here());
    QCOMPARE(done, 0);
    page.show();
    QCOMPARE(done, 1);
    QVERIFY(sight->here() && !sight->waits());
    sight->whenHere([&done] { ++done; });
    QCOMPARE(done, 2);
    page.hide();
    QVERIFY(!sight->here());
    page.show();
    QCOMPARE(done, 2);
    QCOMPARE(came.count(), 2);
  }
  void whatStandsBehindAnotherTabIsNotInSight() {
    QMainWindow window;
    std::array<QDockWidget*, 2> docks{};
    std::array<gui::Sight*, 2> sights{};
    for (std::size_t i = 0; i < docks.size(); ++i) {
      docks[i] = new QDockWidget;
      auto* page = new QWidget(docks[i]);
      sights[i] = new gui::Sight(page);
      docks[i]->setWidget(page);
      window.addDockWidget(Qt::LeftDockWidgetArea, docks[i]);
    }
    window.tabifyDockWidget(docks[0], docks[1]);
    docks[0]->raise();
    window.show();
    QCoreApplication::processEvents();
    QVERIFY(sights[0]->here() && !sights[1]->here());
    docks[1]->raise();
    QCoreApplication::processEvents();
    QVERIFY(!sights[0]->here() && sights[1]->here());
    docks[1]->hide();
    QCoreApplication::processEvents();
    QVERIFY(sights[0]->here() && !sights[1]->here());
  }
};

QTEST_MAIN(SightTest)
#include "tst_sight.moc"
