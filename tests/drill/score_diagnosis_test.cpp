// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

// Two links of the chain below its symptom: enough to know and not to guess.
Script twoLinksSeen() {
  return {look("10:02:00", "chart:pg_settings_shared_buffers_bytes"), look("10:02:10", "changes")};
}

drill::Score diagnosed(const Fields& instead, const Script& before = twoLinksSeen()) {
  return grade(joined({before, {diagnose("10:04:00", instead)}}), "10:05:00");
}

TEST(ScoreDiagnosis, NoDiagnosisNoPoints) {
  EXPECT_EQ(points(grade(twoLinksSeen(), "10:05:00"), "diagnosis"), 0);
}

TEST(ScoreDiagnosis, RightAndSeenIsFull) {
  const drill::Score score = diagnosed({});
  EXPECT_EQ(points(score, "diagnosis.component"), 10);
  EXPECT_EQ(points(score, "diagnosis.mechanism"), 10);
  EXPECT_EQ(points(score, "diagnosis.scope"), 5);
  EXPECT_EQ(entries(score, "diagnosis.component"), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(ScoreDiagnosis, GuessIsWorthAThird) {
  const drill::Score score = diagnosed({}, {});
  EXPECT_EQ(points(score, "diagnosis.component"), 3.5);
  EXPECT_EQ(points(score, "diagnosis.mechanism"), 3.5);
  EXPECT_EQ(points(score, "diagnosis.scope"), 1.75);
}

TEST(ScoreDiagnosis, OneLinkSeenIsTwoThirds) {
  const drill::Score score = diagnosed({}, {look("10:02:10", "changes")});
  EXPECT_EQ(points(score, "diagnosis.component"), 6.5);
  EXPECT_EQ(points(score, "diagnosis.scope"), 3.25);
}

TEST(ScoreDiagnosis, SeenAfterwardsDoesNotCount) {
  const drill::Score score = grade({diagnose("10:02:00"), look("10:03:00", "changes"),
                                    look("10:03:10", "chart:pg_settings_shared_buffers_bytes")},
                                   "10:05:00");
  EXPECT_EQ(points(score, "diagnosis.component"), 3.5);
}

TEST(ScoreDiagnosis, NearComponent) {
  const drill::Score score = diagnosed({{"component", "host"}});
  EXPECT_EQ(points(score, "diagnosis.component"), 6.5);
  EXPECT_EQ(points(score, "diagnosis.mechanism"), 10);
  EXPECT_EQ(points(score, "diagnosis.scope"), 5);
}

TEST(ScoreDiagnosis, PartsOfTheMechanism) {
  EXPECT_EQ(points(diagnosed({{"direction", "too-low"}}), "diagnosis.mechanism"), 6.5);
  EXPECT_EQ(points(diagnosed({{"setting", "work_mem"}}), "diagnosis.mechanism"), 3.5);
  EXPECT_EQ(points(diagnosed({{"mechanism", "retry-storm"}}), "diagnosis.mechanism"), 6.5);
  EXPECT_EQ(points(diagnosed({{"mechanism", "retry-storm"}, {"setting", "work_mem"}}),
                   "diagnosis.mechanism"),
            0);
}

TEST(ScoreDiagnosis, BlamingAnInnocent) {
  const drill::Score score = diagnosed({{"component", "network"}});
  EXPECT_EQ(points(score, "diagnosis.component"), 0);
  EXPECT_EQ(points(score, "diagnosis.scope"), 0);
}

TEST(ScoreDiagnosis, CorrectedBlameKeepsAThirdOfTheScope) {
  const drill::Score score =
      diagnosed({}, joined({twoLinksSeen(), {diagnose("10:03:00", {{"component", "disk"}})}}));
  EXPECT_EQ(points(score, "diagnosis.component"), 10);
  EXPECT_EQ(points(score, "diagnosis.scope"), 1.75);
}

TEST(ScoreDiagnosis, RightComponentGivenUp) {
  const drill::Score score =
      diagnosed({{"component", "disk"}}, joined({twoLinksSeen(), {diagnose("10:03:00")}}));
  EXPECT_EQ(points(score, "diagnosis.component"), 3.5);
}

TEST(ScoreDiagnosis, HypothesisLeftStanding) {
  const Script open = {suspect("10:02:20", "n", "network", "20")};
  EXPECT_EQ(points(diagnosed({}, joined({twoLinksSeen(), open})), "diagnosis.scope"), 3.25);
  const Script rejected = {suspect("10:02:20", "n", "network", "20"),
                           step("10:03:00", sim::Verb::Reject, "n")};
  EXPECT_EQ(points(diagnosed({}, joined({twoLinksSeen(), rejected})), "diagnosis.scope"), 5);
}

TEST(ScoreDiagnosis, WrongChangeBlamesAnInnocentChange) {
  EXPECT_EQ(points(diagnosed({{"change", "deploy"}}), "diagnosis.scope"), 3.25);
}

}  // namespace
