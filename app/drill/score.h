// SPDX-License-Identifier: GPL-3.0-or-later
// The grade of a run, recomputed from the run alone. Every point names the journal entries that
// earned or cost it. Rubric: README of this folder's design (100 points in seven parts, then caps).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drill/run.h"

namespace drill {

// What a hint costs in an assessment, by its level 1 to 3, each once; level 4 tells the answer and
// leaves the diagnosis worth kAnswerHintWorth at most. In practice hints are free.
constexpr double kHintCosts[] = {2, 4, 8};
constexpr double kAnswerHintWorth = 10;

// One reason inside a part: "+3 network ruled out by ping at 10:04 (entries 12, 13)".
struct ScoreItem {
  std::string id;     // stable: "diagnosis.component"
  std::string text;   // for people
  double points = 0;  // earned (negative: cost)
  double possible = 0;
  std::vector<std::size_t> entries;  // journal indices
};

struct ScorePart {
  std::string id,
      title;  // "diagnosis", "evidence", "fix", "change", "safety", "impact", "coordination"
  double points = 0, possible = 0;
  std::vector<ScoreItem> items;
};

struct Score {
  double total = 0;  // 0 to 100 after caps and hint costs, one decimal
  std::vector<ScorePart> parts;
  std::vector<std::string> caps;  // "closed before recovery held: no fix points" ...
  double hintCost = 0;
  std::string band;  // "independent", "competent", ...
  bool practice = true;
};

// Facts about a run that score, debrief and --json share.
struct Impact {
  double usersAffectedPercent = 0;
  double userMinutesLost = 0;
  double idleUserMinutesLost = 0;  // had nobody done anything
  double parUserMinutesLost = 0;   // the expert's
  double downtimeMinutes = 0;      // minutes with the service objective missed
  base::SimTime firstHurt{-1}, recoveredAt{-1};
  int oomKills = 0;
};

struct MilestoneResult {
  std::string title;
  base::SimTime expected, got;  // got -1 ms: did not happen
  bool met = false;
};

// What does not depend on the run's actions: idle and par impact. Computed once per scenario and
// seed.
struct Baseline {
  double idleUserMinutes = 0, parUserMinutes = 0;
  std::shared_ptr<const sim::Model>
      peakModel;  // the same world at its peak; null: made when needed
};
[[nodiscard]] Baseline baselineOf(const std::shared_ptr<const scenario::Scenario>& scenario,
                                  std::uint64_t seed,
                                  const std::shared_ptr<const sim::Model>& model);

[[nodiscard]] Impact impactOf(const Run& run, const Baseline& baseline);
[[nodiscard]] std::vector<MilestoneResult> milestonesOf(const Run& run);
[[nodiscard]] Score scoreOf(const Run& run, const Baseline& baseline);

}  // namespace drill
