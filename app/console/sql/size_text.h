// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes in PostgreSQL's notation: pg_size_pretty() and pg_size_bytes().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace console {

// "16 GB" of a number of bytes.
[[nodiscard]] std::string prettySize(std::int64_t bytes);
// Its inverse; nothing when the text is no size.
[[nodiscard]] std::optional<std::int64_t> sizeBytes(std::string_view text);

}  // namespace console
