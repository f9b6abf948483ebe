// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/condition_text.h"

#include <gtest/gtest.h>

namespace {

using scenario::readCondition;
using sim::Metric;

sim::MetricCondition good(std::string_view text) {
  const auto reading = readCondition(text);
  EXPECT_TRUE(reading.condition) << text << ": " << reading.found << " / " << reading.expected;
  return reading.condition.value_or(sim::MetricCondition{});
}

TEST(ConditionText, ReadsComparisons) {
  EXPECT_EQ(good("pg_up == 0"), (sim::MetricCondition{Metric::PgUp, std::nullopt, 0, "==", 0}));
  EXPECT_EQ(good("http_request_duration_seconds{quantile=\"0.99\"} > 2s"),
            (sim::MetricCondition{Metric::WebLatencyP99, std::nullopt, 0, ">", 2}));
  EXPECT_EQ(good("pg_stat_activity_count{ datname=\"shop\", state=\"idle\" }>=5"),
            (sim::MetricCondition{Metric::PgIdle, std::nullopt, 0, ">=", 5}));
  EXPECT_EQ(good("node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 10%"),
            (sim::MetricCondition{Metric::NodeMemAvailable, Metric::NodeMemTotal, 0, "<", 0.1}));
  EXPECT_EQ(good("node_memory_Shmem_bytes > 30GB").threshold, 30.0 * (1LL << 30));
  EXPECT_EQ(good("probe_icmp_duration_seconds<=2ms").threshold, 0.002);
  EXPECT_EQ(good("pg_up != -1").threshold, -1);
}

TEST(ConditionText, ReadsRates) {
  EXPECT_EQ(good("rate(if_in_errors_total[60s]) > 5"),
            (sim::MetricCondition{Metric::NetOtherLinkErrors, std::nullopt, 60, ">", 5}));
  const auto hits =
      good("rate(pg_stat_database_blks_read[5min]) / rate(pg_stat_database_blks_hit[5min]) > 0.02");
  EXPECT_EQ(hits,
            (sim::MetricCondition{Metric::PgBlocksRead, Metric::PgBlocksHit, 300, ">", 0.02}));
  const auto perUnit =
      good("rate(pg_stat_database_blks_read[60s]) / pg_stat_database_numbackends > 2");
  EXPECT_EQ(perUnit.per, Metric::PgBackends);
}

TEST(ConditionText, WritesWhatItReads) {
  for (const char* text :
       {"pg_up == 0", "rate(if_in_errors_total{device=\"sw2\",port=\"xe-0/0/7\"}[60s]) > 5",
        "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1",
        "http_request_duration_seconds{quantile=\"0.99\"} > 2.5"}) {
    EXPECT_EQ(scenario::conditionText(good(text)), text);
  }
}

TEST(ConditionText, SaysWhatIsWrong) {
  const auto said = [](std::string_view text) {
    const auto reading = readCondition(text);
    EXPECT_FALSE(reading.condition) << text;
    return reading.found + " | " + reading.expected;
  };
  EXPECT_EQ(said("pg_up"),
            "\"pg_up\" | a condition such as \"metric > 5\", \"metric / metric < 10%\" or "
            "\"rate(metric[60s]) > 5\"");
  EXPECT_EQ(said("pg_upp == 0"), "the metric \"pg_upp\" | pg_up");
  EXPECT_EQ(said("pg_up > many"),
            "\"many\" | a number, a percentage, a size or a duration after >");
  EXPECT_EQ(said("http_responses_total > 5"),
            "the metric \"http_responses_total\" | one of http_responses_total{code=\"200\"}, "
            "http_responses_total{code=\"503\"}");
  EXPECT_EQ(said("truth_users > 5").substr(0, 24), "the metric \"truth_users\"");
  for (const char* text :
       {"", ">", "> 5", "pg_up >", "pg_up = 1", "rate(pg_up) > 1", "rate(pg_up[]) > 1", "rate( > 1",
        "rate(pg_up[60s] > 1", "pg_up / > 1", "pg_up > nan", "{ > 1",
        "rate(pg_stat_database_blks_read[60s]) / pg_stat_database_blks_hit > 1",
        "pg_up / rate(pg_stat_database_blks_hit[60s]) > 1"}) {
    said(text);
  }
}

TEST(ConditionText, ChecksPlaceholders) {
  EXPECT_FALSE(scenario::checkPlaceholders("{probe_icmp_duration_seconds|ms}, up {pg_up}"));
  EXPECT_FALSE(scenario::checkPlaceholders(
      "{pg_stat_activity_count{datname=\"shop\",state=\"active\"}|number} busy"));
  EXPECT_EQ(scenario::checkPlaceholders("{pg_up|hours}")->found, "the unit \"hours\"");
  EXPECT_EQ(scenario::checkPlaceholders("{pg_upp}")->expected, "pg_up");
  EXPECT_EQ(scenario::checkPlaceholders("{truth_users}")->found, "the metric \"truth_users\"");
  for (const char* text : {"{", "{{", "{}", "{a{b", "{a{b}", "{|ms}"}) {
    EXPECT_TRUE(scenario::checkPlaceholders(text)) << text;
  }
}

}  // namespace
