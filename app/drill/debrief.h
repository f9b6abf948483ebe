// SPDX-License-Identifier: GPL-3.0-or-later
// The story of a finished run beside the historical team's and the expert's: one time line, and
// what each minute cost.
#pragma once

#include <string>
#include <vector>

#include "drill/score.h"

namespace drill {

struct TimelineEvent {
  base::SimTime at;
  enum class Lane { You, History, Expert, World } lane = Lane::World;
  std::string text;
};

struct Debrief {
  Score score;
  Impact impact;
  std::vector<TimelineEvent> timeline;       // ascending
  std::vector<double> userMinutesPerMinute;  // from opensAt, this run
  std::vector<double> historyPerMinute;      // the same for the historical team
  std::vector<double> expertPerMinute;
  std::vector<std::string> chain;  // causal chain in words, with "seen at 10:12" or "not seen"
  std::string markdown;            // the whole debrief as text, also the postmortem draft
};

[[nodiscard]] Debrief debriefOf(const Run& run);

// The alert rule the trainee wrote (Verb::AlertRule), evaluated on the history as it happened.
struct RuleReplay {
  bool fires = false;
  base::SimTime firesAt{-1};
  base::SimTime firstHurt{-1};
  double minutesEarlier = 0;  // before the first user was hurt; negative: later
  int falseAlarmsOnQuietDay = 0;
};
[[nodiscard]] RuleReplay replayRule(const std::shared_ptr<const scenario::Scenario>& scenario,
                                    std::uint64_t seed, const sim::AlertRule& rule);

}  // namespace drill
