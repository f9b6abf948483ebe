// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>

#include "gui/change/change_page.h"
#include "page_driver.h"

using driver::child;
using driver::click;
using Opened = driver::Opened<gui::ChangePage>;

class ChangePageTest : public QObject {
  Q_OBJECT
 private slots:
  void aRequestIsFiledAndAnswered() {
    Opened opened(drill::Mode::Practice);
    auto* table = child<QTableWidget>(*opened.page, "changeTable");
    QVERIFY(!table->isVisible());
    QTest::keyClicks(child<QLineEdit>(*opened.page, "changeSetting"),
                     QStringLiteral("shared_buffers"));
    QTest::keyClicks(child<QLineEdit>(*opened.page, "changeValue"), QStringLiteral("16GB"));
    QTest::keyClicks(child<QPlainTextEdit>(*opened.page, "changeImpact"),
                     QStringLiteral("One restart; the pool shrinks by 28 GB"));
    QTest::keyClicks(child<QPlainTextEdit>(*opened.page, "changeRollback"),
                     QStringLiteral("Put 44GB back and restart"));
    QTest::keyClicks(child<QPlainTextEdit>(*opened.page, "changeVerification"),
                     QStringLiteral("p99 below 2 s for ten minutes"));
    QTest::keyClick(child<QCheckBox>(*opened.page, "changeEmergency"), Qt::Key_Space);
    click(child<QPushButton>(*opened.page, "fileChange"));
    QVERIFY(opened.lastAction().verb == sim::Verb::RequestChange);
    QCOMPARE(opened.lastAction().fields.at("emergency"), std::string("yes"));
    QVERIFY(table->isVisible());
    QCOMPARE(table->item(0, 3)->text(), QStringLiteral("waiting for review"));
    opened.play(90);
    const sim::ChangeRequest& request = opened.session->run().world().changeRequests().front();
    QVERIFY(request.state == sim::ChangeRequest::State::Approved);
    QCOMPARE(table->item(0, 3)->text(), QStringLiteral("approved"));
    QVERIFY(child<QLabel>(*opened.page, "changeAnswer")
                ->text()
                .startsWith(QStringLiteral("Change 1 was answered")));
    QVERIFY(child<QPlainTextEdit>(*opened.page, "changeDetail")
                ->toPlainText()
                .contains(QString::fromStdString(request.verdict)));
  }
  void nonsenseIsRefusedInWords() {
    Opened opened(drill::Mode::Practice);
    QTest::keyClicks(child<QLineEdit>(*opened.page, "changeSetting"), QStringLiteral("bufers"));
    QTest::keyClicks(child<QLineEdit>(*opened.page, "changeValue"), QStringLiteral("1"));
    click(child<QPushButton>(*opened.page, "fileChange"));
    QCOMPARE(child<QLabel>(*opened.page, "changeAnswer")->text(),
             QStringLiteral("Refused: unrecognized configuration parameter \"bufers\""));
    QVERIFY(opened.session->run().world().changeRequests().empty());
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void aWatcherFilesNothing() {
    Opened opened(drill::Mode::Watch);
    QVERIFY(!child<QPushButton>(*opened.page, "fileChange")->isEnabled());
  }
};

QTEST_MAIN(ChangePageTest)
#include "tst_change_page.moc"
