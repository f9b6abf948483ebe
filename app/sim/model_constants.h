// SPDX-License-Identifier: GPL-3.0-or-later
// What the model of client sessions was calibrated with, in one place. Source, where no other is
// named: tests/fidelity/measurements.json, PostgreSQL 15.18 with pgbench on the same two shared
// cores of an AMD EPYC (section in brackets; "own" is CPU time of server and clients together).
// Machines differ: what the disk and other jobs of a host do is the host's (HostSpec).
#pragma once

namespace sim::calibration {

// CPU seconds, server and client, of a statement by a key, with nobody else about
// [e_clients_closed_loop: own/tps of select-only with one client, 96 us].
constexpr double kStatementSeconds = 100e-6;
// BEGIN, COMMIT and the like [same section: TPC-B, five statements and two of these].
constexpr double kLightStatementSeconds = 50e-6;
// What waking other processes adds to a transaction, the more the less likely a client finds its
// backend on its own core [select-only, 2 to 64 clients: 171 to 284 us].
constexpr double kSwitchSeconds = 170e-6;
// Share of that when it is other jobs that keep the cores busy [one client, other jobs on 1.53 of
// two cores: 154 us].
constexpr double kCrowdedSwitch = 0.63;
// CPU that waiting for each other's row locks costs a transaction, for one client per row
// [TPC-B, scale 50, 12 to 64 clients: 1.26 to 3.0 ms].
constexpr double kRowContentionSeconds = 1.8e-3;
// More of them than so many at each row wait without being woken in vain. MODEL.
constexpr double kMostAtARow = 1.5;
// A miss of the pool that the kernel's page cache serves: system call, copy, buffer replaced
// MODEL.
constexpr double kPageCopySeconds = 8e-6;
// A page image in the WAL, and a page written by a checkpoint [d_max_wal_size: own/tps with 10, 5
// and no checkpoints].
constexpr double kPageImageSeconds = 60e-6;
constexpr double kPageWriteSeconds = 60e-6;
// Bytes of a page image, its hole left out [d_max_wal_size: 7.57 to 7.74 kB].
constexpr double kPageImageBytes = 7650;
// Share of updates of a full table that leave their page, and so touch the index
// [d_max_wal_size: wal_fpi].
constexpr double kIndexedUpdates = 0.6;
// WAL records of an update, an insert, an index entry, a commit, bytes (access/heapam_xlog.h and
// nbtxlog.h, rounded; d_max_wal_size: 600 a transaction).
constexpr double kUpdateWalBytes = 130, kInsertWalBytes = 90, kIndexWalBytes = 64,
                 kCommitWalBytes = 46;
// Until a new connection can be used [c_connection_memory, connect_cost; MODEL: that machine was
// busy, an idle one is ten times as quick].
constexpr double kConnectSeconds = 7e-3;
// CPU of it, for clients that connect for each transaction. MODEL.
constexpr double kReconnectCpuSeconds = 2.5e-3;

// Private memory of an idle backend, and what its catalogue caches add when it touches its first
// table, then each table, and once many [c_connection_memory: Pss_Anon].
constexpr double kIdleBackendBytes = 1120 * 1024.0;
constexpr double kFirstTableBytes = 130 * 1024.0, kTableBytes = 7.5 * 1024.0,
                 kManyTablesBytes = 260 * 1024.0, kManyTables = 25;
// Pages of program and libraries a backend has mapped, and what touching tables adds
// [c_connection_memory: Rss less Pss_Anon].
constexpr double kIdleFileBytes = 13.6 * 1024 * 1024;
constexpr double kManyTablesFileBytes = 11.0 * 1024 * 1024, kTableFileBytes = 24.0 * 1024;
// Buffers that catalogues keep busy under any load [a_buffer_hit_ratio with 1 MB].
constexpr double kCataloguePages = 16;

}  // namespace sim::calibration
