// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory PostgreSQL's allocators take for a number of equal chunks: AllocSet (aset.c) with
// its doubling blocks and powers of two, Generation (generation.c) with exact sizes. Integers only.
#pragma once

#include <cstdint>

namespace sim {

constexpr std::int64_t kBlockBytes = 8192;  // BLCKSZ

[[nodiscard]] constexpr std::int64_t maxAlign(std::int64_t bytes) {
  return (bytes + 7) & ~std::int64_t{7};
}
[[nodiscard]] constexpr std::int64_t divideUp(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}
[[nodiscard]] constexpr std::int64_t nextPowerOfTwo(std::int64_t value) {
  std::int64_t power = 1;
  while (power < value) power <<= 1;
  return power;
}
[[nodiscard]] constexpr std::int64_t previousPowerOfTwo(std::int64_t value) {
  std::int64_t power = 1;
  while (power * 2 <= value) power <<= 1;
  return power;
}

// Chunk of an AllocSet with its header; beyond 8 kB a block of its own.
[[nodiscard]] std::int64_t allocSetChunk(std::int64_t bytes);
// Chunk of a Generation context with its header.
[[nodiscard]] std::int64_t generationChunk(std::int64_t bytes);

// Blocks of a context that grows: the first ones 8 kB, each next twice as large up to a largest.
class GrowingBlocks {
 public:
  explicit GrowingBlocks(std::int64_t largestBlock) : m_largest(largestBlock) {}
  // Room for one more chunk of so many bytes; true when that took a new block.
  bool add(std::int64_t chunk);
  [[nodiscard]] std::int64_t allocated() const { return m_allocated; }
  [[nodiscard]] std::int64_t blocks() const { return m_blocks; }
  // Bytes of the block the next chunk would need when the present one is full.
  [[nodiscard]] std::int64_t nextBlock() const { return m_next; }
  // Chunks that still fit without a new block.
  [[nodiscard]] std::int64_t room(std::int64_t chunk) const { return m_left / chunk; }
  // Takes that many chunks, which must fit.
  void take(std::int64_t chunks, std::int64_t chunk) { m_left -= chunks * chunk; }

 private:
  std::int64_t m_largest;
  std::int64_t m_next = kBlockBytes;
  std::int64_t m_allocated = kBlockBytes;  // the keeper block
  std::int64_t m_left = kBlockBytes - 264;
  std::int64_t m_blocks = 1;
};

// ALLOCSET_DEFAULT_MAXSIZE, but no more than a sixteenth of work_mem (CreateWorkExprContext).
[[nodiscard]] std::int64_t workContextLargestBlock(std::int64_t workMemBytes);

}  // namespace sim
