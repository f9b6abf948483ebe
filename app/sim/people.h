// SPDX-License-Identifier: GPL-3.0-or-later
// The people around an incident: who is engaged, who is thinking, and what they answer. Answers are
// chosen by the state of the world at the moment of answering.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/sim_time.h"
#include "sim/action.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

namespace sim {

struct PersonState {
  base::SimTime pagedAt{-1}, joinsAt{-1};  // -1 ms: not paged
  [[nodiscard]] bool engaged(base::SimTime now) const { return joinsAt.ms >= 0 && joinsAt <= now; }
  bool announced = false;  // "joined" was told
  bool operator==(const PersonState&) const = default;
};

struct PendingAnswer {
  std::uint32_t person = 0, topic = 0;
  base::SimTime due{-1};  // -1 ms: waits until the person joins
  bool operator==(const PendingAnswer&) const = default;
};

struct People {
  std::vector<PersonState> persons;  // parallel to WorldSpec::people
  std::vector<PendingAnswer> pending;
  bool operator==(const People&) const = default;
};

// People on call are there from the beginning.
[[nodiscard]] People startPeople(const std::vector<PersonSpec>& spec);
// Lets due arrivals and answers happen.
void stepPeople(People& people, const WorldSpec& spec, base::SimTime now, const MetricRow& row,
                Telemetry& telemetry);
// What paging or asking would answer; changes nothing. person: id, topic: id.
[[nodiscard]] Outcome checkPage(const People& people, const WorldSpec& spec,
                                const std::string& person, base::SimTime now);
[[nodiscard]] Outcome checkAsk(const People& people, const WorldSpec& spec,
                               const std::string& person, const std::string& topic,
                               base::SimTime now);
// Does it, unless refused. Paging starts the way to the incident; an asked person answers
// Topic::afterSeconds later, or after joining.
Outcome pagePerson(People& people, const WorldSpec& spec, const std::string& person,
                   base::SimTime now);
Outcome askPerson(People& people, const WorldSpec& spec, const std::string& person,
                  const std::string& topic, base::SimTime now);

// An answer's text with {metric} or {metric|unit} filled in from the row, unit included: "12 ms",
// "3.1 s", "62 %", "57.3 GiB", "512 MiB", "1,234" (number). Without a unit the metric's own is
// taken; "no data" where the metric has no value; braces that name no metric stay as they are.
[[nodiscard]] std::string fillIn(const std::string& text, const MetricRow& row);

}  // namespace sim
