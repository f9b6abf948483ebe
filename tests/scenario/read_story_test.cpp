// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

TEST(ReadStory, ReadsListsMilestonesAndTexts) {
  const scenario::Scenario scenario = goodScenario();
  ASSERT_EQ(scenario.lists.size(), 1u);
  EXPECT_EQ(scenario.lists[0].kind, scenario::ActionList::Kind::Reference);
  EXPECT_EQ(scenario.lists[0].scoreMin, 95);
  EXPECT_EQ(scenario.lists[0].scoreMax, 100);
  EXPECT_EQ(scenario.lists[0].actions[0].at, base::minutes(61));
  ASSERT_EQ(scenario.milestones.size(), 1u);
  EXPECT_EQ(scenario.milestones[0].kind, scenario::Milestone::Kind::AlertFiring);
  EXPECT_EQ(scenario.milestones[0].toleranceSeconds, 60);
  EXPECT_EQ(scenario.texts.briefing, "Begin.");
}

TEST(ReadStory, ReadsHintsAndRubric) {
  const scenario::Scenario scenario = goodScenario(
      {{R"("review":)",
        R"("hints": [{"level": 1, "text": "Look."}, {"level": 4, "text": ["It is", "this."]}],
           "rubric": {"rightTeam": "network", "rightTeamWithin": "20min", "severeTraps": ["data-loss"],
                      "innocent": ["network"], "usersAffected": "55%", "parUserMinutes": 1200},
           "review":)"}});
  ASSERT_EQ(scenario.hints.size(), 2u);
  EXPECT_EQ(scenario.hints[1].text, "It is\nthis.");
  EXPECT_EQ(scenario.rubric.rightTeam, "network");
  EXPECT_EQ(scenario.rubric.rightTeamWithinSeconds, 1200);
  EXPECT_EQ(scenario.rubric.severeTraps, std::vector<std::string>{"data-loss"});
  EXPECT_DOUBLE_EQ(scenario.rubric.usersAffectedPercent, 55);
  EXPECT_EQ(scenario.rubric.parUserMinutes, 1200);
}

TEST(ReadStory, RefusesWhatCannotBe) {
  EXPECT_EQ(
      complaint(
          {{R"("review":)",
            R"("hints": [{"level": 3, "text": "a"}, {"level": 2, "text": "b"}], "review":)"}}),
      "/hints/1/level: found 2, expected a level not below the one above it");
  EXPECT_EQ(
      complaint({{R"("score": [95, 100])", R"("score": [95])"}}),
      "/actions/0/score: found an array, expected two numbers: the lowest and the highest score");
  EXPECT_EQ(complaint({{R"("kind": "alert-firing", "subject": "LatencyHigh")",
                        R"("kind": "action-done", "subject": "pge dba")"}}),
            "/milestones/0/subject: found \"pge\", expected a verb: \"page\"");
}

}  // namespace
