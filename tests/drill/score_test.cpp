// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <set>

#include "score_support.h"

namespace {

using namespace graded;

std::string printed(const drill::Score& score) {
  std::string text = base::fixedText(score.total, 1) + score.band;
  for (const drill::ScorePart& part : score.parts)
    for (const drill::ScoreItem& item : part.items) {
      text += item.id + base::fixedText(item.points, 9) + item.text;
      for (const std::size_t entry : item.entries) text += " " + std::to_string(entry);
    }
  for (const std::string& cap : score.caps) text += cap;
  return text;
}

TEST(Score, RescoredAHundredTimesIsIdentical) {
  const drill::Run run = playList("reference");
  const std::string first = printed(grade(run));
  for (int i = 1; i < 100; ++i) ASSERT_EQ(printed(grade(run)), first);
}

TEST(Score, SummaryAndFullRunsOfTheSameActionsAgree) {
  drill::Run summary(seed().scenario, {1, drill::Mode::Practice}, seed().model,
                     sim::Detail::Summary);
  summary.follow(repair());
  summary.advanceTo(clock("10:40:00"));
  EXPECT_EQ(points(grade(summary), "fix"), points(grade(repair(), "10:40:00"), "fix"));
}

TEST(Score, PartsAddUpAndNameWhatEarnedThem) {
  const drill::Run run = playList("reference");
  const drill::Score score = grade(run);
  double sum = 0, possible = 0;
  std::set<std::string> ids;
  for (const drill::ScorePart& part : score.parts) {
    double items = 0;
    for (const drill::ScoreItem& item : part.items) {
      items += item.points;
      EXPECT_FALSE(item.text.empty()) << item.id;
      EXPECT_TRUE(item.id.starts_with(part.id + ".")) << item.id;
      EXPECT_TRUE(item.points <= 0 || !item.entries.empty()) << item.id;
      for (const std::size_t entry : item.entries) EXPECT_LT(entry, run.journal().size());
      EXPECT_TRUE(ids.insert(item.id).second || item.points <= 0) << item.id;
    }
    EXPECT_NEAR(items, part.points, 1e-9) << part.id;
    sum += part.points;
    possible += part.possible;
  }
  EXPECT_EQ(possible, 100);
  EXPECT_NEAR(score.total, sum, 0.051);
}

TEST(Score, FixedButNotExplained) {
  const drill::Score score =
      grade(joined({repair(), {step("10:40:00", sim::Verb::Close, {}, "back to normal now")}}));
  EXPECT_EQ(points(score, "fix"), 20);
  EXPECT_LE(score.total, 69);
  EXPECT_EQ(score.caps, std::vector<std::string>{"fixed but not explained: 69 at most"});
}

// Hints up to a level, one after the other as the program hands them out.
Script hints(int level) {
  Script script;
  for (int i = 1; i <= level; ++i)
    script.push_back(step("10:03:2" + std::to_string(i), sim::Verb::Hint, std::to_string(i)));
  return script;
}

TEST(Score, HintsCostOnlyInAssessment) {
  const auto script = [](int level) {
    return joined({thoroughLook(), hints(level), {diagnose("10:04:00")}});
  };
  const drill::Score practice = grade(play(script(2), "10:05:00"));
  const drill::Score assessed = grade(play(script(2), "10:05:00", drill::Mode::Assessment));
  EXPECT_TRUE(practice.practice);
  EXPECT_EQ(practice.hintCost, 0);
  EXPECT_FALSE(assessed.practice);
  EXPECT_EQ(assessed.hintCost, 6);
  EXPECT_NEAR(practice.total - assessed.total, 6, 1e-9);
  EXPECT_EQ(grade(play(script(3), "10:05:00", drill::Mode::Assessment)).hintCost, 14);
}

TEST(Score, TheAnswerFromAHintCapsTheDiagnosis) {
  const Script script = joined({thoroughLook(), hints(4), {diagnose("10:04:00")}});
  EXPECT_EQ(points(grade(play(script, "10:05:00")), "diagnosis"), 25);
  EXPECT_EQ(points(grade(play(script, "10:05:00", drill::Mode::Assessment)), "diagnosis"), 10);
}

TEST(Score, Bands) {
  EXPECT_EQ(grade({}).band, "repeat");
  EXPECT_EQ(grade(playList("reference")).band, "independent");
}

}  // namespace
