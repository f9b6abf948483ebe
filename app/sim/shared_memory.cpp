// SPDX-License-Identifier: GPL-3.0-or-later
// The size of the shared segment, part by part, as PostgreSQL 15 adds it up before it starts
// (storage/ipc/ipci.c, CalculateShmemSize). Sizes of structures are those of a 64-bit build; all 92
// measured servers (tests/fidelity, c_shared_memory_size) come out to the megabyte.
#include <algorithm>

#include "sim/postgres.h"

namespace sim {
namespace {

using Bytes = std::int64_t;
constexpr Bytes kBlock = 8192;
constexpr Bytes kLine = 128;  // PG_CACHE_LINE_SIZE, and a padded lightweight lock or semaphore

Bytes aligned(Bytes bytes, Bytes to = 8) {
  return (bytes + to - 1) / to * to;
}

Bytes powerOfTwo(Bytes number) {
  Bytes power = 1;
  while (power < number) power *= 2;
  return power;
}

// hash_estimate_size: header, directory, segments of 256 buckets, entries in chunks.
Bytes hashTable(Bytes entries, Bytes entryBytes) {
  constexpr Bytes kHeader = 848, kSegment = 256, kPointer = 8, kElementHeader = 16;
  entries = std::max<Bytes>(entries, 1);
  const Bytes segments = powerOfTwo((powerOfTwo(entries) - 1) / kSegment + 1);
  const Bytes directory = std::max(kSegment, powerOfTwo(segments));
  const Bytes element = kElementHeader + aligned(entryBytes);
  Bytes chunk = 128, perChunk = 0;
  while (perChunk < 32) {
    chunk *= 2;
    perChunk = chunk / element;
  }
  return kHeader + directory * kPointer + segments * kSegment * kPointer +
         ((entries - 1) / perChunk + 1) * perChunk * element;
}

// SimpleLruShmemSize: pages with their states and locks, and LSNs of each where it has them.
Bytes simpleLru(Bytes pages, Bytes lsns = 0) {
  constexpr Bytes kControl = 80;
  return aligned(kControl + aligned(pages * 8) + aligned(pages * 4) * 3 + aligned(pages) +
                     pages * kLine + pages * lsns * 8,
                 32) +
         pages * kBlock;
}

// A setting of a catalogue that may be too small to have it (a test's).
Bytes number(const ServerSettings& s, const char* name, Bytes otherwise) {
  return s.state(name) != nullptr ? s.number(name) : otherwise;
}

Bytes bufferPool(Bytes buffers) {
  constexpr Bytes kDescriptor = 64, kCondition = 16, kSortItem = 20, kRequest = 24;
  constexpr Bytes kPartitions = 128, kLookup = 24, kStrategy = 64;
  return buffers * (kBlock + kDescriptor + kCondition + kSortItem + kRequest) + 2 * kLine +
         hashTable(buffers + kPartitions, kLookup) + kStrategy;
}

// Locks, with the tenth more that lock.c adds for safety; predicate locks and their transactions.
Bytes locks(const ServerSettings& s, Bytes holders) {
  constexpr Bytes kLock = 152, kHolder = 64, kTarget = 32, kPredicate = 56;
  constexpr Bytes kTransaction = 152, kTransactionId = 16, kConflict = 48, kHeaders = 128;
  const Bytes plain = number(s, "max_locks_per_transaction", 64) * holders;
  const Bytes predicate = number(s, "max_pred_locks_per_transaction", 64) * holders;
  const Bytes plainBytes = hashTable(plain, kLock) + hashTable(2 * plain, kHolder);
  const Bytes predicateBytes = hashTable(predicate, kTarget) + hashTable(2 * predicate, kPredicate);
  const Bytes transactions = 10 * holders;
  return plainBytes + plainBytes / 10 + predicateBytes + predicateBytes / 10 +
         transactions * (kTransaction + 5 * kConflict) + hashTable(transactions, kTransactionId) +
         kHeaders + simpleLru(16);
}

Bytes transactionLogs(Bytes buffers) {
  constexpr Bytes kLsnsPerPage = 1024;
  return simpleLru(std::clamp<Bytes>(buffers / 512, 4, 128), kLsnsPerPage) +
         simpleLru(std::clamp<Bytes>(buffers / 256, 4, 256)) +  // commit timestamps
         simpleLru(32) +                                        // subtransactions
         simpleLru(8) + simpleLru(16) +                         // multixacts
         simpleLru(8);                                          // notifications
}

}  // namespace

std::int64_t sharedMemoryBytes(const ServerSettings& s) {
  constexpr Bytes kStart = 100'000, kAuxiliary = 5, kAuxiliaryKinds = 6;
  constexpr Bytes kProcess = 1040 + 7;  // PGPROC, and its share of the dense arrays
  const Bytes buffers = s.number("shared_buffers");
  const Bytes workers = s.number("autovacuum_max_workers");
  const Bytes background = s.number("max_worker_processes");
  const Bytes senders = s.number("max_wal_senders");
  const Bytes backends = s.number("max_connections") + workers + 1 + background + senders;
  const Bytes prepared = s.number("max_prepared_transactions");
  const Bytes activity = s.number("track_activity_query_size");
  Bytes walBuffers = s.number("wal_buffers");
  if (walBuffers < 0) walBuffers = std::clamp<Bytes>(buffers / 32, 8, 2048);

  Bytes total = kStart + hashTable(64, 72) + (backends + kAuxiliary) * kLine;
  total += number(s, "min_dynamic_shared_memory", 0) * 1024 * 1024;
  total += bufferPool(buffers) + locks(s, backends + prepared) + transactionLogs(buffers);
  total += 104 + (backends + kAuxiliary + prepared) * kProcess;
  total += kBlock + walBuffers * (kBlock + 8) + 9 * kLine + 600;
  // Known assigned transactions of a standby: 65 a process, an id and a byte each; multixacts.
  total += (backends + prepared) * (65 * 5 + 4 + 8) + prepared * 264;
  // What each process reports: status, query, connection's security, names.
  total += (backends + kAuxiliaryKinds) * (activity + 432 + 324 + 66 + 64 + 64);
  // Invalidation, notification, vacuum's cycle ids, signals between processes.
  total += backends * (32 + 20 + 12) + 65'560 + (backends + kAuxiliaryKinds) * 88;
  // Statistics, then small parts with an entry for each of something.
  total += 263'312 + workers * 40 + 4880 + background * 496 + 4600 +
           number(s, "max_replication_slots", 10) * 320 + senders * 96 + 2300 + 210 * kLine;
  return aligned(total, kBlock);
}

}  // namespace sim
