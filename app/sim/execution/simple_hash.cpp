// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/execution/simple_hash.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace sim {
namespace {

constexpr std::int64_t kMostMoved = 150, kMostDistance = 25;  // SH_GROW_MAX_MOVE, SH_GROW_MAX_DIB
constexpr double kFill = 0.9, kLeastFill = 0.1;  // SH_FILLFACTOR, SH_GROW_MIN_FILLFACTOR

// hash_bytes_uint32() of hashfn.c.
std::uint32_t hashOfWord(std::uint32_t word) {
  constexpr std::uint32_t kBegin = 0x9e3779b9U + 4 + 3923095;
  std::uint32_t a = kBegin + word, b = kBegin, c = kBegin;
  const auto mix = [](std::uint32_t& to, std::uint32_t from, int bits) {
    to ^= from;
    to -= std::rotl(from, bits);
  };
  mix(c, b, 14);
  mix(a, c, 11);
  mix(b, a, 25);
  mix(c, b, 16);
  mix(a, c, 4);
  mix(b, a, 14);
  mix(c, b, 24);
  return c;
}

// Robin Hood hashing with linear probes (SH_INSERT_HASH_INTERNAL).
class Slots {
 public:
  explicit Slots(std::int64_t count)
      : m_mask(static_cast<std::uint32_t>(count - 1)),
        m_hashes(static_cast<std::size_t>(count)),
        m_used(static_cast<std::size_t>(count)) {}

  // False: the table doubles first.
  bool insert(std::uint32_t hash, std::int64_t members) {
    const bool mayGrow =
        static_cast<double>(members) >= kLeastFill * static_cast<double>(m_hashes.size());
    std::uint32_t place = hash & m_mask;
    for (std::int64_t distance = 0; m_used[place] != 0; ++distance) {
      const std::uint32_t other = (place - (m_hashes[place] & m_mask)) & m_mask;
      if (distance > static_cast<std::int64_t>(other)) return push(place, hash, mayGrow);
      place = (place + 1) & m_mask;
      if (distance + 1 > kMostDistance && mayGrow) return false;
    }
    m_used[place] = 1;
    m_hashes[place] = hash;
    return true;
  }

 private:
  bool push(std::uint32_t place, std::uint32_t hash, bool mayGrow) {
    std::uint32_t empty = (place + 1) & m_mask;
    for (std::int64_t moved = 0; m_used[empty] != 0; empty = (empty + 1) & m_mask) {
      if (++moved > kMostMoved && mayGrow) return false;
    }
    m_used[empty] = 1;
    while (empty != place) {
      const std::uint32_t before = (empty - 1) & m_mask;
      m_hashes[empty] = m_hashes[before];
      empty = before;
    }
    m_hashes[place] = hash;
    return true;
  }

  std::uint32_t m_mask;
  std::vector<std::uint32_t> m_hashes;
  std::vector<std::uint8_t> m_used;
};

// MODEL: the mean fill at which tables of whole numbers, decimal texts and md5 texts doubled; each
// doubling above 2^13 slots takes 0.0175 off it, above 2^17 slots 0.0120. Single tables differ from
// it by 0.02.
std::int64_t usualGrowth(std::int64_t slots) {
  const auto doublings = static_cast<double>(std::countr_zero(static_cast<std::uint64_t>(slots)));
  const double fill =
      0.838 - 0.0175 * (std::min(doublings, 17.0) - 13) - 0.0120 * std::max(doublings - 17, 0.0);
  return static_cast<std::int64_t>(std::clamp(fill, 0.6, kFill) * static_cast<double>(slots));
}

}  // namespace

std::uint32_t wholeKeyHash(std::int64_t key) {
  const auto low = static_cast<std::uint32_t>(key);
  const auto high = static_cast<std::uint32_t>(key >> 32);
  std::uint32_t hash = hashOfWord(low ^ (key >= 0 ? high : ~high));
  // murmurhash32()
  hash ^= hash >> 16;
  hash *= 0x85ebca6bU;
  hash ^= hash >> 13;
  hash *= 0xc2b2ae35U;
  return hash ^ (hash >> 16);
}

std::int64_t simpleHashGrowth(std::int64_t slots, std::int64_t most,
                              const std::optional<WholeKeys>& keys) {
  constexpr std::int64_t kMostSlots = 1 << 20;
  constexpr double kNever = 0.6;  // no table doubled before it was so full
  const auto full = static_cast<std::int64_t>(kFill * static_cast<double>(slots));
  if (static_cast<double>(most) < kNever * static_cast<double>(slots)) return most;
  if (!keys || slots > kMostSlots) return std::min(most, usualGrowth(slots));
  Slots table(slots);
  std::int64_t members = 0;
  while (members < std::min(most, full)) {
    if (!table.insert(wholeKeyHash(keys->first + keys->step * members), members)) break;
    ++members;
  }
  return members;
}

}  // namespace sim
