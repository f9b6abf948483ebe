// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/replay.h"

namespace drill {

base::Result<Replayed> replay(const RunRecord& record,
                              const std::shared_ptr<const scenario::Scenario>& scenario,
                              base::SimTime until) {
  if (record.scenarioHash != scenario->hash) {
    const std::string who =
        record.scenarioId == scenario->id
            ? "another version of the scenario \"" + scenario->id + "\""
            : "the scenario \"" + record.scenarioId + "\", not \"" + scenario->id + "\"";
    return base::Error{"other-scenario", scenario->file,
                       "This run was recorded with " + who + ": its content hash is " +
                           record.scenarioHash.substr(0, 12) + ", here it is " +
                           scenario->hash.substr(0, 12) + "."};
  }
  Replayed replayed;
  replayed.run = std::make_shared<Run>(recompute(record, scenario, until));
  replayed.difference = firstDifference(record, *replayed.run);
  return replayed;
}

}  // namespace drill
