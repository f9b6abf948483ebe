// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/allocation.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::int64_t kChunkHeader = 16;
constexpr std::int64_t kGenerationHeader = 24;
constexpr std::int64_t kBlockHeader = 40;
constexpr std::int64_t kChunkLimit = 8192;  // ALLOC_CHUNK_LIMIT

}  // namespace

std::int64_t allocSetChunk(std::int64_t bytes) {
  if (bytes > kChunkLimit) return maxAlign(bytes) + kChunkHeader;
  return std::max<std::int64_t>(8, nextPowerOfTwo(bytes)) + kChunkHeader;
}

std::int64_t generationChunk(std::int64_t bytes) {
  return maxAlign(bytes) + kGenerationHeader;
}

bool GrowingBlocks::add(std::int64_t chunk) {
  if (chunk <= m_left) {
    m_left -= chunk;
    return false;
  }
  const std::int64_t block = std::max(m_next, nextPowerOfTwo(chunk + kBlockHeader));
  m_next = std::min(m_next * 2, m_largest);
  m_allocated += block;
  ++m_blocks;
  m_left = block - kBlockHeader - chunk;
  return true;
}

std::int64_t workContextLargestBlock(std::int64_t workMemBytes) {
  std::int64_t largest = 8 << 20;
  while (16 * largest > workMemBytes) largest >>= 1;
  return std::max(largest, kBlockBytes);
}

}  // namespace sim
