// SPDX-License-Identifier: GPL-3.0-or-later
// The blocks of a set of logical tapes in one temporary file, with preallocation and reuse of freed
// blocks, as logtape.c of PostgreSQL 15 hands them out to a hash aggregate.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

namespace sim {

class LogicalTapes {
 public:
  // A tape being written: what it has reserved, and how much of its last block is filled.
  struct Tape {
    std::vector<std::int64_t> blocks, reserved;
    std::int64_t filled = 0, reserve = 0;
  };
  // Writes a tuple of so many bytes.
  void write(Tape& tape, std::int64_t bytes);
  // Writes its last block and gives back what it had reserved.
  void rewind(Tape& tape);
  // Reads it from beginning to end, freeing the blocks.
  void read(Tape& tape);

  [[nodiscard]] std::int64_t fileBlocks() const { return m_fileBlocks; }
  [[nodiscard]] std::int64_t blocksWritten() const { return m_written; }
  [[nodiscard]] std::int64_t blocksRead() const { return m_read; }

 private:
  std::int64_t freeBlock();
  std::int64_t reservedBlock(Tape& tape);
  void writeBlock(std::int64_t block);

  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> m_free;
  std::int64_t m_allocated = 0, m_fileBlocks = 0, m_written = 0, m_read = 0;
};

}  // namespace sim
