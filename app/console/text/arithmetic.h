// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of $(( )): whole numbers, + - * / % comparisons and parentheses, names as variables.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace console {

[[nodiscard]] base::Result<std::int64_t> arithmeticValue(
    std::string_view text, const std::function<std::string(const std::string&)>& variable);

}  // namespace console
