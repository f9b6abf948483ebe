// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/change_review.h"

#include <gtest/gtest.h>

#include "world_log.h"

namespace {

const std::string kImpact = "restart of two minutes, shop in maintenance";
const std::string kRollback = "put the old file back and restart";

sim::ReviewVerdict review(const std::string& setting, const std::string& value,
                          const std::string& impact = kImpact,
                          const std::string& rollback = kRollback) {
  const worldtest::Server server("44GB");
  return sim::reviewChange(*server.model, server.postgres, setting, value, impact, rollback);
}

}  // namespace

// 4 hosts x 50 connections = 200; of 16.4 GiB each process maps 1/512: 6.4 GiB; 8 MiB each; two
// nodes of 16 MiB for one in five: 1.25 GiB; 64 MiB of maintenance; 1.5 GiB of kernel.
TEST(ChangeReview, SixteenGigabytesAreApprovedWithTheSum) {
  const sim::ReviewVerdict verdict = review("shared_buffers", "16GB");
  EXPECT_TRUE(verdict.approved);
  EXPECT_EQ(verdict.text,
            "With shared_buffers = 16GB the budget at full load is 27.2 GiB of 64.0 GiB (shared "
            "memory 16.4 GiB, page tables 6.4 GiB, backends 1.6 GiB, sorts 1.2 GiB). Approved.");
}

TEST(ChangeReview, FortyFourGigabytesAreRejectedWithTheSum) {
  const sim::ReviewVerdict verdict = review("shared_buffers", "44GB");
  EXPECT_FALSE(verdict.approved);
  EXPECT_EQ(
      verdict.text,
      "With shared_buffers = 44GB the budget at full load is 66.9 GiB of 64.0 GiB (shared "
      "memory 45.0 GiB, page tables 17.6 GiB, backends 1.6 GiB, sorts 1.2 GiB). Not approved: "
      "that does not fit this host.");
}

TEST(ChangeReview, AVerdictBetweenTheBandsComesWithAWarning) {
  const sim::ReviewVerdict verdict = review("shared_buffers", "7GB");
  EXPECT_TRUE(verdict.approved);
  EXPECT_TRUE(verdict.text.ends_with("watch it at the next peak.")) << verdict.text;
}

TEST(ChangeReview, AnotherSettingIsJudgedWithTheRunningPool) {
  EXPECT_FALSE(review("work_mem", "8MB").approved);  // 44 GB stay as they are
}

TEST(ChangeReview, ImpactRollbackAndValueMustBeThere) {
  EXPECT_EQ(review("shared_buffers", "16GB", kImpact, "  none ").text,
            "There is no rollback plan. How do we get back, and how long does it take?");
  EXPECT_TRUE(review("shared_buffers", "16GB", "little", kRollback).text.starts_with("Please say"));
  EXPECT_EQ(review("work_mem", "banana").text,
            "The server would refuse it: invalid value for parameter \"work_mem\": \"banana\"");
}

TEST(ChangeReview, BandsFollowPoolAndBudget) {
  sim::MemoryBudget budget;
  budget.ramBytes = 100;
  const auto band = [&](double pool, double whole) {
    budget.sharedBuffersShare = pool;
    budget.sharedBytes = whole;
    return sim::bandOf(budget, {});
  };
  EXPECT_EQ(band(0.25, 70), sim::Band::Green);
  EXPECT_EQ(band(0.25, 71), sim::Band::Amber);
  EXPECT_EQ(band(0.25, 86), sim::Band::Red);
  EXPECT_EQ(band(0.31, 50), sim::Band::Amber);
  EXPECT_EQ(band(0.41, 50), sim::Band::Red);
  EXPECT_EQ(band(0.14, 50), sim::Band::Amber);
  EXPECT_EQ(band(0.04, 50), sim::Band::Red);
}

TEST(ChangeReview, HugePagesSaveThePageTables) {
  sim::WorldSpec spec = worldtest::spec("16GB");
  spec.host.hugePages = 9000;
  const worldtest::Server server(spec);
  EXPECT_EQ(sim::budgetOf(*server.model, server.postgres.values).pageTableBytes, 0);
}
