// SPDX-License-Identifier: GPL-3.0-or-later
// How the time of a run grows with its duration and with the number of visitors.
#pragma once

#include "engine.h"

namespace bench {

// Each prints its table; false when something does not work.
[[nodiscard]] bool growthWithDuration(const sim::World& opened, const Options& options);
// spread: the same requests a second come from all of them, as the pause between visits is longer;
// otherwise each is as busy as ever, and the host is not larger.
[[nodiscard]] bool growthWithClients(const scenario::Scenario& scenario, bool spread,
                                     const Options& options);

}  // namespace bench
