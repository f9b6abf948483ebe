// SPDX-License-Identifier: GPL-3.0-or-later
// How PostgreSQL 15 reads and prints single values: numbers with units, booleans, enumerations.
// Pure syntax: ranges and checks between settings live in value_checks.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/settings/settings.h"

namespace sim::settings {

// A number already converted to the unit of its setting. hint may be empty on failure too.
struct NumberText {
  bool ok = false;
  double value = 0;
  std::string hint;
};

// unit: the setting's own, empty if it takes none. Integers may be decimal, octal (leading 0) or
// hexadecimal (0x), or a fraction that is rounded half to even.
[[nodiscard]] NumberText readInteger(std::string_view text, std::string_view unit);
[[nodiscard]] NumberText readReal(std::string_view text, std::string_view unit);
// true, false, yes, no, on, off, 1, 0 and their unique prefixes in any case.
[[nodiscard]] std::optional<bool> readBoolean(std::string_view text);
// The spelling the server reports for an accepted word, or nothing.
[[nodiscard]] std::optional<std::string> readEnum(const SettingDefinition& definition,
                                                  std::string_view text);

// In double quotes, as messages name things.
[[nodiscard]] std::string quoted(std::string_view text);
// Six significant digits, as printf("%g") in the C locale.
[[nodiscard]] std::string realText(double value);
// With the largest unit that divides the value evenly.
[[nodiscard]] std::string integerWithUnit(std::int64_t value, std::string_view unit);
[[nodiscard]] std::string realWithUnit(double value, std::string_view unit);
// Permission bits are printed in octal, whatever way they were written.
[[nodiscard]] bool isOctalSetting(std::string_view name);
[[nodiscard]] std::string octalText(std::int64_t value);
// A canonical integer (decimal, or octal with a leading 0); 0 if it is none.
[[nodiscard]] std::int64_t canonicalInteger(std::string_view canonical);
[[nodiscard]] double canonicalReal(std::string_view canonical);

}  // namespace sim::settings
