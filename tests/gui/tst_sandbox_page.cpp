// SPDX-License-Identifier: GPL-3.0-or-later
// A server of one's own: chosen on the start page, typed at in the window.
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include "gui/app/application.h"
#include "gui/drill/drill_window.h"
#include "gui/start/sandbox_page.h"
#include "gui/start/start_window.h"
#include "page_driver.h"

using driver::child;
using driver::click;

class SandboxPageTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->path().toLocal8Bit());
    qputenv("OUTAGE_DRILL_DATA", SOURCE_DIR);
    QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-test"));
    QCoreApplication::setApplicationName(QStringLiteral("sandbox"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
  }
  void aServerIsChosenAndTypedAt() {
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    gui::Application application(library.value());
    application.showStart();
    QVERIFY(application.startWindow()->showPage(QStringLiteral("sandbox")));
    const QWidget& start = *application.startWindow();
    child<QComboBox>(start, "sandboxRam")->setCurrentText(QStringLiteral("16GB"));
    QCOMPARE(driver::nameless(*child<gui::SandboxPage>(start, "start.sandbox")), QString());
    click(child<QPushButton>(start, "openSandbox"));
    gui::DrillWindow* window = application.drillWindow();
    QVERIFY(window);
    models::Session& session = window->session();
    session.setPaused(true);
    QCOMPARE(session.run().world().spec().host.ramBytes, 16LL << 30);
    for (const char* page : {"charts", "logs", "terminal", "configuration", "timeline"}) {
      QVERIFY2(window->showPage(QLatin1String(page)), page);
    }
    for (const char* page : {"alerts", "people", "change", "evidence", "debrief"}) {
      QVERIFY2(!window->showPage(QLatin1String(page)), page);
    }
    QVERIFY(!child<QPushButton>(*window, "closeIncident")->isVisible());
    QCOMPARE(child<QLabel>(*window, "mode")->text(), QStringLiteral("Sandbox"));
    window->showPage(QStringLiteral("terminal"));
    auto* input = child<QLineEdit>(*window, "terminalInput");
    QTest::keyClicks(input, QStringLiteral("psql -Atc 'SHOW shared_buffers'"));
    QTest::keyClick(input, Qt::Key_Return);
    seed::play(session, 10);
    session.setPaused(true);
    QVERIFY(child<QPlainTextEdit>(*window, "terminalOutput")
                ->toPlainText()
                .contains(QStringLiteral("4GB")));
    QVERIFY(!session.debrief());
    QVERIFY(library.value()->unfinishedRuns().empty());
  }
  void whatCannotBeIsSaid() {
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    gui::Application application(library.value());
    application.showStart();
    application.startWindow()->showPage(QStringLiteral("sandbox"));
    const QWidget& start = *application.startWindow();
    auto* answer = child<QLabel>(start, "sandboxAnswer");
    auto* open = child<QPushButton>(start, "openSandbox");
    auto* ram = child<QComboBox>(start, "sandboxRam");
    ram->setCurrentText(QStringLiteral("plenty"));
    click(open);
    QVERIFY2(answer->text().contains(QStringLiteral("64GB")), qPrintable(answer->text()));
    ram->setCurrentText(QStringLiteral("1MB"));
    click(open);
    QVERIFY2(answer->text().contains(QStringLiteral("1GB")), qPrintable(answer->text()));
    ram->setCurrentText(QStringLiteral("64GB"));
    QTest::keyClicks(child<QLineEdit>(start, "sandboxFile"), QStringLiteral("/no/such/file.conf"));
    click(open);
    QVERIFY2(answer->text().contains(QStringLiteral("/no/such/file.conf")),
             qPrintable(answer->text()));
    QVERIFY(!application.drillWindow());
  }

 private:
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(SandboxPageTest)
#include "tst_sandbox_page.moc"
