// SPDX-License-Identifier: GPL-3.0-or-later
// Change control, 10 points: a request with its impact 3, a rollback plan 2, review awaited or an
// emergency declared 3, verification and record 2.
#include <algorithm>

#include "base/text.h"
#include "drill/score_facts.h"

namespace drill::grading {
namespace {

constexpr std::size_t kPlanWords = 5;  // fewer cannot say what to do
constexpr std::size_t kRecordWords = 3;
constexpr base::SimTime kEmergencyActs = base::minutes(15);

// The request that covers the decisive change: asked before it came into force, for what it
// changed.
struct Covering {
  const sim::ChangeRequest* request = nullptr;
  std::size_t entry = 0;
};

bool covers(const Facts& facts, const sim::ChangeRequest& request) {
  const std::string setting = base::lower(request.setting);
  if (setting == base::lower(facts.scenario.truth.setting)) return true;
  for (const Application& application : facts.applications)
    if (contains(application.settings, setting)) return true;
  for (const Step& step : facts.steps)
    if (const sim::Action* sysctl = step.effect(sim::Verb::Sysctl);
        sysctl && sysctl->target == request.setting)
      return true;
  return false;
}

Covering coveringRequest(const Facts& facts) {
  Covering best;
  std::size_t next = 0;
  const std::vector<sim::ChangeRequest>& requests = facts.world->changeRequests();
  for (const Step& step : facts.steps) {
    for (const sim::Action& action : step.effects) {
      if (action.verb != sim::Verb::RequestChange || next >= requests.size()) continue;
      const sim::ChangeRequest& request = requests[next++];
      if (facts.fix() && step.entry > facts.fix()->entry) continue;
      if (!covers(facts, request)) continue;
      // A later request replaces an earlier one unless that one was already approved.
      if (best.request && best.request->state == sim::ChangeRequest::State::Approved) continue;
      best = {&request, step.entry};
    }
  }
  return best;
}

ScoreItem reviewItem(const Facts& facts, const Covering& covering) {
  ScoreItem item{"change.review", "No review was awaited and no emergency declared.", 0, 3, {}};
  const sim::ChangeRequest& request = *covering.request;
  item.entries = {covering.entry};
  const base::SimTime applied = facts.fix() ? facts.fix()->at : facts.end.at;
  if (facts.fix()) item.entries.push_back(facts.fix()->entry);
  if (request.emergency) {
    const Step* declared = nullptr;
    for (const Step& step : facts.steps)
      if (step.does(sim::Verb::Declare) && step.at <= applied) declared = &step;
    const bool prompt = applied - request.at <= kEmergencyActs;
    item.points = !prompt ? 1 : declared ? 3 : 2;
    item.text = !prompt ? "It was called an emergency, but made so late that a review was possible."
                : declared ? "It was an emergency change in a declared incident."
                           : "It was an emergency change, but no incident had been declared.";
    if (declared) item.entries.push_back(declared->entry);
  } else if (request.state == sim::ChangeRequest::State::Approved && request.answerAt <= applied) {
    item.points = 3;
    item.text = "The review was awaited: approved at " + facts.clock(request.answerAt) + ".";
  } else if (request.state == sim::ChangeRequest::State::Rejected && request.answerAt <= applied) {
    item.text = "The change was made although its review refused it.";
  } else {
    item.text = "The change was made before its review had answered.";
  }
  std::sort(item.entries.begin(), item.entries.end());
  return item;
}

ScoreItem verificationItem(const Facts& facts) {
  ScoreItem item{"change.verification", "", 0, 2, {}};
  const Step* fix = facts.fix();
  bool verified = false, recorded = false;
  for (const Step& step : facts.steps) {
    if (!fix || step.entry <= fix->entry) continue;
    if (step.action.verb == sim::Verb::Verify && wordsIn(step.action.text) >= kRecordWords &&
        !verified) {
      verified = true;
      item.entries.push_back(step.entry);
    }
    if (step.does(sim::Verb::Close) && wordsIn(step.action.text) >= kRecordWords && !recorded) {
      recorded = true;
      item.entries.push_back(step.entry);
    }
  }
  item.points = (verified ? 1 : 0) + (recorded ? 1 : 0);
  item.text = verified ? "The change was verified after it" : "The change was never verified";
  if (recorded) item.text += verified ? " and recorded on closing." : ", only recorded on closing.";
  if (!recorded)
    item.text += verified ? ", but not recorded on closing." : " nor recorded on closing.";
  return item;
}

}  // namespace

ScorePart changePart(const Facts& facts) {
  const Covering covering = coveringRequest(facts);
  std::vector<ScoreItem> items;
  if (!covering.request) {
    const char* none = "No change request covered the change before it was made.";
    std::vector<std::size_t> entries;
    if (facts.fix()) entries.push_back(facts.fix()->entry);
    items = {{"change.request", none, 0, 3, entries},
             {"change.rollback", none, 0, 2, entries},
             {"change.review", none, 0, 3, entries}};
  } else {
    const sim::ChangeRequest& request = *covering.request;
    const bool impact = wordsIn(request.impact) >= kPlanWords;
    const bool rollback = wordsIn(request.rollback) >= kPlanWords;
    items = {
        {"change.request",
         impact ? "A change request stated the impact." : "A change request left the impact open.",
         impact ? 3.0 : 1.0,
         3,
         {covering.entry}},
        {"change.rollback",
         rollback ? "It has a rollback plan." : "It has no rollback plan worth the name.",
         rollback ? 2.0 : 0.0,
         2,
         {covering.entry}},
        reviewItem(facts, covering)};
    // Paper without the work behind it is worth a third.
    if (!facts.fix())
      for (ScoreItem& item : items) {
        item.points /= 3;
        item.text += " The change was never made.";
      }
  }
  items.push_back(verificationItem(facts));
  return partOf("change", "Change control", 10, std::move(items));
}

}  // namespace drill::grading
