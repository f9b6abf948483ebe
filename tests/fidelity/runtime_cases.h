// SPDX-License-Identifier: GPL-3.0-or-later
// Failures and normal life of a running server, replayed family by family: each family of
// runtime-cases.jsonl names the function that replays its cases. A function builds its laboratory,
// types what the case's action says, and compares what the client was told, the log and the effect.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases.h"
#include "lab.h"

namespace fidelity {

struct RuntimeFamily {
  std::string_view name;
  Finding (*replay)(const Json& recorded);
};

// One function per file of families; runtime_cases.cpp joins what they return.
[[nodiscard]] std::span<const RuntimeFamily> lifeFamilies();
[[nodiscard]] std::span<const RuntimeFamily> queryFamilies();
[[nodiscard]] std::span<const RuntimeFamily> workFamilies();
[[nodiscard]] std::span<const RuntimeFamily> startStopFamilies();
[[nodiscard]] std::span<const RuntimeFamily> lockFileFamilies();

[[nodiscard]] bool isRuntimeFamily(std::string_view name);

// What all families need.
// The recorded log, one entry a line, comparable; "…[N lines cut]" stays as recorded.
[[nodiscard]] std::vector<std::string> recordedLog(const Json& recorded);
// Compares the server's log since the mark with the recorded one.
void compareLog(const Json& recorded, const Lab& lab, Finding& finding);
// Adds a difference when the comparable texts differ.
void compareText(std::string_view what, const std::string& expected, const std::string& got,
                 Finding& finding);

}  // namespace fidelity
