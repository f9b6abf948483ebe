// SPDX-License-Identifier: GPL-3.0-or-later
// \h: the syntax of the SQL commands this server understands.
#pragma once

#include <string>
#include <string_view>

namespace console {

// Of one command, of those that begin with the topic, or the list of all (empty topic).
[[nodiscard]] std::string sqlHelp(std::string_view topic);

}  // namespace console
