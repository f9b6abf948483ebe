// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of $(( )) and (( )): C's operators on whole numbers, names as variables, assignments.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace console {

[[nodiscard]] base::Result<std::int64_t> arithmeticValue(
    std::string_view text, const std::function<std::string(const std::string&)>& variable,
    const std::function<void(const std::string&, const std::string&)>& assign = {});

}  // namespace console
