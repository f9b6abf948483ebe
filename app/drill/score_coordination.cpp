// SPDX-License-Identifier: GPL-3.0-or-later
// Coordination, 10 points: the page acknowledged 2, the right team engaged in time 3, users told 2
// and kept told 2, a proper end 1. Asking for help never costs anything.
#include <algorithm>

#include "drill/score_facts.h"

namespace drill::grading {
namespace {

constexpr base::SimTime kPromptly = base::minutes(5), kLate = base::minutes(10);
constexpr base::SimTime kCadence = base::minutes(20);

// Full points within limit, half within late, nothing after it.
ScoreItem firstOf(const Facts& facts, sim::Verb verb, const char* id, double possible,
                  const std::string& done, const std::string& notDone) {
  ScoreItem item{id, notDone, 0, possible, {}};
  for (const Step& step : facts.steps) {
    if (!step.does(verb)) continue;
    const base::SimTime after = std::max(step.at - facts.paged, base::SimTime{0});
    item.points = after <= kPromptly ? possible : after <= kLate ? possible / 2 : 0;
    item.text = done + " " + minutesText(after) + " after the page.";
    item.entries = {step.entry};
    break;
  }
  return item;
}

sim::Team teamOf(const std::string& name) {
  if (name == "network") return sim::Team::Network;
  if (name == "application") return sim::Team::Application;
  if (name == "management") return sim::Team::Management;
  if (name == "reviewer") return sim::Team::Reviewer;
  if (name == "on-call" || name == "oncall") return sim::Team::OnCall;
  return sim::Team::Database;
}

ScoreItem teamItem(const Facts& facts) {
  const scenario::Rubric& rubric = facts.scenario.rubric;
  ScoreItem item{
      "coordination.team", "The " + rubric.rightTeam + " team was never engaged.", 0, 3, {}};
  for (const Step& step : facts.steps) {
    const sim::Action* page = step.effect(sim::Verb::Page);
    if (!page) continue;
    const auto& people = facts.scenario.world.people;
    const auto person = std::find_if(people.begin(), people.end(), [&](const sim::PersonSpec& p) {
      return p.id == page->target;
    });
    if (person == people.end() || person->team != teamOf(rubric.rightTeam)) continue;
    const base::SimTime after = std::max(step.at - facts.paged, base::SimTime{0});
    const base::SimTime limit = base::seconds(rubric.rightTeamWithinSeconds);
    item.points = after <= limit ? 3 : after.ms * 2 <= limit.ms * 3 ? 1 : 0;
    item.text = "The " + rubric.rightTeam + " team was engaged " + minutesText(after) +
                " after the page" + (after <= limit ? "." : ": late.");
    item.entries = {step.entry};
    break;
  }
  return item;
}

ScoreItem cadenceItem(const Facts& facts) {
  ScoreItem item{"coordination.cadence", "", 0, 2, {}};
  std::vector<base::SimTime> posts;
  base::SimTime until = facts.end.at;
  for (const Step& step : facts.steps) {
    const sim::Action* status = step.effect(sim::Verb::Status);
    if (!status) continue;
    posts.push_back(step.at);
    item.entries.push_back(step.entry);
    if (status->target == "resolved") until = step.at;
  }
  if (posts.size() < 2) {
    item.text = "Users were not kept informed.";
    return item;
  }
  int late = 0;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const base::SimTime next = i + 1 < posts.size() ? posts[i + 1] : std::max(until, posts[i]);
    if (next - posts[i] > kCadence) ++late;
  }
  item.points = late == 0 ? 2 : late == 1 ? 1 : 0;
  item.text = late == 0 ? "Users heard something at least every 20 minutes."
                        : "Users were left without news for more than 20 minutes " +
                              std::to_string(late) + (late == 1 ? " time." : " times.");
  return item;
}

ScoreItem closeItem(const Facts& facts) {
  ScoreItem item{"coordination.close", "The incident was not closed.", 0, 1, {}};
  for (const Step& step : facts.steps) {
    if (!step.does(sim::Verb::Close)) continue;
    const bool said = wordsIn(step.action.text) >= 3;
    item.points = said && !facts.closedTooEarly ? 1 : 0;
    item.text = facts.closedTooEarly ? "The incident was closed too early."
                : said               ? "The incident was closed with a summary."
                                     : "The incident was closed without a summary.";
    item.entries = {step.entry};
  }
  return item;
}

}  // namespace

ScorePart coordinationPart(const Facts& facts) {
  std::vector<ScoreItem> items;
  if (facts.paged.ms < 0) {
    items.push_back({"coordination.acknowledge", "Nobody was ever paged.", 0, 10, {}});
    return partOf("coordination", "Coordination", 10, std::move(items));
  }
  items = {firstOf(facts, sim::Verb::Acknowledge, "coordination.acknowledge", 2,
                   "The page was acknowledged", "The page was never acknowledged."),
           teamItem(facts),
           firstOf(facts, sim::Verb::Status, "coordination.first-message", 2, "Users were told",
                   "Users were never told."),
           cadenceItem(facts), closeItem(facts)};
  return partOf("coordination", "Coordination", 10, std::move(items));
}

}  // namespace drill::grading
