// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/system/load_clients.h"

#include <algorithm>

#include "sim/client_load.h"
#include "sim/server_backends.h"
#include "sim/session_actions.h"

namespace console {

void describeLoadClient(Process& process, const sim::World& world, const sim::Session& session) {
  const sim::Postgres& server = world.postgres();
  const sim::ClientLoad* load = sim::findLoad(server, session.load);
  if (load == nullptr || load->alive == 0) return;
  constexpr std::int64_t kCodeKb = 48'000;
  const double segment = static_cast<double>(server.values.sharedMemoryBytes);
  const double pages = std::min(load->references, server.relationPages + server.poolPages);
  const double peak = load->demand.peakBytes * std::min(1.0, load->active / load->alive);
  process.anonKb = static_cast<std::int64_t>((load->backendBytes() + peak) / 1024);
  process.fileKb = static_cast<std::int64_t>(sim::backendFileBytes(load->demand.tables) / 1024);
  process.shmemKb = static_cast<std::int64_t>(pages * 8);
  process.virtualKb = server.values.sharedMemoryBytes / 1024 + kCodeKb + process.anonKb;
  process.pageTablesKb = static_cast<std::int64_t>(sim::pageTableBytes(pages, segment) / 1024);
  const bool active =
      sim::sessionState(server, session, world.seed(), world.now()) == sim::SessionState::Active;
  process.state = active ? 'R' : 'S';
  process.cpuPercent =
      active ? 100 * std::min(1.0, load->cpuBusy / std::max(load->active, 1.0)) : 0;
}

std::int64_t postmasterSharedKb(const sim::Postgres& server) {
  const std::int64_t walBuffers = server.settings.state("wal_buffers") != nullptr
                                      ? server.settings.number("wal_buffers") * 8
                                      : 0;
  const std::int64_t pool = server.values.sharedBuffersBytes / 1024;
  const std::int64_t automatic = std::clamp<std::int64_t>(pool / 32, 64, 16'384);
  // Descriptors, their locks and the lookup table: 2.2 % of the buffers (sim/server.cpp).
  return pool * 221 / 10'000 + (walBuffers > 0 ? walBuffers : automatic);
}

}  // namespace console
