// SPDX-License-Identifier: GPL-3.0-or-later
// Assertions that also run in release builds: they catch mistakes of the programmer, never of a
// user.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace base {
[[noreturn]] inline void checkFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal check failed: %s\n", file, line, condition);
  std::abort();
}
}  // namespace base

#define BASE_CHECK(condition) \
  ((condition) ? void() : base::checkFailed(#condition, __FILE__, __LINE__))
