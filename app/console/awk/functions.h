// SPDX-License-Identifier: GPL-3.0-or-later
// Awk's functions that work on values alone: no variable, no array, no record is changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/awk/value.h"

namespace console::awk {

// Nothing: there is no such function, or not with so many arguments.
[[nodiscard]] std::optional<Value> plainFunction(const std::string& name,
                                                 const std::vector<Value>& arguments,
                                                 const std::string& record);
// At blanks for " ", at each byte for "", else at the separator's one byte.
[[nodiscard]] std::vector<std::string> splitPlainly(const std::string& text,
                                                    const std::string& separator);
// What sub and gsub put in place of a match: & is the match, \\& an ampersand.
[[nodiscard]] std::string replacement(const std::string& with, const std::string& match);
[[nodiscard]] double power(double base, double exponent);

}  // namespace console::awk
