// SPDX-License-Identifier: GPL-3.0-or-later
// A run told to people (aligned text) and to programs (--json): milestones, impact, alerts, score.
#pragma once

#include <string>
#include <vector>

#include "drill/score.h"

namespace cli {

// A run with what can be said about it.
struct Judged {
  explicit Judged(const drill::Run& judged);
  const drill::Run& run;
  drill::Impact impact;
  drill::Score score;
  std::vector<drill::MilestoneResult> milestones;
};

// "pending", "firing", "resolved" (it was firing) or "inactive" (it was only pending), for each
// event of the run's alerts.
[[nodiscard]] std::vector<std::string> alertStates(const drill::Run& run);
// What happened, minute by minute: alerts and what people did.
[[nodiscard]] std::string storyText(const drill::Run& run);
[[nodiscard]] std::string milestonesText(const Judged& judged);
[[nodiscard]] std::string impactText(const Judged& judged);
// Every part with its reasons and the journal entries they rest on.
[[nodiscard]] std::string scoreText(const drill::Score& score);
// "scenario, seed, mode" and "fingerprint" lines.
[[nodiscard]] std::string headText(const drill::Run& run);
// One object with the keys scenario, seed, fingerprint, milestones, users_affected_percent,
// user_minutes_lost, downtime_minutes, score, alerts; ends with a newline.
[[nodiscard]] std::string judgedJson(const Judged& judged);

}  // namespace cli
