// SPDX-License-Identifier: GPL-3.0-or-later
// The random choices of one case: a pure function of seed and case number, so that any case can be
// drawn again alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "base/random.h"

namespace fuzz {

class Dice {
 public:
  Dice(std::uint64_t seed, std::int64_t number) : m_seed(seed), m_case(number) {}

  // Uniform in [0, bound).
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(
        base::below(bound, m_seed, base::Stream::Bots, m_case, m_next++));
  }
  bool oneIn(std::size_t bound) { return below(bound) == 0; }
  template <typename List>
  auto oneOf(const List& list) {
    return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(std::size(list))));
  }
  char byte() { return static_cast<char>(below(256)); }
  // Small numbers mostly, the edges of the integers now and then.
  std::string number();
  std::string bytes(std::size_t most);

 private:
  std::uint64_t m_seed;
  std::int64_t m_case;
  std::uint32_t m_next = 0;
};

// Up to a few changes at random places: bytes flipped, put in, taken out, pieces doubled, moved,
// cut off; now and then a piece repeated many times.
[[nodiscard]] std::string mutated(std::string text, Dice& dice, std::size_t longest);
// Bytes as a line of print: what is not plain ASCII as \xNN.
[[nodiscard]] std::string shown(std::string_view text, std::size_t most = 400);

}  // namespace fuzz
