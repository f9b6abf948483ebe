// SPDX-License-Identifier: GPL-3.0-or-later
// An action of a journal as a short English phrase, for time lines and debriefs.
#pragma once

#include <string>

#include "scenario/scenario.h"
#include "sim/action.h"

namespace drill {

// "restarted the database (fast)". Empty for what is not worth a line (opening a view).
[[nodiscard]] std::string actionWords(const sim::Action& action,
                                      const scenario::Scenario& scenario);

}  // namespace drill
