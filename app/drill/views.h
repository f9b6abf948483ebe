// SPDX-License-Identifier: GPL-3.0-or-later
// What a trainee sees on the pages beside the terminal, as text: alerts, configuration history,
// status page. Used for evidence; the window draws the same facts itself.
#pragma once

#include <string>

#include "base/result.h"
#include "drill/observation.h"

namespace drill {

[[nodiscard]] std::string alertsText(const sim::World& world, const sim::Telemetry& telemetry);
// As `git log -p` of the configuration repository shows it, newest first.
[[nodiscard]] std::string changesText(const sim::World& world);
[[nodiscard]] std::string statusText(const sim::World& world);

// The observation that a Verb::Look makes, without number and clues. Targets: "log:<source>",
// "chart:<metric>", "file:<path>", "alerts", "changes", "status"; fields from and to in
// milliseconds, the last 30 minutes when absent. Error "bad-look".
[[nodiscard]] base::Result<Observation> lookAt(const sim::Action& action, const sim::World& world,
                                               const sim::Telemetry& telemetry);

}  // namespace drill
