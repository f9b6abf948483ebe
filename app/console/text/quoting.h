// SPDX-License-Identifier: GPL-3.0-or-later
// Texts as bash writes them so that it reads them as one word again.
#pragma once

#include <string>
#include <string_view>

namespace console {

// 'it'\''s', or $'a\nb' when there are bytes that cannot be seen: ${NAME@Q}.
[[nodiscard]] std::string singleQuoted(std::string_view text);
// The same, but as it is when nothing in it needs a quotation: set -x, set, trap -p.
[[nodiscard]] std::string quotedIfNeeded(std::string_view text);
// "a \"b\" \$c": declare -p.
[[nodiscard]] std::string doubleQuoted(std::string_view text);
// a\ b, of printf %q.
[[nodiscard]] std::string backslashQuoted(std::string_view text);

}  // namespace console
