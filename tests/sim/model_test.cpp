// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model.h"

#include <gtest/gtest.h>

namespace {

constexpr double kMiB = 1024 * 1024;

std::shared_ptr<const sim::Model> twoClasses() {
  sim::WorldSpec spec;
  spec.database.databaseBytes = 1024LL * 8192;
  spec.workload.classes = {
      {"light", "SELECT 1", 0.75, 2, 40, 0.0, 0, 1, 100},
      {"report", "SELECT sum(x)", 0.25, 10, 400, 2.0, 32 * kMiB, 0, 500},
  };
  return sim::Model::make(spec);
}

}  // namespace

TEST(Model, TheMixIsTheAverageByShare) {
  const auto model = twoClasses();
  EXPECT_DOUBLE_EQ(model->mix.cpuSeconds, 0.004);
  EXPECT_DOUBLE_EQ(model->mix.pages, 130);
  EXPECT_DOUBLE_EQ(model->mix.pagesDirtied, 0.75);
  EXPECT_DOUBLE_EQ(model->mix.walBytes, 200);
  EXPECT_DOUBLE_EQ(model->mix.sortNodes, 0.5);
  EXPECT_DOUBLE_EQ(model->mix.nodeBytes, 32 * kMiB);
}

TEST(Model, ANodeTakesAtMostWorkMemAndSpillsWhenItWantsMore) {
  const auto model = twoClasses();
  EXPECT_DOUBLE_EQ(model->meanNodeBytes(64 * kMiB), 32 * kMiB);
  EXPECT_DOUBLE_EQ(model->meanNodeBytes(4 * kMiB), 4 * kMiB);
  EXPECT_EQ(model->spilledBytes(32 * kMiB), 0);
  EXPECT_DOUBLE_EQ(model->spilledBytes(4 * kMiB), 0.5 * 32 * kMiB);
}

TEST(Model, TablesFollowTheSpecification) {
  const auto model = twoClasses();
  EXPECT_EQ(model->popularity.pages(), 1024);
  EXPECT_EQ(model->popularity.hitRatio(1024), 1.0);
  EXPECT_EQ(sim::Model::make({})->mix.pages, 0);
  EXPECT_EQ(sim::Model::make({})->meanNodeBytes(kMiB), 0);
}
