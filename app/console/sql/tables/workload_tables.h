// SPDX-License-Identifier: GPL-3.0-or-later
// The tables a scenario's workload reads, as EXPLAIN needs them: columns and sizes follow from the
// statements and the pages its query classes touch.
#pragma once

#include <string>

#include "console/shell_state.h"
#include "sim/world.h"

namespace console {

// nullptr: the workload names no such table, or the session is in another database.
[[nodiscard]] const sim::Relation* workloadTable(const sim::World& world,
                                                 const PsqlSession& session,
                                                 const std::string& name);

}  // namespace console
