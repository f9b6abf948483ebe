// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences for people about what is in a run: journal entries, alerts, persons. Never says
// anything that only the ground truth knows.
#pragma once

#include <QString>

#include "drill/run.h"

namespace models {

// "Ines, database team" for a person id, "you" for the trainee, the id itself for others.
[[nodiscard]] QString personText(const sim::WorldSpec& spec, const std::string& who);
// "Acknowledged WebsiteLatencyHigh", "Typed: free -m".
[[nodiscard]] QString actionText(const sim::WorldSpec& spec, const sim::Action& action);
// "PostgresDown is firing".
[[nodiscard]] QString alertText(const sim::WorldSpec& spec, const sim::AlertEvent& event);
[[nodiscard]] QString modeText(drill::Mode mode);
// "chart:node_memory_PageTables_bytes" -> "chart node_memory_PageTables_bytes".
[[nodiscard]] QString viewText(const std::string& target);

// A message that an alert's change of state has caused.
[[nodiscard]] bool fromMonitoring(const sim::Notification& said);
// What somebody said. Monitoring's messages name their alert.
[[nodiscard]] QString messageText(const sim::Notification& said);

}  // namespace models
