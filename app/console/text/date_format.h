// SPDX-License-Identifier: GPL-3.0-or-later
// Moments as strftime's formats write them, in UTC and the C locale: date +%F, printf '%(%T)T'.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace console {

[[nodiscard]] std::string dateText(std::string_view format, std::int64_t unixMs);

}  // namespace console
