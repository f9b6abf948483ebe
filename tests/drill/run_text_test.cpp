// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run_text.h"

#include <cmath>

#include "base/text.h"
#include "run_fixture.h"

using namespace runtest;

TEST(RunText, GrowsInPiecesToTheSameLinesAsAtOnce) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, drill::Mode::Practice});
  run.follow(session());
  drill::RunCursor cursor;
  std::string pieces = drill::headerLine(run) + drill::newLines(run, cursor);
  for (int second = 1; second <= 600; second += 7) {
    run.advanceTo(scenario->world.timing.opensAt + base::seconds(second));
    pieces += drill::newLines(run, cursor);
  }
  EXPECT_EQ(drill::newLines(run, cursor), "") << "nothing new, nothing written";
  pieces += drill::endLines(run, cursor);
  // Heartbeats apart, the order of events is the same.
  std::string kept;
  const auto isHeartbeat = [](const std::string& line) {
    return line.compare(0, 6, "{\"at\":") == 0 && line.find("ticks") == std::string::npos;
  };
  std::string expected;
  for (const std::string& line : base::lines(pieces)) kept += isHeartbeat(line) ? "" : line + "\n";
  for (const std::string& line : base::lines(drill::runText(run, true))) {
    expected += isHeartbeat(line) ? "" : line + "\n";
  }
  EXPECT_EQ(kept, expected);
}

TEST(RunText, HashesEveryTickAndEveryMetricOfAMinute) {
  sim::Telemetry telemetry, other;
  for (int second = 1; second <= 60; ++second) {
    sim::MetricRow row{};
    row[0] = static_cast<float>(second);
    telemetry.addRow(base::seconds(second), row);
    if (second == 20) row[3] = 1;
    other.addRow(base::seconds(second), row);
  }
  const auto a = drill::minuteOf(telemetry, {0}, base::minutes(1));
  const auto b = drill::minuteOf(other, {0}, base::minutes(1));
  ASSERT_EQ(a.ticks.size(), 60U);
  ASSERT_EQ(a.fields.size(), sim::kMetricCount);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(a.ticks[i] == b.ticks[i], i != 19) << i;
  for (std::size_t i = 0; i < sim::kMetricCount; ++i) {
    EXPECT_EQ(a.fields[i] == b.fields[i], i != 3) << i;
  }
  EXPECT_TRUE(drill::minuteOf(telemetry, base::minutes(2), base::minutes(3)).ticks.empty());
}

TEST(RunText, NoValueIsOneValueWhateverItsBits) {
  sim::Telemetry plus, minus;
  sim::MetricRow row{};
  row[0] = std::nanf("");
  plus.addRow(base::seconds(1), row);
  row[0] = -std::nanf("1");
  minus.addRow(base::seconds(1), row);
  EXPECT_EQ(drill::minuteOf(plus, {0}, base::seconds(1)).ticks,
            drill::minuteOf(minus, {0}, base::seconds(1)).ticks);
}
