// SPDX-License-Identifier: GPL-3.0-or-later
// a{b,c}d and {1..5} of the shell: one word into several, before anything else is expanded.
#pragma once

#include <vector>

#include "console/parser.h"

namespace console {

constexpr std::size_t kMostBraceWords = 1000;  // MODEL: what would be more is left as it stands

[[nodiscard]] std::vector<ShellWord> bracesExpanded(const ShellWord& word);

}  // namespace console
