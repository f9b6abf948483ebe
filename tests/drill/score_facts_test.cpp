// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/score_facts.h"

#include "score_support.h"

namespace {

using namespace graded;
using drill::grading::Facts;
using drill::grading::factsOf;

TEST(ScoreFacts, ReplayEndsInTheSameWorld) {
  const drill::Run run = play(repair(), "10:30:00");
  EXPECT_EQ(factsOf(run, seed().baseline).world->fingerprint(), run.world().fingerprint());
}

TEST(ScoreFacts, RestartIsTheFixAndItsSettingIsNamed) {
  const drill::Run run = play(repair(), "10:30:00");
  const Facts facts = factsOf(run, seed().baseline);
  ASSERT_EQ(facts.applications.size(), 1U);
  EXPECT_EQ(facts.applications[0].settings, std::vector<std::string>{"shared_buffers"});
  ASSERT_NE(facts.fix(), nullptr);
  EXPECT_EQ(facts.fix()->action.verb, sim::Verb::Restart);
  EXPECT_EQ(drill::grading::newlyAsked(facts, 0), std::vector<std::string>{"shared_buffers"});
  EXPECT_EQ(facts.contribution, 1);
}

TEST(ScoreFacts, InstructorAndRefusedActionsDoNotCount) {
  const drill::Run run = play({step("10:02:00", sim::Verb::Declare, "sev1", {}, {}, "instructor"),
                               step("10:02:00", sim::Verb::Declare, "nonsense")},
                              "10:03:00");
  EXPECT_EQ(run.journal().size(), 2U);
  EXPECT_TRUE(factsOf(run, seed().baseline).steps.empty());
}

TEST(ScoreFacts, HypothesesKeepTheirLastStatement) {
  const drill::Run run =
      play({suspect("10:02:00", "h", "network", "80"), suspect("10:03:00", "h", "database", "60"),
            step("10:04:00", sim::Verb::Reject, "h")},
           "10:05:00");
  const Facts facts = factsOf(run, seed().baseline);
  ASSERT_EQ(facts.hypotheses.size(), 1U);
  EXPECT_EQ(facts.hypotheses[0].component, "database");
  EXPECT_DOUBLE_EQ(facts.hypotheses[0].confidence, 0.6);
  EXPECT_EQ(facts.hypotheses[0].rejected, 2U);
}

TEST(ScoreFacts, Helpers) {
  EXPECT_EQ(drill::grading::wordsIn("  two words\n"), 2U);
  EXPECT_EQ(drill::grading::wordsIn(""), 0U);
  EXPECT_EQ(drill::grading::numberText(2.50), "2.5");
  EXPECT_EQ(drill::grading::numberText(120, 0), "120");
  const drill::ScorePart part =
      drill::grading::partOf("p", "P", 10, {{"p.a", "", 8, 8, {}}, {"p.b", "", 5, 5, {}}});
  EXPECT_EQ(part.points, 10);
  EXPECT_EQ(part.items.back().id, "p.limit");
  EXPECT_EQ(part.items.back().points, -3);
}

}  // namespace
