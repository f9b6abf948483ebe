// SPDX-License-Identifier: GPL-3.0-or-later
// What a starting postmaster does between reading its settings and accepting connections: preload
// libraries, the shared memory segment, sockets. Each step may be the last. Texts and their order
// are those of recorded starts of 15.18 (tests/fidelity/start-cases.jsonl).
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
// "starting PostgreSQL", one line for each address and socket; ends with the refusal, if any.
struct Listening {
  std::vector<ServerMessage> log;
  bool ok = true;
};
[[nodiscard]] Listening openSockets(const ServerSettings& settings);

// Bytes of the huge page size the settings ask for: huge_page_size, or the kernel's 2 MiB.
[[nodiscard]] std::int64_t hugePageBytes(const ServerSettings& settings);

}  // namespace sim
