// SPDX-License-Identifier: GPL-3.0-or-later
// Evidence, 15 points: the symptom seen 4.5, the causal chain covered 6, the cause itself seen 4.5;
// less for pins that show nothing, for innocents never cleared, and by how honest the confidence
// was.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "drill/score_facts.h"

namespace drill::grading {
namespace {

constexpr std::int64_t kClearedInTimeMs = 20 * 60'000;
// Evidence is worth its full points when the cause is seen within 15 minutes of the page, and a
// fifth of them from 45 minutes on.
constexpr double kPromptMinutes = 15, kLateMinutes = 45, kLateShare = 0.2;

// Links of the chain with the journal entries that showed them, in chain order.
using SeenLinks = std::map<std::string, std::vector<std::size_t>>;

SeenLinks linksSeen(const Facts& facts) {
  SeenLinks seen;
  for (const Observation& observation : facts.run.observations()) {
    if (observation.entry >= facts.evidenceUntil || observation.who == "instructor") continue;
    for (const scenario::Clue& clue : facts.scenario.clues) {
      if (clue.link.empty() || !contains(observation.clues, clue.id)) continue;
      std::vector<std::size_t>& entries = seen[clue.link];
      if (entries.empty() || entries.back() != observation.entry)
        entries.push_back(observation.entry);
    }
  }
  return seen;
}

bool isCauseLink(const std::vector<scenario::ChainLink>& chain, std::size_t index) {
  return chain.size() < 3 ? index + 1 == chain.size() : index + 2 >= chain.size();
}

std::vector<ScoreItem> chainItems(const Facts& facts, const SeenLinks& seen) {
  const std::vector<scenario::ChainLink>& chain = facts.scenario.chain;
  ScoreItem symptom{"evidence.symptom", "The symptom was not looked at before acting.", 0, 4.5, {}};
  ScoreItem cover{"evidence.chain", "", 0, 6, {}};
  ScoreItem cause{"evidence.cause", "The cause itself was not seen before acting.", 0, 4.5, {}};
  std::size_t touched = 0;
  std::vector<std::string> missed;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto found = seen.find(chain[i].id);
    if (found == seen.end()) {
      missed.push_back(chain[i].title);
      continue;
    }
    ++touched;
    cover.entries.insert(cover.entries.end(), found->second.begin(), found->second.end());
    const std::string when = facts.clock(facts.run.journal()[found->second.front()].timed.at);
    if (i == 0) {
      symptom.points = 4.5;
      symptom.text = "The symptom was seen at " + when + ".";
      symptom.entries = found->second;
    }
    if (isCauseLink(chain, i) && cause.points == 0) {
      cause.points = 4.5;
      cause.text = "The cause itself was seen at " + when + ".";
      cause.entries = found->second;
    }
  }
  if (!chain.empty())
    cover.points = 6.0 * static_cast<double>(touched) / static_cast<double>(chain.size());
  cover.text = std::to_string(touched) + " of " + std::to_string(chain.size()) +
               " links of the causal chain were seen before acting.";
  for (const std::string& title : missed) cover.text += " Not seen: " + title + ".";
  std::sort(cover.entries.begin(), cover.entries.end());
  cover.entries.erase(std::unique(cover.entries.begin(), cover.entries.end()), cover.entries.end());
  return {symptom, cover, cause};
}

const Hypothesis* hypothesisOf(const Facts& facts, const std::string& id) {
  for (const Hypothesis& hypothesis : facts.hypotheses)
    if (hypothesis.id == id) return &hypothesis;
  return nullptr;
}

bool guilty(const Facts& facts, const std::string& component) {
  return component == facts.scenario.truth.component ||
         contains(facts.scenario.truth.acceptedComponents, component);
}

// Whether what was seen bears on the hypothesis the way the pin says.
bool supports(const Facts& facts, const Observation& seen, const Hypothesis& hypothesis,
              bool isFor) {
  const bool right = guilty(facts, hypothesis.component);
  for (const scenario::Clue& clue : facts.scenario.clues) {
    if (!contains(seen.clues, clue.id)) continue;
    if (!clue.link.empty() && right == isFor) return true;
    if (!clue.clears.empty()) {
      if (clue.clears == hypothesis.component && !isFor) return true;
      if (right && isFor) return true;  // one suspect less speaks for the other
    }
  }
  return false;
}

ScoreItem pinsItem(const Facts& facts) {
  ScoreItem item{"evidence.pins", "", 0, 0, {}};
  int wrong = 0, all = 0;
  for (const Step& step : facts.steps) {
    if (step.action.verb != sim::Verb::Pin) continue;
    ++all;
    const std::string number = fieldOf(step.action, "observation");
    int value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    const Hypothesis* hypothesis = hypothesisOf(facts, step.action.target);
    const std::vector<Observation>& observations = facts.run.observations();
    const auto seen = std::find_if(observations.begin(), observations.end(),
                                   [&](const Observation& o) { return o.number == value; });
    if (hypothesis != nullptr && seen != observations.end() &&
        supports(facts, *seen, *hypothesis, fieldOf(step.action, "stance") != "against"))
      continue;
    ++wrong;
    item.entries.push_back(step.entry);
  }
  if (wrong > 0) item.points = -std::min(3.0, 0.75 * wrong);
  item.text = all == 0     ? "Nothing was pinned to a hypothesis."
              : wrong == 0 ? "Every pinned observation bears on its hypothesis as stated."
                           : std::to_string(wrong) + " of " + std::to_string(all) +
                                 " pinned observations do not show what they were pinned for.";
  return item;
}

// Suspects that somebody could have cleared: cleared late or never costs.
ScoreItem innocentItem(const Facts& facts) {
  ScoreItem item{"evidence.innocent", "", 0, 0, {}};
  std::vector<std::string> open;
  double cost = 0;
  for (const std::string& component : facts.scenario.rubric.innocent) {
    base::SimTime clearedAt{-1};
    bool clearable = false;
    for (const scenario::Clue& clue : facts.scenario.clues) {
      if (clue.clears != component) continue;
      clearable = true;
      for (const Observation& seen : facts.run.observations()) {
        if (seen.entry >= facts.evidenceUntil || !contains(seen.clues, clue.id)) continue;
        if (clearedAt.ms < 0 || seen.at < clearedAt) clearedAt = seen.at;
        item.entries.push_back(seen.entry);
        break;
      }
    }
    for (const Hypothesis& hypothesis : facts.hypotheses) {
      if (hypothesis.component != component) continue;
      const base::SimTime until = hypothesis.rejected ? hypothesis.rejectedAt : facts.end.at;
      if (until.ms - hypothesis.openedAt.ms <= kClearedInTimeMs) continue;
      cost += 1;
      item.entries.push_back(hypothesis.rejected.value_or(hypothesis.entry));
      item.text += "The hypothesis against " + component + " was held for " +
                   minutesText(until - hypothesis.openedAt) + ". ";
    }
    if (clearable && clearedAt.ms < 0) {
      cost += 0.5;
      open.push_back(component);
    }
  }
  for (const std::string& component : open) item.text += "Never cleared: " + component + ". ";
  item.text = std::string(base::trim(item.text));
  if (item.text.empty()) item.text = "Innocent causes were cleared in time.";
  if (cost > 0) item.points = -std::min(cost, 2.0);
  std::sort(item.entries.begin(), item.entries.end());
  item.entries.erase(std::unique(item.entries.begin(), item.entries.end()), item.entries.end());
  return item;
}

// What it costs to have seen the cause late. Without it, the diagnosis or the end of the run
// counts.
ScoreItem timeItem(const Facts& facts, const SeenLinks& seen, double earned) {
  const std::vector<scenario::ChainLink>& chain = facts.scenario.chain;
  ScoreItem item{"evidence.time", "The cause was seen in good time.", 0, 0, {}};
  base::SimTime at = facts.diagnosis ? facts.steps[*facts.diagnosis].at : facts.end.at;
  if (facts.diagnosis) item.entries = {facts.steps[*facts.diagnosis].entry};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto found = seen.find(chain[i].id);
    if (!isCauseLink(chain, i) || found == seen.end()) continue;
    const base::SimTime when = facts.run.journal()[found->second.front()].timed.at;
    if (when > at) continue;
    at = when;
    item.entries = {found->second.front()};
  }
  if (facts.paged.ms < 0) return item;
  const double minutes = static_cast<double>((at - facts.paged).ms) / 60'000;
  const double late =
      std::clamp((minutes - kPromptMinutes) / (kLateMinutes - kPromptMinutes), 0.0, 1.0);
  if (late <= 0) return item;
  item.points = -earned * late * (1 - kLateShare);
  item.text = "It took " + numberText(minutes, 0) + " minutes from the page to get to the cause.";
  return item;
}

// A quadratic rule: sure and right +3, sure and wrong -3, "fifty-fifty" 0. A suspicion that was
// given up costs nothing.
ScoreItem calibrationItem(const Facts& facts, bool anythingSeen) {
  ScoreItem item{"evidence.calibration", "No confidence was stated.", 0, 0, {}};
  double sum = 0;
  int stated = 0;
  for (const Hypothesis& hypothesis : facts.hypotheses) {
    if (hypothesis.confidence < 0) continue;
    const double truth = guilty(facts, hypothesis.component) ? 1 : 0;
    const double miss = hypothesis.confidence - truth;
    sum += std::clamp(3 * (1 - miss * miss / 0.25), hypothesis.rejected ? 0.0 : -3.0, 3.0);
    ++stated;
    item.entries.push_back(hypothesis.rejected.value_or(hypothesis.entry));
  }
  if (stated == 0) return item;
  item.points = sum / stated;
  item.text = item.points >= 0 ? "Stated confidence agreed with the truth."
                               : "Stated confidence and the truth were far apart.";
  if (item.points > 0 && !anythingSeen) {
    item.points = 0;
    item.text = "Stated confidence was not backed by anything seen.";
  }
  return item;
}

}  // namespace

ScorePart evidencePart(const Facts& facts) {
  const SeenLinks seen = linksSeen(facts);
  std::vector<ScoreItem> items = chainItems(facts, seen);
  double earned = 0;
  std::vector<std::size_t> entries = items[1].entries;
  for (const ScoreItem& item : items) earned += item.points;
  if (earned > 0) {
    items.push_back(pinsItem(facts));
    items.push_back(innocentItem(facts));
    items.push_back(calibrationItem(facts, !seen.empty()));
    items.push_back(timeItem(facts, seen, earned));
  }
  if (earned > 0 && !facts.diagnosis)
    items.push_back({"evidence.conclusion", "Nobody drew a conclusion from it: half.", -earned / 2,
                     0, std::move(entries)});
  return partOf("evidence", "Evidence and hypotheses", 15, std::move(items));
}

}  // namespace drill::grading
