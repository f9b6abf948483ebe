// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>

#include "drill/debrief.h"
#include "drill/run_file.h"
#include "gui/records/records_page.h"
#include "page_driver.h"

using driver::child;
using driver::click;

namespace {

// Remembers what it was asked to open.
class Opener : public gui::Launcher {
 public:
  void start(const std::shared_ptr<const scenario::Scenario>&, drill::Mode,
             std::uint64_t) override {}
  QString openSandbox(const scenario::LabOptions&) override { return {}; }
  void resume(const QString&) override {}
  void review(const records::Record& record) override { reviewed.push_back(record.id); }
  std::vector<std::int64_t> reviewed;
};

records::Record recordOf(const drill::Run& run) {
  const drill::Debrief debrief = drill::debriefOf(run);
  records::Record record;
  record.finishedAt = "2026-01-02T03:04:05Z";
  record.scenarioId = run.scenario().id;
  record.scenarioHash = run.scenario().hash;
  record.scenarioTitle = run.scenario().title;
  record.seed = run.key().seed;
  record.mode = drill::modeName(run.key().mode);
  record.score = debrief.score.total;
  record.band = debrief.score.band;
  record.usersAffectedPercent = debrief.impact.usersAffectedPercent;
  record.fingerprint =
      QString::number(run.fingerprint(), 16).rightJustified(16, QLatin1Char('0')).toStdString();
  record.runText = drill::runText(run, true);
  return record;
}

}  // namespace

class RecordsPageTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    qputenv("OUTAGE_DRILL_DATA", SOURCE_DIR);
    const auto library = records::Library::open();
    QVERIFY2(library.ok(), library ? "" : library.error().message.c_str());
    m_library = library.value();
    const auto session = seed::session(drill::Mode::Practice);
    seed::play(*session, 120);
    session->close(QStringLiteral("nothing done"));
    m_record = recordOf(session->run());
  }
  void init() {
    const QString path = m_folder.filePath(QStringLiteral("records-%1.sqlite").arg(++m_number));
    const auto store = records::Store::open(path.toStdString());
    QVERIFY2(store.ok(), store ? "" : store.error().message.c_str());
    m_store = store.value();
  }
  void cleanup() { m_store.reset(); }

  void anEmptyPageSaysWhatWillBeThere() {
    Opener opener;
    gui::RecordsPage page({m_library, m_store, opener, 1});
    page.show();
    QVERIFY(child<QLabel>(page, "recordsEmpty")->isVisible());
    QVERIFY(!child<QPushButton>(page, "replayRecord")->isEnabled());
  }
  void aRecordIsOpenedAndRecomputed() {
    Opener opener;
    const auto id = m_store->add(m_record);
    QVERIFY(id.ok());
    gui::RecordsPage page({m_library, m_store, opener, 1});
    page.show();
    auto* table = child<QTableView>(page, "recordsTable");
    QVERIFY(table->isVisible());
    QCOMPARE(table->model()->rowCount(), 1);
    click(child<QPushButton>(page, "replayRecord"));
    QCOMPARE(opener.reviewed, std::vector<std::int64_t>{id.value()});
    click(child<QPushButton>(page, "recomputeRecord"));
    const QString answer = child<QLabel>(page, "recordsAnswer")->text();
    QVERIFY2(answer.contains(QStringLiteral("same bits")), qPrintable(answer));
    QVERIFY(answer.contains(QStringLiteral("as recorded")));
    QCOMPARE(driver::nameless(page), QString());
  }
  void aWrongScoreIsTold() {
    Opener opener;
    records::Record record = m_record;
    record.score = 99;
    QVERIFY(m_store->add(record).ok());
    gui::RecordsPage page({m_library, m_store, opener, 1});
    page.show();
    click(child<QPushButton>(page, "recomputeRecord"));
    const QString answer = child<QLabel>(page, "recordsAnswer")->text();
    QVERIFY2(answer.contains(QStringLiteral("was recorded as 99.0")), qPrintable(answer));
  }
  void aDamagedRunIsRefusedWithItsPlace() {
    Opener opener;
    records::Record record = m_record;
    record.runText.insert(record.runText.find('\n') + 1, "not a line of a run\n");
    QVERIFY(m_store->add(record).ok());
    gui::RecordsPage page({m_library, m_store, opener, 1});
    page.show();
    click(child<QPushButton>(page, "recomputeRecord"));
    const QString answer = child<QLabel>(page, "recordsAnswer")->text();
    QVERIFY2(answer.contains(QStringLiteral("damaged")), qPrintable(answer));
    QVERIFY2(answer.contains(QStringLiteral(":2")), qPrintable(answer));
  }

 private:
  QTemporaryDir m_folder;
  std::shared_ptr<records::Library> m_library;
  std::shared_ptr<records::Store> m_store;
  records::Record m_record;
  int m_number = 0;
};

QTEST_MAIN(RecordsPageTest)
#include "tst_records_page.moc"
