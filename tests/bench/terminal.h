// SPDX-License-Identifier: GPL-3.0-or-later
// How long a trainee waits for the answer to a command.
#pragma once

#include "engine.h"

namespace bench {

// Common commands late in a run, where logs and series are longest. Prints its table; false when a
// command does not answer.
[[nodiscard]] bool terminal(const drill::Run& late, const Options& options);

}  // namespace bench
