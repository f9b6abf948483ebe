// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHeaderView>
#include <QStandardItemModel>
#include <QtTest>

#include "gui/parts/wrapped_table.h"

namespace {

QList<QStandardItem*> line(const QString& text) {
  return {new QStandardItem(QStringLiteral("10:00:00")), new QStandardItem(text)};
}

}  // namespace

class WrappedTableTest : public QObject {
  Q_OBJECT
 private slots:
  void rowsAreAsHighAsTheirTexts() {
    QStandardItemModel model;
    const QString text = QStringLiteral("One page in a hundred takes longer than two seconds. ");
    model.appendRow(line(QStringLiteral("resolved")));
    gui::WrappedTable table(1);
    table.setModel(&model);
    table.resize(300, 400);
    table.show();
    const int single = table.rowHeight(0);
    QVERIFY(single >= table.fontMetrics().height());
    model.appendRow(line(text.repeated(3)));
    model.appendRow(line(text.repeated(6)));
    QVERIFY(table.rowHeight(1) > 2 * single);
    QVERIFY(table.rowHeight(2) > table.rowHeight(1));
    QCOMPARE(table.rowHeight(0), single);
    const int narrow = table.rowHeight(2);
    table.resize(900, 400);
    QCoreApplication::processEvents();
    QVERIFY(table.rowHeight(2) < narrow);
    QVERIFY(table.rowHeight(2) > single);
    model.removeRows(1, 2);
    model.appendRow(line(QStringLiteral("resolved")));
    QCOMPARE(table.rowHeight(1), single);
  }
  void aWideTableNeedsOneLineEach() {
    QStandardItemModel model;
    for (int row = 0; row < 3; ++row) model.appendRow(line(QStringLiteral("Input errors on sw2")));
    gui::WrappedTable table(1);
    table.setModel(&model);
    table.resize(800, 300);
    table.show();
    for (int row = 0; row < 3; ++row) QCOMPARE(table.rowHeight(row), table.rowHeight(0));
    QVERIFY(table.rowHeight(0) < 2 * table.fontMetrics().height());
  }
};

QTEST_MAIN(WrappedTableTest)
#include "tst_wrapped_table.moc"
