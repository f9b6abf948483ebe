// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/people.h"

#include <gtest/gtest.h>

#include <limits>

using namespace sim;

namespace {

float& at(MetricRow& row, Metric metric) {
  return row[static_cast<std::size_t>(metric)];
}

MetricCondition above(Metric metric, double threshold) {
  MetricCondition condition;
  condition.metric = metric;
  condition.threshold = threshold;
  return condition;
}

class PeopleTest : public ::testing::Test {
 protected:
  PeopleTest() {
    Topic network{"network-health", "How is the network?", 60, {}};
    network.answers = {{{above(Metric::NetRtt, 0.01)}, "Slow: {probe_icmp_duration_seconds|ms}."},
                       {{}, "Fine: {probe_icmp_duration_seconds|ms}."}};
    Topic mute{"mute", "Anything?", 10, {{{above(Metric::NetRtt, 99)}, "never"}}};
    spec.people = {{"oncall", "Sam, on call", Team::OnCall, 0, {network}},
                   {"net", "Kim, network team", Team::Network, 120, {network, mute}}};
    at(row, Metric::NetRtt) = 0.00035F;
    people = startPeople(spec.people);
  }
  void stepAt(std::int64_t seconds) {
    stepPeople(people, spec, base::seconds(seconds), row, telemetry);
  }
  std::size_t told() const { return telemetry.notifications().size(); }
  const Notification& last() const { return telemetry.notifications().back(); }

  WorldSpec spec;
  MetricRow row{};
  Telemetry telemetry;
  People people;
};

}  // namespace

TEST_F(PeopleTest, PagedPersonJoinsAfterTheirTime) {
  EXPECT_TRUE(pagePerson(people, spec, "net", base::seconds(100)).accepted);
  stepAt(219);
  EXPECT_EQ(told(), 0U);
  stepAt(220);
  ASSERT_EQ(told(), 1U);
  EXPECT_EQ(last(),
            (Notification{base::seconds(220), "net", "joined", "Kim, network team has joined."}));
  stepAt(221);
  EXPECT_EQ(told(), 1U);
}

TEST_F(PeopleTest, OnCallPersonAnswersByTheStateAtThatTime) {
  EXPECT_TRUE(askPerson(people, spec, "oncall", "network-health", base::seconds(10)).accepted);
  at(row, Metric::NetRtt) = 0.025F;
  stepAt(69);
  EXPECT_EQ(told(), 0U);
  stepAt(70);
  ASSERT_EQ(told(), 1U);
  EXPECT_EQ(last().from, "oncall");
  EXPECT_EQ(last().topic, "network-health");
  EXPECT_EQ(last().text, "Slow: 25 ms.");
  EXPECT_TRUE(people.pending.empty());
}

TEST_F(PeopleTest, AQuestionWaitsUntilThePersonJoins) {
  const Outcome outcome = askPerson(people, spec, "net", "network-health", base::seconds(0));
  EXPECT_TRUE(outcome.accepted);
  EXPECT_NE(outcome.text.find("not engaged"), std::string::npos);
  stepAt(5000);
  EXPECT_EQ(told(), 0U);
  EXPECT_TRUE(pagePerson(people, spec, "net", base::seconds(5000)).accepted);
  stepAt(5120);
  EXPECT_EQ(told(), 1U);  // joined
  stepAt(5179);
  EXPECT_EQ(told(), 1U);
  stepAt(5180);
  EXPECT_EQ(last().text, "Fine: 0.35 ms.");
}

TEST_F(PeopleTest, AskedOnTheWayAnswersAfterJoining) {
  EXPECT_TRUE(pagePerson(people, spec, "net", base::seconds(0)).accepted);
  EXPECT_TRUE(askPerson(people, spec, "net", "mute", base::seconds(5)).accepted);
  ASSERT_EQ(people.pending.size(), 1U);
  EXPECT_EQ(people.pending[0].due, base::seconds(130));
  stepAt(130);
  EXPECT_EQ(last().text, "I can't tell from what I see right now.");
}

TEST_F(PeopleTest, DueAnswersComeInTheOrderTheyWereDue) {
  EXPECT_TRUE(pagePerson(people, spec, "net", base::seconds(0)).accepted);
  EXPECT_TRUE(askPerson(people, spec, "net", "network-health", base::seconds(0)).accepted);
  EXPECT_TRUE(askPerson(people, spec, "net", "mute", base::seconds(0)).accepted);
  stepAt(600);
  ASSERT_EQ(told(), 3U);
  EXPECT_EQ(telemetry.notifications()[0].topic, "joined");
  EXPECT_EQ(telemetry.notifications()[1].topic, "mute");
  EXPECT_EQ(telemetry.notifications()[2].topic, "network-health");
}

TEST_F(PeopleTest, RefusalsNameWhatThereIsAndChangeNothing) {
  const People before = people;
  EXPECT_EQ(pagePerson(people, spec, "boss", {}).text,
            "There is nobody called \"boss\"; there are: oncall, net.");
  EXPECT_FALSE(pagePerson(people, spec, "oncall", {}).accepted);
  const Outcome topic = askPerson(people, spec, "net", "disk", {});
  EXPECT_FALSE(topic.accepted);
  EXPECT_NE(topic.text.find("network-health, mute"), std::string::npos);
  EXPECT_EQ(people, before);
  EXPECT_TRUE(askPerson(people, spec, "net", "mute", {}).accepted);
  EXPECT_FALSE(askPerson(people, spec, "net", "mute", {}).accepted);
  EXPECT_EQ(people.pending.size(), 1U);
  EXPECT_TRUE(pagePerson(people, spec, "net", {}).accepted);
  EXPECT_FALSE(pagePerson(people, spec, "net", base::seconds(10)).accepted);
}

TEST(FillIn, UnitsAndPlaces) {
  MetricRow row{};
  at(row, Metric::WebLatencyP99) = 3.14F;
  at(row, Metric::WebErrorRatio) = 0.623F;
  at(row, Metric::NodeMemAvailable) = 1610612736.F;
  at(row, Metric::PgActive) = 1234;
  at(row, Metric::PgReplicationLag) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(fillIn("{http_request_duration_seconds{quantile=\"0.99\"}|s}", row), "3.1 s");
  EXPECT_EQ(fillIn("{http_request_duration_seconds{quantile=\"0.99\"}|ms}", row), "3,140 ms");
  EXPECT_EQ(fillIn("{http_error_ratio|percent} fail", row), "62.3 % fail");
  EXPECT_EQ(fillIn("{http_error_ratio}", row), "62.3 %");
  EXPECT_EQ(
      fillIn("{node_memory_MemAvailable_bytes|GiB} or {node_memory_MemAvailable_bytes|MiB}", row),
      "1.5 GiB or 1,536 MiB");
  EXPECT_EQ(fillIn("{pg_stat_activity_count{datname=\"shop\",state=\"active\"}|number}", row),
            "1,234");
  EXPECT_EQ(fillIn("lag {pg_replication_lag}", row), "lag no data");
  EXPECT_EQ(fillIn("{pg_up|furlong} {nothing} {open", row), "{pg_up|furlong} {nothing} {open");
  EXPECT_EQ(fillIn("", row), "");
}
