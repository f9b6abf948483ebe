// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/telemetry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

using namespace sim;

namespace {

MetricRow rowOf(int tick) {
  MetricRow row{};
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    row[i] = static_cast<float>(tick) * 1.5F + static_cast<float>(i);
  }
  return row;
}

void fill(Telemetry& telemetry, int rows) {
  for (int tick = 0; tick < rows; ++tick) {
    telemetry.addRow(base::seconds(tick), rowOf(tick));
    if (tick % 10 == 0) {
      LogRecord record;
      record.ms = tick * 1000;
      record.source = LogSource::Kernel;
      record.textIndex = telemetry.addText("line " + std::to_string(tick));
      telemetry.addLog(record);
    }
  }
  telemetry.addAlert({base::seconds(3), 1, AlertState::Firing, 0.25});
  telemetry.addNotification({base::seconds(4), "dba", "joined", "here"});
}

}  // namespace

TEST(Telemetry, SeriesHoldWhatWasWrittenAcrossGrowth) {
  Telemetry telemetry;
  fill(telemetry, 5000);  // grows several times
  ASSERT_EQ(telemetry.times().size(), 5000U);
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const auto series = telemetry.series(static_cast<Metric>(i));
    ASSERT_EQ(series.size(), 5000U);
    for (int tick = 0; tick < 5000; ++tick) {
      ASSERT_EQ(series[static_cast<std::size_t>(tick)], rowOf(tick)[i]);
    }
  }
  EXPECT_EQ(telemetry.times()[4999], 4'999'000);
  EXPECT_EQ(telemetry.lastRow(), rowOf(4999));
}

TEST(Telemetry, ReservingChangesNothingThatCanBeSeen) {
  Telemetry grown, reserved;
  reserved.reserve(3000);
  fill(grown, 3000);
  fill(reserved, 3000);
  EXPECT_EQ(grown.fingerprint(), reserved.fingerprint());
  const Telemetry copy = grown;
  EXPECT_EQ(copy.series(Metric::PgUp)[2999], reserved.series(Metric::PgUp)[2999]);
}

namespace {

// One of everything that is noted beside the records, under pids that come again.
void note(Telemetry& telemetry, std::uint32_t number) {
  LogProcess process;
  process.pid = 7;
  process.startedMs = number;
  process.user = "user" + std::to_string(number);
  telemetry.noteProcess(process);
  process.pid = 100 * (number + 1);
  telemetry.noteProcesses({process, 10, number, 0});
  process.backendType = "postmaster";
  telemetry.noteProcess(process);
  ClientLoad load;
  load.firstPid = 9;
  load.user = process.user;
  telemetry.noteLoad(load);
  telemetry.noteBackendPool({{number, 5}});
  OomTask task;
  task.pid = number;
  telemetry.noteOomTasks({task});
  LogSettings settings;
  settings.id = number + 1;
  telemetry.noteLogSettings(settings);
  (void)telemetry.noteServer(number, number);
}

std::string userAt(const Telemetry& telemetry, std::uint32_t pid) {
  const auto process = telemetry.process(pid, 1'000'000);
  return process ? process->user : "nobody";
}

}  // namespace

TEST(Telemetry, GoesBackToAMarkAndOnTheSameWay) {
  Telemetry whole;
  const TelemetryMark empty = whole.mark();
  fill(whole, 1500);
  for (const std::uint32_t number : {1U, 2U}) note(whole, number);
  const TelemetryMark mark = whole.mark();
  const Telemetry then = whole;
  const auto goOn = [](Telemetry& telemetry) {
    note(telemetry, 3);
    fill(telemetry, 700);
  };
  goOn(whole);
  Telemetry past = whole.upTo(mark);
  EXPECT_EQ(past.fingerprint(), then.fingerprint());
  EXPECT_EQ(past.times().size(), then.times().size());
  EXPECT_EQ(past.lastRow(), then.lastRow());
  EXPECT_EQ(past.logs(), then.logs());
  EXPECT_EQ(past.alerts(), then.alerts());
  EXPECT_EQ(past.notifications(), then.notifications());
  EXPECT_EQ(past.text(150), then.text(150));
  EXPECT_EQ(past.text(151), "");
  EXPECT_EQ(userAt(whole, 7), "user3");
  EXPECT_EQ(userAt(past, 7), "user2");
  EXPECT_EQ(userAt(past, 205), userAt(then, 205));
  EXPECT_EQ(userAt(past, 405), "nobody");
  EXPECT_EQ(past.load(9)->user, "user2");
  EXPECT_EQ(past.backendPool(), then.backendPool());
  EXPECT_EQ(past.logSettings(UINT32_MAX).id, 3U);
  EXPECT_EQ(past.serverStart(1'000'000), 2);
  EXPECT_EQ(past.logCount(LogSource::Kernel), then.logCount(LogSource::Kernel));
  EXPECT_FALSE(past.noteServer(2, 2));
  goOn(past);
  EXPECT_EQ(past.fingerprint(), whole.fingerprint());
  EXPECT_EQ(past.series(Metric::PgUp)[2199], whole.series(Metric::PgUp)[2199]);
  EXPECT_EQ(past.oomTasks(150), whole.oomTasks(150));
  EXPECT_EQ(userAt(past, 405), "user3");
  EXPECT_EQ(whole.upTo(empty).fingerprint(), Telemetry().fingerprint());
  EXPECT_TRUE(whole.upTo(empty).logs().empty());
}

TEST(Telemetry, SummaryKeepsEventsAndHashesNothingElse) {
  Telemetry full, summary(Detail::Summary);
  fill(full, 200);
  fill(summary, 200);
  Telemetry again(Detail::Summary), withoutRows(Detail::Summary);
  fill(again, 200);
  EXPECT_EQ(again.fingerprint(), summary.fingerprint());
  EXPECT_NE(summary.fingerprint(), withoutRows.fingerprint());
  again.addRow({999'000}, MetricRow{});
  EXPECT_EQ(again.fingerprint(), summary.fingerprint());
  EXPECT_TRUE(summary.times().empty());
  EXPECT_TRUE(summary.series(Metric::PgUp).empty());
  EXPECT_TRUE(summary.logs().empty());
  EXPECT_EQ(summary.text(7), "");
  EXPECT_EQ(summary.alerts(), full.alerts());
  EXPECT_EQ(summary.notifications(), full.notifications());
  EXPECT_EQ(summary.lastRow(), full.lastRow());
  EXPECT_EQ(summary.logCount(LogSource::Kernel), 20U);
  EXPECT_EQ(full.logCount(LogSource::Kernel), 20U);
  EXPECT_LT(summary.memoryBytes(), 4000U);
}

TEST(Telemetry, LogsGetTheirOrderAndText) {
  Telemetry telemetry;
  fill(telemetry, 30);
  ASSERT_EQ(telemetry.logs().size(), 3U);
  EXPECT_EQ(telemetry.logs()[2].sequence, 2U);
  EXPECT_EQ(telemetry.text(telemetry.logs()[2].textIndex), "line 20");
  EXPECT_EQ(telemetry.text(0), "");
}

TEST(Telemetry, EveryFieldChangesTheFingerprint) {
  std::set<std::uint64_t> seen;
  const auto count = [&seen](const Telemetry& telemetry) { seen.insert(telemetry.fingerprint()); };
  count(Telemetry());
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    Telemetry telemetry;
    MetricRow row{};
    row[i] = 1;
    telemetry.addRow({}, row);
    count(telemetry);
  }
  const auto withLog = [&count](auto change) {
    LogRecord record;
    change(record);
    Telemetry telemetry;
    telemetry.addLog(record);
    count(telemetry);
  };
  withLog([](LogRecord&) {});
  withLog([](LogRecord& r) { r.ms = 1; });
  withLog([](LogRecord& r) { r.pid = 1; });
  withLog([](LogRecord& r) { r.shape = 1; });
  withLog([](LogRecord& r) { r.source = LogSource::Kernel; });
  withLog([](LogRecord& r) { r.severity = Severity::Error; });
  withLog([](LogRecord& r) { r.textIndex = 1; });
  for (std::size_t i = 0; i < 4; ++i) withLog([i](LogRecord& r) { r.numbers[i] = 1; });
  EXPECT_EQ(seen.size(), 1 + kMetricCount + 11);
}

TEST(Telemetry, EveryNaNIsTheSame) {
  Telemetry positive, negative;
  MetricRow row{};
  row[3] = std::numeric_limits<float>::quiet_NaN();
  positive.addRow({}, row);
  row[3] = std::copysign(std::numeric_limits<float>::quiet_NaN(), -1.0F);
  negative.addRow({}, row);
  EXPECT_EQ(positive.fingerprint(), negative.fingerprint());
  EXPECT_TRUE(std::isnan(positive.lastRow()[3]));
}

TEST(Telemetry, TwoHoursFitTheMemoryBudget) {
  Telemetry telemetry;
  telemetry.reserve(7800);
  fill(telemetry, 7800);
  EXPECT_LT(telemetry.memoryBytes(), 4U << 20);
}
