// SPDX-License-Identifier: GPL-3.0-or-later
// The postmaster's dealings with the disk: what it checks, takes and leaves there when it starts,
// while it runs and when it ends. server.h has its life.
#pragma once

#include "sim/data_directory.h"
#include "sim/listening.h"
#include "sim/server.h"

namespace sim {

// Everything up to shared memory: settings, data directory, lock file, libraries. Changes settings
// only.
[[nodiscard]] StartStep prepareStart(ServerContext& context, ServerSettings& settings,
                                     const StartOptions& options, const ProcessLimits& limits);
// What every server holds in /dev/shm: the first segment of its statistics (pgstat_shmem.c,
// DSA_INITIAL_SEGMENT_SIZE) and the control segment (dsm.c: 24 bytes for each of 64 + 5 times
// MaxBackends segments). 0 where dynamic_shared_memory_type is not posix.
[[nodiscard]] std::int64_t dynamicSharedBytes(const Postgres& server);
// Another postmaster in the directory of one that runs: it never gets far, and changes nothing.
Outcome startSecond(ServerContext& context, const StartOptions& options,
                    const ProcessLimits& limits);
// Sockets, leftovers and authentication files, logged; not ok: it must end.
[[nodiscard]] Listening listen(ServerContext& context);
// What the startup process finds, logged under its pid; false: the postmaster ends with it.
[[nodiscard]] bool startupProcessWorks(ServerContext& context, std::uint32_t pid);
// pg_hba.conf and pg_ident.conf after SIGHUP.
void reloadAuthentication(ServerContext& context);
// Once a minute it looks whether the lock file is still its own (ServerLoop); false: it must stop.
[[nodiscard]] bool ownsLockFile(ServerContext& context);
// Lock files and sockets stay behind when nobody is left to remove them.
void leaveFiles(ServerContext& context);
// SIGSTOP and SIGCONT to a process of the server, and what ends one that outlived its postmaster;
// nothing: the signal is another matter.
std::optional<Outcome> holdProcess(ServerContext& context, std::int64_t pid,
                                   const std::string& signal);
// The postmaster has made its lock file anew, or removed it: what others did to it is past.
void forgetFiles(ServerContext& context);

}  // namespace sim
