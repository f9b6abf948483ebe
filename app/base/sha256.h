// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 (FIPS 180-4), the content address of scenarios and recorded runs. Written out here
// because the core builds without any library; checked against the standard's vectors.
#pragma once

#include <string>
#include <string_view>

namespace base {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256Hex(std::string_view data);

}  // namespace base
