// SPDX-License-Identifier: GPL-3.0-or-later
// Which words of SQL cannot be names.
#pragma once

#include <string_view>

namespace console {

// Words a setting's value cannot be in SET and ALTER SYSTEM: "reserved" in kwlist.h.
[[nodiscard]] bool isReservedWord(std::string_view word);
// Words that name no column and no table without quotes (reserved, or for types and functions
// only, in PostgreSQL 15's kwlist.h).
[[nodiscard]] bool isReservedName(std::string_view word);
// Words that cannot follow an expression as its alias without AS.
[[nodiscard]] bool needsAs(std::string_view word);

}  // namespace console
