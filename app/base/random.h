// SPDX-License-Identifier: GPL-3.0-or-later
// Counter-based random numbers: a value is a pure function of (seed, stream, tick, index), so
// nothing depends on the order of calls and a new draw never shifts another.
// Source: Philox4x32-10, Salmon et al., SC'11; checked against the authors' published vectors.
#pragma once

#include <array>
#include <cstdint>

namespace base {

using PhiloxBlock = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

[[nodiscard]] constexpr PhiloxBlock philox4x32(PhiloxBlock counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = 0xD2511F53ULL * counter[0];
    const std::uint64_t b = 0xCD9E8D57ULL * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

// One stream per named concern. Never renumber: recorded runs depend on it.
enum class Stream : std::uint32_t {
  Arrivals = 1,  // and, of the other half of each block, the network's round trips
  Network = 2,
  OomVictim = 3,
  Pids = 4,
  People = 5,
  Queries = 6,
  Terminal = 7,
  Bots = 8,
  Noise = 9,
  Statements = 10,
};

// Two draws for the price of one: the halves of a block.
struct DrawPair {
  std::uint64_t first = 0, second = 0;
};
[[nodiscard]] constexpr DrawPair drawPair(std::uint64_t seed, Stream stream, std::int64_t tick,
                                          std::uint32_t index = 0) {
  const PhiloxBlock block =
      philox4x32({static_cast<std::uint32_t>(tick), static_cast<std::uint32_t>(tick >> 32), index,
                  static_cast<std::uint32_t>(stream)},
                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return {(static_cast<std::uint64_t>(block[0]) << 32) | block[1],
          (static_cast<std::uint64_t>(block[2]) << 32) | block[3]};
}

[[nodiscard]] constexpr std::uint64_t draw64(std::uint64_t seed, Stream stream, std::int64_t tick,
                                             std::uint32_t index = 0) {
  return drawPair(seed, stream, tick, index).first;
}

// Uniform in [0, 1), 53 bits, exact arithmetic.
[[nodiscard]] constexpr double uniformFrom(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}
[[nodiscard]] constexpr double uniform(std::uint64_t seed, Stream stream, std::int64_t tick,
                                       std::uint32_t index = 0) {
  return uniformFrom(draw64(seed, stream, tick, index));
}

__extension__ using Wide = unsigned __int128;

// Uniform in [0, bound); bound > 0. The bias is below bound / 2^64.
[[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound, std::uint64_t seed, Stream stream,
                                            std::int64_t tick, std::uint32_t index = 0) {
  return static_cast<std::uint64_t>(
      (static_cast<Wide>(draw64(seed, stream, tick, index)) * bound) >> 64);
}

}  // namespace base
