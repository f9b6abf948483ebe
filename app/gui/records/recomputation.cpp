// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/records/recomputation.h"

#include <QCoreApplication>
#include <cmath>

#include "base/text.h"
#include "drill/replay.h"
#include "drill/score.h"
#include "gui/parts/acting.h"
#include "scenario/reader.h"

namespace gui {
namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("gui::recomputation", text);
}

// The scenario as it was: from the library when unchanged, else the text kept with the records.
base::Result<std::shared_ptr<const scenario::Scenario>> scenarioOf(const records::Library& library,
                                                                   const records::Store& store,
                                                                   const records::Record& record) {
  auto current = library.scenario(record.scenarioId);
  if (current && current.value()->hash == record.scenarioHash) return current;
  const auto kept = store.scenarioText(record.scenarioHash);
  if (!kept) {
    return base::Error{"other-scenario", "",
                       "the scenario \"" + record.scenarioId +
                           "\" has changed since, and its former text was not kept"};
  }
  const scenario::Reading reading =
      scenario::readScenario(kept.value(), record.scenarioId, library.settings());
  if (reading.scenario) return reading.scenario;
  return base::Error{"other-scenario", "", reading.problems.front().text()};
}

}  // namespace

Recomputation recomputeRecord(const records::Library& library, const records::Store& store,
                              std::int64_t id) {
  const QString name = tr("Record %1: ").arg(id);
  const auto found = store.find(id);
  if (!found) return {false, name + fromText(found.error().message)};
  const records::Record& record = found.value();
  const auto read = drill::readRunText(record.runText, "record " + std::to_string(id));
  if (!read) {
    const base::Error& error = read.error();
    return {false,
            name + tr("the run is damaged: %1")
                       .arg(fromText(error.place.empty() ? error.message
                                                         : error.place + ": " + error.message))};
  }
  const auto scenario = scenarioOf(library, store, record);
  if (!scenario) return {false, name + fromText(scenario.error().message)};
  const auto replayed = drill::replay(read.value(), scenario.value());
  if (!replayed) return {false, name + fromText(replayed.error().message)};
  if (!replayed.value().difference.empty()) {
    return {false, name + tr("the replay differs from what was recorded: %1")
                              .arg(fromText(replayed.value().difference))};
  }
  const drill::Run& run = *replayed.value().run;
  const drill::Score score =
      drill::scoreOf(run, drill::baselineOf(run.scenarioPointer(), run.key().seed, run.model()));
  const QString now = fromText(base::fixedText(score.total, 1));
  const QString then = fromText(base::fixedText(record.score, 1));
  if (std::abs(score.total - record.score) > 0.05) {
    return {
        false,
        name + tr("the same bits, but the score is %1 now and was recorded as %2").arg(now, then)};
  }
  return {true,
          name + tr("replayed to the same bits; the score is %1 of 100, as recorded").arg(now)};
}

}  // namespace gui
