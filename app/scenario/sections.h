// SPDX-License-Identifier: GPL-3.0-or-later
// One reader per section of a scenario file. They are called in this order, since later sections
// name things of earlier ones (people, alerts, metrics, choices); the order in the file is free.
#pragma once

#include <string>
#include <vector>

#include "scenario/checked.h"
#include "scenario/scenario.h"

namespace scenario {

// read_world.cpp
void readTiming(const Value& value, sim::TimingSpec& timing);
void readHost(const Value& value, sim::HostSpec& host);
void readWorkload(const Value& value, const sim::TimingSpec& timing, sim::WorkloadSpec& workload);
void readWebsite(const Value& value, sim::WebsiteSpec& website);
void readNetwork(const Value& value, sim::NetworkSpec& network);
void readMonitoring(const Value& value, sim::MonitoringSpec& monitoring);
void readSafety(const Value& value, sim::SafetySpec& safety);
void readReview(const Value& value, const sim::WorldSpec& world, sim::ReviewSpec& review);

// read_database.cpp
void readDatabase(const Value& value, const sim::TimingSpec& timing, sim::DatabaseSpec& database);

// read_people.cpp
void readPeople(const Value& value, std::vector<sim::PersonSpec>& people);
void readHappenings(const Value& value, const sim::WorldSpec& world,
                    std::vector<sim::Happening>& happenings);

// read_actions.cpp: world may be null, then names of its things are not checked. files: what
// "replace"/"with" of edit-file starts from.
struct ActionScope {
  const sim::TimingSpec* timing = nullptr;
  const sim::WorldSpec* world = nullptr;
  std::vector<sim::ConfigFile> files;
};
void readAction(Object& object, ActionScope& scope, sim::Action& action);
void readSteps(const Value& value, ActionScope scope, std::vector<sim::TimedAction>& actions);

// read_story.cpp
void readLists(const Value& value, Scenario& scenario);
void readMilestones(const Value& value, Scenario& scenario);
void readRubric(const Value& value, Scenario& scenario);
void readHints(const Value& value, Scenario& scenario);
void readTexts(const Value& value, Scenario& scenario);

// read_diagnosis.cpp
void readDiagnosisForm(const Value& value, const sim::SettingCatalogue* catalogue,
                       Scenario& scenario);
void readChain(const Value& value, Scenario& scenario);
void readClues(const Value& value, Scenario& scenario);
void readTruth(const Value& value, Scenario& scenario);

// Shared by several: a condition in its text form, and ascending times.
bool readConditionValue(const Value& value, sim::MetricCondition& condition);
void readConditions(const Value& value, std::vector<sim::MetricCondition>& conditions);
// Complains when time is before previous; remembers the later.
void ascending(const Value& value, base::SimTime time, base::SimTime& previous);
// What to expect instead of a setting nobody knows.
[[nodiscard]] std::string nearestSetting(const sim::SettingCatalogue& catalogue,
                                         const std::string& name);
// Complains of a second use of name; kind: "person".
void unique(const Value& value, const std::string& name, std::vector<std::string>& names);
template <typename Items>
[[nodiscard]] std::vector<std::string> idsOf(const Items& items) {
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

}  // namespace scenario
