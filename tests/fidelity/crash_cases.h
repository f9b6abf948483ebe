// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of life's families share, and the families that have a file of their own.
#pragma once

#include <string>
#include <vector>

#include "cases.h"
#include "lab.h"

namespace fidelity {

[[nodiscard]] std::vector<std::string> configurationOf(const Json& recorded);
[[nodiscard]] std::string kindOf(const Json& recorded);
// Appends to postgresql.conf and starts the server anew, under prlimit's limits.
void startWith(Lab& lab, const std::vector<std::string>& lines, const std::string& limits);

[[nodiscard]] Finding replayCrash(const Json& recorded);
// A server that writes much WAL into a small file system.
[[nodiscard]] Finding replayWalVolume(const Json& recorded);

}  // namespace fidelity
