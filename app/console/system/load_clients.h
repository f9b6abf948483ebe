// SPDX-License-Identifier: GPL-3.0-or-later
// The backends of client loads (sim/client_load.h) as ps and /proc show them.
#pragma once

#include <cstdint>

#include "console/system/processes.h"

namespace console {

// What a process that serves a load's client has touched, and what it is at.
void describeLoadClient(Process& process, const sim::World& world, const sim::Session& session);
// Pages of the segment, kB, that the postmaster itself touches as it makes it: descriptors of
// buffers and WAL buffers.
[[nodiscard]] std::int64_t postmasterSharedKb(const sim::Postgres& server);

}  // namespace console
