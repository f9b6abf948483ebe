// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/score.h"

#include <algorithm>

#include "drill/score_facts.h"

namespace drill {
namespace {

using grading::Facts;

double oneDecimal(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 10 + 0.5)) / 10;
}

std::string bandOf(double total) {
  if (total >= 90) return "independent";
  if (total >= 75) return "competent";
  if (total >= 70) return "competent with a named follow-up";
  if (total >= 60) return "supported practice";
  return "repeat";
}

constexpr double kDearestHints = 15;

struct HintUse {
  double cost = 0;
  bool answerTaken = false;
};

HintUse hintsOf(const Facts& facts) {
  bool taken[5] = {};
  for (const grading::Step& step : facts.steps)
    if (step.action.verb == sim::Verb::Hint && step.action.target.size() == 1) {
      const int level = step.action.target[0] - '0';
      if (level >= 1 && level <= 4) taken[level] = true;
    }
  HintUse use;
  for (int level = 1; level <= 3; ++level)
    if (taken[level]) use.cost += kHintCosts[level - 1];
  use.cost = std::min(use.cost, kDearestHints);
  use.answerTaken = taken[4];
  return use;
}

void capDiagnosis(ScorePart& diagnosis, const Facts& facts) {
  if (diagnosis.points <= kAnswerHintWorth) return;
  ScoreItem item{"diagnosis.answer-hint",
                 "The answer was read from a hint: diagnosis is worth 10 at most.",
                 kAnswerHintWorth - diagnosis.points,
                 0,
                 {}};
  for (const grading::Step& step : facts.steps)
    if (step.action.verb == sim::Verb::Hint && step.action.target == "4")
      item.entries.push_back(step.entry);
  diagnosis.items.push_back(std::move(item));
  diagnosis.points = kAnswerHintWorth;
}

}  // namespace

Score scoreOf(const Run& run, const Baseline& baseline) {
  const Facts facts = grading::factsOf(run, baseline);
  Score score;
  score.practice = run.key().mode != Mode::Assessment;
  grading::SafetyVerdict safety = grading::safetyPart(facts);
  score.parts = {grading::diagnosisPart(facts),   grading::evidencePart(facts),
                 grading::fixPart(facts),         grading::changePart(facts),
                 std::move(safety.part),          grading::impactPart(facts),
                 grading::coordinationPart(facts)};
  const HintUse hints = hintsOf(facts);
  if (!score.practice) {
    score.hintCost = hints.cost;
    if (hints.answerTaken) {
      capDiagnosis(score.parts[0], facts);
      score.caps.push_back("the answer was read from a hint: diagnosis worth 10 at most");
    }
  }
  double sum = 0;
  for (const ScorePart& part : score.parts) sum += part.points;
  double cap = 100;
  if (facts.closedTooEarly) score.caps.push_back("closed before recovery held: no fix points");
  for (const std::string& sentence : safety.severe) {
    cap = std::min(cap, 59.0);
    score.caps.push_back("severe trap, 59 at most: " + sentence);
  }
  if (facts.trial.holds && score.parts[0].points < 10) {
    cap = std::min(cap, 69.0);
    score.caps.push_back("fixed but not explained: 69 at most");
  }
  score.total = oneDecimal(std::clamp(sum - score.hintCost, 0.0, cap));
  score.band = bandOf(score.total);
  return score;
}

}  // namespace drill
