// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "base/sha256.h"
#include "records/store.h"

using records::Record;
using records::Store;

namespace {

Record sample(int number) {
  Record record;
  record.finishedAt = "2026-01-02T03:04:05Z";
  record.trainee = "Žofia Ünal " + std::to_string(number);
  record.scenarioId = "2024-05-07-main-database";
  record.scenarioHash = base::sha256Hex("text");
  record.scenarioTitle = "The main database, 7 May 2024";
  record.seed = 0xFFFF'FFFF'FFFF'FFF0ULL + static_cast<std::uint64_t>(number);
  record.mode = "assessment";
  record.score = 71.3 + number;
  record.band = "competent";
  record.usersAffectedPercent = 0.1 + 0.2;
  record.userMinutesLost = 1234567.25;
  record.downtimeMinutes = -0.0;
  record.fingerprint = "0123456789abcdef";
  record.runText = "{\"format\":\"outage-drill-run\"}\n{\"at\":1000}\n";
  record.scoreJson = R"({"total":71.3})";
  return record;
}

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Somebody else's hands on the file.
void rawly(const QString& path, const QStringList& statements) {
  {
    QSqlDatabase raw = QSqlDatabase::addDatabase("QSQLITE", "raw");
    raw.setDatabaseName(path);
    QVERIFY(raw.open());
    for (const QString& statement : statements) {
      QSqlQuery query(raw);
      QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    raw.close();
  }
  QSqlDatabase::removeDatabase("raw");
}

}  // namespace

class TestStore : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("records.sqlite");
  }

  void keepsWhatWasAdded() {
    const auto store = open();
    QVERIFY(store);
    for (int i = 1; i <= 3; ++i) {
      const auto id = store->add(sample(i));
      QVERIFY(id.ok());
      QCOMPARE(id.value(), i);
    }
    const auto again = open();
    QVERIFY(again);
    const auto all = again->all();
    QVERIFY(all.ok());
    QCOMPARE(all.value().size(), 3U);
    QCOMPARE(all.value()[0].id, 3);
    QCOMPARE(all.value()[0].runText, std::string());
    const auto found = again->find(2);
    QVERIFY(found.ok());
    compare(found.value(), sample(2));
    QVERIFY(again->check().ok());
    QCOMPARE(again->find(4).error().code, std::string("not-found"));
    QCOMPARE(again->path(), m_path.toStdString());
  }

  void keepsEmptyAndForeignText() {
    const auto store = open();
    QVERIFY(store->add(Record()).ok());
    Record odd = sample(1);
    odd.trainee = "not UTF-8: \xFF\xFE";
    odd.runText = std::string("\xEF\xBB\xBF") + std::string("bytes\0stay\xFF", 11);
    QVERIFY(store->add(odd).ok());
    QCOMPARE(open()->find(2).value().runText, odd.runText);
  }

  void refusesNumbersThatAreNone() {
    Record record = sample(1);
    record.score = std::nan("");
    QCOMPARE(open()->add(record).error().code, std::string("bad-record"));
  }

  void keepsScenarioTexts() {
    const auto store = open();
    const std::string text = "\xEF\xBB\xBF{}\n";
    const std::string hash = base::sha256Hex(text);
    QVERIFY(store->keepScenario(hash, text).ok());
    QVERIFY(store->keepScenario(hash, text).ok());
    QCOMPARE(store->keepScenario(hash, "{}").error().code, std::string("other-text"));
    QCOMPARE(open()->scenarioText(hash).value(), text);
    QCOMPARE(store->scenarioText("none").error().code, std::string("not-found"));
  }

  void migratesAnEmptyFile() {
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(open());
    rawly(m_path, {"INSERT INTO schema_migration SELECT 0, 'seen' FROM schema_migration "
                   "WHERE version = 1"});
    QVERIFY(open());
  }

  void twoStoresShareOneFile() {
    const auto first = open(), second = open();
    for (int i = 0; i < 5; ++i) {
      QVERIFY(first->add(sample(i)).ok());
      QVERIFY(second->add(sample(i)).ok());
    }
    QVERIFY(first->check().ok());
    QCOMPARE(second->all().value().size(), 10U);
  }

  void noticesTampering_data() {
    QTest::addColumn<QString>("statement");
    QTest::newRow("score") << "UPDATE record SET score = 99.0 WHERE id = 2";
    QTest::newRow("a byte of the run")
        << "UPDATE record SET run_text = replace(run_text, '1000', '1001') WHERE id = 1";
    QTest::newRow("trainee") << "UPDATE record SET trainee = 'Somebody' WHERE id = 3";
    QTest::newRow("seed") << "UPDATE record SET seed = '7' WHERE id = 1";
    QTest::newRow("hash") << "UPDATE record SET hash = replace(hash, substr(hash, 1, 1), 'x')";
    QTest::newRow("number") << "UPDATE record SET id = 9 WHERE id = 3";
    QTest::newRow("first record gone") << "DELETE FROM record WHERE id = 1";
    QTest::newRow("last record gone") << "DELETE FROM record WHERE id = 3";
    QTest::newRow("all gone") << "DELETE FROM record";
    QTest::newRow("end of the chain") << "DELETE FROM chain_head";
    QTest::newRow("scenario text") << "UPDATE scenario_text SET text = 'other'";
  }

  void noticesTampering() {
    QFETCH(QString, statement);
    (void)addThree();
    rawly(m_path, {statement, "PRAGMA wal_checkpoint(TRUNCATE)"});
    const QByteArray before = bytesOf(m_path);
    const auto opened = Store::open(m_path.toStdString());
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, std::string("chain-broken"));
    QVERIFY(opened.error().message.starts_with(m_path.toStdString() + ": "));
    QCOMPARE(bytesOf(m_path), before);
  }

  void noticesTamperingWhileOpen() {
    const auto store = addThree();
    QVERIFY(store->check().ok());
    rawly(m_path, {"UPDATE record SET band = 'independent' WHERE id = 2"});
    const auto checked = store->check();
    QCOMPARE(checked.error().code, std::string("chain-broken"));
    QVERIFY(QString::fromStdString(checked.error().message).contains("record 2"));
  }

  void refusesATruncatedFile_data() {
    QTest::addColumn<int>("percent");
    for (const int percent : {1, 30, 50, 75, 90}) {
      QTest::addRow("%d %%", percent) << percent;
    }
  }

  void refusesATruncatedFile() {
    QFETCH(int, percent);
    (void)addThree();
    rawly(m_path, {"PRAGMA wal_checkpoint(TRUNCATE)"});
    QByteArray bytes = bytesOf(m_path);
    bytes.truncate(bytes.size() * percent / 100);
    overwrite(bytes);
    expectUntouched("damaged-records");
  }

  void refusesADamagedPage() {
    (void)addThree();
    rawly(m_path, {"PRAGMA wal_checkpoint(TRUNCATE)"});
    QByteArray bytes = bytesOf(m_path);
    for (qsizetype i = 4096; i < 4096 + 64; ++i) bytes[i] = static_cast<char>(0xA5);
    overwrite(bytes);
    expectUntouched("damaged-records");
  }

  void refusesWhatIsNoRecords() {
    overwrite("This is a letter, not a database. " + QByteArray(5000, 'x'));
    expectUntouched("damaged-records");
    QFile::remove(m_path);
    rawly(m_path, {"CREATE TABLE recipes (name TEXT)"});
    expectUntouched("not-records");
  }

  void refusesNewerRecords() {
    (void)addThree();
    rawly(m_path, {"INSERT INTO schema_migration VALUES (1000, 'from the future')",
                   "PRAGMA wal_checkpoint(TRUNCATE)"});
    expectUntouched("newer-records");
  }

  void refusesWhatCannotBeOpened() {
    const auto opened = Store::open(m_folder->path().toStdString() + "/none/records.sqlite");
    QCOMPARE(opened.error().code, std::string("cannot-open"));
    QVERIFY(!Store::open(m_folder->path().toStdString()).ok());
  }

 private:
  [[nodiscard]] std::shared_ptr<Store> open() const {
    auto opened = Store::open(m_path.toStdString());
    if (!opened.ok()) qWarning("%s", opened.error().message.c_str());
    return opened.ok() ? opened.value() : nullptr;
  }

  std::shared_ptr<Store> addThree() const {
    auto store = open();
    (void)store->keepScenario(base::sha256Hex("text"), "text");
    for (int i = 1; i <= 3; ++i) {
      Record record = sample(i);
      record.runText += std::string(6000, static_cast<char>('a' + i));
      (void)store->add(record);
    }
    return store;
  }

  void overwrite(const QByteArray& bytes) const {
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
  }

  void expectUntouched(const std::string& code) const {
    const QByteArray before = bytesOf(m_path);
    const auto opened = Store::open(m_path.toStdString());
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, code);
    QVERIFY(opened.error().message.starts_with(m_path.toStdString() + ": "));
    QCOMPARE(bytesOf(m_path), before);
  }

  static void compare(const Record& got, const Record& expected) {
    QCOMPARE(got.finishedAt, expected.finishedAt);
    QCOMPARE(got.trainee, expected.trainee);
    QCOMPARE(got.scenarioId, expected.scenarioId);
    QCOMPARE(got.scenarioHash, expected.scenarioHash);
    QCOMPARE(got.scenarioTitle, expected.scenarioTitle);
    QCOMPARE(got.seed, expected.seed);
    QCOMPARE(got.mode, expected.mode);
    QVERIFY(got.score == expected.score);
    QCOMPARE(got.band, expected.band);
    QVERIFY(got.usersAffectedPercent == expected.usersAffectedPercent);
    QVERIFY(got.userMinutesLost == expected.userMinutesLost);
    QVERIFY(got.downtimeMinutes == expected.downtimeMinutes);
    QCOMPARE(got.fingerprint, expected.fingerprint);
    QCOMPARE(got.runText, expected.runText);
    QCOMPARE(got.scoreJson, expected.scoreJson);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
