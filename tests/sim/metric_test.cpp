// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/metric.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace sim;

TEST(Metric, FullNamesAreUniqueAndFoundAgain) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const auto metric = static_cast<Metric>(i);
    const std::string name = metricInfo(metric).fullName();
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(findMetric(name), metric) << name;
    EXPECT_FALSE(metricInfo(metric).help.empty()) << name;
  }
}

TEST(Metric, CountersAreNamedAfterTheirExporters) {
  EXPECT_EQ(metricInfo(Metric::WebServed).fullName(), "http_responses_total{code=\"200\"}");
  EXPECT_EQ(metricInfo(Metric::PgUp).fullName(), "pg_up");
  EXPECT_EQ(metricInfo(Metric::NodeCpuUser).type, MetricType::Counter);
  EXPECT_EQ(metricInfo(Metric::TrueUsers).audience, Audience::Truth);
}

TEST(Metric, BareNameOnlyWhenUnambiguous) {
  EXPECT_EQ(findMetric("pg_stat_database_numbackends"), Metric::PgBackends);
  EXPECT_EQ(findMetric("http_responses_total"), std::nullopt);
  EXPECT_EQ(findMetric("http_request_duration_seconds"), std::nullopt);
  EXPECT_EQ(findMetric("http_responses_total{code=\"404\"}"), std::nullopt);
  EXPECT_EQ(findMetric("pg_u"), std::nullopt);
  EXPECT_EQ(findMetric(""), std::nullopt);
  EXPECT_EQ(findMetric("http_requests_total"), Metric::WebRequests);
}
