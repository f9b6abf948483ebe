// SPDX-License-Identifier: GPL-3.0-or-later
// What was looked at, and which of the scenario's clues it showed. Evidence is made of observations;
// clue ids are ground truth and never leave this room before the debrief.
#pragma once

#include <string>
#include <vector>

#include "base/sim_time.h"
#include "scenario/scenario.h"
#include "sim/telemetry.h"
#include "sim/world.h"

namespace drill {

struct Observation {
  int number = 0;            // 1-based; what Pin refers to
  base::SimTime at;
  std::string who;
  std::string source;        // "command", "log:postgresql", "chart:<metric full name>", "ask:<topic>", "alerts", "changes"
  std::string title;         // for the evidence list: "free -m", "PageTables 09:30-10:05"
  std::string text;          // what was seen, for text sources
  base::SimTime from, to;    // charts and logs: the range
  std::size_t entry = 0;     // journal index that produced it
  std::vector<std::string> clues;  // ids, hidden from the trainee
  bool operator==(const Observation&) const = default;
};

// Clues of the scenario that an observation shows.
[[nodiscard]] std::vector<std::string> cluesIn(const Observation& observation,
                                               const scenario::Scenario& scenario,
                                               const sim::Telemetry& telemetry);

// Text of a log's lines in a time range, as the log page shows them (at most maxLines, the newest).
[[nodiscard]] std::string logExtract(const sim::Telemetry& telemetry, const sim::WorldSpec& spec,
                                     sim::LogSource source, base::SimTime from, base::SimTime to,
                                     std::size_t maxLines = 5000);

}  // namespace drill
