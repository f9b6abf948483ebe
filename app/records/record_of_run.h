// SPDX-License-Identifier: GPL-3.0-or-later
// A finished run with its score as a record, and the score as JSON. It stores nothing (store.h) and
// judges nothing (drill/score.h).
#pragma once

#include "drill/score.h"
#include "records/store.h"

namespace records {

// {"total":..,"band":..,"practice":..,"hint_cost":..,"caps":[..],"parts":[{"id":..,"title":..,
// "points":..,"possible":..,"items":[{"id":..,"text":..,"points":..,"possible":..,"entries":[..]}]}]}
[[nodiscard]] std::string scoreJson(const drill::Score& score);

// The real time now as a record's finishedAt.
[[nodiscard]] std::string nowText();
// The name of the person at this machine, for records of runs whose trainee gave none.
[[nodiscard]] std::string defaultTrainee();

// finishedAt: ISO 8601, UTC. The run counts as ended where it stands.
[[nodiscard]] Record recordOf(const drill::Run& run, const drill::Score& score,
                              const drill::Impact& impact, const std::string& trainee,
                              const std::string& finishedAt);

// Adds the record, and the scenario's text so that the run can be recomputed after the scenario has
// changed. Answers with the record's id.
[[nodiscard]] base::Result<std::int64_t> keep(Store& store, const Record& record,
                                              const scenario::Scenario& scenario);

}  // namespace records
