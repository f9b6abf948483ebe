// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-made journals on the seed scenario, graded: what the tests of the grader share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "drill/score.h"
#include "scenario/reader.h"
#include "sim/model.h"

namespace graded {

using Fields = std::map<std::string, std::string>;
using Script = std::vector<sim::TimedAction>;

// The seed scenario with its tables, read once per test program.
struct Seed {
  std::shared_ptr<const scenario::Scenario> scenario;
  std::shared_ptr<const sim::Model> model;
  drill::Baseline baseline;
};

inline const Seed& seed() {
  static const Seed kSeed = [] {
    const auto settings = scenario::readSettings(SOURCE_DIR "/assets/postgresql-15-settings.json");
    if (!settings) throw std::runtime_error(settings.error().message);
    const auto reading = scenario::readScenarioFile(
        SOURCE_DIR "/scenarios/2024-05-07-main-database.json", settings.value());
    if (!reading.scenario) throw std::runtime_error(reading.problems.front().text());
    Seed made{reading.scenario, sim::Model::make(reading.scenario->world), {}};
    made.baseline = drill::baselineOf(made.scenario, 1, made.model);
    return made;
  }();
  return kSeed;
}

inline base::SimTime clock(const std::string& text) {
  const std::int64_t midnight = seed().scenario->world.timing.startUnixMs / 86'400'000 * 86'400'000;
  return {base::parseClock(text).value() + midnight - seed().scenario->world.timing.startUnixMs};
}

inline sim::TimedAction step(const std::string& at, sim::Verb verb, std::string target = {},
                             std::string text = {}, Fields fields = {},
                             std::string who = "trainee") {
  return {clock(at), std::move(who), {verb, std::move(target), std::move(text), std::move(fields)}};
}

inline sim::TimedAction look(const std::string& at, const std::string& target) {
  return step(at, sim::Verb::Look, target);
}

// The right diagnosis, with what is given replaced.
inline sim::TimedAction diagnose(const std::string& at, const Fields& instead = {}) {
  Fields fields = {{"component", "database"},
                   {"mechanism", "memory-exhausted"},
                   {"setting", "shared_buffers"},
                   {"direction", "too-high"},
                   {"change", "e07a4b9"}};
  for (const auto& [name, value] : instead) fields[name] = value;
  return step(at, sim::Verb::Diagnose, {}, {}, fields);
}

inline sim::TimedAction suspect(const std::string& at, const std::string& id,
                                const std::string& component, const std::string& confidence) {
  return step(at, sim::Verb::Hypothesis, id, "a suspicion",
              {{"component", component}, {"confidence", confidence}});
}

inline const std::string& configFile() {
  return seed().scenario->world.database.configFile;
}

// The configuration file with shared_buffers set to value.
inline std::string fileWith(const std::string& value) {
  for (const sim::ConfigFile& file : seed().scenario->world.database.files)
    if (file.path == configFile())
      return base::replaceAll(file.text, "shared_buffers = 44GB", "shared_buffers = " + value);
  return {};
}

// Edited at 10:05, restarted at 10:06 without visitors, everybody back at 10:10.
inline Script repair(const std::string& value = "16GB") {
  return {step("10:05:00", sim::Verb::EditFile, configFile(), fileWith(value)),
          step("10:05:30", sim::Verb::Admit, "0"), step("10:06:00", sim::Verb::Restart, "fast"),
          step("10:09:00", sim::Verb::Admit, "50"), step("10:10:00", sim::Verb::Admit, "100")};
}

inline Script joined(std::initializer_list<Script> scripts) {
  Script all;
  for (const Script& script : scripts) all.insert(all.end(), script.begin(), script.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return all;
}

inline drill::Run play(const Script& script, const std::string& until = "13:00:00",
                       drill::Mode mode = drill::Mode::Practice) {
  drill::Run run(seed().scenario, {1, mode}, seed().model);
  run.follow(script);
  run.advanceTo(clock(until));
  return run;
}

inline drill::Run playList(const std::string& name) {
  return play(seed().scenario->list(name)->actions);
}

inline drill::Score grade(const drill::Run& run) {
  return drill::scoreOf(run, seed().baseline);
}
inline drill::Score grade(const Script& script, const std::string& until = "13:00:00") {
  return grade(play(script, until));
}

// Of a part ("change") or of an item ("change.review"); an item that is not there is NaN-free -99.
inline double points(const drill::Score& score, const std::string& id) {
  double sum = 0;
  bool found = false;
  for (const drill::ScorePart& part : score.parts) {
    if (part.id == id) return part.points;
    for (const drill::ScoreItem& item : part.items)
      if (item.id == id) {
        sum += item.points;
        found = true;
      }
  }
  return found ? sum : -99;
}

inline std::vector<std::size_t> entries(const drill::Score& score, const std::string& id) {
  for (const drill::ScorePart& part : score.parts)
    for (const drill::ScoreItem& item : part.items)
      if (item.id == id) return item.entries;
  return {};
}

// Shows all four links of the chain and clears every innocent that can be cleared.
inline Script thoroughLook() {
  return {look("10:02:00", "alerts"),
          look("10:02:10", "chart:http_request_duration_seconds{quantile=\"0.99\"}"),
          look("10:02:20", "chart:probe_icmp_duration_seconds"),
          look("10:02:30", "chart:http_request_rate"),
          look("10:02:40", "chart:node_disk_io_now"),
          look("10:02:50", "chart:node_memory_PageTables_bytes"),
          look("10:03:00", "chart:pg_settings_shared_buffers_bytes"),
          look("10:03:10", "changes")};
}

}  // namespace graded
