// SPDX-License-Identifier: GPL-3.0-or-later
// printf's formats as the shell's printf and awk share them, and numbers as text, without looking
// at the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace console {

// The number at the beginning of a text, 0 when there is none; used: bytes it takes.
[[nodiscard]] double leadingDouble(std::string_view text, std::size_t* used = nullptr);
// "%.6g" of a number: precision significant digits.
[[nodiscard]] std::string generalText(double value, int precision);

// Where the arguments of a format come from, by index.
struct FormatArguments {
  std::size_t count = 0;
  std::function<std::string(std::size_t)> text;
  std::function<double(std::size_t)> number;
  std::function<std::int64_t(std::size_t)> whole;  // for %d and its kin; empty: number's
};
// Formats once; next is the first argument to take and is moved past those taken.
[[nodiscard]] std::string formatText(std::string_view format, const FormatArguments& arguments,
                                     std::size_t& next);

// \n, \t, \\, \", \a, \033 and the like; what is none of them stays as it is.
[[nodiscard]] std::string unescapedText(std::string_view text);

}  // namespace console
