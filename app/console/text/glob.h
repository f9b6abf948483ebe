// SPDX-License-Identifier: GPL-3.0-or-later
// Shell patterns against names: * ? and [a-z], for file names, find -name, psql's \\d and pg views.
#pragma once

#include <string_view>

namespace console {

// Quadratic at worst, whatever the pattern.
[[nodiscard]] bool globMatches(std::string_view pattern, std::string_view name);

}  // namespace console
