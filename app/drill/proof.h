// SPDX-License-Identifier: GPL-3.0-or-later
// The grader proved: a scenario's references must score high and its controls low, its history must
// meet its milestones, and its clues must not show on a healthy day.
#pragma once

#include <string>
#include <vector>

#include "drill/score.h"

namespace drill {

struct ProofRow {
  std::string
      name;  // "reference", "random actions (median of 200)", "milestone: latency alert" ...
  std::string expected;  // ">= 95", "10:00:00 +/- 60 s"
  std::string got;
  bool passed = false;
};

struct Proof {
  std::vector<ProofRow> rows;
  [[nodiscard]] bool passed() const;
};

struct ProofOptions {
  std::uint64_t seed = 1;
  int randomRuns = 200;
};
[[nodiscard]] Proof prove(const std::shared_ptr<const scenario::Scenario>& scenario,
                          const ProofOptions& options = {});
// Legal actions drawn at random: a bot that clicks everything.
[[nodiscard]] std::vector<sim::TimedAction> randomActions(const scenario::Scenario& scenario,
                                                          std::uint64_t botSeed);
// The value of the setting at fault before the change that the truth names; empty: its default.
[[nodiscard]] std::string healthyValueOf(const scenario::Scenario& scenario);
// The same scenario with its bad setting put right, so that nothing goes wrong, and without the
// change that brought it.
[[nodiscard]] std::shared_ptr<const scenario::Scenario> healthyDay(
    const scenario::Scenario& scenario);

}  // namespace drill
