// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QPlainTextEdit>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <QtTest>

#include "gui/parts/lists.h"

class ListsTest : public QObject {
  Q_OBJECT
 private slots:
  void keysGoThroughAListAndOutOfIt() {
    QStandardItemModel model(3, 2);
    model.setItem(1, 0, new QStandardItem(QStringLiteral("second")));
    QWidget page;
    auto* table = new QTableView;
    gui::listRows(table);
    table->setModel(&model);
    QPlainTextEdit* text = gui::shownText(QStringLiteral("shown"), QStringLiteral("Shown"));
    text->setPlainText(QStringLiteral("as it was"));
    auto* layout = new QVBoxLayout(&page);
    for (QWidget* widget : std::initializer_list<QWidget*>{
             table, gui::emptySentence(QStringLiteral("Nothing yet.")), text}) {
      layout->addWidget(widget);
    }
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
    QCOMPARE(table->currentIndex().row(), 1);
    QTest::keyClick(table, Qt::Key_F2);
    QTest::keyClicks(table, QStringLiteral("x"));
    QCOMPARE(model.item(1, 0)->text(), QStringLiteral("second"));
    QTest::keyClick(table, Qt::Key_Tab);
    QVERIFY(text->hasFocus());
    QTest::keyClicks(text, QStringLiteral("other"));
    QCOMPARE(text->toPlainText(), QStringLiteral("as it was"));
    QTest::keyClick(text, Qt::Key_Tab);
    QVERIFY(table->hasFocus());
  }
};

QTEST_MAIN(ListsTest)
#include "tst_lists.moc"
