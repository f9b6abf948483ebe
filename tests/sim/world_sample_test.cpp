// SPDX-License-Identifier: GPL-3.0-or-later
// What the exporters say agrees with itself and with the state.
#include <gtest/gtest.h>

#include <cmath>

#include "world_log.h"

namespace {

using base::minutes;
using sim::Metric;

struct Day {
  explicit Day(const sim::WorldSpec& spec) : world(sim::Model::make(spec), 1) {}
  [[nodiscard]] double at(Metric metric) const { return telemetry.last(metric); }
  sim::World world;
  sim::Telemetry telemetry;
};

}  // namespace

TEST(WorldSample, MemoryFiguresAddUpToTheTotal) {
  sim::WorldSpec spec = worldtest::spec("44GB");
  spec.host.hugePages = 512;
  Day day(spec);
  while (day.world.now() < minutes(360)) {
    day.world.tick(day.telemetry);
    // Cached counts shared memory, as in /proc/meminfo; half of the kernel's share is slab.
    const double sum = day.at(Metric::NodeMemFree) + day.at(Metric::NodeMemCached) +
                       day.at(Metric::NodeMemAnon) + day.at(Metric::NodeMemPageTables) +
                       2 * day.at(Metric::NodeMemSlab) +
                       2.0 * 1024 * 1024 * day.at(Metric::NodeMemHugePagesTotal);
    ASSERT_NEAR(sum / day.at(Metric::NodeMemTotal), 1, 1e-6);
    ASSERT_LE(day.at(Metric::NodeMemAvailable),
              day.at(Metric::NodeMemFree) + day.at(Metric::NodeMemCached));
    ASSERT_GE(day.at(Metric::NodeMemCached), day.at(Metric::NodeMemShmem));
  }
}

TEST(WorldSample, PostgresqlIsSilentWhileItIsDown) {
  Day day(worldtest::spec("16GB"));
  day.world.advanceTo(minutes(300), day.telemetry);
  EXPECT_EQ(day.at(Metric::PgUp), 1);
  EXPECT_EQ(day.at(Metric::PgActive) + day.at(Metric::PgIdle), day.at(Metric::PgBackends));
  EXPECT_EQ(day.at(Metric::PgSharedBuffers), 16.0 * 1024 * 1024 * 1024);
  EXPECT_FALSE(std::isnan(day.at(Metric::WebLatencyP99)));
  ASSERT_TRUE(
      day.world.apply({sim::Verb::Stop, "immediate", "", {}}, "trainee", day.telemetry).accepted);
  day.world.advanceTo(minutes(301), day.telemetry);
  EXPECT_EQ(day.at(Metric::PgUp), 0);
  for (const Metric metric : {Metric::PgBackends, Metric::PgCommits, Metric::PgSharedBuffers,
                              Metric::PgStartTime, Metric::WebLatencyP50, Metric::WebLatencyP99}) {
    EXPECT_TRUE(std::isnan(day.at(metric))) << sim::metricInfo(metric).fullName();
  }
  EXPECT_EQ(day.at(Metric::WebErrorRatio), 1);
  EXPECT_EQ(day.at(Metric::NodeMemShmem), 0);  // the segment is gone
}

TEST(WorldSample, RequestsBalanceInWhatIsShown) {
  Day day(worldtest::spec("16GB"));
  day.world.advanceTo(minutes(60), day.telemetry);
  EXPECT_EQ(day.at(Metric::WebRequests),
            day.at(Metric::WebServed) + day.at(Metric::WebFailed) + day.at(Metric::WebWaiting));
}

// A crash discards PostgreSQL's statistics: its counters then start again from nothing.
TEST(WorldSample, CountersNeverFallAndEveryMetricHasAValue) {
  Day day(worldtest::spec("44GB"));
  sim::MetricRow before{};
  int discarded = 0;
  while (day.world.now() < minutes(420)) {
    const base::SimTime since = day.world.postgres().statisticsSince;
    day.world.tick(day.telemetry);
    const bool anew = day.world.postgres().statisticsSince != since;
    discarded += anew ? 1 : 0;
    for (std::size_t i = 0; anew && i < sim::kMetricCount; ++i) {
      if (sim::metricInfo(static_cast<Metric>(i)).name.starts_with("pg_")) before[i] = 0;
    }
    const sim::MetricRow& row = day.telemetry.lastRow();
    for (std::size_t i = 0; i < sim::kMetricCount; ++i) {
      const sim::MetricInfo& info = sim::metricInfo(static_cast<Metric>(i));
      if (std::isnan(row[i])) {
        ASSERT_TRUE(info.name.starts_with("pg_") || info.name == "http_request_duration_seconds")
            << info.fullName();
        continue;
      }
      ASSERT_TRUE(std::isfinite(row[i])) << info.fullName();
      if (info.type == sim::MetricType::Counter) {
        ASSERT_GE(row[i], before[i]) << info.fullName() << " at " << day.world.now().seconds();
      }
      before[i] = row[i];
    }
  }
  EXPECT_EQ(discarded, day.world.postgres().crashes);
  EXPECT_GT(discarded, 0);
}

TEST(WorldSample, CpuSecondsAreThoseOfAllCores) {
  Day day(worldtest::spec("16GB"));
  day.world.advanceTo(minutes(300), day.telemetry);
  const double sum = day.at(Metric::NodeCpuUser) + day.at(Metric::NodeCpuSystem) +
                     day.at(Metric::NodeCpuIowait) + day.at(Metric::NodeCpuIdle);
  EXPECT_NEAR(sum / (300 * 60 * 16.0), 1, 1e-3);
}
