// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/debrief.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drill/action_words.h"
#include "drill/debrief_text.h"
#include "drill/proof.h"
#include "sim/monitoring.h"

namespace drill {
namespace {

using Lane = TimelineEvent::Lane;
using scenario::ActionList;

const ActionList* firstOf(const scenario::Scenario& scenario, ActionList::Kind kind) {
  for (const ActionList& list : scenario.lists)
    if (list.kind == kind) return &list;
  return nullptr;
}

Run played(const Run& like, const ActionList& list) {
  Run run(like.scenarioPointer(), {like.key().seed, Mode::Watch}, like.model());
  run.follow(list.actions);
  run.advanceTo(like.scenario().world.timing.endsAt);
  return run;
}

// Growth of the user-minutes lost in each minute since the opening.
std::vector<double> perMinute(const Run& run) {
  const auto times = run.telemetry().times();
  const auto lost = run.telemetry().series(sim::Metric::TrueUserMinutesLost);
  std::vector<double> minutes;
  if (lost.empty()) return minutes;
  const std::int64_t opens = run.scenario().world.timing.opensAt.ms;
  double before = 0;
  std::size_t row = 0;
  const auto valueUntil = [&](std::int64_t ms) {
    while (row < lost.size() && times[row] <= ms) ++row;
    return row == 0 || std::isnan(lost[row - 1]) ? before : static_cast<double>(lost[row - 1]);
  };
  before = valueUntil(opens);
  for (std::int64_t ms = opens + 60'000; ms <= run.now().ms; ms += 60'000) {
    const double now = valueUntil(ms);
    minutes.push_back(now - before);
    before = now;
  }
  return minutes;
}

void addActions(std::vector<TimelineEvent>& events, const Run& run, Lane lane, bool withNames) {
  for (const Entry& entry : run.journal()) {
    if (!entry.outcome.accepted || entry.timed.who == "instructor") continue;
    std::string text = actionWords(entry.timed.action, run.scenario());
    if (text.empty()) continue;
    if (withNames && entry.timed.who != "trainee") text = entry.timed.who + " " + text;
    events.push_back({entry.timed.at, lane, std::move(text)});
  }
}

void addAlerts(std::vector<TimelineEvent>& events, const Run& run) {
  const auto& rules = run.scenario().world.monitoring.rules;
  std::vector<bool> firing(rules.size(), false);
  for (const sim::AlertEvent& event : run.telemetry().alerts()) {
    if (event.rule >= rules.size() || event.state == sim::AlertState::Pending) continue;
    const bool fires = event.state == sim::AlertState::Firing;
    if (fires == firing[event.rule]) continue;
    firing[event.rule] = fires;
    events.push_back({event.at, Lane::World,
                      "alert " + rules[event.rule].name + (fires ? " firing" : " resolved")});
  }
}

// Kills, the server going away and coming back, the first user hurt and the recovery.
void addWorld(std::vector<TimelineEvent>& events, const Run& run, const Impact& impact) {
  const auto times = run.telemetry().times();
  const auto kills = run.telemetry().series(sim::Metric::NodeOomKill);
  const auto up = run.telemetry().series(sim::Metric::PgUp);
  for (std::size_t i = 1; i < kills.size(); ++i) {
    if (kills[i] > kills[i - 1])
      events.push_back(
          {{times[i]}, Lane::World, "the kernel killed a database process: out of memory"});
    if (up[i] < up[i - 1])
      events.push_back({{times[i]}, Lane::World, "the database stopped answering"});
    if (up[i] > up[i - 1])
      events.push_back({{times[i]}, Lane::World, "the database answered again"});
  }
  if (impact.firstHurt.ms >= 0)
    events.push_back({impact.firstHurt, Lane::World, "the first user was hurt"});
  if (impact.recoveredAt.ms >= 0)
    events.push_back({impact.recoveredAt, Lane::World, "the service was healthy from here on"});
}

std::vector<std::string> chainWords(const Run& run) {
  const scenario::Scenario& scenario = run.scenario();
  std::vector<std::string> words;
  for (const scenario::ChainLink& link : scenario.chain) {
    const Observation* first = nullptr;
    for (const Observation& seen : run.observations()) {
      if (seen.who == "instructor") continue;
      for (const scenario::Clue& clue : scenario.clues)
        if (clue.link == link.id &&
            std::find(seen.clues.begin(), seen.clues.end(), clue.id) != seen.clues.end() &&
            (first == nullptr || seen.at < first->at))
          first = &seen;
    }
    words.push_back(link.title + " - " +
                    (first == nullptr
                         ? std::string("not seen")
                         : "seen at " +
                               base::clockText(scenario.world.timing.startUnixMs + first->at.ms) +
                               " in " + first->title));
  }
  return words;
}

}  // namespace

Debrief debriefOf(const Run& run) {
  const scenario::Scenario& scenario = run.scenario();
  const Baseline baseline = baselineOf(run.scenarioPointer(), run.key().seed, run.model());
  Debrief debrief;
  debrief.score = scoreOf(run, baseline);
  debrief.impact = impactOf(run, baseline);
  debrief.userMinutesPerMinute = perMinute(run);
  debrief.chain = chainWords(run);
  addActions(debrief.timeline, run, Lane::You, true);
  addAlerts(debrief.timeline, run);
  addWorld(debrief.timeline, run, debrief.impact);
  if (const ActionList* list = firstOf(scenario, ActionList::Kind::History)) {
    const Run history = played(run, *list);
    debrief.historyPerMinute = perMinute(history);
    addActions(debrief.timeline, history, Lane::History, true);
  }
  if (const ActionList* list = firstOf(scenario, ActionList::Kind::Reference)) {
    const Run expert = played(run, *list);
    debrief.expertPerMinute = perMinute(expert);
    addActions(debrief.timeline, expert, Lane::Expert, false);
  }
  std::stable_sort(debrief.timeline.begin(), debrief.timeline.end(),
                   [](const TimelineEvent& a, const TimelineEvent& b) { return a.at < b.at; });
  debrief.markdown = debriefMarkdown(run, debrief);
  return debrief;
}

RuleReplay replayRule(const std::shared_ptr<const scenario::Scenario>& scenario, std::uint64_t seed,
                      const sim::AlertRule& rule) {
  const sim::MonitoringSpec& monitoring = scenario->world.monitoring;
  const base::SimTime ends = scenario->world.timing.endsAt;
  RuleReplay replay;
  Run history(scenario, {seed, Mode::Watch});
  if (const ActionList* list = firstOf(*scenario, ActionList::Kind::History))
    history.follow(list->actions);
  history.advanceTo(ends);
  for (const sim::AlertEvent& event : sim::replayRuleOver(rule, monitoring, history.telemetry()))
    if (event.state == sim::AlertState::Firing) {
      replay.fires = true;
      replay.firesAt = event.at;
      break;
    }
  replay.firstHurt = {history.world().website().firstHurtMs};
  if (replay.fires && replay.firstHurt.ms >= 0)
    replay.minutesEarlier = static_cast<double>((replay.firstHurt - replay.firesAt).ms) / 60'000;
  Run quiet(healthyDay(*scenario), {seed, Mode::Watch});
  quiet.advanceTo(ends);
  for (const sim::AlertEvent& event : sim::replayRuleOver(rule, monitoring, quiet.telemetry()))
    if (event.state == sim::AlertState::Firing) ++replay.falseAlarmsOnQuietDay;
  return replay;
}

}  // namespace drill
