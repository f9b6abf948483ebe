// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel sees of the host when memory has run out: the figures of its report and a row of
// its task table for every process of the server. kB throughout. The rows add up: their private
// memory is the report's anonymous memory, their page tables are its page tables.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/log_shapes.h"
#include "sim/server.h"
#include "sim/server_backends.h"

namespace sim {

[[nodiscard]] OomReport oomReport(const ServerContext& context, const OomVictim& victim);
// In the order of their pids.
[[nodiscard]] std::vector<OomTask> oomTasks(const ServerContext& context, const OomReport& report);

}  // namespace sim
