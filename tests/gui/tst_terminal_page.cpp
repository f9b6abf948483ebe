// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "drill/run_file.h"
#include "drill/run_text.h"
#include "gui/terminal/terminal_page.h"
#include "gui/terminal/typing_line.h"
#include "page_driver.h"

using driver::child;
using Opened = driver::Opened<gui::TerminalPage>;

class TerminalPageTest : public QObject {
  Q_OBJECT
 private slots:
  void aCommandIsRunAndShown() {
    Opened opened(drill::Mode::Practice);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    auto* output = child<QPlainTextEdit>(*opened.page, "terminalOutput");
    const QString prompt = child<QLabel>(*opened.page, "terminalPrompt")->text();
    QVERIFY(!prompt.isEmpty());
    QTest::keyClicks(input, QStringLiteral("free -m"));
    QTest::keyClick(input, Qt::Key_Return);
    QVERIFY(opened.lastAction().verb == sim::Verb::Command);
    QCOMPARE(opened.lastAction().text, std::string("free -m"));
    QCOMPARE(output->toPlainText(),
             prompt + QStringLiteral("free -m\n") + QString::fromStdString(opened.last().output));
    QVERIFY(output->toPlainText().contains(QStringLiteral("total")));
    QVERIFY(input->text().isEmpty());
    QTest::keyClick(input, Qt::Key_L, Qt::ControlModifier);
    QVERIFY(output->toPlainText().isEmpty());
  }
  void upAndDownGoThroughWhatWasTyped() {
    Opened opened(drill::Mode::Practice);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    for (const char* line : {"uptime", "free -h"}) {
      QTest::keyClicks(input, QLatin1String(line));
      QTest::keyClick(input, Qt::Key_Return);
    }
    QTest::keyClicks(input, QStringLiteral("dm"));
    QTest::keyClick(input, Qt::Key_Up);
    QCOMPARE(input->text(), QStringLiteral("free -h"));
    QTest::keyClick(input, Qt::Key_Up);
    QTest::keyClick(input, Qt::Key_Up);
    QCOMPARE(input->text(), QStringLiteral("uptime"));
    QTest::keyClick(input, Qt::Key_Down);
    QTest::keyClick(input, Qt::Key_Down);
    QCOMPARE(input->text(), QStringLiteral("dm"));
  }
  void tabCompletes() {
    Opened opened(drill::Mode::Practice);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    input->setFocus();
    QTest::keyClicks(input, QStringLiteral("dmes"));
    QTest::keyClick(input, Qt::Key_Tab);
    QCOMPARE(input->text(), QStringLiteral("dmesg "));
    input->clear();
    QTest::keyClicks(input, QStringLiteral("cat /var/log/postgr"));
    QTest::keyClick(input, Qt::Key_Tab);
    QCOMPARE(input->text(), QStringLiteral("cat /var/log/postgresql/"));
  }
  void severalCompletionsAreListed() {
    gui::TypingLine line;
    QSignalSpy several(&line, &gui::TypingLine::severalCompletions);
    line.setText(QStringLiteral("p"));
    line.complete({"ping", "ps"});
    QCOMPARE(line.text(), QStringLiteral("p"));
    QCOMPARE(several.count(), 1);
    line.setText(QStringLiteral("show shared_b"));
    line.complete({"shared_buffers"});
    QCOMPARE(line.text(), QStringLiteral("show shared_buffers "));
    line.complete({});
    QCOMPARE(line.text(), QStringLiteral("show shared_buffers "));
  }
  void aCommandMayTakeSeveralLines() {
    Opened opened(drill::Mode::Practice);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    auto* output = child<QPlainTextEdit>(*opened.page, "terminalOutput");
    auto* prompt = child<QLabel>(*opened.page, "terminalPrompt");
    for (const char* line : {"cat <<E", "one", "", "two", "E"}) {
      QTest::keyClicks(input, QLatin1String(line));
      QTest::keyClick(input, Qt::Key_Return);
    }
    QVERIFY2(output->toPlainText().endsWith(QStringLiteral("> E\none\n\ntwo")),
             qPrintable(output->toPlainText()));
    const QString fresh = prompt->text();
    QTest::keyClicks(input, QStringLiteral("for i in 1 2; do"));
    QTest::keyClick(input, Qt::Key_Return);
    QCOMPARE(prompt->text(), QStringLiteral("> "));
    QTest::keyClicks(input, QStringLiteral("ech"));
    QTest::keyClick(input, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(prompt->text(), fresh);
    QVERIFY(output->toPlainText().endsWith(QStringLiteral("> ech^C")));
    QVERIFY(input->text().isEmpty());
    // What gives up nothing is nobody's action.
    const std::size_t actions = opened.session->run().journal().size();
    QTest::keyClicks(input, QStringLiteral("rm -r"));
    QTest::keyClick(input, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(output->toPlainText().endsWith(QStringLiteral("rm -r^C")));
    QCOMPARE(opened.session->run().journal().size(), actions);
    const auto read = drill::readRunText(drill::runText(opened.session->run(), false), "typed.run");
    QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
  }
  void goingBackShowsTheTerminalOfThen() {
    Opened opened(drill::Mode::Practice);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    auto* output = child<QPlainTextEdit>(*opened.page, "terminalOutput");
    QTest::keyClicks(input, QStringLiteral("uptime"));
    QTest::keyClick(input, Qt::Key_Return);
    const QString then = output->toPlainText();
    opened.play(120);
    const base::SimTime before = opened.session->run().now();
    QTest::keyClicks(input, QStringLiteral("free"));
    QTest::keyClick(input, Qt::Key_Return);
    QVERIFY(output->toPlainText() != then);
    opened.session->branch(before - base::seconds(60));
    QCOMPARE(output->toPlainText(), then);
  }
  void aWatcherDoesNotType() {
    Opened opened(drill::Mode::Watch);
    auto* input = child<QLineEdit>(*opened.page, "terminalInput");
    QVERIFY(!input->isEnabled());
    QVERIFY(input->placeholderText().contains(QStringLiteral("Take over")));
    opened.session->takeOver(drill::Mode::Practice);
    QVERIFY(input->isEnabled());
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
};

QTEST_MAIN(TerminalPageTest)
#include "tst_terminal_page.moc"
