// SPDX-License-Identifier: GPL-3.0-or-later
// Impact contained, 10 points: user-minutes lost by the end of the exercise, between doing nothing
// and the expert. Closing early does not help: what users lose after it counts.
#include <algorithm>

#include "base/text.h"
#include "drill/score_facts.h"

namespace drill::grading {

double lostByTheEnd(sim::World world) {
  sim::Telemetry telemetry(sim::Detail::Summary);
  world.advanceTo(world.spec().timing.endsAt, telemetry);
  return world.website().userMinutesLost;
}

ScorePart impactPart(const Facts& facts) {
  const double idle = facts.baseline.idleUserMinutes, par = facts.baseline.parUserMinutes;
  const double lost =
      facts.contribution > 0 ? lostByTheEnd(*facts.world) : facts.world->website().userMinutesLost;
  const double saved = idle > par ? std::clamp((idle - lost) / (idle - par), 0.0, 1.0) : 0;
  const auto grouped = [](double value) {
    return base::groupedText(static_cast<std::int64_t>(value + 0.5));
  };
  std::string text = grouped(lost) + " user-minutes lost; doing nothing loses " + grouped(idle) +
                     ", the expert " + grouped(par) + ".";
  if (facts.contribution < 1)
    text += facts.contribution > 0 ? " The fix does not last: half."
                                   : " Nothing done in this run brought the service back.";
  std::vector<std::size_t> entries;
  for (const Application& application : facts.applications)
    entries.push_back(facts.steps[application.step].entry);
  if (entries.empty() && facts.fix()) entries.push_back(facts.fix()->entry);
  return partOf("impact", "Impact contained", 10,
                {{"impact.user-minutes", text, 10 * saved * facts.contribution, 10, entries}});
}

}  // namespace drill::grading
