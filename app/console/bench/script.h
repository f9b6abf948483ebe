// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench's scripts: the built-in ones, and files of SQL with \set, \sleep and comments. Other
// backslash commands are refused as pgbench refuses unknown ones.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/client_load.h"

namespace console {

// What a variable may hold: a number between low and high, drawn by a law.
struct BenchVariable {
  double low = 0, high = 0;
  sim::KeyLaw law = sim::KeyLaw::Uniform;
  double parameter = 0;
  [[nodiscard]] bool constant() const { return low == high; }
};

struct BenchCommand {
  enum class Kind : std::uint8_t { Sql, Set, Sleep } kind = Kind::Sql;
  std::string text;    // SQL without its semicolon; what follows \set's name, or \sleep
  std::string name;    // variable of \set
  double seconds = 0;  // of \sleep
};

struct BenchScript {
  std::string title;  // "<builtin: select only>", or the file as it was named
  double weight = 1;
  bool builtin = false;
  std::vector<BenchCommand> commands;
};

struct BuiltinScript {
  std::string_view name, title, text;
};
[[nodiscard]] const std::vector<BuiltinScript>& builtinScripts();

// The error is what pgbench says, without "pgbench: error: ".
[[nodiscard]] base::Result<BenchScript> readBenchScript(const std::string& name,
                                                        std::string_view text);

using BenchVariables = std::map<std::string, BenchVariable>;
// "random(1, 100000 * :scale)"; an error when it is no expression of pgbench's.
[[nodiscard]] base::Result<BenchVariable> evaluateBench(std::string_view expression,
                                                        const BenchVariables& variables);

}  // namespace console
