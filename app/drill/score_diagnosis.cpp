// SPDX-License-Identifier: GPL-3.0-or-later
// Diagnosis, 25 points: which component, by which mechanism and setting, and nobody innocent
// blamed. Each is worth 100, 65, 35 or 0 %. An answer with nothing behind it is a guess and earns
// 35 %.
#include <algorithm>

#include "drill/score_facts.h"

namespace drill::grading {
namespace {

constexpr double kFull = 1.0, kMost = 0.65, kLittle = 0.35;

// How much was seen of the chain below its symptom before the diagnosis.
struct Support {
  double share = kLittle;
  std::set<std::string> links;
  std::vector<std::size_t> entries;
};

Support supportOf(const Facts& facts) {
  Support support;
  const std::string symptom = facts.scenario.chain.empty() ? "" : facts.scenario.chain.front().id;
  for (const Observation& seen : facts.run.observations()) {
    if (seen.entry >= facts.evidenceUntil || seen.who == "instructor") continue;
    bool counted = false;
    for (const scenario::Clue& clue : facts.scenario.clues) {
      if (clue.link.empty() || clue.link == symptom || !contains(seen.clues, clue.id)) continue;
      support.links.insert(clue.link);
      counted = true;
    }
    if (counted) support.entries.push_back(seen.entry);
  }
  const std::size_t below = facts.scenario.chain.empty() ? 0 : facts.scenario.chain.size() - 1;
  if (support.links.size() >= std::min<std::size_t>(2, below)) {
    support.share = kFull;
  } else if (!support.links.empty()) {
    support.share = kMost;
  }
  return support;
}

ScoreItem componentItem(const Facts& facts, const Step& step, const Support& support) {
  const scenario::Truth& truth = facts.scenario.truth;
  const std::string named = fieldOf(step.action, "component");
  double credit = 0;
  std::string text = "The component named is not where the fault lies.";
  if (named == truth.component) {
    credit = kFull;
    text = "The right component was named.";
  } else if (contains(truth.acceptedComponents, named)) {
    credit = kMost;
    text = "The component named is near the fault, not where it lies.";
  } else {
    for (const Step& earlier : facts.steps)
      if (earlier.action.verb == sim::Verb::Diagnose && earlier.entry < step.entry &&
          fieldOf(earlier.action, "component") == truth.component) {
        credit = kLittle;
        text = "The right component was named once, then given up.";
      }
  }
  return {"diagnosis.component", text, 10 * credit * support.share, 10, {step.entry}};
}

ScoreItem mechanismItem(const Facts& facts, const Step& step, const Support& support) {
  const scenario::Truth& truth = facts.scenario.truth;
  const std::string mechanism = fieldOf(step.action, "mechanism");
  const bool setting = fieldOf(step.action, "setting") == truth.setting;
  const bool direction = setting && fieldOf(step.action, "direction") == truth.direction;
  double right = 0;
  std::string text;
  if (mechanism == truth.mechanism) {
    right += 1;
    text = "mechanism right";
  } else if (contains(truth.acceptedMechanisms, mechanism)) {
    right += 0.5;
    text = "mechanism nearly right";
  } else {
    text = "mechanism wrong";
  }
  right += (setting ? 1 : 0) + (direction ? 1 : 0);
  text += setting ? ", setting right" : ", setting wrong";
  if (setting) text += direction ? ", direction right." : ", direction wrong.";
  if (!setting) text += ".";
  text.front() = 'M';
  const double credit = right >= 3 ? kFull : right >= 2 ? kMost : right >= 1 ? kLittle : 0;
  return {"diagnosis.mechanism", text, 10 * credit * support.share, 10, {step.entry}};
}

ScoreItem scopeItem(const Facts& facts, const Step& step, const Support& support) {
  const scenario::Truth& truth = facts.scenario.truth;
  const std::vector<std::string>& innocent = facts.scenario.rubric.innocent;
  const std::string named = fieldOf(step.action, "component");
  ScoreItem item{"diagnosis.scope", "Nobody innocent was blamed.", 0, 5, {step.entry}};
  double credit = kFull;
  const auto lower = [&](double to, const std::string& why, std::size_t entry) {
    if (to < credit) {
      credit = to;
      item.text = why;
    }
    if (entry != step.entry) item.entries.push_back(entry);
  };
  if (named != truth.component && !contains(truth.acceptedComponents, named))
    lower(0, "The diagnosis blames something innocent.", step.entry);
  for (const Step& earlier : facts.steps)
    if (earlier.action.verb == sim::Verb::Diagnose && earlier.entry < step.entry &&
        contains(innocent, fieldOf(earlier.action, "component")))
      lower(kLittle, "An innocent component was blamed before the right one.", earlier.entry);
  for (const Hypothesis& hypothesis : facts.hypotheses) {
    if (!contains(innocent, hypothesis.component)) continue;
    if (!hypothesis.rejected)
      lower(kMost, "A hypothesis against an innocent component was left standing.",
            hypothesis.entry);
    if (hypothesis.confidence >= 0.5)
      lower(kMost, "An innocent component was the leading suspect for a while.", hypothesis.entry);
  }
  if (!truth.change.empty() && fieldOf(step.action, "change") != truth.change)
    lower(kMost, "The change that brought the fault in was not named.", step.entry);
  item.points = 5 * credit * support.share;
  return item;
}

}  // namespace

ScorePart diagnosisPart(const Facts& facts) {
  if (!facts.diagnosis)
    return partOf("diagnosis", "Diagnosis", 25,
                  {{"diagnosis.component", "No diagnosis was given.", 0, 10, {}},
                   {"diagnosis.mechanism", "No diagnosis was given.", 0, 10, {}},
                   {"diagnosis.scope", "No diagnosis was given.", 0, 5, {}}});
  const Step& step = facts.steps[*facts.diagnosis];
  const Support support = supportOf(facts);
  std::vector<ScoreItem> items = {componentItem(facts, step, support),
                                  mechanismItem(facts, step, support),
                                  scopeItem(facts, step, support)};
  for (ScoreItem& item : items) {
    item.entries.insert(item.entries.end(), support.entries.begin(), support.entries.end());
    std::sort(item.entries.begin(), item.entries.end());
    item.entries.erase(std::unique(item.entries.begin(), item.entries.end()), item.entries.end());
    if (support.share == kLittle)
      item.text += " Nothing that supports it was seen before: a guess earns 35 %.";
    if (support.share == kMost) item.text += " Only one link of the chain was seen before: 65 %.";
  }
  return partOf("diagnosis", "Diagnosis", 25, std::move(items));
}

}  // namespace drill::grading
