// SPDX-License-Identifier: GPL-3.0-or-later
// The memory contexts of the server's own processes: checkpointer, launchers and the like. From
// dumps of a PostgreSQL 15.18.
#pragma once

#include <string_view>
#include <vector>

#include "console/sql/tables/memory_contexts.h"

namespace console {

// process: as pg_stat_activity names it. written: it has written pages of relations since it
// started. Empty: no such process, or the server knows no contexts of it.
[[nodiscard]] std::vector<MemoryContextLine> auxiliaryContexts(std::string_view process,
                                                               bool written);

}  // namespace console
