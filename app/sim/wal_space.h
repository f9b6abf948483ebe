// SPDX-License-Identifier: GPL-3.0-or-later
// Room for WAL: the segment files there are, how many more the file system of pg_wal holds, and
// what becomes of a server that needs another one and cannot make it (XLogFileInit and
// PreallocXlogFiles, xlog.c of 15). Only file systems in memory have a size here (Host::tmpfs);
// nothing else lies on that of pg_wal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/server.h"

namespace sim {

// Numbers of segments: those of the last checkpoint's redo point (while one is under way, of the
// one before) to the last one made or kept for later use.
struct WalFiles {
  std::int64_t oldest = 0, highest = 0;
};
[[nodiscard]] WalFiles walFiles(const Postgres& server);
// The LSN up to which WAL can be written; nothing: as far as anybody wants.
[[nodiscard]] std::optional<double> walEnd(const ServerContext& context);
// Makes the next segment when the last one is three quarters full and has none behind it. The file
// that could not be written, or nothing; made: whether there is a new one.
[[nodiscard]] std::optional<std::string> makeNextSegment(const ServerContext& context,
                                                         std::uint32_t pid, bool& made);
// A process could not make the segment it has to write to: it panics, and the server crashes. pid:
// a session; 0: whoever is writing.
void panicWithoutWal(ServerContext& context, std::uint32_t pid);
// What a process says of the segment it could not make: "could not write to file ...".
[[nodiscard]] std::string segmentFailure(std::uint32_t pid);

}  // namespace sim
