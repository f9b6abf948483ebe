// SPDX-License-Identifier: GPL-3.0-or-later
// ${...} of the shell: a variable with what is done to it, as ${#NAME}, ${NAME:-WORD},
// ${NAME##PATTERN}, ${NAME/PATTERN/TEXT}, ${NAME:FROM:LENGTH}, ${NAME^^}.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace console {

struct ParameterSource {
  std::function<std::optional<std::string>(const std::string&)> value;  // none: it is not set
  std::function<void(const std::string&, const std::string&)> assign;
  std::function<std::string(std::string_view)> text;         // of a word after the operator
  std::function<std::string(std::string_view)> pattern;      // the same, to be matched
  std::function<std::int64_t(std::string_view)> arithmetic;  // of a sum
};

// inside: what stands between the braces. Errors carry bash's words without "bash: ".
[[nodiscard]] base::Result<std::string> parameterValue(std::string_view inside,
                                                       const ParameterSource& source);

}  // namespace console
