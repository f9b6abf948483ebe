// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "cli/table.h"

using cli::Table;

class TestTable : public QObject {
  Q_OBJECT

 private slots:
  void alignsCharactersNotBytes() {
    Table table({{"name"}, {"points", Table::Align::Right}, {"for"}});
    table.add({"Žofia", "3.0", "evidence"});
    table.add({"Al", "12.5", ""});
    QCOMPARE(table.text(), std::string("name   points  for\n"
                                       "Žofia     3.0  evidence\n"
                                       "Al       12.5\n"));
  }

  void keepsTheTerminalAsItIs() {
    QCOMPARE(cli::oneLine("a\x1b[2Jb\nc\td\x7f"), std::string("a [2Jb c d "));
  }

  void fillsAndDropsCells() {
    Table table({{"a"}, {"b"}});
    table.add({"1"});
    table.add({"1", "2", "3"});
    QCOMPARE(table.text(), std::string("a  b\n1\n1  2\n"));
  }
};

QTEST_APPLESS_MAIN(TestTable)
#include "tst_table.moc"
