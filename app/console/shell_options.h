// SPDX-License-Identifier: GPL-3.0-or-later
// The options of set and shopt: names, letters, and which are on where.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace console {

struct ShellOption {
  std::string_view name;
  char letter;         // of set -X; 0: it has none
  bool interactively;  // on in a shell that somebody types at
  bool always;         // and in every other
};

// Of set -o, in name order.
[[nodiscard]] std::span<const ShellOption> setOptions();
// Of shopt: those that make a difference here, and what else people ask for.
[[nodiscard]] std::span<const ShellOption> shoptOptions();
[[nodiscard]] const ShellOption* findOption(std::span<const ShellOption> options,
                                            std::string_view name);
[[nodiscard]] const ShellOption* findLetter(char letter);
// Those on when a shell begins.
[[nodiscard]] std::set<std::string> firstOptions(bool interactive);
// -eux, +x, -o NAME as set and bash take them, done to options.
struct OptionWords {
  std::size_t next = 0;  // the first word that is no option
  bool ended = false;    // by -- or -: what comes are arguments, even when nothing does
  bool shows = false, asCommands = false;  // a -o or +o without a name
  std::string wrong;                       // the option that is none
  bool named = false;                      // it was a name
};
[[nodiscard]] OptionWords readOptionWords(const std::vector<std::string>& words, std::size_t first,
                                          std::set<std::string>& options);
// $-: the letters of what is on.
[[nodiscard]] std::string optionLetters(const std::set<std::string>& on, bool interactive);

}  // namespace console
