// SPDX-License-Identifier: GPL-3.0-or-later
// ${...} of the shell: a variable with what is done to it, as ${#NAME}, ${NAME:-WORD},
// ${NAME##PATTERN}, ${NAME/PATTERN/TEXT}, ${NAME:FROM:LENGTH}, ${NAME^^}, ${NAME[SUBSCRIPT]},
// ${!NAME}, ${NAME@Q}.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace console {

// What a parameter stands for.
struct ParameterWords {
  std::vector<std::string> words;  // one, but for lists
  bool set = false;
  bool list = false;  // $@, $*, ${NAME[@]}, ${NAME[*]} and what is made of them
  bool star = false;  // the list is joined when it is quoted

  // In one, as where no words are made.
  [[nodiscard]] std::string joined(const std::string& apart) const;
};

// Subscripts are as they were written; those of @ and * ask for all elements.
struct ParameterSource {
  using Subscript = std::optional<std::string>;
  std::function<ParameterWords(const std::string& name, const Subscript&)> value;
  std::function<void(const std::string& name, const Subscript&, const std::string& text)> assign;
  std::function<std::vector<std::string>(const std::string& name)> keys;     // of an array
  std::function<std::vector<std::string>(const std::string& prefix)> names;  // of variables
  std::function<std::string(const std::string& name)> flags;                 // of a variable
  std::function<std::string(std::string_view)> text;         // of a word after the operator
  std::function<std::string(std::string_view)> pattern;      // the same, to be matched
  std::function<std::int64_t(std::string_view)> arithmetic;  // of a sum
  bool mustBeSet = false;                                    // set -u
};

// inside: what stands between the braces. Errors carry bash's words without "bash: "; one of the
// code "unset" leaves a shell that nobody types at.
[[nodiscard]] base::Result<ParameterWords> parameterValue(std::string_view inside,
                                                          const ParameterSource& source);
// The end of a subscript whose [ stands at from: where its ] stands; npos: nowhere.
[[nodiscard]] std::size_t subscriptEnd(std::string_view text, std::size_t from);

}  // namespace console
