// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzzers there are, each in a file of its own.
#pragma once

#include <memory>

#include "harness.h"

namespace fuzz {

// Random lines typed into laboratories and the outage.
[[nodiscard]] std::unique_ptr<Fuzzer> terminalFuzzer();
// Random configuration files, then reloads and restarts.
[[nodiscard]] std::unique_ptr<Fuzzer> configurationFuzzer();
// Mutated scenario files, read; the valid ones are run.
[[nodiscard]] std::unique_ptr<Fuzzer> scenarioFuzzer();
// Mutated run files, read; the sound ones are recomputed.
[[nodiscard]] std::unique_ptr<Fuzzer> runFuzzer();
// Random actions done to the world and to runs.
[[nodiscard]] std::unique_ptr<Fuzzer> actionFuzzer();
// Finds what it is made to, in its fourth case: proves that the harness notices. fault:
// "broken-crash", "broken-slow", "broken-endless", "broken-promise", "broken-memory"; with
// sanitizers also "broken-arithmetic" and "broken-reach".
[[nodiscard]] std::unique_ptr<Fuzzer> brokenFuzzer(std::string_view fault);

}  // namespace fuzz
