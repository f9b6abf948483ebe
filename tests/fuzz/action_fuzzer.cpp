// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/replay.h"
#include "fuzzers.h"
#include "random_action.h"
#include "worlds.h"

namespace fuzz {
namespace {

std::string words(const sim::Action& action) {
  const std::string_view name =
      action.verb < sim::Verb::Count ? sim::verbName(action.verb) : "(no verb)";
  std::string text = std::string(name) + " target=" + shown(action.target, 200) +
                     " text=" + shown(action.text, 200);
  for (const auto& [field, value] : action.fields) text += " " + field + "=" + shown(value, 100);
  return text;
}

// A case does some actions to a copy of a world, or to a run; time passes between them.
class ActionFuzzer : public Fuzzer {
 public:
  ActionFuzzer() : m_labs(laboratories()), m_moments(momentsOfTheOutage()) {}

  [[nodiscard]] std::string_view unit() const override { return "actions"; }
  [[nodiscard]] std::string report() const override {
    return std::to_string(m_accepted) + " actions were accepted";
  }

  void run(Case& one) override {
    if (one.dice.oneIn(3)) {
      drill::Run run = m_moments[one.dice.below(m_moments.size())];
      onRun(one, run);
      return;
    }
    const bool lab = one.dice.oneIn(2);
    const sim::World& from = lab ? m_labs[one.dice.below(m_labs.size())].world()
                                 : m_moments[one.dice.below(m_moments.size())].world();
    sim::World world = from;
    sim::Telemetry telemetry(sim::Detail::Summary);
    onWorld(one, world, telemetry);
  }

 private:
  void onWorld(Case& one, sim::World& world, sim::Telemetry& telemetry) {
    const std::size_t count = 1 + one.dice.below(30);
    for (std::size_t i = 0; i < count; ++i) {
      const sim::Action action = randomAction(world, one.dice);
      const std::uint64_t before = world.fingerprint();
      sim::Outcome foretold, outcome;
      one.step(words(action), [&] {
        foretold = world.check(action, "trainee");
        one.expect(world.fingerprint() == before, "asking what would be changes nothing");
        outcome = world.apply(action, "trainee", telemetry);
      });
      one.tell("    " + shown(outcome.text));
      one.expect(foretold.accepted == outcome.accepted && foretold.text == outcome.text,
                 "what was foretold happens");
      // A start that fails leaves its words in the log and a failed unit.
      const bool starts = action.verb == sim::Verb::Start || action.verb == sim::Verb::Restart;
      one.expect(outcome.accepted || starts || world.fingerprint() == before,
                 "a refused action changes nothing");
      m_accepted += outcome.accepted ? 1 : 0;
      if (one.dice.oneIn(2)) {
        const auto span = base::seconds(
            static_cast<std::int64_t>(one.dice.below(one.dice.oneIn(10) ? 1200 : 40)));
        one.step(
            "time passes", [&] { world.advanceTo(world.now() + span, telemetry); }, false);
      }
      const std::string fault = imbalance(world);
      one.expect(fault.empty(), fault);
    }
  }

  void onRun(Case& one, drill::Run& run) {
    const std::size_t count = 1 + one.dice.below(30);
    for (std::size_t i = 0; i < count; ++i) {
      sim::Action action = randomAction(run.world(), one.dice);
      if (action.verb >= sim::Verb::Count) action.verb = sim::Verb::Look;  // nobody can say others
      one.step("run: " + words(action), [&] {
        const drill::Entry& entry = run.perform(action);
        m_accepted += entry.outcome.accepted ? 1 : 0;
      });
      const auto span = base::seconds(static_cast<std::int64_t>(one.dice.below(40)));
      one.step(
          "time passes", [&] { run.advanceTo(run.now() + span); }, false);
    }
    if (one.dice.oneIn(4)) onDisk(one, run);
  }

  // What was done can be written, read and recomputed, whatever it was.
  static void onDisk(Case& one, const drill::Run& run) {
    std::string text;
    one.step(
        "write the run", [&] { text = drill::runText(run, true); }, false);
    one.step(
        "read the run",
        [&] {
          const auto record = drill::readRunText(text, "fuzz.run");
          one.expect(record.ok(),
                     record.ok() ? "" : "a run can be read: " + record.error().message);
          const auto replayed = drill::replay(record.value(), run.scenarioPointer());
          one.expect(replayed.ok(), "a run can be recomputed");
          one.expect(replayed.value().difference.empty() &&
                         replayed.value().run->fingerprint() == run.fingerprint(),
                     "a run recomputes to its bits: " + replayed.value().difference);
        },
        false);
  }

  std::vector<drill::Lab> m_labs;
  std::vector<drill::Run> m_moments;
  std::size_t m_accepted = 0;
};

}  // namespace

std::unique_ptr<Fuzzer> actionFuzzer() {
  return std::make_unique<ActionFuzzer>();
}

}  // namespace fuzz
