// SPDX-License-Identifier: GPL-3.0-or-later
// Command-line options as getopt_long reads them: -n5, -n 5, -xvf, --lines=5, --lines 5, --.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/command.h"

namespace console {

struct LongOption {
  std::string_view name;
  char key;  // the short option it stands for
};

struct Options {
  bool ok = true;
  std::map<char, std::string> values;               // last value of each option given
  std::vector<std::pair<char, std::string>> given;  // all of them in order
  std::vector<std::string> rest;

  [[nodiscard]] bool has(char key) const { return values.contains(key); }
  [[nodiscard]] std::string value(char key, std::string_view fallback = "") const;
};

// spec: "n:iv" as for getopt. On a wrong option complains as GNU programs do and sets ok = false.
[[nodiscard]] Options parseOptions(Call& call, std::string_view spec,
                                   std::span<const LongOption> longs = {});

// A whole number within limits, or fallback when the text is none.
[[nodiscard]] std::int64_t numberOr(std::string_view text, std::int64_t fallback, std::int64_t low,
                                    std::int64_t high);
[[nodiscard]] bool isNumber(std::string_view text);

// The texts a filter works on: the files named, or standard input.
struct InputText {
  std::string name;  // "-" for standard input
  std::string text;
};
// Missing files are complained about and set failed.
[[nodiscard]] std::vector<InputText> inputs(Call& call, const std::vector<std::string>& names,
                                            bool& failed);

}  // namespace console
