// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/buffer_cache.h"

#include <gtest/gtest.h>

#include "world_log.h"

namespace {

constexpr std::int64_t kGiB = 1LL << 30;

}  // namespace

TEST(BufferCache, AnEmptyPoolHitsNothingAndAFullOneWhatPopularitySays) {
  worldtest::Server server;
  server.host.memory.pageCache = 0;
  EXPECT_EQ(sim::viewCaches(*server.model, server.postgres, server.host).poolHit, 0);
  server.postgres.poolPages = 16.0 * kGiB / 8192;
  const sim::CacheView view = sim::viewCaches(*server.model, server.postgres, server.host);
  EXPECT_EQ(view.poolHit, server.model->popularity.hitRatio(server.postgres.poolPages));
  EXPECT_EQ(view.totalHit, view.poolHit);
}

TEST(BufferCache, ThePageCacheCountsBeyondTheFileWorkingSet) {
  worldtest::Server server;
  server.postgres.poolPages = 1e6;
  server.host.memory.pageCache = 3 * kGiB;  // just programs and libraries
  sim::CacheView view = sim::viewCaches(*server.model, server.postgres, server.host);
  EXPECT_EQ(view.totalHit, view.poolHit);
  server.host.memory.pageCache = 11 * kGiB;  // and 8 GiB of the database, three quarters of it new
  view = sim::viewCaches(*server.model, server.postgres, server.host);
  EXPECT_DOUBLE_EQ(view.totalHit,
                   server.model->popularity.hitRatio(1e6 + 0.75 * 8.0 * kGiB / 8192));
}

TEST(BufferCache, AfterALostPoolItsHottestPagesComeFromDisk) {
  worldtest::Server server;
  server.host.memory.pageCache = 23 * kGiB;
  server.postgres.poolPages = 2e6;
  const double before = sim::viewCaches(*server.model, server.postgres, server.host).totalHit;
  sim::losePool(server.postgres);
  EXPECT_EQ(server.postgres.poolPages, 0);
  EXPECT_EQ(server.postgres.holePages, 2e6);
  const double after = sim::viewCaches(*server.model, server.postgres, server.host).totalHit;
  EXPECT_LT(after, before - 0.3);
  EXPECT_GT(after, 0);
  server.postgres.poolPages = 5;
  sim::losePool(server.postgres);  // a second crash during the warm-up does not shrink the hole
  EXPECT_EQ(server.postgres.holePages, 2e6);
}

TEST(BufferCache, FillingCountsHitsReadsAndAllocations) {
  worldtest::Server server;
  const double reads = sim::fillCaches(*server.model, server.postgres, {0.75, 0.9}, 100'000);
  EXPECT_DOUBLE_EQ(server.postgres.blocksHit, 75'000);
  EXPECT_DOUBLE_EQ(server.postgres.blocksRead, 25'000);
  EXPECT_DOUBLE_EQ(server.postgres.buffersAlloc, 25'000);
  EXPECT_NEAR(reads, 10'000, 1e-6);
  EXPECT_DOUBLE_EQ(server.postgres.poolPages, server.model->popularity.distinctPages(100'000));
}

TEST(BufferCache, FillingInOneStepOrInManyIsTheSame) {
  worldtest::Server once, often;
  (void)sim::fillCaches(*once.model, once.postgres, {}, 6e6);
  for (int i = 0; i < 60; ++i) (void)sim::fillCaches(*often.model, often.postgres, {}, 1e5);
  EXPECT_NEAR(often.postgres.poolPages / once.postgres.poolPages, 1, 1e-9);
}

TEST(BufferCache, ThePoolIsNeverLargerThanSharedBuffers) {
  worldtest::Server server("128MB");
  (void)sim::fillCaches(*server.model, server.postgres, {}, 1e9);
  EXPECT_EQ(server.postgres.poolPages, 16384);
  server.postgres.holePages = 16384;
  (void)sim::fillCaches(*server.model, server.postgres, {}, 1);
  EXPECT_EQ(server.postgres.holePages, 0);
}
