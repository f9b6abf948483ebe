// SPDX-License-Identifier: GPL-3.0-or-later
// psql's own settings: truth values, \pset options, and the variables that change its behaviour.
#pragma once

#include <string>
#include <string_view>

#include "console/shell_state.h"

namespace console {

[[nodiscard]] bool isOn(std::string_view text);  // on, true, yes, 1
// on, off, true, false ... read as psql reads them; false: the text is none of them.
bool readTruth(std::string_view text, bool& value);

struct PsetOutcome {
  bool ok = true;
  std::string text;  // "Border style is 2.", or the complaint
};
// \pset option [value]; hasValue false: toggles, or shows what is set.
[[nodiscard]] PsetOutcome setPsqlFormat(PsqlFormat& format, const std::string& option,
                                        const std::string& value, bool hasValue);
// \pset without arguments.
[[nodiscard]] std::string psqlFormatList(const PsqlFormat& format);

}  // namespace console
