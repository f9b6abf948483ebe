// SPDX-License-Identifier: GPL-3.0-or-later
// The people around an incident: who is engaged, who is thinking, and what they answer. Answers are
// chosen by the state of the world at the moment of answering.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/sim_time.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

struct PersonState {
  base::SimTime pagedAt{-1}, joinsAt{-1};  // -1 ms: not paged
  [[nodiscard]] bool engaged(base::SimTime now) const { return joinsAt.ms >= 0 && joinsAt <= now; }
  bool announced = false;                  // "joined" was told
  bool operator==(const PersonState&) const = default;
};

struct PendingAnswer {
  std::uint32_t person = 0, topic = 0;
  base::SimTime due;
  bool operator==(const PendingAnswer&) const = default;
};

struct People {
  std::vector<PersonState> persons;        // parallel to WorldSpec::people
  std::vector<PendingAnswer> pending;
  bool operator==(const People&) const = default;
};

[[nodiscard]] People startPeople(const std::vector<PersonSpec>& spec);
// Lets due arrivals and answers happen.
void stepPeople(People& people, const WorldSpec& spec, base::SimTime now, const MetricRow& row,
                Telemetry& telemetry);
// An answer's text with {metric|unit} filled in from the row.
[[nodiscard]] std::string fillIn(const std::string& text, const MetricRow& row);

}  // namespace sim
