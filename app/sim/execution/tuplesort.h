// SPDX-License-Identifier: GPL-3.0-or-later
// What a sort costs: memory, method, runs, tapes, merge passes and the blocks of its temporary
// file. Follows tuplesort.c and logtape.c of PostgreSQL 15; all sizes are exact for tuples of equal
// width.
#pragma once

#include <cstdint>
#include <vector>

namespace sim {

enum class SortMethod : std::uint8_t { Quicksort, TopNHeapsort, ExternalSort, ExternalMerge };

struct SortInput {
  std::int64_t rows = 0;
  std::int64_t tupleBytes = 0;  // t_len of the minimal tuple, or size of the index tuple
  std::int64_t memoryBytes = 64 * 1024;
  std::int64_t bound = -1;  // LIMIT + OFFSET; -1: none
  bool index = false;       // index tuples: CREATE INDEX
  bool datum = false;       // one column that is passed by value: no tuples (tuplesort_begin_datum)
};

struct SortCost {
  SortMethod method = SortMethod::Quicksort;
  std::int64_t spaceKb = 0;  // what EXPLAIN shows: memory or disk
  std::int64_t runs = 0, passes = 0;
  std::int64_t firstFileRow = -1;  // rows taken in when the temporary file came to be
  std::int64_t blocksRead = 0, blocksWritten = 0, fileBlocks = 0;
  std::int64_t buildBlocksWritten = 0;  // before the first merge pass
  std::int64_t arrayBytes = 0;          // of the array of sort tuples when memory ran out
  std::int64_t peakBytes = 0;
  [[nodiscard]] bool onDisk() const { return fileBlocks > 0; }
};
[[nodiscard]] SortCost sortCost(const SortInput& input);

// "quicksort", "top-N heapsort", "external sort", "external merge".
[[nodiscard]] const char* sortMethodName(SortMethod method);
// Tapes one merge can read at once with so much memory (tuplesort_merge_order).
[[nodiscard]] std::int64_t mergeOrder(std::int64_t memoryBytes);

// The sizes an array of sort tuples grows through for so many rows, and where memory ends.
struct SortArray {
  std::int64_t rows = 0;   // held when it ended
  std::int64_t slots = 0;  // of the array
  std::int64_t available = 0;
  bool full = false;                // memory ended before the rows did
  std::vector<std::int64_t> grown;  // bytes asked for at each growth
};
[[nodiscard]] SortArray fillSortArray(std::int64_t rows, std::int64_t memoryBytes,
                                      std::int64_t chunkBytes);

}  // namespace sim
