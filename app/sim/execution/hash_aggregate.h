// SPDX-License-Identifier: GPL-3.0-or-later
// What a hash aggregate costs: memory, batches, and the blocks of its temporary file. Follows
// nodeAgg.c, simplehash.h and logtape.c of PostgreSQL 15, one batch after the other.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/execution/simple_hash.h"

namespace sim {

struct HashAggregateInput {
  std::int64_t rows = 0, groups = 0;  // that really come
  double plannedGroups = 0;           // that the planner expected
  std::int64_t tupleWidth = 0;        // the planner's width of the input
  std::int64_t groupTupleBytes = 0;   // t_len of the grouping columns' minimal tuple
  std::int64_t inputTupleBytes = 0;   // t_len of a spilled input tuple
  std::int64_t transitions = 0;       // transition values kept for each group
  std::int64_t transitionSpace = 0;   // bytes the planner reckons for those passed by reference
  std::int64_t transitionChunks = 0;  // bytes they take, with their headers
  std::int64_t workMemBytes = 0, hashMemoryBytes = 0;
  std::optional<WholeKeys> keys;  // of the groups as they come, where that is known
  std::uint64_t seed = 1;
};

struct HashAggregateCost {
  std::int64_t batches = 1;
  std::int64_t memoryPeak = 0;  // bytes, as EXPLAIN reports it
  std::int64_t peakBytes = 0;   // private memory
  std::int64_t firstFileRow = -1;
  std::int64_t blocksRead = 0, blocksWritten = 0, fileBlocks = 0;
  // Of the memory in the end: the hash table and the groups (for memory context reports).
  std::int64_t tableBytes = 0, groupBytes = 0, groupBlocks = 0;
};
[[nodiscard]] HashAggregateCost hashAggregateCost(const HashAggregateInput& input);

// Bytes the planner reckons for one group (hash_agg_entry_size).
[[nodiscard]] double hashEntryBytes(std::int64_t transitions, std::int64_t tupleWidth,
                                    std::int64_t transitionSpace);
// Partitions a spilling aggregate opens, and the memory it then keeps to (hash_agg_set_limits).
struct HashAggregateLimits {
  std::int64_t memory = 0, groups = 0, partitions = 0;
};
[[nodiscard]] HashAggregateLimits hashAggregateLimits(double entryBytes, double groups,
                                                      int usedBits, std::int64_t hashMemoryBytes);
[[nodiscard]] std::int64_t choosePartitions(double groups, double entryBytes, int usedBits,
                                            std::int64_t hashMemoryBytes);

}  // namespace sim
