// SPDX-License-Identifier: GPL-3.0-or-later
// Awk's text into tokens. Whether a slash begins a pattern depends on the token before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace console::awk {

struct Token {
  enum class Type : std::uint8_t { Number, Text, Regex, Name, Call, Word, Operator, Newline, End };
  Type type = Type::End;
  std::string text;
  double number = 0;
  int line = 1;
  [[nodiscard]] bool is(std::string_view what) const {
    return (type == Type::Operator || type == Type::Word) && text == what;
  }
};

[[nodiscard]] base::Result<std::vector<Token>> scan(std::string_view text);

}  // namespace console::awk
