// SPDX-License-Identifier: GPL-3.0-or-later
// When PostgreSQL's open-addressing hash tables (lib/simplehash.h) double: at nine tenths, or
// earlier when an insertion would have to move too many entries, which the hash values decide.
#pragma once

#include <cstdint>
#include <optional>

namespace sim {

// Keys that are whole numbers in equal steps, in the order they come.
struct WholeKeys {
  std::int64_t first = 0, step = 1;
  bool operator==(const WholeKeys&) const = default;
};

// The hash of a whole number as the table of a hash aggregate has it (hashint4, hashint8,
// TupleHashTableHash_internal).
[[nodiscard]] std::uint32_t wholeKeyHash(std::int64_t key);
// Members a table of so many slots, a power of two, has when it doubles while keys come in; most
// when it takes in so many without. Exact for whole keys in tables of up to a million slots.
[[nodiscard]] std::int64_t simpleHashGrowth(std::int64_t slots, std::int64_t most,
                                            const std::optional<WholeKeys>& keys);

}  // namespace sim
