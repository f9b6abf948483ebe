// SPDX-License-Identifier: GPL-3.0-or-later
// Where things are on this machine: scenarios, settings table, records, unfinished runs. Searched in
// order: $OUTAGE_DRILL_DATA, <program>/../share/outage-drill, the XDG data folders, the source tree
// the program was built from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "scenario/reader.h"

namespace records {

class Library {
 public:
  static base::Result<std::shared_ptr<Library>> open();
  [[nodiscard]] std::vector<std::string> scenarioFiles() const;
  // By id, or by path of a file. The error lists what is wrong, one line a problem.
  [[nodiscard]] base::Result<std::shared_ptr<const scenario::Scenario>> scenario(const std::string& idOrFile) const;
  [[nodiscard]] std::shared_ptr<const sim::SettingCatalogue> settings() const;
  // $XDG_DATA_HOME/outage-drill: records.sqlite, runs/<name>.run (unfinished); created when missing.
  [[nodiscard]] std::string dataFolder() const;
  [[nodiscard]] std::string recordsFile() const;
  [[nodiscard]] std::string runsFolder() const;
  // Runs that did not end (the program was killed); newest first.
  [[nodiscard]] std::vector<std::string> unfinishedRuns() const;

 private:
  Library();
  struct Private;
  std::shared_ptr<Private> d;
};

}  // namespace records
