// SPDX-License-Identifier: GPL-3.0-or-later
// What is done in a run that nobody sits at, for the verbs that take --actions.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scenario/scenario.h"

namespace cli {

using Actions = std::vector<sim::TimedAction>;

// A list that the scenario names, or a file of the same form; none for an empty name.
[[nodiscard]] base::Result<Actions> actionsOf(const scenario::Scenario& scenario,
                                              const std::string& name);

}  // namespace cli
