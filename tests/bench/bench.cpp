// SPDX-License-Identifier: GPL-3.0-or-later
// outage-drill-bench [--smoke] [--rounds N]: how fast the engine is, how that grows with duration
// and with clients, what a run takes in memory, and how soon a terminal answers. Processor time in
// interleaved rounds. The exit code says whether everything works, never whether it is fast.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "engine.h"
#include "growth.h"
#include "terminal.h"

namespace {

int usage() {
  std::fprintf(stderr, "usage: outage-drill-bench [--smoke] [--rounds N]\n");
  return 2;
}

}  // namespace

int main(int count, char** words) {
  bench::Options options;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(words[i], "--smoke") == 0) {
      options = {true, 1};
    } else if (std::strcmp(words[i], "--rounds") == 0 && i + 1 < count &&
               std::atoi(words[i + 1]) > 0) {
      options.rounds = std::atoi(words[++i]);
    } else {
      return usage();
    }
  }
  const bench::ScenarioPointer scenario = bench::seedScenario();
  if (!scenario) return 1;
  const bench::ModelPointer model = sim::Model::make(scenario->world);
  sim::World opened(model, 1);
  sim::Telemetry unread(sim::Detail::Summary);
  opened.advanceTo(scenario->world.timing.opensAt, unread);
  std::printf("Processor time, %d rounds; the best of them counts.\n", options.rounds);
  bool sound = bench::engine(scenario, model, opened, options);
  const drill::Run history = bench::historicalRun(scenario, model);
  sound = bench::seeking(history, options) && sound;
  sound = bench::growthWithDuration(opened, options) && sound;
  sound = bench::growthWithClients(*scenario, true, options) && sound;
  sound = bench::growthWithClients(*scenario, false, options) && sound;
  sound = bench::terminal(history, options) && sound;
  return sound ? 0 : 1;
}
