// SPDX-License-Identifier: GPL-3.0-or-later
// Shell patterns against names: * ? and [a-z], for file names, find -name, psql's \\d and pg views.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace console {

// Quadratic at worst, whatever the pattern.
[[nodiscard]] bool globMatches(std::string_view pattern, std::string_view name);
// Bytes of the shortest or longest piece at the text's front or back that the pattern takes whole;
// nothing: it takes none. In time that grows with the text times the pattern.
enum class GlobEnd { Front, Back };
[[nodiscard]] std::optional<std::size_t> globPiece(std::string_view pattern, std::string_view text,
                                                   GlobEnd end, bool longest);

}  // namespace console
