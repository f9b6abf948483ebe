// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/observation.h"

#include "base/text.h"
#include "run_fixture.h"

using drill::cluesIn;
using drill::Observation;
using scenario::Clue;
using Names = std::vector<std::string>;

namespace {

Clue clue(const std::string& id, Names sources, Names anyText, Names allText = {}) {
  Clue made;
  made.id = id;
  made.sources = std::move(sources);
  made.anyText = std::move(anyText);
  made.allText = std::move(allText);
  return made;
}

Observation seen(const std::string& source, const std::string& title, const std::string& text) {
  Observation made;
  made.source = source;
  made.title = title;
  made.text = text;
  return made;
}

// A counter and a gauge, one row a second: the counter grows by 5 a second, falls to zero at 30 s
// and grows by 9 a second from there; the gauge is 100, and 400 at 40 s only.
sim::Telemetry rows() {
  sim::Telemetry telemetry;
  float counter = 1000;
  for (int second = 1; second <= 60; ++second) {
    sim::MetricRow row{};
    counter = second == 30 ? 0.0F : counter + (second < 30 ? 5.0F : 9.0F);
    row[static_cast<std::size_t>(sim::Metric::WebFailed)] = counter;
    row[static_cast<std::size_t>(sim::Metric::WebPoolInUse)] = second == 40 ? 400.0F : 100.0F;
    row[static_cast<std::size_t>(sim::Metric::WebPoolSize)] = 200.0F;
    telemetry.addRow(base::seconds(second), row);
  }
  return telemetry;
}

bool chartShows(sim::MetricCondition condition, int from, int to) {
  scenario::Scenario scenario;
  Clue made = clue("c", {"chart:db_pool_connections_in_use"}, {});
  made.metric = {std::move(condition)};
  scenario.clues = {made};
  Observation chart = seen("chart:db_pool_connections_in_use", "", "");
  chart.from = base::seconds(from);
  chart.to = base::seconds(to);
  return !cluesIn(chart, scenario, rows()).empty();
}

}  // namespace

TEST(Observation, TextCluesNeedTheirSourceAndTheirWords) {
  scenario::Scenario scenario;
  scenario.clues = {clue("any", {"log:kernel", "command"}, {"Out of memory", "oom-killer"}),
                    clue("all", {"log:kernel"}, {}, {"Killed", "postgres"}),
                    clue("asked", {"ask:network-health"}, {})};
  const sim::Telemetry none;
  const auto shown = [&](const char* source, const char* text) {
    return cluesIn(seen(source, "dmesg", text), scenario, none);
  };
  EXPECT_EQ(shown("log:kernel", "invoked oom-killer"), Names{"any"});
  EXPECT_EQ(shown("log:kernel", "Out of memory: Killed process 7 (postgres)"),
            (Names{"any", "all"}));
  EXPECT_EQ(shown("command", "Out of memory: Killed process 7 (postgres)"), Names{"any"});
  EXPECT_EQ(shown("log:postgresql", "Out of memory"), Names{});
  EXPECT_EQ(shown("log:kernel", "out of memory"), Names{});
  EXPECT_EQ(shown("ask:network-health", "All is well."), Names{"asked"});
}

TEST(Observation, SayingItYourselfIsNoEvidence) {
  scenario::Scenario scenario;
  scenario.clues = {clue("size", {"command"}, {"44GB"})};
  const sim::Telemetry none;
  const auto shows = [&](const char* typed, const char* text) {
    return !cluesIn(seen("command", typed, text), scenario, none).empty();
  };
  EXPECT_TRUE(shows("psql -c 'SHOW shared_buffers'", " shared_buffers \n------\n 44GB\n(1 row)"));
  EXPECT_TRUE(shows("grep shared_buffers postgresql.conf", "shared_buffers = 44GB"));
  EXPECT_FALSE(shows("echo 44GB", "44GB"));
  EXPECT_FALSE(shows("44GB", "-bash: 44GB: command not found"));
  EXPECT_FALSE(shows("psql -c 'hold 44GB'",
                     "ERROR:  syntax error at or near \"hold\"\nLINE 1: hold 44GB\n        ^"));
}

TEST(Observation, AFileReadInTheEditorCountsLikeTheSameFileInTheTerminal) {
  scenario::Scenario scenario;
  scenario.clues = {clue("size", {"command"}, {"44GB"})};
  EXPECT_EQ(
      cluesIn(seen("file:/etc/a.conf", "", "shared_buffers = 44GB"), scenario, sim::Telemetry()),
      Names{"size"});
}

TEST(Observation, ChartCluesHoldOnlyWhereTheRangeShowsThem) {
  const sim::MetricCondition high{sim::Metric::WebPoolInUse, std::nullopt, 0, ">", 300};
  EXPECT_TRUE(chartShows(high, 1, 60));
  EXPECT_TRUE(chartShows(high, 40, 40));
  EXPECT_FALSE(chartShows(high, 1, 39));
  EXPECT_FALSE(chartShows(high, 41, 60));
}

TEST(Observation, ChartCluesDivideAndTakeRates) {
  const auto size = sim::Metric::WebPoolSize;
  EXPECT_TRUE(chartShows({sim::Metric::WebPoolInUse, size, 0, ">=", 2}, 1, 60));
  EXPECT_FALSE(chartShows({sim::Metric::WebPoolInUse, size, 0, ">", 2}, 1, 60));
  const auto failed = sim::Metric::WebFailed;
  EXPECT_TRUE(chartShows({failed, std::nullopt, 10, "==", 5}, 11, 29));
  EXPECT_FALSE(chartShows({failed, std::nullopt, 10, "!=", 5}, 11, 29));
  EXPECT_FALSE(chartShows({failed, std::nullopt, 10, ">", 5}, 1, 29));
  EXPECT_TRUE(chartShows({failed, std::nullopt, 10, "==", 9}, 40, 60));
  EXPECT_FALSE(chartShows({failed, std::nullopt, 10, ">", 9}, 1, 60)) << "a reset is no growth";
  EXPECT_FALSE(chartShows({failed, std::nullopt, 10, ">", 0}, 1, 9)) << "no window yet";
}

TEST(Observation, ACounterBeginningAgainIsNoNegativeRate) {
  EXPECT_FALSE(chartShows({sim::Metric::WebFailed, std::nullopt, 10, "<", 4.4}, 11, 60));
}

TEST(Observation, LogExtractKeepsTheRangeTheSourceAndTheNewestLines) {
  const auto scenario = runtest::seedScenario();
  const drill::Run run = runtest::played(scenario, {}, runtest::clock("10:30"));
  const auto extract = [&](const char* from, const char* to, std::size_t lines) {
    return base::lines(drill::logExtract(run.telemetry(), scenario->world, sim::LogSource::Postgres,
                                         runtest::clock(from), runtest::clock(to), lines));
  };
  const auto all = extract("05:00", "10:30", 5000);
  ASSERT_GT(all.size(), 5U);
  EXPECT_EQ(extract("05:00", "10:30", 1).back(), all.back());
  EXPECT_LT(extract("05:00", "10:30", 2).size(), all.size());
  const auto late = extract("10:00", "10:30", 5000);
  ASSERT_LE(late.size(), all.size());
  EXPECT_TRUE(std::equal(late.rbegin(), late.rend(), all.rbegin()));
}
