// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/report.h"

#include <algorithm>
#include <map>

#include "base/fingerprint.h"
#include "base/text.h"
#include "cli/table.h"
#include "drill/action_words.h"

namespace cli {

namespace {

using Align = Table::Align;

std::string clock(const drill::Run& run, base::SimTime at) {
  return base::clockText(run.scenario().world.timing.startUnixMs + at.ms);
}

std::string clockOrNever(const drill::Run& run, base::SimTime at) {
  return at.ms < 0 ? "never" : clock(run, at);
}

std::string pointsText(double points) {
  const std::string text = base::fixedText(points, 1);
  return text == "-0.0" ? "0.0" : text;
}

struct Happening {
  base::SimTime at;
  std::string who, what;
};

std::string entriesText(const std::vector<std::size_t>& entries) {
  if (entries.empty()) return {};
  std::string text = entries.size() == 1 ? " [entry " : " [entries ";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(entries[i]);
  }
  return text + "]";
}

std::vector<Happening> happeningsOf(const drill::Run& run) {
  std::vector<Happening> happenings;
  const auto& rules = run.scenario().world.monitoring.rules;
  const auto& events = run.telemetry().alerts();
  const std::vector<std::string> states = alertStates(run);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].rule >= rules.size()) continue;
    if (states[i] != "firing" && states[i] != "resolved") continue;
    const char* word = states[i] == "firing" ? " fires" : " resolved";
    happenings.push_back({events[i].at, "monitoring", rules[events[i].rule].name + word});
  }
  for (std::size_t i = 0; i < run.journal().size(); ++i) {
    const drill::Entry& entry = run.journal()[i];
    std::string words = drill::actionWords(entry.timed.action, run.scenario());
    if (words.empty()) continue;
    if (!entry.outcome.accepted) words += " (refused: " + entry.outcome.text + ")";
    happenings.push_back({entry.timed.at, entry.timed.who, words + " [" + std::to_string(i) + "]"});
  }
  std::stable_sort(happenings.begin(), happenings.end(),
                   [](const Happening& a, const Happening& b) { return a.at < b.at; });
  return happenings;
}

}  // namespace

Judged::Judged(const drill::Run& judged) : run(judged) {
  const drill::Baseline baseline =
      drill::baselineOf(run.scenarioPointer(), run.key().seed, run.model());
  impact = drill::impactOf(run, baseline);
  score = drill::scoreOf(run, baseline);
  milestones = drill::milestonesOf(run);
}

std::vector<std::string> alertStates(const drill::Run& run) {
  std::map<std::uint32_t, sim::AlertState> before;
  std::vector<std::string> states;
  for (const sim::AlertEvent& event : run.telemetry().alerts()) {
    const bool fired = before[event.rule] == sim::AlertState::Firing;
    before[event.rule] = event.state;
    states.emplace_back(event.state == sim::AlertState::Firing    ? "firing"
                        : event.state == sim::AlertState::Pending ? "pending"
                        : fired                                   ? "resolved"
                                                                  : "inactive");
  }
  return states;
}

std::string headText(const drill::Run& run) {
  return run.scenario().title + " (" + run.scenario().id + ")\nseed " +
         std::to_string(run.key().seed) + ", " + std::string(drill::modeName(run.key().mode)) +
         ", " + clock(run, run.scenario().world.timing.opensAt) + " to " + clock(run, run.now()) +
         ", " + std::to_string(run.journal().size()) + " journal entries, fingerprint " +
         base::hexText(run.fingerprint()) + "\n";
}

std::string storyText(const drill::Run& run) {
  Table table({{"time"}, {"who"}, {"what"}});
  for (const Happening& one : happeningsOf(run)) table.add({clock(run, one.at), one.who, one.what});
  return table.text();
}

std::string milestonesText(const Judged& judged) {
  Table table({{"milestone"}, {"expected"}, {"got"}, {""}});
  for (const drill::MilestoneResult& one : judged.milestones) {
    table.add({one.title, clock(judged.run, one.expected), clockOrNever(judged.run, one.got),
               one.met ? "met" : "missed"});
  }
  return table.text();
}

std::string impactText(const Judged& judged) {
  const drill::Impact& impact = judged.impact;
  const auto whole = [](double value) {
    return base::groupedText(static_cast<std::int64_t>(value + 0.5));
  };
  Table table({{"impact"}, {"", Align::Right}});
  table.add({"users affected", base::fixedText(impact.usersAffectedPercent, 1) + " %"});
  table.add({"user-minutes lost", whole(impact.userMinutesLost)});
  table.add({"  had nobody done anything", whole(impact.idleUserMinutesLost)});
  table.add({"  the expert's", whole(impact.parUserMinutesLost)});
  table.add({"minutes down", base::fixedText(impact.downtimeMinutes, 1)});
  table.add({"first user hurt", clockOrNever(judged.run, impact.firstHurt)});
  table.add({"recovered", clockOrNever(judged.run, impact.recoveredAt)});
  table.add({"OOM kills", std::to_string(impact.oomKills)});
  return table.text();
}

std::string scoreText(const drill::Score& score) {
  Table table({{"points", Align::Right}, {"of", Align::Right}, {"for"}});
  for (const drill::ScorePart& part : score.parts) {
    table.add({pointsText(part.points), pointsText(part.possible), part.title});
    for (const drill::ScoreItem& item : part.items) {
      table.add({pointsText(item.points), pointsText(item.possible),
                 "  " + item.text + entriesText(item.entries)});
    }
  }
  if (score.hintCost != 0) table.add({pointsText(-score.hintCost), "", "hints taken"});
  table.add({pointsText(score.total), "100.0",
             "in all: " + score.band + (score.practice ? " (practice)" : "")});
  std::string text = table.text();
  for (const std::string& cap : score.caps) text += "Cap: " + oneLine(cap) + "\n";
  return text;
}

}  // namespace cli
