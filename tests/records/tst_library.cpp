// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "records/library.h"

using records::Library;

namespace {

constexpr char kSeed[] = "2024-05-07-main-database";

void write(const QString& path, const QByteArray& bytes) {
  QVERIFY(QDir().mkpath(QFileInfo(path).path()));
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  QCOMPARE(file.write(bytes), bytes.size());
}

}  // namespace

class TestLibrary : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->filePath("home").toUtf8());
    qputenv("XDG_DATA_DIRS", m_folder->filePath("system").toUtf8());
    qunsetenv("OUTAGE_DRILL_DATA");
  }

  void findsTheSourceTreeLast() {
    const auto library = open();
    QVERIFY(library);
    const auto files = library->scenarioFiles();
    QVERIFY(!files.empty());
    QVERIFY(files.front().starts_with(SOURCE_DIR "/scenarios/"));
    for (const std::string& file : files) QVERIFY(!file.ends_with(".schema.json"));
    QVERIFY(library->settings());
  }

  void prefersWhatIsInstalled() {
    copyShare(m_folder->filePath("system/outage-drill"));
    QVERIFY(open()->scenarioFiles().front().starts_with(m_folder->path().toStdString()));
  }

  void prefersTheVariable() {
    copyShare(m_folder->filePath("system/outage-drill"));
    copyShare(m_folder->filePath("mine"));
    qputenv("OUTAGE_DRILL_DATA", m_folder->filePath("mine").toUtf8());
    QVERIFY(open()->scenarioFiles().front().starts_with(m_folder->filePath("mine").toStdString()));
    qputenv("OUTAGE_DRILL_DATA", m_folder->filePath("none").toUtf8());
    const auto refused = Library::open();
    QCOMPARE(refused.error().code, std::string("no-data"));
  }

  void makesItsFolders() {
    const auto library = open();
    const std::string own = m_folder->filePath("home/outage-drill").toStdString();
    QCOMPARE(library->dataFolder(), own);
    QCOMPARE(library->recordsFile(), own + "/records.sqlite");
    QCOMPARE(library->runsFolder(), own + "/runs");
    QVERIFY(QFileInfo(QString::fromStdString(own + "/runs")).isDir());
    QVERIFY(!QFileInfo::exists(QString::fromStdString(own + "/records.sqlite")));
  }

  void saysWhenItsFoldersCannotBe() {
    write(m_folder->filePath("home"), "a file");
    QCOMPARE(Library::open().error().code, std::string("cannot-write"));
  }

  void readsByIdAndByFile() {
    const auto library = open();
    const auto byId = library->scenario(kSeed);
    QVERIFY(byId.ok());
    const auto byFile = library->scenario(byId.value()->file);
    QVERIFY(byFile.ok());
    QCOMPARE(byFile.value()->hash, byId.value()->hash);
  }

  void readsByIdUnderAnotherFileName() {
    const QString mine = m_folder->filePath("mine");
    copyShare(mine);
    QVERIFY(QFile::rename(mine + "/scenarios/" + kSeed + ".json", mine + "/scenarios/other.json"));
    qputenv("OUTAGE_DRILL_DATA", mine.toUtf8());
    QVERIFY(open()->scenario(kSeed).ok());
  }

  void explainsWhatIsMissing() {
    const auto library = open();
    const auto unknown = library->scenario("2024-05-07-main-databse");
    QCOMPARE(unknown.error().code, std::string("not-found"));
    QVERIFY(unknown.error().message.ends_with("did you mean \"2024-05-07-main-database\"?"));
    QVERIFY(!library->scenario("/no/such/file.json").ok());
  }

  void tellsAllThatIsWrongWithAScenario() {
    const auto refused = open()->scenario(SOURCE_DIR "/tests/broken/wrong-types.json");
    QCOMPARE(refused.error().code, std::string("bad-scenario"));
    QVERIFY(QString::fromStdString(refused.error().message).count('\n') >= 1);
  }

  void findsUnfinishedRuns() {
    const auto library = open();
    const QString runs = QString::fromStdString(library->runsFolder());
    QVERIFY(library->unfinishedRuns().empty());
    const QByteArray header = "{\"format\":\"outage-drill-run\"}\n";
    write(runs + "/older.run", header + "{\"at\":1000}\n");
    write(runs + "/newer.run", header + "{\"at\":1000}\n{\"at\":20");
    write(runs + "/ended.run", header + "{\"end\":1000,\"fingerprint\":\"0123456789abcdef\"}\n");
    write(runs + "/begun.run", "{\"for");
    write(runs + "/empty.run", "");
    write(runs + "/notes.txt", "hello\n");
    QFile older(runs + "/older.run");
    QVERIFY(older.open(QIODevice::ReadWrite));
    QVERIFY(older.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000),
                              QFileDevice::FileModificationTime));
    older.close();
    const std::vector<std::string> expected = {(runs + "/newer.run").toStdString(),
                                               (runs + "/older.run").toStdString()};
    QCOMPARE(library->unfinishedRuns(), expected);
  }

 private:
  static std::shared_ptr<Library> open() {
    auto opened = Library::open();
    if (!opened.ok()) qWarning("%s", opened.error().message.c_str());
    return opened.ok() ? opened.value() : nullptr;
  }

  static void copyShare(const QString& folder) {
    QVERIFY(QDir().mkpath(folder + "/scenarios"));
    QVERIFY(QDir().mkpath(folder + "/assets"));
    const QString seed = QString("/scenarios/%1.json").arg(kSeed);
    const QString asset = "/assets/postgresql-15-settings.json";
    for (const QString& file : {seed, asset})
      QVERIFY(QFile::copy(SOURCE_DIR + file, folder + file));
  }

  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "tst_library.moc"
