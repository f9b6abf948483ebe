// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/hash_join.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "sim/execution/allocation.h"

namespace sim {
namespace {

constexpr std::int64_t kTupleOverhead = 16;  // HJTUPLE_OVERHEAD
constexpr std::int64_t kPointer = 8;
constexpr std::int64_t kMinimalHeader = 16;
constexpr std::int64_t kHashOnFile = 4;
constexpr std::int64_t kMostArray = 0x3FFFFFFF;  // MaxAllocSize
constexpr std::int64_t kMostBatches = 1 << 16;
// MODEL: a batch file open for writing holds its 8 kB buffer and some bookkeeping; from the private
// memory of joins with 14 to 4094 files.
constexpr std::int64_t kFileBufferBytes = 8590;

// Irwin-Hall: twelve uniforms make a normal, without libm.
double normal(std::uint64_t seed, std::uint32_t index) {
  double sum = -6;
  for (std::uint32_t k = 0; k < 12; ++k) {
    sum += base::uniform(seed, base::Stream::Queries, index, k);
  }
  return sum;
}

// The order in which random tuples first fall into each batch: a shuffle.
std::vector<std::int64_t> shuffledBatches(std::int64_t batches, std::uint64_t seed) {
  std::vector<std::int64_t> order;
  for (std::int64_t batch = 1; batch < batches; ++batch) order.push_back(batch);
  for (std::size_t i = order.size(); i > 1; --i) {
    const auto j = base::below(i, seed, base::Stream::Queries, -2, static_cast<std::uint32_t>(i));
    std::swap(order[i - 1], order[j]);
  }
  return order;
}

std::vector<BatchFile> batchFiles(const std::vector<std::int64_t>& rows,
                                  const std::vector<std::int64_t>& order, std::int64_t tupleBytes,
                                  std::int64_t& number) {
  std::vector<BatchFile> files(rows.size());
  for (const std::int64_t batch : order) {
    BatchFile& file = files[static_cast<std::size_t>(batch)];
    file = {batch, 0, rows[static_cast<std::size_t>(batch)], 0};
    if (file.rows == 0) continue;
    file.number = number++;
    file.bytes = file.rows * (tupleBytes + kHashOnFile);
  }
  std::erase_if(files, [](const BatchFile& file) { return file.bytes == 0; });
  return files;
}

}  // namespace

HashTableSize chooseHashTableSize(const HashSizeInput& input) {
  const double rows = input.rows <= 0 ? 1000.0 : input.rows;
  const std::int64_t tuple = kTupleOverhead + kMinimalHeader + maxAlign(input.tupleWidth);
  const double innerBytes = rows * static_cast<double>(tuple);
  HashTableSize size;
  size.spaceAllowed = input.hashMemoryBytes * (1 + input.workers);
  std::int64_t bytes = size.spaceAllowed;
  if (input.skew) {
    constexpr std::int64_t kSkewBucket = 16, kSkewPercent = 2;
    const std::int64_t perValue = tuple + 8 * kPointer + 4 + kSkewBucket;
    bytes -= bytes / perValue * kSkewPercent / 100 * perValue;
  }
  std::int64_t mostPointers = previousPowerOfTwo(std::min(bytes, kMostArray) / kPointer);
  mostPointers = std::min<std::int64_t>(mostPointers, 1 << 30);
  const auto wanted =
      static_cast<std::int64_t>(std::min(std::ceil(rows), static_cast<double>(mostPointers)));
  size.buckets = nextPowerOfTwo(std::max<std::int64_t>(wanted, 1024));
  if (innerBytes + static_cast<double>(size.buckets * kPointer) <= static_cast<double>(bytes)) {
    return size;
  }
  if (input.workers > 0) {
    HashSizeInput alone = input;
    alone.workers = 0;
    return chooseHashTableSize(alone);
  }
  const std::int64_t bucketSize = tuple + kPointer;
  const std::int64_t fitting = bytes <= bucketSize ? 1 : nextPowerOfTwo(bytes / bucketSize);
  size.buckets = std::min(fitting, mostPointers);
  const double room = static_cast<double>(bytes - size.buckets * kPointer);
  const double batches = std::min(std::ceil(innerBytes / room), static_cast<double>(mostPointers));
  size.batches = nextPowerOfTwo(std::max<std::int64_t>(2, static_cast<std::int64_t>(batches)));
  return size;
}

std::vector<std::int64_t> spreadRows(std::int64_t rows, std::int64_t parts, std::uint64_t seed) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(parts));
  const double mean = static_cast<double>(rows) / static_cast<double>(parts);
  const double deviation = std::sqrt(mean * (1.0 - 1.0 / static_cast<double>(parts)));
  std::int64_t left = rows;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double value = mean + deviation * normal(seed, static_cast<std::uint32_t>(i));
    const auto whole = static_cast<std::int64_t>(std::max(value + 0.5, 0.0));
    result[i] = i + 1 == result.size() ? left : std::min(whole, left);
    left -= result[i];
  }
  return result;
}

HashJoinCost hashJoinCost(const HashJoinInput& input) {
  HashJoinCost cost;
  cost.buckets = input.size.buckets;
  cost.originalBatches = cost.batches = std::min(input.size.batches, kMostBatches);
  const std::int64_t perRow = kTupleOverhead + input.innerTupleBytes;
  const std::int64_t array = cost.buckets * kPointer;
  // The table overflows while it is built: as many batches again, until what is left fits.
  while (cost.batches < kMostBatches && input.innerRows > cost.batches &&
         input.innerRows / cost.batches * perRow + array > input.size.spaceAllowed) {
    cost.batches *= 2;
  }
  const std::vector<std::int64_t> inner = spreadRows(input.innerRows, cost.batches, input.seed);
  const std::vector<std::int64_t> outer =
      input.outerRows == input.innerRows
          ? inner
          : spreadRows(input.outerRows, cost.batches, input.seed + 1);
  const std::int64_t most = *std::max_element(inner.begin(), inner.end());
  cost.spacePeak = std::max(inner[0] * perRow + array, most * perRow);
  cost.peakBytes = most * maxAlign(perRow) + array;
  if (cost.batches == 1) return cost;
  const bool ordered = static_cast<std::int64_t>(input.innerOrder.size()) == cost.batches - 1;
  const std::vector<std::int64_t> order =
      ordered ? input.innerOrder : shuffledBatches(cost.batches, input.seed);
  const bool outerOrdered = static_cast<std::int64_t>(input.outerOrder.size()) == cost.batches - 1;
  std::int64_t number = 0;
  cost.inner = batchFiles(inner, order, input.innerTupleBytes, number);
  cost.outer =
      batchFiles(outer, outerOrdered ? input.outerOrder : order, input.outerTupleBytes, number);
  for (const BatchFile& file : cost.inner) {
    cost.buildBlocksWritten += file.bytes / kBlockBytes;
    cost.blocksWritten += divideUp(file.bytes, kBlockBytes);
  }
  for (const BatchFile& file : cost.outer) cost.blocksWritten += divideUp(file.bytes, kBlockBytes);
  cost.blocksRead = cost.blocksWritten;
  cost.peakBytes +=
      static_cast<std::int64_t>(cost.inner.size() + cost.outer.size()) * kFileBufferBytes;
  return cost;
}

}  // namespace sim
