// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "gui/app/command_line.h"

using gui::readCommandLine;

class CommandLineTest : public QObject {
  Q_OBJECT
 private slots:
  void opensTheStartPageWithoutArguments() {
    const auto line = readCommandLine({QStringLiteral("outage-drill")});
    QVERIFY(line.subject.isEmpty());
    QVERIFY(line.message.isEmpty());
    QVERIFY(!line.seed);
  }
  void takesAScenarioAndASeed() {
    for (const QStringList& words : {QStringList{"x", "--seed", "42", "a-scenario"},
                                     QStringList{"x", "a-scenario", "--seed=42"}}) {
      const auto line = readCommandLine(words);
      QCOMPARE(line.subject, QStringLiteral("a-scenario"));
      QCOMPARE(line.seed.value_or(0), std::uint64_t{42});
      QCOMPARE(line.exitCode, 0);
    }
  }
  void explainsItself() {
    const auto help = readCommandLine({"x", "--help"});
    QVERIFY(
        help.message.startsWith(QStringLiteral("Usage: outage-drill [options] [SCENARIO|RUN]")));
    QCOMPARE(help.exitCode, 0);
    const auto version = readCommandLine({"x", "--version"});
    QVERIFY(version.message.startsWith(QStringLiteral("outage-drill 1.")));
  }
  void refusesWrongUsage_data() {
    QTest::addColumn<QStringList>("words");
    QTest::newRow("option") << QStringList{"x", "--fast"};
    QTest::newRow("two") << QStringList{"x", "a", "b"};
    QTest::newRow("seed") << QStringList{"x", "--seed", "many"};
    QTest::newRow("negative") << QStringList{"x", "--seed=-1"};
    QTest::newRow("missing") << QStringList{"x", "--seed"};
  }
  void refusesWrongUsage() {
    QFETCH(QStringList, words);
    const auto line = readCommandLine(words);
    QCOMPARE(line.exitCode, 2);
    QVERIFY(line.message.startsWith(QStringLiteral("outage-drill: ")));
  }
  void theProgramNeedsNoDisplayToExplainItself() {
    const QString program = QStringLiteral(BINARY_DIR "/bin/outage-drill");
    if (!QFileInfo::exists(program)) QSKIP("the program is not built");
    QProcess process;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    process.setProcessEnvironment(environment);
    process.start(program, {QStringLiteral("--help")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().startsWith("Usage: outage-drill"));
    process.start(program, {QStringLiteral("--nonsense")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 2);
  }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
