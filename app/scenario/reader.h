// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario files: reading, checking, and the form actions have in files and journals.
// All faults of a file are reported, each with line, column and JSON pointer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/scenario.h"

namespace scenario {

struct Problem {
  std::string file;
  int line = 0, column = 0;  // 1-based; 0: the file as a whole
  std::string pointer;       // JSON pointer, "" = the document
  std::string found, expected;
  // file:line:column: pointer: found X, expected Y
  [[nodiscard]] std::string text() const;
};

struct Reading {
  std::shared_ptr<const Scenario> scenario;  // null when there are problems
  std::vector<Problem> problems;
};

// catalogue: the settings the database of the scenario knows (settings_asset.h).
[[nodiscard]] Reading readScenario(std::string_view text, const std::string& fileName,
                                   std::shared_ptr<const sim::SettingCatalogue> catalogue);
// Reads the file too: unreadable, above 16 MiB, or not UTF-8 is a problem like any other.
[[nodiscard]] Reading readScenarioFile(const std::string& path,
                                       std::shared_ptr<const sim::SettingCatalogue> catalogue);

// PostgreSQL's settings from assets/postgresql-15-settings.json.
[[nodiscard]] base::Result<std::shared_ptr<const sim::SettingCatalogue>> readSettings(
    const std::string& path);

// A list of actions: a JSON array, the form of "actions" in a scenario.
//   {"at": "10:03:12", "who": "trainee", "do": "acknowledge", "target": "WebsiteLatencyHigh"}
// Times are clock times of the scenario's day. Problems carry fileName. files: the scenario's, for
// steps that say "replace" and "with" instead of the whole content of an edited file.
struct ActionsReading {
  std::vector<sim::TimedAction> actions;
  std::vector<Problem> problems;
};
[[nodiscard]] ActionsReading readActions(std::string_view text, const std::string& fileName,
                                         const sim::TimingSpec& timing,
                                         const std::vector<sim::ConfigFile>& files = {});
// One journal line: compact JSON without a newline, times in milliseconds ("ms": 18192000).
[[nodiscard]] std::string actionLine(const sim::TimedAction& action);
[[nodiscard]] base::Result<sim::TimedAction> readActionLine(std::string_view line);

// A flat JSON object of strings and integers (header lines of run files), and back.
[[nodiscard]] base::Result<std::map<std::string, std::string>> readFlatObject(
    std::string_view line);
[[nodiscard]] std::string flatObject(const std::map<std::string, std::string>& values);

}  // namespace scenario
