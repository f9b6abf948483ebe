// SPDX-License-Identifier: GPL-3.0-or-later
// What a starting postmaster does between reading its settings and accepting connections: preload
// libraries and the shared memory segment (sockets: listening.h). Each step may be the last. Texts
// and their order are those of recorded starts of 15.18 (tests/fidelity/start-cases.jsonl).
#pragma once

#include <string>
#include <vector>

#include "sim/server.h"

namespace sim {

// What went wrong, or nothing.
[[nodiscard]] std::optional<ServerMessage> loadLibraries(const ServerSettings& settings);
[[nodiscard]] std::optional<ServerMessage> createSharedMemory(const ServerContext& context,
                                                              const ServerSettings& settings,
                                                              const ProcessLimits& limits);
// Names between commas, blanks and double quotes removed.
[[nodiscard]] std::vector<std::string> namesIn(const std::string& list);
// Bytes of the huge page size the settings ask for: huge_page_size, or the kernel's 2 MiB.
[[nodiscard]] std::int64_t hugePageBytes(const ServerSettings& settings);

}  // namespace sim
