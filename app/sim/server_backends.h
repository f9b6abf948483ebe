// SPDX-License-Identifier: GPL-3.0-or-later
// Backends by application host: who connects, what each has touched, what memory they claim, and
// which of them the OOM killer would take.
#pragma once

#include <cstdint>
#include <string>

#include "sim/memory_settlement.h"
#include "sim/server.h"

namespace sim {

// Connections follow the application hosts in service, within the server's slots. Returns how many
// attempts were refused for lack of a slot.
std::int32_t connectHosts(ServerContext& context, std::int32_t hosts, double seconds);
void disconnectAll(Postgres& server);
// Counts page accesses: references in this tick, spread over all backends.
void addReferences(Postgres& server, double references);

// Anonymous and shared memory and page tables that the server holds now; active: backends
// executing.
[[nodiscard]] MemoryClaim serverClaim(const Model& model, const Postgres& server, double active);

// The process Linux would kill: largest of rss (shared pages it touched included) + page tables.
struct OomVictim {
  std::uint32_t pid = 0;
  std::int64_t anonKb = 0, shmemKb = 0, fileKb = 0, pageTableKb = 0, totalVmKb = 0;
  std::string statement;
};
[[nodiscard]] OomVictim chooseVictim(const ServerContext& context);
// Backend number index (0-based over all cohorts) -> pid; 0 when there is none.
[[nodiscard]] std::uint32_t backendPid(const Postgres& server, std::int32_t index);
// What a backend is running or has run last, from the query mix.
[[nodiscard]] const std::string& statementOf(const WorldSpec& spec, std::uint64_t seed,
                                             std::int64_t tick, std::uint32_t pid);

}  // namespace sim
