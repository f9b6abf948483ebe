// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "records/schema.h"

class TestSchema : public QObject {
  Q_OBJECT

 private slots:
  void goesUpToTheVersionInUse() {
    int last = 0;
    for (const records::Migration& migration : records::migrations()) {
      QCOMPARE(migration.version, last + 1);
      QVERIFY(!migration.statements.empty());
      last = migration.version;
    }
    QCOMPARE(last, records::kSchemaVersion);
  }

  void marksTheFileAsOurs() {
    QCOMPARE(QString(records::migrations().front().statements.front()),
             QString("PRAGMA application_id = %1").arg(records::kApplicationId));
  }
};

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"
