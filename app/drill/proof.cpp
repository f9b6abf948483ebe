// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/proof.h"

#include <algorithm>

#include "base/text.h"
#include "sim/model.h"

namespace drill {
namespace {

using scenario::ActionList;
using ScenarioPointer = std::shared_ptr<const scenario::Scenario>;

constexpr double kIdleAtMost = 10, kRandomAtMost = 25;

std::string clock(const scenario::Scenario& scenario, base::SimTime at) {
  return at.ms < 0 ? "never" : base::clockText(scenario.world.timing.startUnixMs + at.ms);
}

std::string countText(int count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// Everything the rows share: one model, one baseline.
class Prover {
 public:
  Prover(ScenarioPointer scenario, const ProofOptions& options)
      : m_scenario(std::move(scenario)),
        m_options(options),
        m_model(sim::Model::make(m_scenario->world)),
        m_baseline(baselineOf(m_scenario, options.seed, m_model)) {}

  Proof prove() {
    judgeLists();
    judgeIdle();
    judgeRandom();
    judgeRunningValueOnly();
    judgeHealthyDay();
    return std::move(m_proof);
  }

 private:
  [[nodiscard]] Run play(const std::vector<sim::TimedAction>& actions, std::uint64_t seed,
                         Mode mode = Mode::Practice) const {
    Run run(m_scenario, {seed, mode}, m_model);
    run.follow(actions);
    run.advanceTo(m_scenario->world.timing.endsAt);
    return run;
  }

  void row(std::string name, std::string expected, std::string got, bool passed) {
    m_proof.rows.push_back({std::move(name), std::move(expected), std::move(got), passed});
  }

  void judgeLists() {
    for (const ActionList& list : m_scenario->lists) {
      const bool history = list.kind == ActionList::Kind::History;
      const Run run = play(list.actions, m_options.seed, history ? Mode::Watch : Mode::Practice);
      const double total = scoreOf(run, m_baseline).total;
      std::string expected = std::to_string(list.scoreMin) + " to " + std::to_string(list.scoreMax);
      if (list.scoreMax >= 100) expected = ">= " + std::to_string(list.scoreMin);
      if (list.scoreMin <= 0) expected = "<= " + std::to_string(list.scoreMax);
      row(list.name + ": score", expected, base::fixedText(total, 1),
          total >= list.scoreMin && total <= list.scoreMax);
      judgeRefusals(list, run);
      if (history) judgeHistory(run);
    }
  }

  // A list whose actions the world refuses does not do what its author meant. Controls may.
  void judgeRefusals(const ActionList& list, const Run& run) {
    if (list.kind == ActionList::Kind::Control) return;
    std::string refused;
    for (const Entry& entry : run.journal()) {
      if (entry.outcome.accepted) continue;
      if (!refused.empty()) refused += "; ";
      refused += clock(*m_scenario, entry.timed.at) + " " +
                 std::string(sim::verbName(entry.timed.action.verb)) + ": " + entry.outcome.text;
    }
    row(list.name + ": every action accepted", "none refused",
        refused.empty() ? "none refused" : refused, refused.empty());
  }

  void judgeHistory(const Run& run) {
    const std::vector<MilestoneResult> results = milestonesOf(run);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const int tolerance = m_scenario->milestones[i].toleranceSeconds;
      row("milestone: " + results[i].title,
          clock(*m_scenario, results[i].expected) + " +/- " + std::to_string(tolerance) + " s",
          clock(*m_scenario, results[i].got), results[i].met);
    }
    const scenario::Rubric& rubric = m_scenario->rubric;
    const double affected = impactOf(run, m_baseline).usersAffectedPercent;
    row("users affected",
        base::fixedText(rubric.usersAffectedPercent, 0) + " +/- " +
            base::fixedText(rubric.usersAffectedTolerance, 0) + " %",
        base::fixedText(affected, 1) + " %",
        affected >= rubric.usersAffectedPercent - rubric.usersAffectedTolerance &&
            affected <= rubric.usersAffectedPercent + rubric.usersAffectedTolerance);
  }

  void judgeIdle() {
    const double total = scoreOf(play({}, m_options.seed), m_baseline).total;
    row("nothing done: score", "<= " + base::fixedText(kIdleAtMost, 0), base::fixedText(total, 1),
        total <= kIdleAtMost);
  }

  void judgeRandom() {
    if (m_options.randomRuns <= 0) return;
    std::vector<double> totals;
    for (int i = 0; i < m_options.randomRuns; ++i) {
      const std::uint64_t botSeed = m_options.seed * 1'000'003 + static_cast<std::uint64_t>(i);
      totals.push_back(
          scoreOf(play(randomActions(*m_scenario, botSeed), m_options.seed), m_baseline).total);
    }
    std::sort(totals.begin(), totals.end());
    const std::size_t half = totals.size() / 2;
    const double median =
        totals.size() % 2 == 1 ? totals[half] : (totals[half - 1] + totals[half]) / 2;
    row("random actions (median of " + std::to_string(totals.size()) + ")",
        "<= " + base::fixedText(kRandomAtMost, 0),
        base::fixedText(median, 1) + " (" + base::fixedText(totals.front(), 1) + " to " +
            base::fixedText(totals.back(), 1) + ")",
        median <= kRandomAtMost);
  }

  // The right value, given to one start only.
  void judgeRunningValueOnly() {
    const std::string value = healthyValueOf(*m_scenario);
    if (value.empty()) return;
    sim::TimedAction restart;
    restart.at = m_scenario->world.timing.opensAt + base::minutes(15);
    restart.who = "trainee";
    restart.action.verb = sim::Verb::Restart;
    restart.action.target = "fast";
    restart.action.fields["options"] = "-c " + m_scenario->truth.setting + "=" + value;
    const Score score = scoreOf(play({restart}, m_options.seed), m_baseline);
    double survives = 0;
    for (const ScorePart& part : score.parts)
      for (const ScoreItem& item : part.items)
        if (item.id == "fix.survives-restart") survives = item.points;
    row("running value only: survives a restart", "0 points",
        base::fixedText(survives, 0) + " points", survives == 0);
  }

  void judgeHealthyDay() {
    const ScenarioPointer healthy = healthyDay(*m_scenario);
    const auto model = sim::Model::make(healthy->world);
    Run run(healthy, {m_options.seed, Mode::Practice}, model);
    run.advanceTo(healthy->world.timing.endsAt);
    int firing = 0;
    std::string which;
    for (const sim::AlertEvent& event : run.telemetry().alerts()) {
      if (event.state != sim::AlertState::Firing || isHerring(event)) continue;
      ++firing;
      which = " (" + m_scenario->world.monitoring.rules[event.rule].name + ")";
    }
    row("healthy day: alerts", "none", firing == 0 ? "none" : countText(firing, "alert") + which,
        firing == 0);
    const Impact impact = impactOf(run, {});
    row("healthy day: users hurt", "never", clock(*healthy, impact.firstHurt),
        impact.firstHurt.ms < 0);
    row("healthy day: OOM kills", "0", std::to_string(impact.oomKills), impact.oomKills == 0);
    for (const ActionList& list : m_scenario->lists)
      if (list.kind == ActionList::Kind::Reference) judgeClues(list, healthy, model);
  }

  // A rule on something that only looks guilty may fire on any day.
  [[nodiscard]] bool isHerring(const sim::AlertEvent& event) const {
    const sim::AlertRule& rule = m_scenario->world.monitoring.rules[event.rule];
    return rule.severity != "critical" && rule.condition.metric == sim::Metric::NetOtherLinkErrors;
  }

  // What the expert looked at up to the first change, looked at on a healthy day.
  void judgeClues(const ActionList& list, const ScenarioPointer& healthy,
                  const std::shared_ptr<const sim::Model>& model) {
    std::vector<sim::TimedAction> looking;
    for (const sim::TimedAction& timed : list.actions) {
      const sim::Verb verb = timed.action.verb;
      if (verb == sim::Verb::EditFile || verb == sim::Verb::AlterSystem ||
          verb == sim::Verb::Restart)
        break;
      const bool looks = verb == sim::Verb::Look || verb == sim::Verb::Command ||
                         verb == sim::Verb::Page || verb == sim::Verb::Ask;
      if (looks) looking.push_back(timed);
    }
    Run run(healthy, {m_options.seed, Mode::Practice}, model);
    run.follow(looking);
    run.advanceTo(healthy->world.timing.endsAt);
    std::string shown;
    for (const Observation& seen : run.observations())
      for (const scenario::Clue& clue : m_scenario->clues)
        if (!clue.link.empty() && std::count(seen.clues.begin(), seen.clues.end(), clue.id) > 0)
          shown += (shown.empty() ? "" : ", ") + clue.id + " in " + seen.title;
    row(list.name + ": clues on a healthy day", "none", shown.empty() ? "none" : shown,
        shown.empty());
  }

  ScenarioPointer m_scenario;
  ProofOptions m_options;
  std::shared_ptr<const sim::Model> m_model;
  Baseline m_baseline;
  Proof m_proof;
};

}  // namespace

bool Proof::passed() const {
  return std::all_of(rows.begin(), rows.end(), [](const ProofRow& row) { return row.passed; });
}

Proof prove(const std::shared_ptr<const scenario::Scenario>& scenario,
            const ProofOptions& options) {
  return Prover(scenario, options).prove();
}

}  // namespace drill
