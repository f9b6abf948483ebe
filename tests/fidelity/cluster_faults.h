// SPDX-License-Identifier: GPL-3.0-or-later
// Does to the laboratory's disk what a recorded case says in words was done to the real one:
// "data directory mode 0755", "pg_wal directory missing", "postmaster.pid is empty", ...
#pragma once

#include <string>

#include "lab.h"

namespace fidelity {

// Whether the words were understood.
[[nodiscard]] bool applyFault(Lab& lab, const std::string& words);
// Appends lines to a file of the server, as the server's own user.
void appendAsServer(Lab& lab, const std::string& path, const std::vector<std::string>& lines);
// A living process of the server's account that is none of the server's.
[[nodiscard]] std::string livingPid(Lab& lab);
[[nodiscard]] std::string socketPath(const Lab& lab);

}  // namespace fidelity
