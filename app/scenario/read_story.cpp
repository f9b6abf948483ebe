// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/sections.h"

namespace scenario {
namespace {

std::vector<std::string> alertNames(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const sim::AlertRule& rule : scenario.world.monitoring.rules) names.push_back(rule.name);
  return names;
}

void readScoreRange(const Value& value, ActionList& list) {
  if (!value.present()) return;
  const std::vector<Value> ends = value.items();
  if (ends.size() != 2) {
    value.wrong("two numbers: the lowest and the highest score");
    return;
  }
  ends[0].integer(list.scoreMin, 0, 100);
  if (ends[1].integer(list.scoreMax, 0, 100) && list.scoreMax < list.scoreMin) {
    ends[1].wrong("at least the lowest score, " + std::to_string(list.scoreMin));
  }
}

void checkSubject(const Value& value, const Milestone& milestone, const Scenario& scenario) {
  if (milestone.kind == Milestone::Kind::AlertFiring) {
    value.known(milestone.subject, alertNames(scenario), "an alert");
  } else if (milestone.kind == Milestone::Kind::ActionDone) {
    const std::string verb = milestone.subject.substr(0, milestone.subject.find(' '));
    value.known(verb, sim::verbNames(), "a verb");
  }
}

}  // namespace

void readLists(const Value& value, Scenario& scenario) {
  static const std::vector<std::string> kKinds = {"history", "reference", "control"};
  std::vector<std::string> names;
  bool reference = false;
  for (const Value& item : value.items()) {
    Object object(item);
    ActionList list;
    const Value name = object.need("name");
    if (name.text(list.name)) unique(name, list.name, names);
    object.need("title").text(list.title);
    object.need("kind").choice(list.kind, kKinds);
    readScoreRange(object.maybe("score"), list);
    ActionScope scope{&scenario.world.timing, &scenario.world, scenario.world.database.files};
    readSteps(object.need("steps"), std::move(scope), list.actions);
    reference = reference || list.kind == ActionList::Kind::Reference;
    scenario.lists.push_back(std::move(list));
  }
  if (value.present() && value.node()->kind == Node::Kind::Array && !reference) {
    value.problem("no list of kind \"reference\"", "at least one solution to compare with");
  }
}

void readHints(const Value& value, Scenario& scenario) {
  int previous = 0;
  for (const Value& item : value.items()) {
    Object object(item);
    Hint hint;
    const Value level = object.need("level");
    if (level.integer(hint.level, 1, 4)) {
      if (hint.level < previous) level.wrong("a level not below the one above it");
      previous = hint.level;
    }
    object.need("text").longText(hint.text);
    scenario.hints.push_back(std::move(hint));
  }
}

void readMilestones(const Value& value, Scenario& scenario) {
  static const std::vector<std::string> kKinds = {"alert-firing", "action-done", "recovered",
                                                  "database-down", "oom-kill"};
  base::SimTime previous{std::numeric_limits<std::int64_t>::min()};
  for (const Value& item : value.items()) {
    Object object(item);
    Milestone milestone;
    const Value at = object.need("at");
    if (at.time(milestone.at, scenario.world.timing)) ascending(at, milestone.at, previous);
    object.need("title").text(milestone.title);
    object.maybe("tolerance").seconds(milestone.toleranceSeconds);
    const bool good = object.need("kind").choice(milestone.kind, kKinds);
    const bool named = milestone.kind == Milestone::Kind::AlertFiring ||
                       milestone.kind == Milestone::Kind::ActionDone;
    const Value subject = good && named ? object.need("subject") : object.maybe("subject");
    if (subject.text(milestone.subject) && good) checkSubject(subject, milestone, scenario);
    scenario.milestones.push_back(std::move(milestone));
  }
}

void readRubric(const Value& value, Scenario& scenario) {
  static const std::vector<std::string> kTeams = {"on-call",     "network",    "database",
                                                  "application", "management", "reviewer"};
  static const std::vector<std::string> kTraps = {"second-outage", "data-loss"};
  Rubric& rubric = scenario.rubric;
  Object object(value);
  object.maybe("parUserMinutes").number(rubric.parUserMinutes, 0, 1e12);
  std::size_t team = 0;
  if (object.maybe("rightTeam").oneOf(team, kTeams)) rubric.rightTeam = kTeams[team];
  object.maybe("rightTeamWithin").seconds(rubric.rightTeamWithinSeconds);
  for (const Value& item : object.maybe("severeTraps").items()) {
    std::size_t trap = 0;
    if (item.oneOf(trap, kTraps)) rubric.severeTraps.push_back(kTraps[trap]);
  }
  for (const Value& item : object.maybe("innocent").items()) {
    std::string component;
    if (item.text(component) &&
        item.known(component, idsOf(scenario.form.components), "a component")) {
      rubric.innocent.push_back(component);
    }
  }
  double share = 0;
  if (object.maybe("usersAffected").share(share)) rubric.usersAffectedPercent = share * 100;
  if (object.maybe("usersAffectedTolerance").share(share))
    rubric.usersAffectedTolerance = share * 100;
}

void readTexts(const Value& value, Scenario& scenario) {
  Object object(value);
  object.need("briefing").longText(scenario.texts.briefing);
  object.need("debrief").longText(scenario.texts.debrief);
  for (const auto& [name, text] : object.maybe("help").members()) {
    text.longText(scenario.texts.help[name]);
  }
}

}  // namespace scenario
