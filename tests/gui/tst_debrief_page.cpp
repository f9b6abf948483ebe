// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QTreeWidget>

#include "base/text.h"
#include "drill/run_file.h"
#include "gui/debrief/debrief_page.h"
#include "gui/debrief/loss_chart.h"
#include "page_driver.h"

using driver::child;
using driver::click;
using Opened = driver::Opened<gui::DebriefPage>;

namespace {

void showTab(const QWidget& page, int tab) {
  child<QTabWidget>(page, "debriefTabs")->setCurrentIndex(tab);
}

void end(const Opened& opened) {
  opened.play(300);
  opened.session->perform({sim::Verb::Acknowledge, "WebsiteLatencyHigh", {}, {}});
  opened.session->perform({sim::Verb::Declare, "sev2", {}, {}});
  opened.session->close(QStringLiteral("enough"));
}

void saveTo(const QWidget& page, const char* button, const QString& path) {
  click(child<QPushButton>(page, button));
  auto* dialog = child<QFileDialog>(page, "saveDialog");
  auto* name = child<QLineEdit>(*dialog, "fileNameEdit");
  name->setText(path);
  QTest::keyClick(name, Qt::Key_Return);
}

}  // namespace

class DebriefPageTest : public QObject {
  Q_OBJECT
 private slots:
  void nothingIsShownBeforeTheEnd() {
    Opened opened(drill::Mode::Practice);
    QVERIFY(child<QLabel>(*opened.page, "debriefEmpty")->isVisible());
    QVERIFY(!child<QTabWidget>(*opened.page, "debriefTabs")->isVisible());
    QCOMPARE(child<QTreeWidget>(*opened.page, "scoreTree")->topLevelItemCount(), 0);
    QVERIFY(child<QTextBrowser>(*opened.page, "causes")->toPlainText().isEmpty());
    QVERIFY(child<QTextBrowser>(*opened.page, "postmortem")->toPlainText().isEmpty());
  }
  void theWholeStoryIsToldAtTheEnd() {
    Opened opened(drill::Mode::Practice);
    end(opened);
    QVERIFY(opened.session->run().finished());
    const drill::Debrief& debrief = *opened.session->debrief();
    auto* chart = child<gui::LossChart>(*opened.page, "lossChart");
    QVERIFY(chart->isVisible());
    QCOMPARE(chart->curveCount(), std::size_t{3});
    QCOMPARE(chart->markerCount(), debrief.timeline.size());
    auto* events = child<QTableWidget>(*opened.page, "debriefEvents");
    QCOMPARE(events->rowCount(), static_cast<int>(debrief.timeline.size()));
    events->selectRow(2);
    const QString causes = child<QTextBrowser>(*opened.page, "causes")->toPlainText();
    QVERIFY(causes.contains(QStringLiteral("not seen")));
    QVERIFY(causes.contains(QStringLiteral("shared_buffers")));
  }
  void whatNobodySeesIsFilledInWhenItIsShown() {
    Opened opened(drill::Mode::Practice);
    opened.page->hide();
    end(opened);
    auto* events = child<QTableWidget>(*opened.page, "debriefEvents");
    QCOMPARE(events->rowCount(), 0);
    opened.page->show();
    QCOMPARE(events->rowCount(), static_cast<int>(opened.session->debrief()->timeline.size()));
  }
  void theScoreIsExplainedPartByPart() {
    Opened opened(drill::Mode::Practice);
    end(opened);
    const drill::Score& score = opened.session->debrief()->score;
    auto* tree = child<QTreeWidget>(*opened.page, "scoreTree");
    QCOMPARE(tree->topLevelItemCount(), static_cast<int>(score.parts.size()));
    std::size_t entries = 0;
    for (int part = 0; part < tree->topLevelItemCount(); ++part) {
      const QTreeWidgetItem* row = tree->topLevelItem(part);
      QCOMPARE(row->childCount(),
               static_cast<int>(score.parts[static_cast<std::size_t>(part)].items.size()));
      for (int item = 0; item < row->childCount(); ++item) {
        entries += static_cast<std::size_t>(row->child(item)->childCount());
      }
    }
    QVERIFY(entries > 0);
    QVERIFY(child<QLabel>(*opened.page, "scoreTotal")
                ->text()
                .endsWith(QString::fromStdString(score.band)));
    showTab(*opened.page, 4);
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void theMissingRuleIsTried() {
    Opened opened(drill::Mode::Practice);
    end(opened);
    showTab(*opened.page, 2);
    auto* tried = child<QPushButton>(*opened.page, "tryRule");
    auto* answer = child<QLabel>(*opened.page, "ruleAnswer");
    QVERIFY(tried->isVisible());
    click(tried);
    QVERIFY2(answer->text().contains(QStringLiteral("no metric")), qPrintable(answer->text()));
    auto* metric = child<QComboBox>(*opened.page, "ruleMetric");
    metric->setCurrentIndex(metric->findData(QStringLiteral("node_memory_MemAvailable_bytes")));
    QTest::keyClicks(child<QLineEdit>(*opened.page, "ruleThreshold"), QStringLiteral("6000000000"));
    click(tried);
    QVERIFY2(answer->text().contains(QStringLiteral("would have fired at")),
             qPrintable(answer->text()));
    QVERIFY(answer->text().contains(QStringLiteral("quiet day")));
  }
  void postmortemAndRunAreSaved() {
    const QTemporaryDir folder;
    Opened opened(drill::Mode::Practice);
    end(opened);
    showTab(*opened.page, 3);
    const QString text = folder.filePath(QStringLiteral("postmortem.md"));
    saveTo(*opened.page, "savePostmortem", text);
    QFile file(text);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(), opened.session->debrief()->markdown);
    QTRY_VERIFY(!opened.page->findChild<QFileDialog*>());
    const QString run = folder.filePath(QStringLiteral("mine.run"));
    saveTo(*opened.page, "saveRun", run);
    const auto read = drill::readRunFile(run.toStdString());
    QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
    QCOMPARE(read.value().fingerprint, opened.session->run().fingerprint());
  }
};

QTEST_MAIN(DebriefPageTest)
#include "tst_debrief_page.moc"
