// SPDX-License-Identifier: GPL-3.0-or-later
// Killed at any moment: a program that plays is ended with SIGKILL at 50 pseudo-random moments;
// its run file must lose at most one second and go on, its records must pass their check.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <random>

#include "drill/replay.h"
#include "records/library.h"
#include "records/store.h"

namespace {

constexpr int kMoments = 50;
// A whole run prints about 200,000 bytes; some moments lie after its end, some at its very start.
constexpr unsigned kMostBytes = 210'000;

struct Progress {
  std::int64_t ms = -1;
  std::size_t entries = 0;
  std::int64_t records = 0;
};

// The last whole line.
Progress progressOf(const QByteArray& output) {
  Progress progress;
  const qsizetype end = output.lastIndexOf('\n');
  if (end < 0) return progress;
  const QByteArray line = output.left(end).mid(output.lastIndexOf('\n', end - 1) + 1);
  const QList<QByteArray> words = line.split(' ');
  if (words.size() != 3) return progress;
  return {words[0].toLongLong(), static_cast<std::size_t>(words[1].toULongLong()),
          words[2].toLongLong()};
}

// Starts the player, reads so many bytes of its progress, kills it, reads the rest.
QByteArray playAndKill(const QString& folder, unsigned seed, qsizetype bytes) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return {};
  const QByteArray program = BINARY_DIR "/tests/cli_live_run";
  const QByteArray folderBytes = folder.toUtf8(), seedText = QByteArray::number(seed);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(program.constData(), program.constData(), folderBytes.constData(), seedText.constData(),
            nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  QByteArray output;
  char buffer[4096];
  bool killed = false;
  for (;;) {
    if (!killed && output.size() >= bytes) {
      ::kill(child, SIGKILL);
      killed = true;
    }
    const std::size_t wanted =
        killed ? sizeof buffer
               : std::min(sizeof buffer, static_cast<std::size_t>(bytes - output.size()));
    const ssize_t got = ::read(ends[0], buffer, wanted);
    if (got <= 0) break;
    output.append(buffer, got);
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return output;
}

}  // namespace

class TestKill : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", m_folder.filePath("home").toUtf8());
    const auto library = records::Library::open();
    QVERIFY(library.ok());
    const auto scenario = library.value()->scenario("2024-05-07-main-database");
    QVERIFY(scenario.ok());
    m_scenario = scenario.value();
  }

  void losesAtMostASecond_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<unsigned>("bytes");
    std::mt19937 draw(20240507);
    for (int i = 0; i < kMoments; ++i) {
      const unsigned bytes = i == 0 ? 0 : static_cast<unsigned>(draw()) % kMostBytes;
      const unsigned seed = static_cast<unsigned>(draw()) % 1000;
      QTest::addRow("seed %u, after %u bytes", seed, bytes) << seed << bytes;
    }
  }

  void losesAtMostASecond() {
    QFETCH(unsigned, seed);
    QFETCH(unsigned, bytes);
    const QTemporaryDir folder;
    const Progress told = progressOf(playAndKill(folder.path(), seed, bytes));
    checkRecords(folder.filePath("records.sqlite"), told);
    const std::string file = folder.filePath("live.run").toStdString();
    if (told.ms < 0 && QFile(folder.filePath("live.run")).size() == 0) return;  // had not begun

    const auto record = drill::readRunFile(file);
    if (!record.ok() && told.ms < 0) return;  // its very first line was torn
    QVERIFY2(record.ok(), record.ok() ? "" : record.error().message.c_str());
    QVERIFY(record.value().reached.ms >= told.ms - 1000);
    QVERIFY(record.value().actions.size() >= told.entries);
    const auto replayed = drill::replay(record.value(), m_scenario);
    QVERIFY(replayed.ok());
    QCOMPARE(replayed.value().difference, std::string());
    if (!record.value().ended) goOn(file, *replayed.value().run);
  }

  void cleanupTestCase() {
    qInfo("%d of %d runs were cut off in the middle and went on", m_resumed, kMoments);
    QVERIFY(m_resumed > kMoments / 2);
  }

 private:
  static void checkRecords(const QString& path, const Progress& told) {
    if (told.ms < 0 && !QFile::exists(path)) return;
    const auto store = records::Store::open(path.toStdString());
    QVERIFY2(store.ok(), store.ok() ? "" : store.error().message.c_str());
    const auto checked = store.value()->check();
    QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());
    const auto all = store.value()->all();
    QVERIFY(all.ok());
    QVERIFY(static_cast<std::int64_t>(all.value().size()) >= told.records);
    QVERIFY(store.value()->add(records::Record()).ok());
    QVERIFY(store.value()->check().ok());
  }

  // The run is continued in the same file and recomputes as a whole.
  void goOn(const std::string& file, drill::Run& run) {
    const auto writer = drill::RunWriter::resume(file, run);
    QVERIFY2(writer.ok(), writer.ok() ? "" : writer.error().message.c_str());
    run.advanceTo(run.now() + base::seconds(90));
    run.perform({sim::Verb::Close, "", "enough", {}});
    QVERIFY(writer.value()->append(run).ok());
    QVERIFY(writer.value()->finish(run).ok());
    const auto record = drill::readRunFile(file);
    QVERIFY2(record.ok(), record.ok() ? "" : record.error().message.c_str());
    QVERIFY(record.value().ended);
    const auto replayed = drill::replay(record.value(), m_scenario);
    QVERIFY(replayed.ok());
    QCOMPARE(replayed.value().difference, std::string());
    QCOMPARE(replayed.value().run->fingerprint(), run.fingerprint());
    ++m_resumed;
  }

  QTemporaryDir m_folder;
  std::shared_ptr<const scenario::Scenario> m_scenario;
  int m_resumed = 0;
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
