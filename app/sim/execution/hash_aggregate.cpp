// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/hash_aggregate.h"

#include <algorithm>
#include <vector>

#include "base/portable_math.h"
#include "base/random.h"
#include "sim/execution/allocation.h"
#include "sim/execution/logical_tapes.h"

namespace sim {
namespace {

constexpr std::int64_t kTableEntry = 24;  // sizeof(TupleHashEntryData)
constexpr std::int64_t kMinimalHeader = 16;
constexpr std::int64_t kChunkHeader = 16;
constexpr std::int64_t kHashOnTape = 4;
constexpr std::int64_t kContexts = 2 * kBlockBytes;  // the meta context and its child
constexpr double kPartitionFactor = 1.5;             // HASHAGG_PARTITION_FACTOR
constexpr double kMemoryGuard = 1e15;

int bitsFor(std::int64_t partitions) {
  int bits = 0;
  while ((std::int64_t{1} << bits) < partitions) ++bits;
  return bits;
}

// The hash table of one aggregate, filled anew for each batch.
class Table {
 public:
  Table(const HashAggregateInput& input, std::int64_t wanted) : m_keys(input.keys), m_blocks(0) {
    m_slots = nextPowerOfTwo(std::max<std::int64_t>(2, wanted * 10 / 9 + 1));
    m_chunk = allocSetChunk(input.groupTupleBytes);
    if (input.transitions > 0) m_chunk += allocSetChunk(16 * input.transitions);
    m_chunk += input.transitionChunks;
    m_largest = workContextLargestBlock(input.workMemBytes);
    m_blocks = GrowingBlocks(m_largest);
  }

  // Takes in groups until all are there or a limit is passed; true: it was passed.
  bool fill(std::int64_t groups, const HashAggregateLimits& limits) {
    m_blocks = GrowingBlocks(m_largest);
    m_groups = 0;
    const std::int64_t most = std::min(groups, limits.groups + 1);
    std::int64_t growth = growthAt(most);
    while (m_groups < groups) {
      std::int64_t step = std::min({groups - m_groups, growth - m_groups,
                                    limits.groups + 1 - m_groups, m_blocks.room(m_chunk)});
      if (step <= 0) {
        m_blocks.add(m_chunk);
        step = 1;
      } else {
        m_blocks.take(step, m_chunk);
      }
      m_groups += step;
      if (m_groups >= growth) {
        m_abandoned += metaBytes() - kContexts;
        m_slots *= 2;
        growth = growthAt(most);
      }
      if (metaBytes() + m_blocks.allocated() > limits.memory || m_groups > limits.groups) {
        break;
      }
    }
    // The keys of a batch are a part of them that hashes have chosen.
    m_keys.reset();
    return m_groups < groups;
  }

  [[nodiscard]] std::int64_t groups() const { return m_groups; }
  [[nodiscard]] std::int64_t metaBytes() const {
    const std::int64_t array = m_slots * kTableEntry;
    return kContexts + (array > 8192 ? array + 56 : 0);
  }
  [[nodiscard]] std::int64_t groupBytes() const { return m_blocks.allocated(); }
  [[nodiscard]] std::int64_t groupBlocks() const { return m_blocks.blocks(); }
  [[nodiscard]] std::int64_t abandoned() const { return m_abandoned; }

 private:
  // The table doubles before it takes in the next one.
  [[nodiscard]] std::int64_t growthAt(std::int64_t most) const {
    const std::int64_t members = simpleHashGrowth(m_slots, most, m_keys);
    return members < most ? members : most + 1;
  }

  std::optional<WholeKeys> m_keys;
  std::int64_t m_slots = 2, m_chunk = 0, m_largest = kBlockBytes, m_groups = 0, m_abandoned = 0;
  GrowingBlocks m_blocks;
};

struct Batch {
  std::int64_t rows = 0, groups = 0;
  double cardinality = 0;  // what HyperLogLog took the groups for
  int usedBits = 0;
  LogicalTapes::Tape tape;
};

class Aggregation {
 public:
  explicit Aggregation(const HashAggregateInput& input)
      : m_input(input),
        m_entry(hashEntryBytes(0, input.tupleWidth, input.transitionSpace)),
        m_table(input, firstSlots(input)) {
    constexpr std::int64_t kExactRows = 4'000'000;
    m_scale = std::max<std::int64_t>(1, divideUp(input.rows, kExactRows));
  }

  HashAggregateCost run() {
    const HashAggregateLimits limits =
        hashAggregateLimits(m_entry, m_input.plannedGroups, 0, m_input.hashMemoryBytes);
    process({m_input.rows, m_input.groups, m_input.plannedGroups, 0, {}}, limits, false);
    while (!m_batches.empty()) {
      Batch batch = std::move(m_batches.back());
      m_batches.pop_back();
      ++m_cost.batches;
      m_tapes.read(batch.tape);
      process(
          batch,
          hashAggregateLimits(m_entry, batch.cardinality, batch.usedBits, m_input.hashMemoryBytes),
          true);
    }
    m_cost.blocksRead = m_tapes.blocksRead() * m_scale;
    m_cost.blocksWritten = m_tapes.blocksWritten() * m_scale;
    m_cost.fileBlocks = m_tapes.fileBlocks() * m_scale;
    m_cost.peakBytes = m_cost.memoryPeak + m_table.abandoned();
    return m_cost;
  }

 private:
  static std::int64_t firstSlots(const HashAggregateInput& input) {
    const double entry = hashEntryBytes(0, input.tupleWidth, input.transitionSpace);
    const auto limits = hashAggregateLimits(entry, input.plannedGroups, 0, input.hashMemoryBytes);
    const auto most = static_cast<std::int64_t>(static_cast<double>(limits.memory) / entry) / 2;
    return std::max<std::int64_t>(
        1, std::min(static_cast<std::int64_t>(std::min(input.plannedGroups, 1e12)), most));
  }

  void process(const Batch& batch, const HashAggregateLimits& limits, bool fromTape) {
    const bool spilled = m_table.fill(batch.groups, limits);
    std::int64_t partitions = 0;
    if (spilled) {
      partitions =
          choosePartitions(batch.cardinality, m_entry, batch.usedBits, m_input.hashMemoryBytes);
      spill(batch, partitions);
    }
    const std::int64_t buffers = (partitions + (fromTape ? 1 : 0)) * kBlockBytes;
    const std::int64_t total = m_table.metaBytes() + m_table.groupBytes() + buffers;
    if (total > m_cost.memoryPeak) {
      m_cost.memoryPeak = total;
      m_cost.tableBytes = m_table.metaBytes();
      m_cost.groupBytes = m_table.groupBytes();
      m_cost.groupBlocks = m_table.groupBlocks();
    }
    if (m_table.groups() > 0) {
      m_entry = static_cast<double>(kTableEntry) +
                static_cast<double>(m_table.groupBytes()) / static_cast<double>(m_table.groups());
    }
  }

  void spill(const Batch& batch, std::int64_t partitions) {
    const std::int64_t leftGroups = batch.groups - m_table.groups();
    const double share = static_cast<double>(leftGroups) / static_cast<double>(batch.groups);
    // Rows read before the table was full: each new group takes longer to turn up.
    const double seen = batch.rows == batch.groups
                            ? static_cast<double>(m_table.groups())
                            : -static_cast<double>(batch.groups) * base::portableLog(share);
    if (m_cost.firstFileRow < 0) m_cost.firstFileRow = static_cast<std::int64_t>(seen);
    auto rows = static_cast<std::int64_t>(
        batch.rows == batch.groups ? static_cast<double>(batch.rows) - seen
                                   : std::max(0.0, static_cast<double>(batch.rows) - seen) * share);
    rows = std::max(rows, leftGroups);
    const std::int64_t bytes = (m_input.inputTupleBytes + kHashOnTape);
    std::vector<Batch> made(static_cast<std::size_t>(partitions));
    const int bits = batch.usedBits + bitsFor(partitions);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const auto part = static_cast<std::int64_t>(i);
      made[i].rows = rows / partitions + (part < rows % partitions ? 1 : 0);
      made[i].groups = std::min(made[i].rows,
                                leftGroups / partitions + (part < leftGroups % partitions ? 1 : 0));
      made[i].usedBits = bits;
      made[i].cardinality = std::max(1.0, static_cast<double>(made[i].groups) * (1 + guess()));
    }
    writeTapes(made, bytes);
    for (Batch& one : made) {
      if (one.rows > 0) m_batches.push_back(std::move(one));
    }
  }

  // The partitions fill side by side, a block each in turn.
  void writeTapes(std::vector<Batch>& made, std::int64_t bytes) {
    const std::int64_t chunk = (kBlockBytes - 16) * m_scale;
    bool more = true;
    for (std::int64_t round = 0; more; ++round) {
      more = false;
      for (Batch& one : made) {
        const std::int64_t left = one.rows * bytes - round * chunk;
        if (left <= 0) continue;
        m_tapes.write(one.tape, divideUp(std::min(left, chunk), m_scale));
        more = more || left > chunk;
      }
    }
    for (Batch& one : made) m_tapes.rewind(one.tape);
  }

  // HyperLogLog with 32 registers errs by 1.04 / sqrt(32) of the count.
  double guess() {
    constexpr double kDeviation = 0.184;
    double sum = -6;
    for (std::uint32_t k = 0; k < 12; ++k) {
      sum += base::uniform(m_input.seed, base::Stream::Queries, m_draw, k);
    }
    ++m_draw;
    return std::max(-0.8, kDeviation * sum);
  }

  const HashAggregateInput& m_input;
  double m_entry;
  Table m_table;
  LogicalTapes m_tapes;
  std::vector<Batch> m_batches;
  HashAggregateCost m_cost;
  std::int64_t m_scale = 1, m_draw = 0;
};

}  // namespace

double hashEntryBytes(std::int64_t transitions, std::int64_t tupleWidth,
                      std::int64_t transitionSpace) {
  std::int64_t bytes = kTableEntry + kChunkHeader + kMinimalHeader + tupleWidth;
  if (transitions > 0) bytes += kChunkHeader + 16 * transitions;
  if (transitionSpace > 0) bytes += kChunkHeader + transitionSpace;
  return static_cast<double>(bytes);
}

std::int64_t choosePartitions(double groups, double entryBytes, int usedBits,
                              std::int64_t hashMemoryBytes) {
  constexpr double kLeast = 4, kMost = 1024;
  const double limit = (static_cast<double>(hashMemoryBytes) * 0.25 - kBlockBytes) / kBlockBytes;
  const double memory = std::min(kPartitionFactor * groups * entryBytes, kMemoryGuard);
  double wanted = 1 + memory / static_cast<double>(hashMemoryBytes);
  wanted = std::min({std::max(std::min(wanted, limit), kLeast), kMost});
  int bits = bitsFor(static_cast<std::int64_t>(wanted));
  if (bits + usedBits >= 32) bits = 32 - usedBits;
  return std::int64_t{1} << std::max(bits, 0);
}

HashAggregateLimits hashAggregateLimits(double entryBytes, double groups, int usedBits,
                                        std::int64_t hashMemoryBytes) {
  HashAggregateLimits limits;
  limits.memory = hashMemoryBytes;
  if (groups * entryBytes > static_cast<double>(hashMemoryBytes)) {
    limits.partitions = choosePartitions(groups, entryBytes, usedBits, hashMemoryBytes);
    const std::int64_t buffers = kBlockBytes * (1 + limits.partitions);
    limits.memory =
        hashMemoryBytes > 4 * buffers ? hashMemoryBytes - buffers : hashMemoryBytes / 4 * 3;
  }
  limits.groups = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(static_cast<double>(limits.memory) / entryBytes));
  return limits;
}

HashAggregateCost hashAggregateCost(const HashAggregateInput& input) {
  // Beyond so many batches one part of the table stands for all of them.
  constexpr double kMostBatches = 50'000;
  const double entry = hashEntryBytes(0, input.tupleWidth, input.transitionSpace);
  const double batches =
      static_cast<double>(input.groups) * entry / static_cast<double>(input.hashMemoryBytes);
  const auto parts = static_cast<std::int64_t>(batches / kMostBatches) + 1;
  if (parts == 1) return Aggregation(input).run();
  HashAggregateInput part = input;
  part.rows = std::max<std::int64_t>(1, input.rows / parts);
  part.groups = std::max<std::int64_t>(1, std::min(part.rows, input.groups / parts));
  HashAggregateCost cost = Aggregation(part).run();
  cost.batches *= parts;
  cost.blocksRead *= parts;
  cost.blocksWritten *= parts;
  cost.fileBlocks *= parts;
  return cost;
}

}  // namespace sim
