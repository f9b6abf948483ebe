// SPDX-License-Identifier: GPL-3.0-or-later
// Text helpers that never look at the locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base {

[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
// Lines without their ends; a last line without a newline counts.
[[nodiscard]] std::vector<std::string> lines(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);  // ASCII only
[[nodiscard]] bool contains(std::string_view text, std::string_view part);
[[nodiscard]] bool equalsIgnoreCase(std::string_view a, std::string_view b);  // ASCII only
// Every occurrence of from becomes to.
[[nodiscard]] std::string replaceAll(std::string text, std::string_view from, std::string_view to);
// Fixed-point text, e.g. fixedText(3.14159, 2) = "3.14"; rounds half away from zero of the decimal
// expansion as printf does in the C locale.
[[nodiscard]] std::string fixedText(double value, int decimals);
// "12,345,678" with a separator of your choice, for people.
[[nodiscard]] std::string groupedText(std::int64_t value, char separator = ',');
// Padded on the left or the right with blanks up to width (in bytes).
[[nodiscard]] std::string padLeft(std::string_view text, std::size_t width);
[[nodiscard]] std::string padRight(std::string_view text, std::size_t width);
// The candidate with the smallest edit distance, or empty when none is close (distance <= 1/3).
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);
[[nodiscard]] bool validUtf8(std::string_view text);
// The text itself when it is UTF-8; else every byte beyond ASCII becomes a question mark.
[[nodiscard]] std::string asUtf8(std::string text);

}  // namespace base
