// SPDX-License-Identifier: GPL-3.0-or-later
#include "growth.h"

#include <algorithm>
#include <string>

#include "figures.h"

namespace bench {
namespace {

// The scenario's world at its opening with so many users all day.
sim::World worldWithClients(const scenario::Scenario& scenario, double clients, bool spread) {
  sim::WorldSpec spec = scenario.world;
  double most = 1;
  for (const auto& point : spec.workload.users) most = std::max(most, point.users);
  if (spread) spec.workload.thinkSeconds *= clients / most;
  spec.workload.users = {{{}, clients}};
  sim::World world(sim::Model::make(spec), 1);
  sim::Telemetry unread(sim::Detail::Summary);
  world.advanceTo(spec.timing.opensAt, unread);
  return world;
}

}  // namespace

bool growthWithDuration(const sim::World& opened, const Options& options) {
  printTitle("Growth with duration");
  std::vector<double> hours;
  std::vector<double> times;
  std::vector<Figure> figures;
  for (const int h : {1, 2, 4, 8}) {
    const base::SimTime until =
        opened.now() + (options.smoke ? base::minutes(h) : base::minutes(60 * h));
    hours.push_back(h);
    figures.push_back(
        {std::to_string(h) + (h == 1 ? " hour" : " hours"), "ms", {}, [&opened, until] {
           return advanceMilliseconds(opened, until);
         }});
  }
  measureInterleaved(figures, options.rounds);
  const bool sound = print(figures);
  for (const Figure& figure : figures) times.push_back(figure.best());
  return printDerived("exponent", exponentOf(hours, times), "", between(0.95, 1.05)) && sound;
}

bool growthWithClients(const scenario::Scenario& scenario, bool spread, const Options& options) {
  printTitle(spread ? "Growth with clients, the same requests a second in all"
                    : "Growth with clients, each as busy as ever");
  const double counts[] = {100, 1'000, 10'000, 100'000, 1'000'000};
  std::vector<sim::World> worlds;
  for (const double clients : counts) {
    worlds.push_back(worldWithClients(scenario, clients, spread));
  }
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < worlds.size(); ++i) {
    const sim::World& world = worlds[i];
    const base::SimTime until = world.now() + base::minutes(options.smoke ? 1 : 120);
    figures.push_back({std::to_string(static_cast<int>(counts[i])) + " clients, two hours",
                       "ms",
                       {},
                       [&world, until] { return advanceMilliseconds(world, until); }});
  }
  measureInterleaved(figures, options.rounds);
  const bool sound = print(figures);
  std::vector<double> times;
  for (const Figure& figure : figures) times.push_back(figure.best());
  const double ratio = times.back() / times.front();
  return printDerived("most clients to fewest", ratio, "times", spread ? atMost(1.1) : Limit{}) &&
         sound;
}

}  // namespace bench
