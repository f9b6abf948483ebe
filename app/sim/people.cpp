// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/people.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "sim/monitoring.h"

namespace sim {

namespace {

constexpr base::SimTime kWaiting{-1};
constexpr std::string_view kNoAnswer = "I can't tell from what I see right now.";

std::optional<std::size_t> personIndex(const WorldSpec& spec, const std::string& id) {
  for (std::size_t i = 0; i < spec.people.size(); ++i) {
    if (spec.people[i].id == id) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> topicIndex(const PersonSpec& person, const std::string& id) {
  for (std::size_t i = 0; i < person.topics.size(); ++i) {
    if (person.topics[i].id == id) return i;
  }
  return std::nullopt;
}

Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

template <typename List>
std::string idList(const List& list) {
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : ", ") + one.id;
  return text;
}

Outcome noSuchPerson(const WorldSpec& spec, const std::string& id) {
  return refused("There is nobody called \"" + id + "\"; there are: " + idList(spec.people) + ".");
}

std::string answerOf(const Topic& topic, const MetricRow& row) {
  for (const Answer& answer : topic.answers) {
    const bool fits = std::all_of(answer.when.begin(), answer.when.end(),
                                  [&row](const MetricCondition& c) { return holds(c, row); });
    if (fits) return answer.text;
  }
  return std::string(kNoAnswer);
}

void announceArrivals(People& people, const WorldSpec& spec, base::SimTime now,
                      Telemetry& telemetry) {
  for (std::size_t i = 0; i < people.persons.size(); ++i) {
    PersonState& state = people.persons[i];
    if (state.announced || !state.engaged(now)) continue;
    state.announced = true;
    const PersonSpec& person = spec.people[i];
    telemetry.addNotification({now, person.id, "joined", person.name + " has joined."});
  }
}

void giveAnswers(People& people, const WorldSpec& spec, base::SimTime now, const MetricRow& row,
                 Telemetry& telemetry) {
  const auto isDue = [now](const PendingAnswer& p) { return p.due != kWaiting && p.due <= now; };
  std::vector<PendingAnswer> due;
  std::copy_if(people.pending.begin(), people.pending.end(), std::back_inserter(due), isDue);
  if (due.empty()) return;
  std::erase_if(people.pending, isDue);
  std::stable_sort(due.begin(), due.end(),
                   [](const PendingAnswer& a, const PendingAnswer& b) { return a.due < b.due; });
  for (const PendingAnswer& one : due) {
    const PersonSpec& person = spec.people[one.person];
    const Topic& topic = person.topics[one.topic];
    telemetry.addNotification({now, person.id, topic.id, fillIn(answerOf(topic, row), row)});
  }
}

// The end of a place that opened before `at`: names of metrics may hold braces of their own.
std::size_t closingBrace(std::string_view text, std::size_t at) {
  int depth = 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

std::string_view ownUnit(const MetricInfo& info) {
  switch (info.unit) {
    case MetricUnit::Seconds:
      return "s";
    case MetricUnit::Ratio:
      return "percent";
    case MetricUnit::Bytes:
      return "GiB";
    default:
      return "number";
  }
}

// Two or three significant digits, as people say numbers.
std::string spoken(double value) {
  const double size = value < 0 ? -value : value;
  if (size >= 1000 && size < 1e15)
    return base::groupedText(static_cast<std::int64_t>(value + (value < 0 ? -0.5 : 0.5)));
  const int decimals = size >= 100 || size == 0 ? 0 : size >= 1 ? 1 : 2;
  std::string text = base::fixedText(value, decimals);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string valueText(double value, std::string_view unit) {
  if (value != value) return "no data";
  if (unit == "ms") return spoken(value * 1000) + " ms";
  if (unit == "s") return spoken(value) + " s";
  if (unit == "percent") return spoken(value * 100) + " %";
  if (unit == "GiB") return spoken(value / 0x1p30) + " GiB";
  if (unit == "MiB") return spoken(value / 0x1p20) + " MiB";
  return spoken(value);
}

// "metric" or "metric|unit"; nothing when it names no metric or no unit.
std::optional<std::string> placeText(std::string_view place, const MetricRow& row) {
  constexpr std::string_view kUnits[] = {"ms", "s", "percent", "GiB", "MiB", "number"};
  const std::size_t bar = place.rfind('|');
  const std::optional<Metric> metric = findMetric(place.substr(0, bar));
  if (!metric) return std::nullopt;
  std::string_view unit = ownUnit(metricInfo(*metric));
  if (bar != std::string_view::npos) {
    unit = place.substr(bar + 1);
    if (std::find(std::begin(kUnits), std::end(kUnits), unit) == std::end(kUnits)) {
      return std::nullopt;
    }
  }
  return valueText(static_cast<double>(row[static_cast<std::size_t>(*metric)]), unit);
}

}  // namespace

People startPeople(const std::vector<PersonSpec>& spec) {
  People people;
  for (const PersonSpec& person : spec) {
    PersonState state;
    if (person.team == Team::OnCall) state = {{0}, {0}, true};
    people.persons.push_back(state);
  }
  return people;
}

void stepPeople(People& people, const WorldSpec& spec, base::SimTime now, const MetricRow& row,
                Telemetry& telemetry) {
  announceArrivals(people, spec, now, telemetry);
  if (!people.pending.empty()) giveAnswers(people, spec, now, row, telemetry);
}

Outcome checkPage(const People& people, const WorldSpec& spec, const std::string& person,
                  base::SimTime now) {
  const auto i = personIndex(spec, person);
  if (!i) return noSuchPerson(spec, person);
  const PersonState& state = people.persons[*i];
  const PersonSpec& who = spec.people[*i];
  if (state.engaged(now)) return refused(who.name + " is already here.");
  if (state.joinsAt != kWaiting) return refused(who.name + " was paged already and is on the way.");
  return {true, "Paged " + who.name + ".", 0};
}

Outcome checkAsk(const People& people, const WorldSpec& spec, const std::string& person,
                 const std::string& topic, base::SimTime now) {
  const auto i = personIndex(spec, person);
  if (!i) return noSuchPerson(spec, person);
  const PersonSpec& who = spec.people[*i];
  const auto t = topicIndex(who, topic);
  if (!t) {
    return refused(who.name + " knows nothing about \"" + topic +
                   "\"; topics are: " + idList(who.topics) + ".");
  }
  const bool asked =
      std::any_of(people.pending.begin(), people.pending.end(),
                  [&](const PendingAnswer& p) { return p.person == *i && p.topic == *t; });
  if (asked) return refused(who.name + " has been asked already and has not answered yet.");
  const std::string question = "Asked " + who.name + ": " + who.topics[*t].question;
  const PersonState& state = people.persons[*i];
  if (state.engaged(now)) return {true, question, 0};
  const char* const wait = state.joinsAt != kWaiting ? " (on the way; answers after joining)"
                                                     : " (not engaged; answers after being paged)";
  return {true, question + wait, 0};
}

Outcome pagePerson(People& people, const WorldSpec& spec, const std::string& person,
                   base::SimTime now) {
  Outcome outcome = checkPage(people, spec, person, now);
  if (!outcome.accepted) return outcome;
  const std::size_t i = *personIndex(spec, person);
  const PersonSpec& who = spec.people[i];
  PersonState& state = people.persons[i];
  state.pagedAt = now;
  state.joinsAt = now + base::seconds(who.joinsAfterSeconds);
  for (PendingAnswer& waiting : people.pending) {
    if (waiting.person != i) continue;
    waiting.due = state.joinsAt + base::seconds(who.topics[waiting.topic].afterSeconds);
  }
  return outcome;
}

Outcome askPerson(People& people, const WorldSpec& spec, const std::string& person,
                  const std::string& topic, base::SimTime now) {
  Outcome outcome = checkAsk(people, spec, person, topic, now);
  if (!outcome.accepted) return outcome;
  const std::size_t i = *personIndex(spec, person);
  const std::size_t t = *topicIndex(spec.people[i], topic);
  const PersonState& state = people.persons[i];
  PendingAnswer pending{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(t), kWaiting};
  if (state.joinsAt != kWaiting) {
    pending.due =
        std::max(state.joinsAt, now) + base::seconds(spec.people[i].topics[t].afterSeconds);
  }
  people.pending.push_back(pending);
  return outcome;
}

std::string fillIn(const std::string& text, const MetricRow& row) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    if (open == std::string::npos) break;
    const std::size_t close = closingBrace(text, open + 1);
    if (close == std::string_view::npos) break;
    out.append(text, at, open - at);
    const std::string_view inside = std::string_view(text).substr(open + 1, close - open - 1);
    const std::optional<std::string> value = placeText(inside, row);
    out += value ? *value : text.substr(open, close + 1 - open);
    at = close + 1;
  }
  return out + text.substr(std::min(at, text.size()));
}

}  // namespace sim
