// SPDX-License-Identifier: GPL-3.0-or-later
// Fix that holds, 20 points: the final world meets the replayed peak 10, and again after a restart
// 5; the value lies in its safe band and the whole memory budget in the machine 5.
#include <algorithm>
#include <deque>

#include "base/text.h"
#include "drill/score_facts.h"
#include "sim/model.h"

namespace drill::grading {
namespace {

constexpr int kLeastMinutes = 15, kMostMinutes = 60, kJudgedMinutes = 10;
constexpr std::int64_t kMissAllowedMs = 6'000;  // 1 % of ten minutes
constexpr double kGiB = 1024.0 * 1024 * 1024;

struct Minute {
  double poolPages, pageTables;
  std::int64_t missedMs;
};

// Memory that still grows has not shown yet what it will do.
bool stationary(const std::deque<Minute>& last) {
  const auto still = [](double before, double after) {
    return after - before <= 0.002 * std::max(after, 1.0);
  };
  return still(last.front().poolPages, last.back().poolPages) &&
         still(last.front().pageTables, last.back().pageTables);
}

Minute minuteOf(const sim::World& world) {
  return {world.postgres().poolPages, static_cast<double>(world.host().memory.pageTables),
          world.website().objectiveMissedMs};
}

struct Held {
  bool met = false;
  std::string text;
};

Held runForward(sim::World world, sim::Telemetry& telemetry) {
  const std::int64_t kills = world.host().oomKills;
  std::deque<Minute> last{minuteOf(world)};
  for (int minute = 1; minute <= kMostMinutes; ++minute) {
    world.advanceTo(world.now() + base::minutes(1), telemetry);
    if (world.host().oomKills > kills)
      return {false,
              "Under peak load the OOM killer struck after " + std::to_string(minute) + " min."};
    last.push_back(minuteOf(world));
    if (last.size() > kJudgedMinutes + 1) last.pop_front();
    if (minute >= kLeastMinutes && stationary(last)) break;
  }
  const std::int64_t missed = last.back().missedMs - last.front().missedMs;
  if (missed <= kMissAllowedMs)
    return {true, "Under peak load the service objective was met for 10 min."};
  return {false, "Under peak load the service objective was missed for " +
                     base::durationText({missed}) + " of the last 10 min."};
}

void admitEverybody(sim::World& world, sim::Telemetry& telemetry) {
  sim::Action action;
  action.verb = sim::Verb::Admit;
  action.target = "100";
  world.apply(action, "instructor", telemetry);
}

bool restart(sim::World& world, sim::Telemetry& telemetry) {
  sim::Action action;
  action.verb = sim::Verb::Restart;
  action.target = "fast";
  if (!world.apply(action, "instructor", telemetry).accepted) {
    action.verb = sim::Verb::Start;
    action.target.clear();
    if (!world.apply(action, "instructor", telemetry).accepted) return false;
  }
  for (int minute = 0; minute < 15; ++minute) {
    world.advanceTo(world.now() + base::minutes(1), telemetry);
    if (world.postgres().accepts()) return true;
  }
  return false;
}

// Shared memory, backends with their page tables, sorts at a fifth of the connections, maintenance:
// the sum a reviewer would ask for.
double memoryBudget(const sim::World& world) {
  const sim::RunningValues& values = world.postgres().values;
  const sim::QueryMix& mix = world.model()->mix;
  const double connections = values.maxConnections;
  const double shared = static_cast<double>(values.sharedMemoryBytes);
  const double tables = values.hugePages ? 0 : connections * shared / 512;
  const double node = std::min(static_cast<double>(values.workMemBytes) * values.hashMemMultiplier,
                               std::max(mix.nodeBytes, static_cast<double>(values.workMemBytes)));
  const double reserved = static_cast<double>(world.spec().host.hugePages) * 2 * 1024 * 1024;
  return std::max(shared, values.hugePages ? reserved : 0) + (values.hugePages ? 0 : reserved) +
         tables + connections * 8 * 1024 * 1024 + connections / 5 * 2 * node +
         3 * static_cast<double>(values.maintenanceWorkMemBytes) +
         static_cast<double>(world.spec().host.kernelBytes);
}

void judgeValues(FixTrial& trial, const sim::World& world) {
  const sim::SafetySpec& safety = world.spec().safety;
  const double ram = static_cast<double>(world.spec().host.ramBytes);
  const double buffers = static_cast<double>(world.postgres().values.sharedBuffersBytes);
  const double share = buffers / ram;
  if (share >= safety.sharedBuffersGreenLow && share <= safety.sharedBuffersGreenHigh) {
    trial.band = 1;
  } else if (share >= safety.sharedBuffersLow && share <= safety.sharedBuffersHigh) {
    trial.band = 0.5;
  }
  trial.bandText = "The value of shared_buffers is " + numberText(buffers / kGiB) + " GB, " +
                   numberText(100 * share, 0) + " % of RAM.";
  const double budget = memoryBudget(world);
  trial.budget = budget <= safety.budgetGreen * ram   ? 1
                 : budget <= safety.budgetAmber * ram ? 0.5
                                                      : 0;
  trial.budgetText = "The whole memory budget comes to " + numberText(budget / kGiB) + " of " +
                     numberText(ram / kGiB) + " GiB.";
}

}  // namespace

std::shared_ptr<const sim::Model> peakModelOf(const sim::WorldSpec& spec) {
  sim::WorldSpec peak = spec;
  double most = 0;
  for (const sim::WorkloadPoint& point : spec.workload.users) most = std::max(most, point.users);
  peak.workload.users = {{base::SimTime{0}, most}};
  return sim::Model::make(std::move(peak));
}

FixTrial tryFix(const Facts& facts) {
  FixTrial trial;
  sim::Telemetry telemetry(sim::Detail::Summary);
  sim::World world = facts.world->under(
      facts.baseline.peakModel ? facts.baseline.peakModel : peakModelOf(facts.scenario.world));
  admitEverybody(world, telemetry);
  const Held held = runForward(world, telemetry);
  trial.holds = held.met;
  trial.holdsText = held.text;
  if (!held.met && facts.end.asked == facts.end.running && world.postgres().startOptions.empty()) {
    trial.survivesText = "Another restart would bring back the same settings.";
    return trial;
  }
  if (!restart(world, telemetry)) {
    trial.survivesText = "After one more restart the database did not come back.";
    return trial;
  }
  judgeValues(trial, world);
  const Held again = runForward(world, telemetry);
  trial.survivesRestart = again.met;
  trial.survivesText = "After one more restart: " + again.text;
  return trial;
}

ScorePart fixPart(const Facts& facts) {
  const FixTrial& trial = facts.trial;
  std::vector<std::size_t> entries;
  for (const Application& application : facts.applications)
    entries.push_back(facts.steps[application.step].entry);
  if (facts.fix() && !std::count(entries.begin(), entries.end(), facts.fix()->entry))
    entries.push_back(facts.fix()->entry);
  const bool any = trial.holds || trial.survivesRestart;
  std::vector<ScoreItem> items = {
      {"fix.holds", trial.holdsText, trial.holds ? 10.0 : 0.0, 10, entries},
      {"fix.survives-restart", trial.survivesText, trial.survivesRestart ? 5.0 : 0.0, 5, entries},
      {"fix.band", trial.bandText, any ? 2.5 * trial.band : 0.0, 2.5, entries},
      {"fix.budget", trial.budgetText, any ? 2.5 * trial.budget : 0.0, 2.5, entries}};
  if (facts.closedTooEarly) {
    double sum = 0;
    for (const ScoreItem& item : items) sum += item.points;
    std::vector<std::size_t> closes;
    for (const Step& step : facts.steps)
      if (step.does(sim::Verb::Close)) closes.push_back(step.entry);
    items.push_back({"fix.closed-early",
                     "The incident was closed before the service had been healthy for 5 minutes.",
                     -sum, 0, closes});
  }
  return partOf("fix", "Fix that holds", 20, std::move(items));
}

}  // namespace drill::grading
