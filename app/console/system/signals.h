// SPDX-License-Identifier: GPL-3.0-or-later
// The signals of Linux: numbers and names, for kill and trap.
#pragma once

#include <string>
#include <string_view>

namespace console {

// "TERM" of "15", "TERM", "SIGTERM"; "0" of "0"; empty: there is none.
[[nodiscard]] std::string signalName(std::string_view text);
// 15 of "TERM" or "SIGTERM"; 0: there is none.
[[nodiscard]] int signalNumber(std::string_view name);
// All of them as kill -l and trap -l print them.
[[nodiscard]] std::string signalTable();

}  // namespace console
