// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

Script theDiagnosis() {
  return {diagnose("10:04:00")};
}

drill::Score seen(const Script& script) {
  return grade(joined({script, theDiagnosis()}), "10:05:00");
}

TEST(ScoreEvidence, NothingSeenNothingEarned) {
  EXPECT_EQ(points(seen({}), "evidence"), 0);
}

TEST(ScoreEvidence, ThoroughLookEarnsTheThreeParts) {
  const drill::Score score = seen(thoroughLook());
  EXPECT_EQ(points(score, "evidence.symptom"), 4.5);
  EXPECT_EQ(points(score, "evidence.chain"), 6);
  EXPECT_EQ(points(score, "evidence.cause"), 4.5);
  EXPECT_EQ(points(score, "evidence.time"), 0);
}

TEST(ScoreEvidence, OneLinkOfFour) {
  const drill::Score score = seen({look("10:02:00", "changes")});
  EXPECT_EQ(points(score, "evidence.symptom"), 0);
  EXPECT_EQ(points(score, "evidence.chain"), 1.5);
  EXPECT_EQ(points(score, "evidence.cause"), 4.5);
  EXPECT_EQ(entries(score, "evidence.cause"), std::vector<std::size_t>{0});
}

TEST(ScoreEvidence, HindsightIsNoEvidence) {
  const drill::Score score =
      grade(joined({theDiagnosis(), {look("10:04:30", "changes")}}), "10:05:00");
  EXPECT_EQ(points(score, "evidence"), 0);
}

TEST(ScoreEvidence, WithoutConclusionHalf) {
  const drill::Score score = grade({look("10:02:00", "changes")}, "10:05:00");
  EXPECT_EQ(points(score, "evidence.conclusion"), -3);
}

TEST(ScoreEvidence, InnocentsNeverClearedCost) {
  // Website and traffic, network and disk: half a point each.
  EXPECT_EQ(points(seen({look("10:02:00", "changes")}), "evidence.innocent"), -2);
  EXPECT_EQ(points(seen(thoroughLook()), "evidence.innocent"),
            -0.5);  // nobody asked about the deploy
}

TEST(ScoreEvidence, UnsupportedPinsCost) {
  const Script pins = {
      suspect("10:03:20", "m", "database", "50"), suspect("10:03:22", "n", "network", "50"),
      step("10:03:30", sim::Verb::Pin, "m", {}, {{"observation", "6"}, {"stance", "for"}}),
      step("10:03:32", sim::Verb::Pin, "n", {}, {{"observation", "3"}, {"stance", "against"}})};
  EXPECT_EQ(points(seen(joined({thoroughLook(), pins})), "evidence.pins"), 0);
  const Script wrong = {
      step("10:03:40", sim::Verb::Pin, "m", {}, {{"observation", "6"}, {"stance", "against"}}),
      step("10:03:42", sim::Verb::Pin, "n", {}, {{"observation", "3"}, {"stance", "for"}})};
  const drill::Score score = seen(joined({thoroughLook(), pins, wrong}));
  EXPECT_EQ(points(score, "evidence.pins"), -1.5);
  EXPECT_EQ(entries(score, "evidence.pins"), (std::vector<std::size_t>{12, 13}));
}

TEST(ScoreEvidence, CalibrationIsQuadratic) {
  const auto with = [](const std::string& component, const std::string& confidence) {
    return points(seen(joined({thoroughLook(), {suspect("10:03:20", "h", component, confidence)}})),
                  "evidence.calibration");
  };
  EXPECT_DOUBLE_EQ(with("database", "100"), 3);
  EXPECT_DOUBLE_EQ(with("database", "50"), 0);
  EXPECT_DOUBLE_EQ(with("database", "0"), -3);
  EXPECT_DOUBLE_EQ(with("network", "100"), -3);
  EXPECT_DOUBLE_EQ(with("network", "50"), 0);
}

TEST(ScoreEvidence, AGivenUpSuspicionCostsNothing) {
  const Script script = {suspect("10:03:20", "h", "network", "100"),
                         step("10:03:30", sim::Verb::Reject, "h")};
  EXPECT_EQ(points(seen(joined({thoroughLook(), script})), "evidence.calibration"), 0);
}

TEST(ScoreEvidence, ConfidenceWithoutEvidenceEarnsNothing) {
  EXPECT_EQ(points(seen({suspect("10:03:20", "h", "database", "100")}), "evidence"), 0);
}

TEST(ScoreEvidence, LateEvidenceIsWorthAFifth) {
  Script late = thoroughLook();
  for (sim::TimedAction& timed : late) timed.at = timed.at + base::minutes(60);
  late.push_back(diagnose("11:10:00"));
  const drill::Score score = grade(late, "11:11:00");
  const double earned = points(score, "evidence.symptom") + points(score, "evidence.chain") +
                        points(score, "evidence.cause");
  EXPECT_DOUBLE_EQ(points(score, "evidence.time"), -0.8 * earned);
}

}  // namespace
