// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/proof.h"

#include "score_support.h"

namespace {

using namespace graded;

TEST(Proof, TheSeedScenarioProvesItself) {
  drill::ProofOptions options;
  options.randomRuns = 60;
  const drill::Proof proof = drill::prove(seed().scenario, options);
  for (const drill::ProofRow& row : proof.rows)
    EXPECT_TRUE(row.passed) << row.name << ": expected " << row.expected << ", got " << row.got;
  EXPECT_TRUE(proof.passed());
  EXPECT_GT(proof.rows.size(), 20U);
}

TEST(Proof, AHarmlessScenarioDoesNotProveItself) {
  drill::ProofOptions options;
  options.randomRuns = 0;
  EXPECT_FALSE(drill::prove(drill::healthyDay(*seed().scenario), options).passed());
}

TEST(Proof, OneFailedRowFailsTheProof) {
  drill::Proof proof;
  proof.rows = {{"a", "1", "1", true}};
  EXPECT_TRUE(proof.passed());
  proof.rows.push_back({"b", "1", "2", false});
  EXPECT_FALSE(proof.passed());
}

}  // namespace
