// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/recorded_run.h"

#include <QFileInfo>

#include "records/store.h"

namespace cli {

namespace {

// Null when there is no such text.
std::shared_ptr<const scenario::Scenario> keptScenario(const drill::RunRecord& record,
                                                       const records::Library& library) {
  if (!QFileInfo::exists(QString::fromStdString(library.recordsFile()))) return nullptr;
  const auto store = records::Store::open(library.recordsFile());
  if (!store.ok()) return nullptr;
  const auto text = store.value()->scenarioText(record.scenarioHash);
  if (!text.ok()) return nullptr;
  return scenario::readScenario(text.value(), record.scenarioId + " (kept)", library.settings())
      .scenario;
}

}  // namespace

base::Result<RecordedRun> readRecordedRun(const std::string& file,
                                          const records::Library& library) {
  auto record = drill::readRunFile(file);
  if (!record.ok()) return record.error();
  RecordedRun run;
  run.record = std::move(record.value());
  const auto scenario = library.scenario(run.record.scenarioId);
  if (scenario.ok()) run.scenario = scenario.value();
  if (!run.scenario || run.scenario->hash != run.record.scenarioHash) {
    if (auto kept = keptScenario(run.record, library)) run.scenario = std::move(kept);
  }
  if (!run.scenario) return scenario.error();
  return run;
}

}  // namespace cli
