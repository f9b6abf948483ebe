// SPDX-License-Identifier: GPL-3.0-or-later
// Quantities with units as scenario files write them: "64GiB", "600 GB", "15s", "0.5ms", "60%".
// Binary multiples throughout (1 GB = 1 GiB = 2^30 bytes), as PostgreSQL counts. PostgreSQL's own
// value syntax is in sim/settings; this is only for scenario files.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace base {

// Bytes; units B, kB, MB, GB, TB (or KiB, MiB, GiB, TiB). Error "bad-quantity".
[[nodiscard]] Result<std::int64_t> parseBytes(std::string_view text);
// Microseconds; units us, ms, s, min, h, d. Error "bad-quantity".
[[nodiscard]] Result<std::int64_t> parseDurationUs(std::string_view text);
// A share in [0, 1]; "60%" or "0.6%". Error "bad-quantity".
[[nodiscard]] Result<double> parsePercent(std::string_view text);

}  // namespace base
