// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/tuplesort.h"

#include <algorithm>

#include "sim/execution/allocation.h"

namespace sim {
namespace {

constexpr std::int64_t kSortTuple = 24;                  // sizeof(SortTuple)
constexpr std::int64_t kFirstSlots = 1024;               // INITIAL_MEMTUPSIZE
constexpr std::int64_t kMergeBuffer = 32 * kBlockBytes;  // MERGE_BUFFER_SIZE
constexpr std::int64_t kTapePayload = kBlockBytes - 16;
constexpr std::int64_t kRunEnd = 4;
constexpr std::int64_t kUntransmitted = 10;  // MINIMAL_TUPLE_DATA_OFFSET
constexpr std::int64_t kMostRuns = 200'000;  // beyond this runs are counted in bundles

std::int64_t arraySpace(std::int64_t slots) {
  return maxAlign(slots * kSortTuple) + 16;
}

// Bytes of the runs on each tape.
using Tape = std::vector<std::int64_t>;

std::int64_t tapeBlocks(const Tape& tape) {
  std::int64_t bytes = 0;
  for (const std::int64_t run : tape) bytes += run;
  return divideUp(bytes, kTapePayload);
}

std::int64_t allBlocks(const std::vector<Tape>& tapes) {
  std::int64_t blocks = 0;
  for (const Tape& tape : tapes) blocks += tapeBlocks(tape);
  return blocks;
}

std::size_t allRuns(const std::vector<Tape>& tapes) {
  std::size_t runs = 0;
  for (const Tape& tape : tapes) runs += tape.size();
  return runs;
}

// One balanced pass: the n-th runs of all tapes become one, laid out round robin.
std::vector<Tape> mergePass(const std::vector<Tape>& tapes, std::size_t order) {
  std::vector<Tape> result(std::min(order, tapes[0].size()));
  for (std::size_t k = 0; k < tapes[0].size(); ++k) {
    std::int64_t bytes = kRunEnd;
    for (const Tape& tape : tapes) {
      if (k < tape.size()) bytes += tape[k] - kRunEnd;
    }
    result[k % result.size()].push_back(bytes);
  }
  return result;
}

void mergeTapes(SortCost& cost, std::int64_t firstRun, std::int64_t laterRun, std::int64_t rows,
                std::int64_t tupleOnTape, std::int64_t order) {
  const std::int64_t rest = std::max<std::int64_t>(rows - firstRun, 0);
  cost.runs = 1 + divideUp(rest, laterRun);
  // A bundle stands for several runs that lie behind one another on a tape.
  const std::int64_t bundle = divideUp(cost.runs, kMostRuns);
  std::vector<Tape> tapes(static_cast<std::size_t>(std::min(order, cost.runs)));
  std::int64_t left = rows;
  for (std::int64_t run = 0; left > 0; ++run) {
    const std::int64_t taken = std::min(left, run == 0 ? firstRun : laterRun * bundle);
    left -= taken;
    tapes[static_cast<std::size_t>(run) % tapes.size()].push_back(taken * tupleOnTape + kRunEnd);
  }
  const std::int64_t data = allBlocks(tapes);
  // Whenever a run begins on another tape, the block the last one had reserved is filled with
  // zeros first: the file has no holes (ltsWriteBlock).
  cost.buildBlocksWritten = data + (tapes.size() > 1 ? cost.runs - 1 : 0);
  cost.blocksWritten = cost.buildBlocksWritten;
  cost.fileBlocks = data;
  if (cost.runs == 1) {
    cost.method = SortMethod::ExternalSort;
    cost.blocksRead = data;
    return;
  }
  cost.method = SortMethod::ExternalMerge;
  while (allRuns(tapes) > tapes.size()) {
    cost.blocksRead += allBlocks(tapes);
    tapes = mergePass(tapes, static_cast<std::size_t>(order));
    cost.blocksWritten += allBlocks(tapes);
    ++cost.passes;
  }
  cost.blocksRead += allBlocks(tapes);
}

std::int64_t chunkOf(const SortInput& input) {
  if (input.datum) return 0;
  return input.bound >= 0 ? allocSetChunk(input.tupleBytes) : generationChunk(input.tupleBytes);
}

// A heap of the best: those bound tuples, and at most as many again before it is made.
SortCost boundedSort(const SortInput& input) {
  SortCost cost;
  cost.method = SortMethod::TopNHeapsort;
  const std::int64_t chunk = chunkOf(input);
  const std::int64_t slots =
      std::max(kFirstSlots, nextPowerOfTwo(std::min(2 * input.bound + 1, input.rows) + 1));
  const std::int64_t held = std::min(input.bound, input.rows);
  cost.spaceKb = divideUp(arraySpace(slots) + held * chunk, 1024);
  cost.peakBytes = arraySpace(slots) + std::min(2 * input.bound + 1, input.rows) * chunk;
  return cost;
}

}  // namespace

std::int64_t mergeOrder(std::int64_t memoryBytes) {
  constexpr std::int64_t kLeast = 6, kMost = 500;
  return std::clamp(memoryBytes / (2 * kBlockBytes + kMergeBuffer), kLeast, kMost);
}

SortArray fillSortArray(std::int64_t rows, std::int64_t memoryBytes, std::int64_t chunkBytes) {
  SortArray array;
  array.slots = kFirstSlots;
  array.available = memoryBytes - arraySpace(array.slots);
  bool growing = true;
  while (array.rows < rows) {
    // Tuples that go in before the array must grow, or memory is used up by the last of them.
    const std::int64_t fitting = chunkBytes > 0 ? array.available / chunkBytes : rows;
    const std::int64_t lacking = array.available < 0 ? 1 : fitting + 1;
    const std::int64_t slotsLeft =
        growing ? array.slots - 1 - array.rows : array.slots - array.rows;
    const std::int64_t step = std::min({lacking, slotsLeft, rows - array.rows});
    array.rows += step;
    array.available -= step * chunkBytes;
    if (array.available < 0 || array.rows >= array.slots) {
      array.full = true;
      return array;
    }
    if (!growing || array.rows < array.slots - 1) continue;
    const std::int64_t used = memoryBytes - array.available;
    std::int64_t wanted = array.slots * 2;
    if (used > array.available) {
      wanted =
          static_cast<std::int64_t>(static_cast<double>(array.slots) *
                                    (static_cast<double>(memoryBytes) / static_cast<double>(used)));
      growing = false;
    }
    if (wanted <= array.slots || array.available < (wanted - array.slots) * kSortTuple) {
      growing = false;
      continue;
    }
    array.available -= arraySpace(wanted) - arraySpace(array.slots);
    array.slots = wanted;
    array.grown.push_back(wanted * kSortTuple);
  }
  return array;
}

SortCost sortCost(const SortInput& input) {
  const std::int64_t memory = std::max<std::int64_t>(input.memoryBytes, 64 * 1024);
  const std::int64_t chunk = chunkOf(input);
  const SortArray array = fillSortArray(input.rows, memory, chunk);
  SortCost cost;
  cost.arrayBytes = arraySpace(array.slots);
  if (input.bound >= 0 && input.rows > input.bound) {
    const bool soon = array.rows > 2 * input.bound || (array.rows > input.bound && array.full);
    if (soon) return boundedSort(input);
  }
  if (!array.full) {
    cost.spaceKb = divideUp(memory - array.available, 1024);
    cost.peakBytes = memory - array.available;
    return cost;
  }
  cost.firstFileRow = array.rows;
  cost.peakBytes = memory;
  const std::int64_t order = mergeOrder(memory);
  const std::int64_t space = arraySpace(array.slots);
  std::int64_t available = memory - space;
  if (order * kBlockBytes + space < memory) available -= order * kBlockBytes;
  const std::int64_t fitting = chunk > 0 ? available / chunk + 1 : array.slots;
  const std::int64_t later = std::clamp<std::int64_t>(fitting, 1, array.slots);
  constexpr std::int64_t kLength = 4, kDatum = 8;
  const std::int64_t onTape = input.datum   ? kDatum + kLength
                              : input.index ? input.tupleBytes + kLength
                                            : input.tupleBytes - kUntransmitted + kLength;
  mergeTapes(cost, array.rows, later, input.rows, onTape, order);
  cost.spaceKb = cost.fileBlocks * (kBlockBytes / 1024);
  return cost;
}

const char* sortMethodName(SortMethod method) {
  constexpr const char* kNames[] = {"quicksort", "top-N heapsort", "external sort",
                                    "external merge"};
  return kNames[static_cast<std::size_t>(method)];
}

}  // namespace sim
