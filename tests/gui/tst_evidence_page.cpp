// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTreeWidget>

#include "gui/evidence/evidence_page.h"
#include "models/evidence_model.h"
#include "page_driver.h"

using driver::child;
using driver::click;
using Opened = driver::Opened<gui::EvidencePage>;

namespace {

void showTab(const QWidget& page, int tab) {
  child<QTabWidget>(page, "evidenceTabs")->setCurrentIndex(tab);
}

void writeHypothesis(const QWidget& page, const QString& text) {
  click(child<QPushButton>(page, "newHypothesis"));
  auto* dialog = child<QDialog>(page, "hypothesisDialog");
  QTest::keyClicks(child<QLineEdit>(*dialog, "hypothesisText"), text);
  child<QComboBox>(*dialog, "hypothesisComponent")->setCurrentIndex(1);
  QTest::keyClick(child<QLineEdit>(*dialog, "hypothesisText"), Qt::Key_Return);
}

}  // namespace

class EvidencePageTest : public QObject {
  Q_OBJECT
 private slots:
  void whatWasSeenIsPinnedForAndAgainst() {
    Opened opened(drill::Mode::Practice);
    QVERIFY(!child<QPushButton>(*opened.page, "pinFor")->isEnabled());
    opened.session->perform({sim::Verb::Look, "alerts", {}, {}});
    opened.session->perform({sim::Verb::Look, "changes", {}, {}});
    auto* observations = child<QTableView>(*opened.page, "observations");
    QCOMPARE(observations->model()->rowCount(), 2);
    writeHypothesis(*opened.page, QStringLiteral("memory is short"));
    observations->selectRow(0);
    click(child<QPushButton>(*opened.page, "pinFor"));
    observations->selectRow(1);
    QVERIFY(!child<QPlainTextEdit>(*opened.page, "observationText")->toPlainText().isEmpty());
    click(child<QPushButton>(*opened.page, "pinAgainst"));
    const auto hypotheses = models::hypothesesOf(opened.session->run().journal());
    QCOMPARE(hypotheses.size(), std::size_t{1});
    QCOMPARE(hypotheses[0].pins.size(), std::size_t{2});
    QVERIFY(hypotheses[0].pins[0].supports);
    QVERIFY(!hypotheses[0].pins[1].supports);
    auto* tree = child<QTreeWidget>(*opened.page, "hypotheses");
    QCOMPARE(tree->topLevelItem(0)->childCount(), 2);
    click(child<QPushButton>(*opened.page, "rejectHypothesis"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Reject);
    QVERIFY(tree->topLevelItem(0)->text(0).contains(QStringLiteral("REJECTED")));
    QVERIFY(!child<QPushButton>(*opened.page, "pinFor")->isEnabled());
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void theDiagnosisIsFiled() {
    Opened opened(drill::Mode::Practice);
    showTab(*opened.page, 1);
    auto* diagnose = child<QPushButton>(*opened.page, "diagnose");
    click(diagnose);
    QVERIFY(child<QLabel>(*opened.page, "diagnosisAnswer")
                ->text()
                .startsWith(QStringLiteral("Refused: ")));
    auto* component = child<QComboBox>(*opened.page, "diagnosis.component");
    component->setFocus();
    QTest::keyClick(component, Qt::Key_End);
    click(diagnose);
    QVERIFY(opened.last().outcome.accepted);
    QCOMPARE(opened.lastAction().fields.at("component"),
             opened.session->run().scenario().form.components.back().id);
    QVERIFY(!opened.lastAction().fields.contains("setting"));
    QVERIFY(
        child<QLabel>(*opened.page, "diagnosisFiled")->text().contains(component->currentText()));
    QTest::keyClicks(child<QPlainTextEdit>(*opened.page, "verifyText"),
                     QStringLiteral("p99 is fine"));
    click(child<QPushButton>(*opened.page, "verify"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Verify);
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void aRuleIsWrittenDownButNotTriedBeforeTheEnd() {
    Opened opened(drill::Mode::Practice);
    showTab(*opened.page, 2);
    auto* metric = child<QComboBox>(*opened.page, "ruleMetric");
    metric->setCurrentIndex(metric->findData(QStringLiteral("node_memory_MemAvailable_bytes")));
    QTest::keyClicks(child<QLineEdit>(*opened.page, "ruleThreshold"), QStringLiteral("5000000000"));
    QVERIFY(!child<QPushButton>(*opened.page, "tryRule")->isVisible());
    click(child<QPushButton>(*opened.page, "fileRule"));
    QVERIFY(opened.lastAction().verb == sim::Verb::AlertRule);
    QVERIFY2(opened.last().outcome.accepted, opened.last().outcome.text.c_str());
    for (int row = 0; row < metric->count(); ++row) {
      const auto found = sim::findMetric(metric->itemData(row).toString().toStdString());
      if (found) QVERIFY(sim::metricInfo(*found).audience == sim::Audience::Trainee);
    }
  }
  void hintsAreFreeInPractice() {
    Opened opened(drill::Mode::Practice);
    showTab(*opened.page, 3);
    auto* text = child<QLabel>(*opened.page, "hintText1");
    QCOMPARE(text->text(), QStringLiteral("Free in practice."));
    click(child<QPushButton>(*opened.page, "hint1"));
    QCOMPARE(text->text().toStdString(), opened.session->run().scenario().hints[0].text);
    QVERIFY(!child<QPushButton>(*opened.page, "hint1")->isEnabled());
  }
  void anAssessmentSaysTheCostFirst() {
    Opened opened(drill::Mode::Assessment);
    showTab(*opened.page, 3);
    QCOMPARE(child<QLabel>(*opened.page, "hintText1")->text(), QStringLiteral("Costs 2 points."));
    const std::size_t before = opened.session->run().journal().size();
    click(child<QPushButton>(*opened.page, "hint1"));
    QCOMPARE(opened.session->run().journal().size(), before);
    auto* box = opened.page->findChild<QMessageBox*>(QStringLiteral("confirmHint"));
    QVERIFY(box && box->text().contains(QStringLiteral("Costs 2 points")));
    click(child<QPushButton>(*box, "confirmHintYes"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Hint);
  }
};

QTEST_MAIN(EvidencePageTest)
#include "tst_evidence_page.moc"
