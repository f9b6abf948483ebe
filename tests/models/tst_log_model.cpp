// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "models/log_model.h"

using models::LogFilter;
using models::LogModel;

namespace {

void write(sim::Telemetry& telemetry, int second, sim::LogSource source, sim::Severity severity,
           const std::string& text) {
  sim::LogRecord record;
  record.ms = second * 1000;
  record.source = source;
  record.severity = severity;
  record.textIndex = telemetry.addText(text);
  telemetry.addLog(record);
}

QString print(const LogModel& model) {
  QString text;
  for (int row = 0; row < model.rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column) {
      cells << model.index(row, column).data().toString();
    }
    text += cells.join('|') + '\n';
  }
  return text;
}

struct Fixture {
  sim::WorldSpec spec;
  sim::Telemetry telemetry;
  LogModel model;
  QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
  Fixture() {
    spec.timing.startUnixMs = 1715040000000;
    write(telemetry, 1, sim::LogSource::Website, sim::Severity::Info, "deploy finished");
    write(telemetry, 2, sim::LogSource::Kernel, sim::Severity::Critical,
          "Out of memory\nKilled process 7");
    write(telemetry, 3, sim::LogSource::Network, sim::Severity::Warning, "Link noise");
    model.setSource(&telemetry, &spec);
  }
};

}  // namespace

class LogModelTest : public QObject {
  Q_OBJECT
 private slots:
  void showsOneRowPerLine() {
    Fixture f;
    QCOMPARE(print(f.model), QStringLiteral("00:00:01|website|info|deploy finished\n"
                                            "00:00:02|kernel|critical|Out of memory\n"
                                            "00:00:02|kernel||Killed process 7\n"
                                            "00:00:03|network|warning|Link noise\n"));
  }
  void aRowTellsItsWholeRecord() {
    Fixture f;
    const QString whole = f.model.index(2, LogModel::Text).data(Qt::ToolTipRole).toString();
    for (const char* line : {"Out of memory", "Killed process 7"}) {
      QVERIFY(whole.contains(QLatin1String(line)));
    }
  }
  void keepsWhatTwoRunsHaveInCommon() {
    Fixture f;
    QSignalSpy removed(&f.model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
    sim::Telemetry other;
    write(other, 1, sim::LogSource::Website, sim::Severity::Info, "deploy finished");
    write(other, 2, sim::LogSource::Kernel, sim::Severity::Critical, "Out of disk");
    f.model.suspend();
    QVERIFY(!f.model.index(0, LogModel::Text).data().isValid());
    f.model.setSource(&other, &f.spec);
    QCOMPARE(print(f.model), QStringLiteral("00:00:01|website|info|deploy finished\n"
                                            "00:00:02|kernel|critical|Out of disk\n"));
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.front()[1].toInt(), 1);
    QCOMPARE(inserted.count(), 1);
    f.model.setSource(&f.telemetry, &f.spec);
    QCOMPARE(f.model.rowCount(), 4);
  }
  void appendsWhatCameInOneBatch() {
    Fixture f;
    QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
    write(f.telemetry, 4, sim::LogSource::Website, sim::Severity::Error, "a\nb");
    write(f.telemetry, 5, sim::LogSource::Website, sim::Severity::Error, "c");
    f.model.refresh();
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(f.model.rowCount(), 7);
    f.model.refresh();
    QCOMPARE(inserted.count(), 1);
  }
  void filtersBySourceSeverityAndText() {
    Fixture f;
    LogFilter filter;
    filter.least = sim::Severity::Warning;
    f.model.setFilter(filter);
    QCOMPARE(f.model.rowCount(), 3);
    filter.sources.fill(false);
    filter.sources[static_cast<std::size_t>(sim::LogSource::Kernel)] = true;
    f.model.setFilter(filter);
    QCOMPARE(f.model.rowCount(), 2);
    filter.text = QStringLiteral("KILLED");
    f.model.setFilter(filter);
    QCOMPARE(print(f.model), QStringLiteral("00:00:02|kernel||Killed process 7\n"));
    write(f.telemetry, 9, sim::LogSource::Kernel, sim::Severity::Error, "killed process 8");
    write(f.telemetry, 9, sim::LogSource::Kernel, sim::Severity::Error, "something else");
    f.model.refresh();
    QCOMPARE(f.model.rowCount(), 2);
    f.model.setFilter({});
    QCOMPARE(f.model.rowCount(), 6);
  }
  void findsForwardsAndBackwards() {
    Fixture f;
    QCOMPARE(f.model.find(QStringLiteral("k"), -1, false), 2);
    QCOMPARE(f.model.find(QStringLiteral("k"), 2, false), 3);
    QCOMPARE(f.model.find(QStringLiteral("k"), 3, false), -1);
    QCOMPARE(f.model.find(QStringLiteral("finished"), 4, true), 0);
    QCOMPARE(f.model.find(QString(), -1, false), -1);
  }
  void startsOverWithAnotherRun() {
    Fixture f;
    sim::Telemetry other;
    write(other, 8, sim::LogSource::Systemd, sim::Severity::Notice, "Started");
    f.model.setSource(&other, &f.spec);
    QCOMPARE(print(f.model), QStringLiteral("00:00:08|systemd|notice|Started\n"));
    f.model.setSource(nullptr, nullptr);
    QCOMPARE(f.model.rowCount(), 0);
  }
  void keepsAMillionLinesCheap() {
    sim::WorldSpec spec;
    sim::Telemetry telemetry;
    const std::uint32_t text = telemetry.addText("request took 12 ms");
    const std::uint32_t rare = telemetry.addText("Out of memory");
    for (int i = 0; i < 1'000'000; ++i) {
      sim::LogRecord record;
      record.ms = i;
      record.textIndex = i % 1000 == 0 ? rare : text;
      record.severity = i % 1000 == 0 ? sim::Severity::Error : sim::Severity::Info;
      telemetry.addLog(record);
    }
    LogModel model;
    model.setSource(&telemetry, &spec);
    QCOMPARE(model.rowCount(), 1'000'000);
    LogFilter filter;
    filter.least = sim::Severity::Error;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1000);
    filter.least = sim::Severity::Debug;
    filter.text = QStringLiteral("out of memory");
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1000);
  }
};

QTEST_GUILESS_MAIN(LogModelTest)
#include "tst_log_model.moc"
