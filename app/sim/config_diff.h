// SPDX-License-Identifier: GPL-3.0-or-later
// Unified diffs of small text files, for the configuration repository and the editor.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// As `git diff` prints it for one file, without the index line; empty when nothing differs.
[[nodiscard]] std::string unifiedDiff(std::string_view path, std::string_view before,
                                      std::string_view after);

}  // namespace sim
