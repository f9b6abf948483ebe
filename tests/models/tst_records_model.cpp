// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QtTest>

#include "models/records_model.h"

class RecordsModelTest : public QObject {
  Q_OBJECT
 private slots:
  void showsARecordInARow() {
    models::RecordsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    records::Record record;
    record.id = 7;
    record.finishedAt = "2026-03-02T10:11:12Z";
    record.scenarioTitle = "The main database";
    record.mode = "assessment";
    record.score = 81.25;
    record.band = "competent";
    record.usersAffectedPercent = 41.26;
    record.userMinutesLost = 1234.4;
    record.downtimeMinutes = 31;
    model.setRecords({record});
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column) {
      cells << model.index(0, column).data().toString();
    }
    QCOMPARE(cells.join('|'),
             QStringLiteral(
                 "2026-03-02 10:11|The main database|assessment|81.2|competent|41.3|1234|31"));
    QCOMPARE(model.index(0, 0).data(models::RecordsModel::IdRole).toLongLong(), 7);
  }
};

QTEST_GUILESS_MAIN(RecordsModelTest)
#include "tst_records_model.moc"
