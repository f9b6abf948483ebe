// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "fuzzers.h"
#include "random_action.h"
#include "scenario/reader.h"
#include "scenario_text.h"
#include "worlds.h"

namespace fuzz {
namespace {

constexpr std::size_t kMostProblems = 600;

// A case is a file that is read. One without problems is run: it was promised to be sound.
class ScenarioFuzzer : public Fuzzer {
 public:
  ScenarioFuzzer()
      : m_seed(contentOf(SOURCE_DIR "/scenarios/2024-05-07-main-database.json")),
        m_minimal(contentOf(SOURCE_DIR "/tests/scenario/minimal.json")) {}

  [[nodiscard]] std::string_view unit() const override { return "files"; }
  [[nodiscard]] std::string report() const override {
    return std::to_string(m_sound) + " sound scenarios, " + std::to_string(m_lists) +
           " sound lists of actions, " + std::to_string(m_problems) + " problems";
  }

  void run(Case& one) override {
    if (one.dice.oneIn(6)) {
      actions(one);
      return;
    }
    // The small file often: more of it is hit, and reading it is quick.
    const std::string text = (one.dice.oneIn(5) ? m_seed : m_minimal).changed(one.dice);
    one.tell(text);
    scenario::Reading reading;
    one.step("a scenario of " + std::to_string(text.size()) + " bytes is read",
             [&] { reading = scenario::readScenario(text, "fuzz.json", catalogue()); });
    check(one, reading.problems);
    one.expect((reading.scenario == nullptr) == !reading.problems.empty(),
               "a scenario has problems or is there");
    if (reading.scenario) play(one, reading.scenario);
  }

 private:
  void check(Case& one, const std::vector<scenario::Problem>& problems) {
    m_problems += problems.size();
    one.expect(problems.size() <= kMostProblems, "problems have an end");
    for (const scenario::Problem& problem : problems) {
      one.tell("    " + shown(problem.text(), 300));
      one.expect(base::validUtf8(problem.text()), "a complaint is UTF-8");
      one.expect(!problem.expected.empty() && !problem.found.empty(),
                 "a complaint says what was found and expected");
    }
  }

  void actions(Case& one) {
    const std::string text = m_seed.changedActions(one.dice);
    one.tell(text);
    const sim::WorldSpec& world = seedScenario()->world;
    scenario::ActionsReading reading;
    one.step("a list of actions of " + std::to_string(text.size()) + " bytes is read", [&] {
      reading = scenario::readActions(text, "fuzz.json", world.timing, world.database.files);
    });
    check(one, reading.problems);
    m_lists += reading.problems.empty() ? 1 : 0;
  }

  void play(Case& one, const std::shared_ptr<const scenario::Scenario>& scenario) {
    ++m_sound;
    std::unique_ptr<drill::Run> run;
    one.step(
        "the run begins",
        [&] {
          run = std::make_unique<drill::Run>(scenario, drill::RunKey{1, drill::Mode::Practice});
        },
        false);
    for (int i = 0; i < 5; ++i) {
      const sim::Action action = randomAction(run->world(), one.dice);
      one.step(
          "an action", [&] { run->perform(action); }, false);
      one.step(
          "five minutes pass", [&] { run->advanceTo(run->now() + base::minutes(5)); }, false);
      const std::string fault = imbalance(run->world());
      one.expect(fault.empty(), fault);
    }
  }

  ScenarioText m_seed, m_minimal;
  std::size_t m_sound = 0, m_lists = 0, m_problems = 0;
};

}  // namespace

std::unique_ptr<Fuzzer> scenarioFuzzer() {
  return std::make_unique<ScenarioFuzzer>();
}

}  // namespace fuzz
