// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "models/chart_catalogue.h"

class ChartCatalogueTest : public QObject {
  Q_OBJECT
 private slots:
  void hasTheFiveGroups() {
    QStringList titles;
    for (const auto& group : models::chartGroups()) titles << QString::fromStdString(group.title);
    QCOMPARE(titles.join(QStringLiteral(", ")),
             QStringLiteral("Website, Database, Memory, Disk & CPU, Network"));
  }
  void showsOnlyWhatATraineeMaySee() {
    for (const auto& group : models::chartGroups()) {
      for (const auto& chart : group.charts) {
        QVERIFY2(!chart.unit.empty(), chart.title.c_str());
        QVERIFY2(!chart.series.empty() && chart.series.size() <= 4, chart.title.c_str());
        for (const auto& series : chart.series) {
          for (const sim::Metric metric : series.metrics()) {
            QVERIFY2(sim::metricInfo(metric).audience == sim::Audience::Trainee,
                     chart.title.c_str());
          }
        }
      }
    }
  }
  void showsCountersOnlyAsGrowth() {
    using Form = models::SeriesSpec::Form;
    for (const auto& group : models::chartGroups()) {
      for (const auto& chart : group.charts) {
        for (const auto& series : chart.series) {
          if (series.metric == sim::Metric::NodeOomKill) continue;  // its height is the message
          const bool counter = sim::metricInfo(series.metric).type == sim::MetricType::Counter;
          const bool level = series.form == Form::Value || series.form == Form::Difference;
          QVERIFY2(counter != level, chart.title.c_str());
        }
      }
    }
  }
  void namesNoChartTwiceInAGroup() {
    for (const auto& group : models::chartGroups()) {
      std::set<std::string> titles;
      for (const auto& chart : group.charts) QVERIFY(titles.insert(chart.title).second);
    }
  }
};

QTEST_GUILESS_MAIN(ChartCatalogueTest)
#include "tst_chart_catalogue.moc"
