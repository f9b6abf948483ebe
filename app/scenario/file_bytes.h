// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a file of bounded size. A refusal says what was found and expected; nothing is read
// of a file that is too large or no file at all.
#pragma once

#include <string>

namespace scenario {

struct FileBytes {
  bool ok = false;
  std::string bytes;
  std::string found, expected;  // when not ok
};
[[nodiscard]] FileBytes readFileBytes(const std::string& path, std::size_t maximum);

}  // namespace scenario
