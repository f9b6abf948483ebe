// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/logical_tapes.h"

#include <algorithm>

#include "sim/execution/allocation.h"

namespace sim {
namespace {

constexpr std::int64_t kPayload = kBlockBytes - 16;            // TapeBlockPayloadSize
constexpr std::int64_t kLeastReserve = 8, kMostReserve = 128;  // TAPE_WRITE_PREALLOC_MIN, _MAX

}  // namespace

std::int64_t LogicalTapes::freeBlock() {
  if (m_free.empty()) return m_allocated++;
  const std::int64_t block = m_free.top();
  m_free.pop();
  return block;
}

std::int64_t LogicalTapes::reservedBlock(Tape& tape) {
  if (tape.reserved.empty()) {
    tape.reserve = tape.reserve == 0 ? kLeastReserve : std::min(tape.reserve * 2, kMostReserve);
    for (std::int64_t i = 0; i < tape.reserve; ++i) tape.reserved.push_back(freeBlock());
    std::reverse(tape.reserved.begin(), tape.reserved.end());
  }
  const std::int64_t block = tape.reserved.back();
  tape.reserved.pop_back();
  return block;
}

// The file has no holes: what lies between its end and the block is written as zeros.
void LogicalTapes::writeBlock(std::int64_t block) {
  if (block > m_fileBlocks) {
    m_written += block - m_fileBlocks;
    m_fileBlocks = block;
  }
  ++m_written;
  if (block == m_fileBlocks) ++m_fileBlocks;
}

void LogicalTapes::write(Tape& tape, std::int64_t bytes) {
  if (tape.blocks.empty()) tape.blocks.push_back(reservedBlock(tape));
  tape.filled += bytes;
  while (tape.filled > kPayload) {
    const std::int64_t next = reservedBlock(tape);
    writeBlock(tape.blocks.back());
    tape.blocks.push_back(next);
    tape.filled -= kPayload;
  }
}

void LogicalTapes::rewind(Tape& tape) {
  if (tape.filled > 0) writeBlock(tape.blocks.back());
  for (const std::int64_t block : tape.reserved) m_free.push(block);
  tape.reserved.clear();
}

void LogicalTapes::read(Tape& tape) {
  m_read += static_cast<std::int64_t>(tape.blocks.size());
  for (const std::int64_t block : tape.blocks) m_free.push(block);
  tape.blocks.clear();
}

}  // namespace sim
