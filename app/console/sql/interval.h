// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals and sizes in PostgreSQL's notation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace console {

// Milliseconds of "5 minutes", "1 hour 30 min", "00:05:00"; nothing when it is no interval.
[[nodiscard]] std::optional<std::int64_t> intervalMs(std::string_view text);
// "00:05:00", "1 day 02:00:00.5"
[[nodiscard]] std::string intervalText(std::int64_t ms);
[[nodiscard]] std::optional<std::string> canonicalInterval(std::string_view text);
// Wall clock of "2024-05-07 10:45:00.123+00"; nothing when it is no time.
[[nodiscard]] std::optional<std::int64_t> timestampMs(std::string_view text);
// "16 GB" as pg_size_pretty, and its inverse with the server's complaint.
[[nodiscard]] std::string prettySize(std::int64_t bytes);
[[nodiscard]] std::optional<std::int64_t> sizeBytes(std::string_view text);

}  // namespace console
