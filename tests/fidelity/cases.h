// SPDX-License-Identifier: GPL-3.0-or-later
// The families of recorded cases and how each is replayed on the simulated server.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace fidelity {

using Json = nlohmann::json;

// What a case's replay found: empty when it agrees, else the difference.
struct Finding {
  std::string difference;
  std::size_t linesSame = 0, linesAll = 0;  // of the server's log
};

[[nodiscard]] Finding replayConfigurationCase(const Json& recorded);
[[nodiscard]] Finding replayStartCase(const Json& recorded);
[[nodiscard]] Finding replayRuntimeCase(const Json& recorded);

// Text of a member; empty when it is missing or null.
[[nodiscard]] std::string textOf(const Json& object, const char* key);
[[nodiscard]] std::vector<std::string> textsOf(const Json& object, const char* key);

}  // namespace fidelity
