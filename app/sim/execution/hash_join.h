// SPDX-License-Identifier: GPL-3.0-or-later
// What a hash join costs: buckets and batches as ExecChooseHashTableSize picks them (nodeHash.c of
// PostgreSQL 15), batches doubled while the table does not fit, temporary files of each batch.
#pragma once

#include <cstdint>
#include <vector>

namespace sim {

struct HashTableSize {
  std::int64_t buckets = 1024, batches = 1;
  std::int64_t spaceAllowed = 0;  // bytes
};
struct HashSizeInput {
  double rows = 0;
  std::int64_t tupleWidth = 0;  // the planner's average width
  std::int64_t hashMemoryBytes = 0;
  bool skew = true;          // a single-column join whose outer side is a plain column
  std::int64_t workers = 0;  // > 0: shared table of a parallel hash, with so many workers
};
[[nodiscard]] HashTableSize chooseHashTableSize(const HashSizeInput& input);

// A batch's file on either side.
struct BatchFile {
  std::int64_t batch = 0, number = 0;  // number: in the order the files are made
  std::int64_t rows = 0, bytes = 0;
};
struct HashJoinInput {
  HashTableSize size;
  std::int64_t innerRows = 0, innerTupleBytes = 0;  // t_len of the minimal tuples
  std::int64_t outerRows = 0, outerTupleBytes = 0;
  std::uint64_t seed = 1;  // which rows fall into which batch
  // Batches in the order their first inner and outer tuple comes; empty: by the seed.
  std::vector<std::int64_t> innerOrder, outerOrder;
};
struct HashJoinCost {
  std::int64_t buckets = 0, batches = 1, originalBatches = 1;
  std::int64_t spacePeak = 0;  // bytes, as EXPLAIN reports it
  std::int64_t peakBytes = 0;  // private memory, file buffers included
  std::vector<BatchFile> inner, outer;
  std::int64_t buildBlocksWritten = 0, blocksWritten = 0, blocksRead = 0;
};
[[nodiscard]] HashJoinCost hashJoinCost(const HashJoinInput& input);

// Rows of each of several equally likely parts: mean and spread of a multinomial draw.
[[nodiscard]] std::vector<std::int64_t> spreadRows(std::int64_t rows, std::int64_t parts,
                                                   std::uint64_t seed);

}  // namespace sim
