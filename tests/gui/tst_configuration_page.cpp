// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>

#include "gui/configuration/configuration_page.h"
#include "gui/configuration/preflight.h"
#include "page_driver.h"

using driver::child;
using driver::click;
using Opened = driver::Opened<gui::ConfigurationPage>;

namespace {

void choose(const QWidget& page, const QString& file) {
  auto* files = child<QComboBox>(page, "configFiles");
  files->setFocus();
  for (int row = 0; row < files->count(); ++row) {
    if (files->itemData(row).toString() != file) continue;
    files->setCurrentIndex(row);
    emit files->activated(row);
  }
}

// The file that says how large the pool is.
QString poolFile(const models::Session& session) {
  const sim::SettingState* state =
      session.run().world().postgres().settings.state("shared_buffers");
  return QString::fromStdString(state->sourceFile);
}

void replaceText(const QWidget& page, const QString& from, const QString& to) {
  auto* editor = child<QPlainTextEdit>(page, "configEditor");
  QTextCursor found = editor->document()->find(from);
  QVERIFY2(!found.isNull(), qPrintable(from));
  editor->setTextCursor(found);
  QTest::keyClicks(editor, to);
}

void confirm(const QWidget& page) {
  auto* box = page.window()->findChild<QMessageBox*>(QStringLiteral("confirmServer"));
  QVERIFY(box);
  QVERIFY(!box->text().isEmpty());
  click(child<QPushButton>(*box, "confirmServerYes"));
}

}  // namespace

class ConfigurationPageTest : public QObject {
  Q_OBJECT
 private slots:
  void anEditShowsItsDifferenceAndItsEffect() {
    Opened opened(drill::Mode::Practice);
    choose(*opened.page, poolFile(*opened.session));
    auto* save = child<QPushButton>(*opened.page, "saveFile");
    QVERIFY(!save->isEnabled());
    replaceText(*opened.page, QStringLiteral("44GB"), QStringLiteral("16GB"));
    const QString diff = child<QPlainTextEdit>(*opened.page, "configDiff")->toPlainText();
    QVERIFY(diff.contains(QStringLiteral("\n-shared_buffers = 44GB")));
    QVERIFY(diff.contains(QStringLiteral("\n+shared_buffers = 16GB")));
    const QString effect = child<QPlainTextEdit>(*opened.page, "configPreflight")->toPlainText();
    QVERIFY2(effect.contains(QStringLiteral("shared_buffers: 44GB \u2192 16GB")),
             qPrintable(effect));
    QVERIFY(effect.contains(QStringLiteral("cannot be changed without restarting the server")));
    QVERIFY(save->isEnabled());
  }
  void aMistakeIsToldInTheServersWords() {
    Opened opened(drill::Mode::Practice);
    choose(*opened.page, poolFile(*opened.session));
    replaceText(*opened.page, QStringLiteral("44GB"), QStringLiteral("16XB"));
    const QString effect = child<QPlainTextEdit>(*opened.page, "configPreflight")->toPlainText();
    QVERIFY(effect.contains(QStringLiteral("would NOT start")));
    QVERIFY2(
        effect.contains(QStringLiteral("invalid value for parameter \"shared_buffers\": \"16XB\"")),
        qPrintable(effect));
  }
  void savedReloadedAndRestarted() {
    Opened opened(drill::Mode::Practice);
    const auto& postgres = [&opened]() -> const sim::Postgres& {
      return opened.session->run().world().postgres();
    };
    auto* pending = child<QLabel>(*opened.page, "pendingRestart");
    choose(*opened.page, poolFile(*opened.session));
    replaceText(*opened.page, QStringLiteral("44GB"), QStringLiteral("16GB"));
    click(child<QPushButton>(*opened.page, "saveFile"));
    QVERIFY(opened.lastAction().verb == sim::Verb::EditFile);
    QVERIFY(opened.last().outcome.accepted);
    QVERIFY(child<QPlainTextEdit>(*opened.page, "configDiff")->toPlainText().isEmpty());
    QVERIFY(!pending->text().contains(QStringLiteral("shared_buffers")));
    click(child<QPushButton>(*opened.page, "reload"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Reload);
    opened.play(5);
    QVERIFY2(pending->text().contains(QStringLiteral("shared_buffers")),
             qPrintable(pending->text()));
    click(child<QPushButton>(*opened.page, "restart"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Reload);
    confirm(*opened.page);
    QVERIFY(opened.lastAction().verb == sim::Verb::Restart);
    QCOMPARE(opened.lastAction().target, std::string("fast"));
    opened.play(120);
    QCOMPARE(postgres().settings.show("shared_buffers"), std::string("16GB"));
    QVERIFY(!pending->text().contains(QStringLiteral("shared_buffers")));
  }
  void visitorsAreHeldBack() {
    Opened opened(drill::Mode::Practice);
    child<QSpinBox>(*opened.page, "admitted")->setValue(25);
    click(child<QPushButton>(*opened.page, "admit"));
    QCOMPARE(opened.session->run().world().website().admittedPercent, 25);
  }
  void theEditorFollowsTheServerUntilEdited() {
    Opened opened(drill::Mode::Practice);
    choose(*opened.page, poolFile(*opened.session));
    auto* editor = child<QPlainTextEdit>(*opened.page, "configEditor");
    sim::Action edit;
    edit.verb = sim::Verb::EditFile;
    edit.target = poolFile(*opened.session).toStdString();
    edit.text = "work_mem = 8MB\n";
    opened.session->perform(edit);
    QCOMPARE(editor->toPlainText(), QStringLiteral("work_mem = 8MB\n"));
    QTest::keyClicks(editor, QStringLiteral("# mine "));
    edit.text = "work_mem = 16MB\n";
    opened.session->perform(edit);
    QVERIFY(editor->toPlainText().contains(QStringLiteral("# mine")));
    QVERIFY(child<QLabel>(*opened.page, "configurationAnswer")
                ->text()
                .contains(QStringLiteral("changed while you were editing")));
    click(child<QPushButton>(*opened.page, "revertFile"));
    QCOMPARE(editor->toPlainText(), QStringLiteral("work_mem = 16MB\n"));
  }
  void theHistoryShowsCommitsAndIsNoted() {
    Opened opened(drill::Mode::Practice);
    child<QTabWidget>(*opened.page, "configViews")->setCurrentIndex(2);
    const QString history = child<QPlainTextEdit>(*opened.page, "configHistory")->toPlainText();
    QVERIFY(history.contains(QStringLiteral("e07a4b9")));
    bool noted = false;
    for (const drill::Entry& entry : opened.session->run().journal()) {
      noted |= entry.timed.action.target == "changes" && entry.outcome.accepted;
    }
    QVERIFY(noted);
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void aWatcherOnlyReads() {
    Opened opened(drill::Mode::Watch);
    QVERIFY(child<QPlainTextEdit>(*opened.page, "configEditor")->isReadOnly());
    QVERIFY(!child<QPushButton>(*opened.page, "restart")->isEnabled());
  }
};

QTEST_MAIN(ConfigurationPageTest)
#include "tst_configuration_page.moc"
