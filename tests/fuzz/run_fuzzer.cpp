// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "drill/replay.h"
#include "fuzzers.h"
#include "random_action.h"
#include "scenario/reader.h"
#include "worlds.h"

namespace fuzz {
namespace {

// A case is a recorded run with damage: as bytes, as lines, or with actions nobody did. It is
// refused with a reason, or is a run that can be recomputed.
class RunFuzzer : public Fuzzer {
 public:
  RunFuzzer() : m_world(momentsOfTheOutage()[1].world()) {
    for (const char* name : {"branch", "practice", "reference"}) {
      m_texts.push_back(contentOf(std::string(SOURCE_DIR "/tests/golden/runs/") + name + ".run"));
    }
  }

  [[nodiscard]] std::string_view unit() const override { return "files"; }
  [[nodiscard]] std::string report() const override {
    return std::to_string(m_read) + " could be read, " + std::to_string(m_recomputed) +
           " were recomputed";
  }

  void run(Case& one) override {
    std::string text = one.dice.oneOf(m_texts);
    if (one.dice.oneIn(3)) {
      text = mutated(std::move(text), one.dice, 400'000);
    } else {
      text = changedLines(text, one.dice);
    }
    one.tell(text);
    std::unique_ptr<base::Result<drill::RunRecord>> record;
    one.step("a run of " + std::to_string(text.size()) + " bytes is read", [&] {
      record =
          std::make_unique<base::Result<drill::RunRecord>>(drill::readRunText(text, "fuzz.run"));
    });
    if (!record->ok()) {
      one.tell(shown(record->error().message));
      one.expect(base::validUtf8(record->error().message) && !record->error().message.empty(),
                 "a refusal has words");
      return;
    }
    ++m_read;
    if (one.dice.oneIn(25)) recompute(one, record->value());
  }

 private:
  [[nodiscard]] std::string actionLine(Dice& dice) const {
    sim::TimedAction timed;
    timed.at = base::seconds(18'000 + static_cast<std::int64_t>(dice.below(7200)));
    timed.who = dice.oneIn(8) ? dice.bytes(10) : "trainee";
    timed.action = randomAction(m_world, dice);
    if (timed.action.verb >= sim::Verb::Count) timed.action.verb = sim::Verb::Look;
    return scenario::actionLine(timed);
  }

  [[nodiscard]] std::string changedLines(const std::string& text, Dice& dice) const {
    std::vector<std::string> lines = base::lines(text);
    const std::size_t changes = 1 + dice.below(6);
    for (std::size_t i = 0; i < changes && !lines.empty(); ++i) {
      const std::size_t at = dice.below(lines.size());
      switch (dice.below(7)) {
        case 0:
          lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 1:
          std::swap(lines[at], lines[dice.below(lines.size())]);
          break;
        case 2:
          lines[at] = mutated(lines[at], dice, 100'000);
          break;
        case 3:
          lines.resize(at + 1);
          break;
        case 4:
          lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at),
                       "{\"at\":" + dice.number() + "}");
          break;
        default:
          lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), actionLine(dice));
      }
    }
    std::string result;
    for (const std::string& line : lines) result += line + "\n";
    return result;
  }

  void recompute(Case& one, const drill::RunRecord& record) {
    one.step(
        "it is recomputed",
        [&] {
          const auto replayed = drill::replay(record, seedScenario());
          m_recomputed += replayed.ok() ? 1 : 0;
        },
        false);
  }

  sim::World m_world;
  std::vector<std::string> m_texts;
  std::size_t m_read = 0, m_recomputed = 0;
};

}  // namespace

std::unique_ptr<Fuzzer> runFuzzer() {
  return std::make_unique<RunFuzzer>();
}

}  // namespace fuzz
