// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an awk program over a text: records, fields, variables, arrays, functions. Bounded in steps,
// depth and memory, so that every program ends.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "console/awk/program.h"

namespace console::awk {

struct Input {
  std::string name;
  std::string text;
};

struct Outcome {
  std::string out, error;
  int exitCode = 0;
  // print > "name", print >> "name" and print | "command", in the order of their first use
  struct Target {
    std::string kind, name, text;
  };
  std::vector<Target> targets;
};

// variables: -v and -F (as FS), before BEGIN.
[[nodiscard]] Outcome execute(const Program& program,
                              const std::vector<std::pair<std::string, std::string>>& variables,
                              const std::vector<Input>& inputs,
                              const std::map<std::string, std::string>& environment);
}  // namespace console::awk
