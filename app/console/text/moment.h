// SPDX-License-Identifier: GPL-3.0-or-later
// Moments as people write them for journalctl --since and date -d.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace console {

// "10:45", "2024-05-07 10:45[:00]", "-1h", "20 min ago", "@1715078700", "today", "yesterday": wall
// clock ms. Nothing: it is none of these.
[[nodiscard]] std::optional<std::int64_t> momentFrom(const std::string& text, std::int64_t nowMs);

}  // namespace console
