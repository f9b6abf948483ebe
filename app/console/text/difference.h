// SPDX-License-Identifier: GPL-3.0-or-later
// Line differences in the forms of diff: normal and unified.
#pragma once

#include <string>
#include <string_view>

namespace console {

// Empty when the texts are equal.
[[nodiscard]] std::string normalDifference(std::string_view before, std::string_view after);
// Hunks only ("@@ -1,7 +1,7 @@" ...), with three lines of context.
[[nodiscard]] std::string unifiedDifference(std::string_view before, std::string_view after);

}  // namespace console
