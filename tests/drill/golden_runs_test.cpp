// SPDX-License-Identifier: GPL-3.0-or-later
// Recomputes the recorded runs in tests/golden/runs; tests/golden/README.md says how to record them
// anew on purpose.
#include <cstdlib>

#include "drill/replay.h"
#include "run_fixture.h"

using drill::Mode;
using namespace runtest;

namespace {

const char* const kNames[] = {"history", "reference", "practice", "branch", "nothing"};

std::string pathOf(const std::string& name) {
  return std::string(SOURCE_DIR) + "/tests/golden/runs/" + name + ".run";
}

drill::Run goldenRun(const std::string& name,
                     const std::shared_ptr<const scenario::Scenario>& scenario) {
  const base::SimTime ends = scenario->world.timing.endsAt;
  if (name == "history") {
    return played(scenario, scenario->list("history")->actions, ends, base::seconds(600),
                  Mode::Watch);
  }
  if (name == "reference") {
    return played(scenario, scenario->list("reference")->actions, ends, base::seconds(600),
                  Mode::Assessment);
  }
  if (name == "practice") return played(scenario, session(), clock("11:00"));
  if (name == "branch") {
    drill::Run branch =
        played(scenario, scenario->list("history")->actions, ends, base::seconds(600), Mode::Watch)
            .at(clock("10:12"));
    branch.countRewind();
    branch.takeOver(Mode::Practice);
    branch.perform(action(sim::Verb::Restart, "fast"));
    branch.advanceTo(clock("11:15"));
    return branch;
  }
  return played(scenario, {}, ends);
}

}  // namespace

TEST(GoldenRuns, RecomputeToTheirRecordedBits) {
  const auto scenario = seedScenario();
  for (const std::string name : kNames) {
    if (std::getenv("OUTAGE_DRILL_RECORD") != nullptr) {
      const auto written =
          drill::writeFileSafely(pathOf(name), drill::runText(goldenRun(name, scenario), true));
      ASSERT_TRUE(written.ok()) << written.error().message;
    }
    const auto record = drill::readRunFile(pathOf(name));
    ASSERT_TRUE(record.ok()) << record.error().message << "\nTo record: tests/golden/README.md";
    EXPECT_TRUE(record.value().ended);
    const auto replayed = drill::replay(record.value(), scenario);
    ASSERT_TRUE(replayed.ok()) << name << ": " << replayed.error().message
                               << "\nTo record anew: tests/golden/README.md";
    EXPECT_EQ(replayed.value().difference, "") << name;
    EXPECT_EQ(replayed.value().run->fingerprint(), record.value().fingerprint) << name;
  }
}
