// SPDX-License-Identifier: GPL-3.0-or-later
// Facts about a run that score, debrief and the command line share: impact, milestones, baseline.
#include <optional>

#include "drill/score.h"
#include "drill/score_facts.h"

namespace drill {
namespace {

constexpr std::int64_t kSettledMs = 60'000;

double lostWith(const std::shared_ptr<const scenario::Scenario>& scenario, std::uint64_t seed,
                const std::shared_ptr<const sim::Model>& model,
                const std::vector<sim::TimedAction>& actions) {
  Run run(scenario, {seed, Mode::Practice}, model, sim::Detail::Summary);
  run.follow(actions);
  run.advanceTo(scenario->world.timing.endsAt);
  return grading::lostByTheEnd(run.world());
}

std::int64_t distance(base::SimTime a, base::SimTime b) {
  return a < b ? b.ms - a.ms : a.ms - b.ms;
}

// The moment nearest to the expected one.
struct Nearest {
  explicit Nearest(base::SimTime expected) : m_expected(expected) {}
  void offer(base::SimTime at) {
    if (got.ms < 0 || distance(at, m_expected) < distance(got, m_expected)) got = at;
  }
  base::SimTime got{-1};

 private:
  base::SimTime m_expected;
};

base::SimTime firstFiring(const Run& run, const std::string& alert) {
  const auto& rules = run.scenario().world.monitoring.rules;
  for (const sim::AlertEvent& event : run.telemetry().alerts())
    if (event.state == sim::AlertState::Firing && event.rule < rules.size() &&
        rules[event.rule].name == alert)
      return event.at;
  return {-1};
}

base::SimTime actionDone(const Run& run, const scenario::Milestone& milestone) {
  const std::size_t blank = milestone.subject.find(' ');
  const std::optional<sim::Verb> verb = sim::verbFrom(milestone.subject.substr(0, blank));
  const std::string target =
      blank == std::string::npos ? std::string() : milestone.subject.substr(blank + 1);
  Nearest nearest(milestone.at);
  for (const Entry& entry : run.journal()) {
    if (!verb || !entry.outcome.accepted) continue;
    const auto offer = [&](const sim::Action& action) {
      if (action.verb == *verb && (target.empty() || action.target == target))
        nearest.offer(entry.timed.at);
    };
    offer(entry.timed.action);
    for (const sim::Action& action : entry.changed) offer(action);
  }
  return nearest.got;
}

// Times at which a series steps: pg_up from 1 to 0, or the count of OOM kills upwards.
base::SimTime stepOf(const Run& run, sim::Metric metric, bool upwards, base::SimTime expected) {
  const auto times = run.telemetry().times();
  const auto series = run.telemetry().series(metric);
  Nearest nearest(expected);
  for (std::size_t i = 1; i < series.size(); ++i)
    if (upwards ? series[i] > series[i - 1] : series[i] < series[i - 1]) nearest.offer({times[i]});
  return nearest.got;
}

}  // namespace

Baseline baselineOf(const std::shared_ptr<const scenario::Scenario>& scenario, std::uint64_t seed,
                    const std::shared_ptr<const sim::Model>& model) {
  Baseline baseline;
  baseline.peakModel = grading::peakModelOf(scenario->world);
  baseline.idleUserMinutes = lostWith(scenario, seed, model, {});
  baseline.parUserMinutes = scenario->rubric.parUserMinutes;
  if (baseline.parUserMinutes > 0) return baseline;
  for (const scenario::ActionList& list : scenario->lists)
    if (list.kind == scenario::ActionList::Kind::Reference) {
      baseline.parUserMinutes = lostWith(scenario, seed, model, list.actions);
      break;
    }
  return baseline;
}

Impact impactOf(const Run& run, const Baseline& baseline) {
  const sim::Website& website = run.world().website();
  Impact impact;
  if (website.distinctUsers > 0)
    impact.usersAffectedPercent = 100 * website.distinctAffected / website.distinctUsers;
  impact.userMinutesLost = website.userMinutesLost;
  impact.idleUserMinutesLost = baseline.idleUserMinutes;
  impact.parUserMinutesLost = baseline.parUserMinutes;
  impact.downtimeMinutes = static_cast<double>(website.objectiveMissedMs) / 60'000;
  impact.firstHurt = {website.firstHurtMs};
  const bool settled = website.firstHurtMs >= 0 && website.healthySinceMs >= website.firstHurtMs &&
                       run.now().ms - website.healthySinceMs >= kSettledMs;
  if (settled) impact.recoveredAt = {website.healthySinceMs};
  impact.oomKills = static_cast<int>(run.world().host().oomKills);
  return impact;
}

std::vector<MilestoneResult> milestonesOf(const Run& run) {
  std::vector<MilestoneResult> results;
  for (const scenario::Milestone& milestone : run.scenario().milestones) {
    MilestoneResult result;
    result.title = milestone.title;
    result.expected = milestone.at;
    switch (milestone.kind) {
      case scenario::Milestone::Kind::AlertFiring:
        result.got = firstFiring(run, milestone.subject);
        break;
      case scenario::Milestone::Kind::ActionDone:
        result.got = actionDone(run, milestone);
        break;
      case scenario::Milestone::Kind::Recovered:
        result.got = impactOf(run, {}).recoveredAt;
        break;
      case scenario::Milestone::Kind::DatabaseDown:
        result.got = stepOf(run, sim::Metric::PgUp, false, milestone.at);
        break;
      case scenario::Milestone::Kind::OomKill:
        result.got = stepOf(run, sim::Metric::NodeOomKill, true, milestone.at);
        break;
    }
    result.met = result.got.ms >= 0 &&
                 distance(result.got, result.expected) <= milestone.toleranceSeconds * 1000LL;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace drill
