// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/memory_demand.h"

#include <algorithm>

#include "sim/execution/allocation.h"

namespace console {
namespace {

constexpr std::int64_t kLargestBlock = 8 << 20;
constexpr std::int64_t kSortTuple = 24;

}  // namespace

std::string contextLine(const std::string& name, std::int64_t total, std::int64_t blocks,
                        std::int64_t free, std::int64_t chunks) {
  return name + ": " + std::to_string(total) + " total in " + std::to_string(blocks) + " blocks; " +
         std::to_string(free) + " free (" + std::to_string(chunks) + " chunks); " +
         std::to_string(total - free) + " used";
}

sim::SortInput sortInput(const std::vector<sim::RelationColumn>& columns) {
  sim::SortInput input;
  input.tupleBytes = sim::minimalTupleBytes(columns);
  const int length = columns.size() == 1 ? sim::typeLayout(columns[0].type).length : -1;
  input.datum = length > 0 && length <= 8;  // passed by value
  return input;
}

std::optional<MemoryLack> sortDemand(const sim::SortInput& input, std::int64_t left) {
  if (left < 0 || input.datum) return std::nullopt;
  const std::int64_t chunk = sim::generationChunk(input.tupleBytes);
  const std::int64_t memory = std::max<std::int64_t>(input.memoryBytes, 64 * 1024);
  sim::GrowingBlocks blocks(kLargestBlock);
  std::int64_t slots = 1024, rows = 0;
  const auto lack = [&](std::int64_t request, const std::string& context) {
    MemoryLack found{request, context, {}};
    const std::int64_t array = slots * kSortTuple + 56;
    found.contexts = {
        contextLine("TupleSort main", 8192 + array, 2, 4456, 7),
        "  " + contextLine("TupleSort sort", 8192, 1, 7928, 0),
        "    Caller tuples: " + std::to_string(blocks.allocated()) + " total in " +
            std::to_string(blocks.blocks()) + " blocks (" + std::to_string(rows) + " chunks); " +
            std::to_string(blocks.room(chunk) * chunk) + " free (0 chunks); " +
            std::to_string(blocks.allocated() - blocks.room(chunk) * chunk) + " used"};
    return found;
  };
  const sim::SortArray filled = sim::fillSortArray(input.rows, memory, chunk);
  std::size_t growth = 0;
  while (rows < filled.rows) {
    const std::int64_t grows = growth < filled.grown.size() ? slots - 1 : filled.rows;
    const std::int64_t step =
        std::max<std::int64_t>(1, std::min({blocks.room(chunk), grows - rows, filled.rows - rows}));
    if (blocks.room(chunk) == 0) {
      const std::int64_t next = blocks.nextBlock();
      if (blocks.allocated() + next + slots * kSortTuple > left) {
        return lack(input.tupleBytes, "Caller tuples");
      }
      blocks.add(chunk);
    } else {
      blocks.take(step, chunk);
    }
    rows += step;
    if (growth < filled.grown.size() && rows >= slots - 1) {
      const std::int64_t request = filled.grown[growth++];
      if (blocks.allocated() + request > left) return lack(request, "TupleSort main");
      slots = request / kSortTuple;
    }
  }
  return std::nullopt;
}

std::int64_t aggregateMapped(const sim::HashAggregateCost& cost) {
  // MODEL: the heap keeps about twice the final table of what a growing hash table left behind;
  // from a query with three aggregates under an address space limit.
  const std::int64_t table =
      cost.peakBytes > cost.memoryPeak ? 3 * cost.tableBytes : cost.tableBytes;
  return table + cost.groupBytes;
}

std::optional<MemoryLack> aggregateDemand(const sim::HashAggregateInput& input,
                                          const sim::HashAggregateCost& cost, std::int64_t left) {
  if (left < 0 || aggregateMapped(cost) <= left) return std::nullopt;
  MemoryLack lack;
  // The table alone, when it is larger than what is left; otherwise a block of groups.
  const std::int64_t table = cost.tableBytes * 3 / 2;
  const std::int64_t groupsRoom = left - table;
  const std::int64_t groups =
      std::clamp<std::int64_t>(groupsRoom / kLargestBlock * kLargestBlock, 8192,
                               std::max<std::int64_t>(cost.groupBytes, 8192));
  if (groupsRoom <= 0) {
    lack.request = std::max<std::int64_t>(cost.tableBytes - 2 * 8192 - 56, 24);
    lack.context = "HashAgg meta context";
  } else {
    lack.request = input.groupTupleBytes;
    lack.context = "ExprContext";
  }
  lack.contexts = {contextLine("HashAgg meta context",
                               std::max<std::int64_t>(cost.tableBytes - 8192, 8192), 2, 5008, 1),
                   "  " + contextLine("ExprContext", 8192, 1, 7928, 0),
                   contextLine("ExprContext", groupsRoom > 0 ? groups : 8192,
                               groupsRoom > 0 ? 10 + groups / kLargestBlock : 1, 7928, 11)};
  return lack;
}

std::optional<MemoryLack> joinDemand(const sim::HashJoinCost& cost, std::int64_t left) {
  if (left < 0 || cost.peakBytes <= left) return std::nullopt;
  constexpr std::int64_t kChunk = 32 * 1024 + 32;  // HASH_CHUNK_SIZE with its header
  MemoryLack lack;
  lack.request = cost.buckets * 8 > left ? cost.buckets * 8 : kChunk;
  lack.context = "HashBatchContext";
  const std::int64_t held = std::max<std::int64_t>(8192, left / kChunk * kChunk);
  lack.contexts = {contextLine("HashTableContext", 8192, 1, 7720, 0),
                   "  " + contextLine("HashBatchContext", held, 2 + held / kChunk, 7928, 0)};
  return lack;
}

}  // namespace console
