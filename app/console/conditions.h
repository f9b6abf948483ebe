// SPDX-License-Identifier: GPL-3.0-or-later
// What [ ] and [[ ]] ask: texts, numbers, files, variables.
#pragma once

#include <string>
#include <vector>

#include "console/expander.h"

namespace console {

struct TestSurroundings {
  Machine& machine;
  ShellState& state;
  Expander& expander;
  std::string& error;
};

// 0: it holds, 1: it does not, 2: it cannot be asked. words: without the brackets; name: the
// command's, for complaints.
[[nodiscard]] int testWords(const std::vector<std::string>& words, const std::string& name,
                            const TestSurroundings& around);
// The same of [[ ]]; trace: what set -x shows of it, a line each.
[[nodiscard]] int testCondition(const Condition& condition, const TestSurroundings& around,
                                std::vector<std::string>& trace);

}  // namespace console
