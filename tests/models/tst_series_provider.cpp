// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "base/text.h"
#include "models/series_provider.h"

using models::Point;
using models::SeriesPoints;
using models::SeriesSpec;

namespace {

void addRow(sim::Telemetry& telemetry, int second, float commits, float up) {
  sim::MetricRow row{};
  row[static_cast<std::size_t>(sim::Metric::PgCommits)] = commits;
  row[static_cast<std::size_t>(sim::Metric::PgRollbacks)] = commits / 4;
  row[static_cast<std::size_t>(sim::Metric::PgUp)] = up;
  telemetry.addRow(base::seconds(second), row);
}

QString print(const std::vector<Point>& points) {
  QStringList words;
  for (const Point& point : points) {
    words << QStringLiteral("%1=%2")
                 .arg(point.time)
                 .arg(QString::fromStdString(models::shownValue(point.value)));
  }
  return words.join(' ');
}

SeriesPoints series(SeriesSpec::Form form, sim::Metric metric, sim::Metric other,
                    double scale = 1) {
  return SeriesPoints({"x", form, metric, other}, scale);
}

}  // namespace

class SeriesProviderTest : public QObject {
  Q_OBJECT
 private slots:
  void samplesAtTheScrapeInterval() {
    sim::Telemetry telemetry;
    for (int second = 1; second <= 45; ++second) addRow(telemetry, second, 0, 1);
    auto up = series(SeriesSpec::Form::Value, sim::Metric::PgUp, sim::Metric::PgUp, 100);
    QCOMPARE(up.refresh(telemetry, {}, 15), std::size_t{3});
    QCOMPARE(print(up.points()), QStringLiteral("15=100 30=100 45=100"));
    QCOMPARE(up.refresh(telemetry, {}, 15), std::size_t{0});
    addRow(telemetry, 60, 0, 0);
    QCOMPARE(up.refresh(telemetry, {}, 15), std::size_t{1});
    QCOMPARE(print(up.points()), QStringLiteral("15=100 30=100 45=100 60=0"));
  }
  void turnsCountersIntoRatesAcrossARestart() {
    sim::Telemetry telemetry;
    for (const auto& [second, commits] :
         {std::pair{15, 150.F}, {30, 450.F}, {45, 90.F}, {60, 390.F}}) {
      addRow(telemetry, second, commits, 1);
    }
    auto rate = series(SeriesSpec::Form::Rate, sim::Metric::PgCommits, sim::Metric::PgCommits);
    rate.refresh(telemetry, {}, 15);
    QCOMPARE(print(rate.points()), QStringLiteral("15=no value 30=20.0 45=6.00 60=20.0"));
  }
  void sharesAndQuotientsComeFromGrowth() {
    sim::Telemetry telemetry;
    addRow(telemetry, 15, 0, 1);
    addRow(telemetry, 30, 400, 1);
    addRow(telemetry, 45, 400, 1);
    auto share =
        series(SeriesSpec::Form::Share, sim::Metric::PgCommits, sim::Metric::PgRollbacks, 100);
    share.refresh(telemetry, {}, 15);
    QCOMPARE(print(share.points()), QStringLiteral("15=no value 30=80.0 45=no value"));
    auto quotient =
        series(SeriesSpec::Form::Quotient, sim::Metric::PgCommits, sim::Metric::PgRollbacks);
    quotient.refresh(telemetry, {}, 15);
    QCOMPARE(print(quotient.points()), QStringLiteral("15=no value 30=4.00 45=no value"));
  }
  void decimatingKeepsThePeaks() {
    std::vector<Point> points;
    for (int i = 0; i < 10'000; ++i) points.push_back({double(i), i == 4321 ? 99.0 : 1.0});
    const auto kept = models::decimated(points, 100);
    QVERIFY(kept.size() <= 100);
    QVERIFY(std::any_of(kept.begin(), kept.end(), [](const Point& p) { return p.value == 99; }));
    QVERIFY(std::is_sorted(kept.begin(), kept.end(),
                           [](const Point& a, const Point& b) { return a.time < b.time; }));
    QCOMPARE(models::decimated(kept, 100).size(), kept.size());
  }
  void readsTheValueAtATime() {
    const std::vector<Point> points{{10, 1}, {20, 2}};
    QVERIFY(std::isnan(models::valueAt(points, 9)));
    QCOMPARE(models::valueAt(points, 19.9), 1.0);
    QCOMPARE(models::valueAt(points, 20), 2.0);
    QCOMPARE(models::valueAt(points, 109), 2.0);
    QVERIFY(std::isnan(models::valueAt(points, 111)));
  }
  void showsValuesShort_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << "0";
    QTest::newRow("small") << 0.0123 << "0.0123";
    QTest::newRow("ratio") << 0.5 << "0.50";
    QTest::newRow("tens") << 12.34 << "12.3";
    QTest::newRow("hundreds") << 123.4 << "123";
    QTest::newRow("thousands") << 1234.5 << "1,235";
    QTest::newRow("nothing") << std::nan("") << "no value";
  }
  void showsValuesShort() {
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(models::shownValue(value)), text);
  }
};

QTEST_GUILESS_MAIN(SeriesProviderTest)
#include "tst_series_provider.moc"
