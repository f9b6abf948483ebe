// SPDX-License-Identifier: GPL-3.0-or-later
// Whether PostgreSQL 15 accepts a value: syntax, range, and the checks it makes between settings.
// Reads running values, changes none.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sim/settings/settings.h"

namespace sim::settings {

// kB of max_stack_depth that an 8 MB stack allows, less the server's reserve of 512 kB.
inline constexpr std::int64_t kUsualStackDepthLimit = 7680;

using States = std::map<std::string, SettingState>;  // by lower-case name

// name: as the person or file spelt it; the messages repeat it. running may be empty: then the
// checks between settings are skipped.
[[nodiscard]] ParsedValue acceptValue(const SettingDefinition& definition, std::string_view name,
                                      std::string_view text, const States& running,
                                      std::int64_t stackDepthLimit = kUsualStackDepthLimit);
// How many 8 kB blocks wal_buffers = -1 means for a number of shared buffers.
[[nodiscard]] std::int64_t automaticWalBuffers(std::int64_t sharedBuffers);
// A name of at least two identifiers joined by dots: the server keeps such settings for extensions.
[[nodiscard]] bool isCustomName(std::string_view name);
inline constexpr std::string_view kCustomNameRule =
    "Custom parameter names must be two or more simple identifiers separated by dots.";
// The definition such a setting is treated by.
[[nodiscard]] SettingDefinition customDefinition(std::string_view name);

}  // namespace sim::settings
